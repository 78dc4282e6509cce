"""Each objective to complete in e-CARS on a sheet of its own: the objective, its actions, its
indicators, in the order of annexe 1 of the guide, ready to copy.

One sheet per organisme and objective; past a few organismes a workbook would no longer be opened,
so one table holds them all, and a folder of outputs gives each organisme its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xl_cpom.identifiants import finess_shape
from xl_cpom.reports.words import atteinte_and_why, points
from xl_cpom.reports.xlsx_tables import Cellule, XlsxBook, XlsxColumn
from xl_cpom.typography import date_text, typeset

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.model import Report
    from xl_cpom.validators.planned_actions import PlannedAction

MOST_ORGANISMES = 5
"""Organismes whose objectives have a sheet each: beyond, a workbook has too many sheets."""

ACTION_HEADERS = ("N°", "Action", "Secteur", "Pilote", "Échéance", "Statut", "Avancement (%)")
INDICATOR_HEADERS = (None, "Indicateur", "Secteur", "Numérateur", "Dénominateur", "Taux (%)",
                     "Cible (%)", "Atteinte")  # fmt: skip
WIDTHS = (20, 60, 12, 26, 14, 22, 15, 20)

TABLE = (
    XlsxColumn("FINESS EJ", 12), XlsxColumn("Raison sociale", 26), XlsxColumn("Année", 8, "0"),
    XlsxColumn("Objectif", 34), XlsxColumn("Secteur", 9), XlsxColumn("N°", 18),
    XlsxColumn("Action", 60), XlsxColumn("Pilote", 24), XlsxColumn("Échéance", 12),
    XlsxColumn("Statut", 22), XlsxColumn("Avancement (%)", 12, "0"), XlsxColumn("Fichier", 24),
)  # fmt: skip


def add_objectives(book: XlsxBook, reports: Sequence[Report], referentiel: Referentiel) -> None:
    """Add the objectives of these reports to a workbook of e-CARS."""
    told = [report for report in reports if report.indicateurs or report.actions]
    if len(told) > MOST_ORGANISMES:
        rows = [row for report in told for row in _rows(report, referentiel)]
        book.table(
            "Objectifs", "tObjectifs", TABLE, rows,
            avertissement="Une ligne par action. « -o DOSSIER » écrit un classeur par organisme, "
            "avec une feuille par objectif.",
        )  # fmt: skip
        return
    for rank, report in enumerate(told, 1):
        number = report.finess_ej or ""
        number = number if finess_shape(number) else ""  # a tab does not take every character
        whose = "" if len(told) == 1 else f" {rank} {number}".rstrip()
        for module in _modules(report, referentiel):
            _sheet(book, report, module, referentiel, f"{module}{whose}")


def _modules(report: Report, referentiel: Referentiel) -> list[str]:
    """The objectives that the return holds something of, in the order of the guide."""
    held = {one.module for one in report.indicateurs} | {one.module for one in report.actions}
    return [module for module in referentiel.modules if module in held]


def _sheet(book: XlsxBook, report: Report, module: str, referentiel: Referentiel, tab: str) -> None:
    known = referentiel.modules[module]
    rows: list[Sequence[Cellule]] = [
        ("Organisme", report.raison_sociale or ""),
        ("FINESS EJ", report.finess_ej or ""),
        ("Année", str(report.annee or "")),
        ("Objectif", known.libelle),
        ("Attendu", known.attendu),
        (),
        ("Actions",),
        ACTION_HEADERS,
        *(_action(one) for one in actions_of(report, module)),
        (),
        ("Indicateurs",),
        INDICATOR_HEADERS,
        *_indicators(report, module, known.indicateur),
    ]
    heads = [rank for rank, row in enumerate(rows) if row in (ACTION_HEADERS, INDICATOR_HEADERS)]
    titles = [*range(5), heads[0] - 1, heads[1] - 1]
    book.fiche(tab, WIDTHS, rows, heads=heads, titles=titles)


def actions_of(report: Report, module: str) -> list[PlannedAction]:
    """The actions of an objective, PA before PH, in the order of the workbook."""
    mine = [one for one in report.actions if one.module == module]
    return sorted(mine, key=lambda one: one.secteur)


def _action(one: PlannedAction) -> tuple[Cellule, ...]:
    return (
        one.numero, one.intitule, one.secteur, one.pilote, _day(one.echeance), one.statut,
        None if one.avancement is None else round(one.avancement * 100),
    )  # fmt: skip


def _indicators(report: Report, module: str, name: str) -> Iterator[tuple[Cellule, ...]]:
    for one in report.indicateurs:
        if one.module == module:
            yield (
                None, name, one.secteur, one.numerateur, one.denominateur, points(one.taux),
                points(one.cible), atteinte_and_why(one),
            )  # fmt: skip


def _rows(report: Report, referentiel: Referentiel) -> Iterator[tuple[Cellule, ...]]:
    for module in _modules(report, referentiel):
        for one in actions_of(report, module):
            number, title, secteur, pilot, due, status, done = _action(one)
            yield (
                report.finess_ej, report.raison_sociale, report.annee,
                typeset(referentiel.modules[module].libelle), secteur, number, title, pilot, due,
                status, done, report.file,
            )  # fmt: skip


def _day(text: str) -> str:
    return date_text(dt.date.fromisoformat(text)) if text else ""
