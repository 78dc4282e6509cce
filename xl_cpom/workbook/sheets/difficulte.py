"""Sheet « Difficulté financière »: deficit of reference and results, per ESMS and year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.presence import asked_excel, row_asked
from xl_cpom.workbook.sheets.common import (
    COMMENT,
    SECTEUR_DE_L_ET,
    code_perimetre,
    finess_et,
    perimetre,
    secteur_de_l_et,
)

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row


CUMULEE = "cumulée"
"""Base of a deficit with those carried over: one year's result does not tell what is left of it."""


def _result(row: Row, classeur: Classeur) -> float | None:
    if row.produits is None or row.charges is None:
        return None
    return float(row.produits - row.charges)


def _deficit_residuel(row: Row, classeur: Classeur) -> float | None:
    result = _result(row, classeur)
    return None if result is None else max(0.0, -result)


def _perimetre(row: Row, classeur: Classeur) -> Any:
    if not row.exercice or row.exercice != classeur.annee_suivie:
        return None
    if not row_asked(classeur, row.finess_et):
        return None
    return code_perimetre("DIFFICULTE", secteur_de_l_et(row, classeur))


DIFFICULTE = Sheet(
    key="difficulte",
    name="Difficulté financière",
    table="tDifficulte",
    layout=Layout.TABLE,
    record="la ligne",
    identity=("finess_et", "exercice"),
    exercise="exercice",
    capacity=60,
    synonyms=("Difficultés financières", "ESMS en difficulté financière"),
    purpose="Le déficit de référence et les résultats des ESMS en difficulté, par exercice.",
    guide="{guide}, module Suivi ESMS en difficulté financière",
    module="DIFFICULTE",
    columns=(
        finess_et("Numéro FINESS de l'ESMS en difficulté."),
        Column("base", "Base", Kind.LISTING,
               "Annuelle (résultat de l'exercice) ou cumulée (avec les reports déficitaires).",
               required=True, list_name="base_deficit", width=11, lasts=Lifetime.CONTRACT),
        Column("exercice_reference", "Exercice de référence", Kind.ANNEE,
               "Exercice du déficit de référence (exemple : 2025).", required=True, minimum=2010,
               maximum="date_maximale", width=11, lasts=Lifetime.CONTRACT),
        Column("deficit_reference", "Déficit de référence", Kind.MONTANT,
               "Montant positif : 250 000 pour un déficit de 250 000 €.", required=True,
               blank_code="DIF-001", unit="€", width=14, lasts=Lifetime.CONTRACT),
        Column("exercice", "Exercice", Kind.ANNEE, "Exercice du résultat rendu.", required=True,
               minimum=2010, maximum="date_maximale", width=10, lasts=Lifetime.FACT),
        Column("produits", "Produits", Kind.MONTANT, "Total des produits de l'exercice.",
               required=True, minimum=0, unit="€", width=14, lasts=Lifetime.YEAR),
        Column("charges", "Charges", Kind.MONTANT,
               "Total des charges de l'exercice, en montant positif.", required=True, unit="€",
               width=14, lasts=Lifetime.YEAR),
        Column("resultat", "Résultat", Kind.MONTANT, "Calculé : produits − charges.",
               formula=Formula('IF(OR({produits}="",{charges}=""),"",{produits}-{charges})',
                               _result), unit="€", width=14),
        Column("deficit_residuel", "Déficit résiduel", Kind.MONTANT,
               "Calculé : le déficit qui reste, ou 0.",
               formula=Formula('IF({resultat}="","",MAX(0,-{resultat}))', _deficit_residuel),
               unit="€", width=14),
        Column("plan_retour", "Plan de retour à l'équilibre", Kind.LISTING,
               "Un plan de retour à l'équilibre a-t-il été adopté ?", list_name="oui_non",
               synonyms=("Plan de retour à l'équilibre (O/N)",), width=12),
        Column("date_plan", "Date du plan", Kind.DATE, "Date d'adoption du plan.", width=12),
        Column("preconisations", "Préconisations de la commission départementale", Kind.TEXT,
               "Préconisations de la commission de suivi des ESMS en difficulté.",
               synonyms=("Préconisations",), width=40),
        perimetre(
            'IF(AND({exercice}<>"",{exercice}={identification.annee_civile_suivie},'
            f'{SECTEUR_DE_L_ET}<>""),"DIFFICULTE/"&{SECTEUR_DE_L_ET},"")',
            _perimetre,
            asked_excel("{finess_et}"),
        ),
        COMMENT,
    ),
)  # fmt: skip
