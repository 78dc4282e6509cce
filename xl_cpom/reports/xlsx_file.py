"""The report as a workbook for the ARS's tables: anomalies, indicators, rules, one sheet each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.grouping import cell_ranges
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions, counted_first
from xl_cpom.reports.words import atteinte_and_why, etablissements_du_secteur, options
from xl_cpom.reports.xlsx_tables import MAX_LINKS, Cellule, XlsxBook, XlsxColumn, link_cell

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

TAUX = "0.0%"
QUANTITY = "#,##0.##"

ANOMALIES = (
    XlsxColumn("Fichier", 22),
    XlsxColumn("FINESS EJ", 12),
    XlsxColumn("Raison sociale", 24),
    XlsxColumn("Année suivie", 9, "0"),
    XlsxColumn("Verdict", 14),
    XlsxColumn("Gravité", 14),
    XlsxColumn("Code", 15),
    XlsxColumn("Feuille", 18),
    XlsxColumn("Cellules", 14),
    XlsxColumn("Valeur lue", 18),
    XlsxColumn("Attendu", 22),
    XlsxColumn("Message", 48),
    XlsxColumn("Comment corriger", 44),
    XlsxColumn("Source", 28),
    XlsxColumn("Dérogation", 22),
    XlsxColumn("Justification", 22),
)
CELLS = 8
"""Rank of the column that links to the cell."""

INDICATEURS = (
    XlsxColumn("Fichier", 22),
    XlsxColumn("FINESS EJ", 12),
    XlsxColumn("Raison sociale", 24),
    XlsxColumn("FINESS ET du secteur", 24),
    XlsxColumn("Année", 8, "0"),
    XlsxColumn("Code", 14),
    XlsxColumn("Module", 14),
    XlsxColumn("Secteur", 8),
    XlsxColumn("Indicateur", 40),
    XlsxColumn("Numérateur", 12, QUANTITY),
    XlsxColumn("Dénominateur", 13, QUANTITY),
    XlsxColumn("Valeur recalculée", 11, TAUX),
    XlsxColumn("Valeur déclarée", 11, TAUX),
    XlsxColumn("Cible", 9, TAUX),
    XlsxColumn("Atteinte", 20),
    XlsxColumn("Certitude de la formule", 12),
)

RULE_CODES = (
    XlsxColumn("Fichier", 22),
    XlsxColumn("FINESS EJ", 12),
    XlsxColumn("Code", 15),
    XlsxColumn("Titre", 44),
    XlsxColumn("Gravité", 14),
    XlsxColumn("État", 14),
    XlsxColumn("Raison", 50),
)

CONTROLE = (
    XlsxColumn("Fichier", 22),
    XlsxColumn("FINESS EJ", 12),
    XlsxColumn("Donné avec le contrôle", 30),
    XlsxColumn("Contenu", 90),
)
"""What was given with the control, when something was."""

NON_COMPTES = (
    XlsxColumn("Fichier", 40),
    XlsxColumn("FINESS EJ", 12),
    XlsxColumn("Pourquoi il n'est pas compté", 60),
)


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> bytes:
    """The bytes of the workbook; what a campaign does not count is on sheets of its own."""
    book = XlsxBook("Contrôle des classeurs CPOM socle")
    kept, aside = counted_first(reports, context)
    rows, links = _anomalies(kept)
    book.table("Anomalies", "tAnomalies", ANOMALIES, rows, liens=links)
    book.table("Indicateurs", "tIndicateurs", INDICATEURS, _indicateurs(kept))
    book.table("Règles", "tRegles", RULE_CODES, _rules(reports, context))
    if given := [(r.file, r.finess_ej, *pair) for r in reports for pair in options(r)]:
        book.table("Contrôle", "tControle", CONTROLE, given)
    if aside:
        why = [(r.file, r.finess_ej, context.discarded[r.file]) for r in aside]
        book.table("Non comptés", "tNonComptes", NON_COMPTES, why)
        rows, _ = _anomalies(aside)
        book.table("Anomalies (non comptés)", "tAnomaliesNonComptes", ANOMALIES, rows)
        book.table(
            "Indicateurs (non comptés)", "tIndicateursNonComptes", INDICATEURS, _indicateurs(aside)
        )
    return book.content()


def _anomalies(
    reports: Sequence[Report],
) -> tuple[list[tuple[Cellule, ...]], dict[tuple[int, int], str]]:
    rows: list[tuple[Cellule, ...]] = []
    links: dict[tuple[int, int], str] = {}
    for report in reports:
        for f in report.findings:
            target = link_cell(report.file, f.sheet, f.cells[0]) if f.cells else None
            if target is not None and len(links) < MAX_LINKS:
                links[len(rows), CELLS] = target
            rows.append(
                (
                    report.file,
                    report.finess_ej,
                    report.raison_sociale,
                    report.annee,
                    report.verdict.value,
                    f.severity.value,
                    f.code,
                    f.sheet,
                    ", ".join(cell_ranges(f.cells)),
                    f.value,
                    f.expected,
                    f.message,
                    f.fix,
                    f.source,
                    f.waiver,
                    f.justification,
                )
            )
    return rows, links


def _indicateurs(reports: Sequence[Report]) -> list[tuple[Cellule, ...]]:
    return [
        (
            report.file,
            report.finess_ej,
            report.raison_sociale,
            etablissements_du_secteur(report, i.secteur),
            i.annee,
            i.code,
            i.module,
            i.secteur,
            i.libelle,
            i.numerateur,
            i.denominateur,
            i.taux,
            i.declare,
            i.cible,
            atteinte_and_why(i),
            i.certitude,
        )
        for report in reports
        for i in report.indicateurs
    ]


def _rules(reports: Sequence[Report], context: RenderOptions) -> list[tuple[Cellule, ...]]:
    rows: list[tuple[Cellule, ...]] = []
    for report in reports:
        for outcome in report.outcomes:
            rule = context.rules.get(outcome.code)
            rows.append(
                (
                    report.file,
                    report.finess_ej,
                    outcome.code,
                    rule.title if rule else "",
                    rule.severity.value if rule else "",
                    outcome.status.value,
                    outcome.reason,
                )
            )
    return rows
