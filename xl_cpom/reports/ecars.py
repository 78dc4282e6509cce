"""The figures to enter in e-CARS, in the order of the guide's annexes, keys on every line.

The platform has no published import format: the sheet is made to be copied from, column after
column. The guide names the indicators; where their formula is deduced, the line says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.ecars_objectives import add_objectives
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions, counted_first
from xl_cpom.reports.words import atteinte_and_why, etablissements_du_secteur, points
from xl_cpom.reports.xlsx_tables import Cellule, XlsxBook, XlsxColumn

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.model import Report
    from xl_cpom.validators.recomputed import ComputedIndicator

SECTEURS = ("PA", "PH")
CERTAINTIES = {
    "guide": "formule du guide",
    "trouvé": "formule d'une source publique",
    "connu": "formule d'usage",
    "inféré": "formule déduite, à confirmer par l'ARS",
}

COLUMNS = (
    XlsxColumn("FINESS EJ", 12),
    XlsxColumn("Raison sociale", 26),
    XlsxColumn("FINESS ET du secteur", 24),
    XlsxColumn("Année", 8, "0"),
    XlsxColumn("Module", 24),
    XlsxColumn("Secteur", 8),
    XlsxColumn("Objectif", 50),
    XlsxColumn("Indicateur", 38),
    XlsxColumn("Numérateur", 12, "#,##0.##"),
    XlsxColumn("Dénominateur", 13, "#,##0.##"),
    XlsxColumn("Taux (%)", 9, "0.0"),
    XlsxColumn("Cible (%)", 9, "0.0"),
    XlsxColumn("Atteinte", 20),
    XlsxColumn("Certitude de la formule", 26),
    XlsxColumn("Verdict du contrôle", 18),
    XlsxColumn("Fichier", 24),
)


POURQUOI = XlsxColumn("Pourquoi il n'est pas compté", 40)


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> bytes:
    """One sheet « Saisie e-CARS » as an xlsx file; what is not to be entered is on another one.

    Then the objectives to complete, with their actions: see `ecars_objectives`.
    """
    from xl_cpom.referentiel import load_referentiel

    book = XlsxBook("Saisie e-CARS")
    reports, aside = counted_first(reports, context)
    book.table(
        "Saisie e-CARS",
        "tSaisie",
        COLUMNS,
        lignes(reports, context),
        avertissement="À ne saisir que si le verdict du contrôle le permet. Les taux et les cibles "
        "sont en points de pourcentage. « Sans objet » : rien à saisir. « Non calculable » : une "
        "cellule n'a pas pu être lue, faites corriger le classeur avant de saisir.",
    )
    if aside:
        rows = lignes(aside, context)
        file = len(COLUMNS) - 1
        book.table(
            "Non comptés",
            "tNonComptes",
            (*COLUMNS, POURQUOI),
            [(*row, context.discarded[str(row[file])]) for row in rows],
            avertissement="À ne pas saisir : un autre retour du même organisme est compté.",
        )
    add_objectives(book, reports, context.referentiel or load_referentiel())
    return book.content()


def lignes(
    reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS
) -> list[tuple[Cellule, ...]]:
    """One tuple per workbook, module and secteur, in the order of `COLONNES`."""
    from xl_cpom.referentiel import load_referentiel

    referentiel = context.referentiel or load_referentiel()
    return [
        _row(report, indicateur, referentiel)
        for report in reports
        for indicateur in _in_order_of(report.indicateurs, referentiel)
    ]


def _in_order_of(
    indicateurs: Sequence[ComputedIndicator], referentiel: Referentiel
) -> list[ComputedIndicator]:
    """Only the indicators of the modules, module by module as in the guide, PA before PH."""
    order = {module: rank for rank, module in enumerate(referentiel.modules)}
    kept = [i for i in indicateurs if i.module in order]
    return sorted(
        kept,
        key=lambda i: (
            order[i.module],
            SECTEURS.index(i.secteur) if i.secteur in SECTEURS else len(SECTEURS),
            i.annee or 0,
        ),
    )


def _row(report: Report, i: ComputedIndicator, referentiel: Referentiel) -> tuple[Cellule, ...]:
    module = referentiel.modules[i.module]
    return (
        report.finess_ej,
        report.raison_sociale,
        etablissements_du_secteur(report, i.secteur),
        i.annee if i.annee is not None else report.annee,
        module.libelle,
        i.secteur,
        module.attendu,
        module.indicateur,
        i.numerateur,
        i.denominateur,
        points(i.taux),
        points(i.cible),
        atteinte_and_why(i),
        CERTAINTIES.get(i.certitude, i.certitude),
        report.verdict.value,
        report.file,
    )
