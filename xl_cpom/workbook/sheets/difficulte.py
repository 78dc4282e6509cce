"""Sheet « Difficulté financière »: deficit of reference and results, per ESMS and year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.presence import asked_excel, row_asked, somebody_moves
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
"""Base of a deficit with those carried over: what is left of it is the deficit then cumulated."""


def _result(row: Row, classeur: Classeur) -> float | None:
    if row.produits is None or row.charges is None:
        return None
    return float(row.produits - row.charges)


def _retenu_result(row: Row, classeur: Classeur) -> float | None:
    """What is compared with the deficit of reference: two figures of the same nature."""
    if row.base == CUMULEE:
        return None if row.deficit_cumule is None else -float(row.deficit_cumule)
    return _result(row, classeur)


def _deficit_residuel(row: Row, classeur: Classeur) -> float | None:
    retenu = _retenu_result(row, classeur)
    return None if retenu is None else max(0.0, -retenu)


def exercice_juge(classeur: Classeur) -> int | None:
    """The exercice whose accounts the rate of the year followed takes.

    The last closed one; that of the year followed in a return made from the first template.
    """
    return classeur.exercice_clos if classeur.offers("2026.2") else classeur.annee_suivie


def _perimetre(row: Row, classeur: Classeur) -> Any:
    if not row.exercice or row.exercice != exercice_juge(classeur):
        return None
    if somebody_moves(classeur) and not row_asked(classeur, row.finess_et):
        return None
    return code_perimetre("DIFFICULTE", secteur_de_l_et(row, classeur))


def _perimetre_excel(exercice: str) -> str:
    return (
        f'IF(AND({{exercice}}<>"",{{exercice}}={{identification.{exercice}}},'
        f'{SECTEUR_DE_L_ET}<>""),"DIFFICULTE/"&{SECTEUR_DE_L_ET},"")'
    )


DIFFICULTE = Sheet(
    key="difficulte",
    name="Difficulté financière",
    table="tDifficulte",
    layout=Layout.TABLE,
    owed=True,
    record="la ligne",
    identity=("finess_et", "exercice"),
    exercise="exercice",
    capacity=60,
    occasional=True,
    synonyms=("Difficultés financières", "ESMS en difficulté financière"),
    purpose="Le déficit de référence et les résultats des ESMS en difficulté, par exercice.",
    guide="{guide}, module Suivi ESMS en difficulté financière",
    module="DIFFICULTE",
    columns=(
        finess_et("Numéro FINESS de l'ESMS en difficulté."),
        Column("base", "Base", Kind.LISTING,
               "Annuelle (résultat de l'exercice) ou cumulée (avec les reports déficitaires) : le "
               "déficit de référence et ce qui en reste sont de la même base.",
               required=True, list_name="base_deficit", width=11, lasts=Lifetime.CONTRACT),
        Column("exercice_reference", "Exercice de référence", Kind.ANNEE,
               "Exercice du déficit de référence (exemple : 2025).", required=True, minimum=2010,
               maximum="date_maximale", width=11, lasts=Lifetime.CONTRACT),
        Column("deficit_reference", "Déficit de référence", Kind.MONTANT,
               "Montant positif : 250 000 pour un déficit de 250 000 €.", required=True,
               blank_code="DIF-001", unit="€", width=14, lasts=Lifetime.CONTRACT),
        Column("exercice", "Exercice", Kind.ANNEE,
               "Exercice du résultat rendu, dont les comptes sont clos.", required=True,
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
               formula=Formula(
                   'IF({resultat_retenu}="","",MAX(0,-{resultat_retenu}))', _deficit_residuel,
                   before=(("2026.2", 'IF({resultat}="","",MAX(0,-{resultat}))'),)),
               unit="€", width=14),
        Column("plan_retour", "Plan de retour à l'équilibre", Kind.LISTING,
               "Un plan de retour à l'équilibre a-t-il été adopté ?", list_name="oui_non",
               synonyms=("Plan de retour à l'équilibre (O/N)",), width=12),
        Column("date_plan", "Date du plan", Kind.DATE, "Date d'adoption du plan.", width=12),
        Column("preconisations", "Préconisations de la commission départementale", Kind.TEXT,
               "Préconisations de la commission de suivi des ESMS en difficulté.",
               synonyms=("Préconisations",), width=40),
        perimetre(
            _perimetre_excel("dernier_exercice_clos"),
            _perimetre,
            asked_excel("{finess_et}"),
            _perimetre_excel("annee_civile_suivie"),
        ),
        COMMENT,
        Column("deficit_cumule", "Déficit cumulé à la fin de l'exercice", Kind.MONTANT,
               "Base cumulée seulement : les déficits reportés qui restent à résorber à la clôture "
               "de l'exercice, en montant positif (0 s'ils le sont tous).",
               synonyms=("Déficit cumulé",), unit="€", width=16, since="2026.2",
               lasts=Lifetime.YEAR),
        Column("resultat_retenu", "Résultat retenu", Kind.MONTANT,
               "Calculé : ce que le taux compare au déficit de référence, soit le résultat de "
               "l'exercice, soit le déficit cumulé à sa fin (en négatif).",
               formula=Formula(
                   f'IF({{base}}="{CUMULEE}",IF({{deficit_cumule}}="","",-{{deficit_cumule}}),'
                   "{resultat})", _retenu_result),
               unit="€", width=14, since="2026.2"),
    ),
)  # fmt: skip
