"""The figures to enter in e-CARS, in the order of the guide's annexes, keys on every line.

The platform has no published import format: the sheet is made to be copied from, column after
column. The guide names the indicators; where their formula is deduced, the line says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.contexte import CONTEXTE, Contexte
from xl_cpom.reports.mots import etablissements_du_secteur, mot_atteinte
from xl_cpom.reports.xlsx import Cellule, Classeur, Colonne

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.model import IndicateurCalcule, Report

SECTEURS = ("PA", "PH")
CERTITUDES = {
    "guide": "formule du guide",
    "trouvé": "formule d'une source publique",
    "connu": "formule d'usage",
    "inféré": "formule déduite, à confirmer par l'ARS",
}

COLONNES = (
    Colonne("FINESS EJ", 12),
    Colonne("Raison sociale", 26),
    Colonne("FINESS ET du secteur", 24),
    Colonne("Année", 8, "0"),
    Colonne("Module", 24),
    Colonne("Secteur", 8),
    Colonne("Objectif", 50),
    Colonne("Indicateur", 38),
    Colonne("Numérateur", 12, "#,##0.##"),
    Colonne("Dénominateur", 13, "#,##0.##"),
    Colonne("Taux (%)", 9, "0.0"),
    Colonne("Cible (%)", 9, "0.0"),
    Colonne("Atteinte", 20),
    Colonne("Certitude de la formule", 26),
    Colonne("Verdict du contrôle", 18),
    Colonne("Fichier", 24),
)


def render(reports: Sequence[Report], contexte: Contexte = CONTEXTE) -> bytes:
    """One sheet « Saisie e-CARS » as an xlsx file."""
    book = Classeur("Saisie e-CARS")
    book.tableau(
        "Saisie e-CARS",
        "tSaisie",
        COLONNES,
        lignes(reports, contexte),
        avertissement="À ne saisir que si le verdict du contrôle le permet. Les taux et les cibles "
        "sont en points de pourcentage. « Sans objet » : rien à saisir. « Non calculable » : une "
        "cellule n'a pas pu être lue, faites corriger le classeur avant de saisir.",
    )
    return book.octets()


def lignes(reports: Sequence[Report], contexte: Contexte = CONTEXTE) -> list[tuple[Cellule, ...]]:
    """One tuple per workbook, module and secteur, in the order of `COLONNES`."""
    from xl_cpom.referentiel import charger

    referentiel = contexte.referentiel or charger()
    return [
        _ligne(report, indicateur, referentiel)
        for report in reports
        for indicateur in _dans_l_ordre(report.indicateurs, referentiel)
    ]


def _dans_l_ordre(
    indicateurs: Sequence[IndicateurCalcule], referentiel: Referentiel
) -> list[IndicateurCalcule]:
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


def _ligne(report: Report, i: IndicateurCalcule, referentiel: Referentiel) -> tuple[Cellule, ...]:
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
        _points(i.taux),
        _points(i.cible),
        mot_atteinte(i),
        CERTITUDES.get(i.certitude, i.certitude),
        report.verdict.value,
        report.fichier,
    )


def _points(rate: float | None) -> float | None:
    """A rate in percent, rounded as Excel does to the decimal that is entered."""
    from xl_cpom.indicators.arrondi import arrondi

    return None if rate is None or not math.isfinite(rate) else arrondi(rate * 100, 1)
