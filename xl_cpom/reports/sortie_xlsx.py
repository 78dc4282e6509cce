"""The report as a workbook for the ARS's tables: anomalies, indicators, rules, one sheet each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.contexte import CONTEXTE, Contexte
from xl_cpom.reports.mots import etablissements_du_secteur, mot_atteinte, options
from xl_cpom.reports.regroupement import plages
from xl_cpom.reports.xlsx import LIENS_MAX, Cellule, Classeur, Colonne, lien

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

TAUX = "0.0%"
QUANTITE = "#,##0.##"

ANOMALIES = (
    Colonne("Fichier", 22),
    Colonne("FINESS EJ", 12),
    Colonne("Raison sociale", 24),
    Colonne("Année suivie", 9, "0"),
    Colonne("Verdict", 14),
    Colonne("Gravité", 14),
    Colonne("Code", 15),
    Colonne("Feuille", 18),
    Colonne("Cellules", 14),
    Colonne("Valeur lue", 18),
    Colonne("Attendu", 22),
    Colonne("Message", 48),
    Colonne("Comment corriger", 44),
    Colonne("Source", 28),
    Colonne("Dérogation", 22),
    Colonne("Justification", 22),
)
CELLULES = 8
"""Rank of the column that links to the cell."""

INDICATEURS = (
    Colonne("Fichier", 22),
    Colonne("FINESS EJ", 12),
    Colonne("Raison sociale", 24),
    Colonne("FINESS ET du secteur", 24),
    Colonne("Année", 8, "0"),
    Colonne("Code", 14),
    Colonne("Module", 14),
    Colonne("Secteur", 8),
    Colonne("Indicateur", 40),
    Colonne("Numérateur", 12, QUANTITE),
    Colonne("Dénominateur", 13, QUANTITE),
    Colonne("Valeur recalculée", 11, TAUX),
    Colonne("Valeur déclarée", 11, TAUX),
    Colonne("Cible", 9, TAUX),
    Colonne("Atteinte", 20),
    Colonne("Certitude de la formule", 12),
)

REGLES = (
    Colonne("Fichier", 22),
    Colonne("FINESS EJ", 12),
    Colonne("Code", 15),
    Colonne("Titre", 44),
    Colonne("Gravité", 14),
    Colonne("État", 14),
    Colonne("Raison", 50),
)

CONTROLE = (
    Colonne("Fichier", 22),
    Colonne("FINESS EJ", 12),
    Colonne("Donné avec le contrôle", 30),
    Colonne("Contenu", 90),
)
"""What was given with the control, when something was."""


def render(reports: Sequence[Report], contexte: Contexte = CONTEXTE) -> bytes:
    """The bytes of the workbook."""
    book = Classeur("Contrôle des classeurs CPOM socle")
    rows, links = _anomalies(reports)
    book.tableau("Anomalies", "tAnomalies", ANOMALIES, rows, liens=links)
    book.tableau("Indicateurs", "tIndicateurs", INDICATEURS, _indicateurs(reports))
    book.tableau("Règles", "tRegles", REGLES, _regles(reports, contexte))
    if given := [(r.fichier, r.finess_ej, *pair) for r in reports for pair in options(r)]:
        book.tableau("Contrôle", "tControle", CONTROLE, given)
    return book.octets()


def _anomalies(
    reports: Sequence[Report],
) -> tuple[list[tuple[Cellule, ...]], dict[tuple[int, int], str]]:
    rows: list[tuple[Cellule, ...]] = []
    links: dict[tuple[int, int], str] = {}
    for report in reports:
        for f in report.findings:
            target = lien(report.fichier, f.sheet, f.cells[0]) if f.cells else None
            if target is not None and len(links) < LIENS_MAX:
                links[len(rows), CELLULES] = target
            rows.append(
                (
                    report.fichier,
                    report.finess_ej,
                    report.raison_sociale,
                    report.annee,
                    report.verdict.value,
                    f.severity.value,
                    f.code,
                    f.sheet,
                    ", ".join(plages(f.cells)),
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
            report.fichier,
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
            mot_atteinte(i),
            i.certitude,
        )
        for report in reports
        for i in report.indicateurs
    ]


def _regles(reports: Sequence[Report], contexte: Contexte) -> list[tuple[Cellule, ...]]:
    rows: list[tuple[Cellule, ...]] = []
    for report in reports:
        for outcome in report.outcomes:
            rule = contexte.regles.get(outcome.code)
            rows.append(
                (
                    report.fichier,
                    report.finess_ej,
                    outcome.code,
                    rule.title if rule else "",
                    rule.severity.value if rule else "",
                    outcome.status.value,
                    outcome.reason,
                )
            )
    return rows
