"""Sheet « Évaluation HAS »: criteria under the threshold and the plan that answers them."""

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


def cotation_under_seuil(type_critere: Any, cotation: Any, classeur: Classeur) -> bool | None:
    """Is the cotation below the threshold of its type? None when the question has no sense."""
    if type_critere not in ("impératif", "standard"):
        return None
    if not isinstance(cotation, int | float):
        return None if cotation is None else False
    return bool(cotation < classeur.referentiel.valeur(f"seuil_has_{_key(type_critere)}"))


def _key(type_critere: str) -> str:
    return "imperatif" if type_critere == "impératif" else "standard"


def _type_retenu(row: Row, classeur: Classeur) -> str | None:
    """The type typed; without it, that of the manual (None: the code is none of its own)."""
    if row.type:
        return str(row.type)
    found = classeur.referentiel.manuel_has.get(row.critere) if row.critere else None
    return found.type if found is not None else None


def _under_seuil(row: Row, classeur: Classeur) -> str | None:
    below = cotation_under_seuil(_type_retenu(row, classeur), row.cotation, classeur)
    return None if below is None else ("Oui" if below else "Non")


def _perimetre(row: Row, classeur: Classeur) -> Any:
    if _under_seuil(row, classeur) != "Oui":
        return None
    if somebody_moves(classeur) and not row_asked(classeur, row.finess_et, row.echeance):
        return None
    return code_perimetre("HAS", secteur_de_l_et(row, classeur))


HAS = Sheet(
    key="has",
    name="Évaluation HAS",
    table="tHAS",
    layout=Layout.TABLE,
    owed=True,
    record="le critère",
    identity=("finess_et", "date_evaluation", "critere"),
    closed=("Réalisée", "Abandonnée", "Sans objet"),
    capacity=120,
    occasional=True,
    synonyms=("Evaluation HAS", "HAS"),
    purpose="Les critères de l'évaluation HAS et le plan d'amélioration de ceux sous le seuil.",
    guide="{guide}, module Évaluation HAS ; référentiel HAS des ESSMS",
    module="HAS",
    columns=(
        finess_et("Numéro FINESS de l'ESMS évalué."),
        Column("date_evaluation", "Date d'évaluation", Kind.DATE,
               "Date de la visite d'évaluation.", required=True,
               synonyms=("Date de l'évaluation",), width=13, lasts=Lifetime.FACT),
        Column("critere", "Critère", Kind.CODE,
               "Code du critère, au format texte (exemple : 2.2.1).", required=True,
               synonyms=("Code du critère",), width=10,
               source="HAS, référentiel d'évaluation de la qualité des ESSMS",
               pattern=r"[123]\.(?:[1-9]|1\d)\.[1-9]", lasts=Lifetime.FACT),
        Column("type", "Type de critère", Kind.LISTING,
               "À laisser vide : le type est calculé d'après le code.",
               list_name="type_critere", synonyms=("Type",), width=12, lasts=Lifetime.FACT,
               was=(("2026.2", {"required": True}),)),
        Column("cotation", "Cotation", Kind.COTATION,
               "De 1 à 4 (décimales admises), ★ (optimisé), NC (non concerné) ou RI (réponse "
               "inadaptée, chapitre 1 seulement).", required=True, minimum=1, maximum=4, width=10,
               lasts=Lifetime.FACT),
        Column("sous_seuil", "Sous le seuil", Kind.TEXT,
               "Calculé : impératif inférieur à 4 ou standard inférieur à 3.",
               formula=Formula(
                   'IF(OR({type_retenu}="",{cotation}=""),"",'
                   'IF(CPOM_HAS_SOUS_SEUIL({type_retenu},{cotation}),"Oui","Non"))', _under_seuil,
                   before=(("2026.2",
                            'IF(OR({type}="",{cotation}=""),"",'
                            'IF(CPOM_HAS_SOUS_SEUIL({type},{cotation}),"Oui","Non"))'),)),
               width=9),
        Column("action", "Action d'amélioration", Kind.TEXT,
               "L'action du plan d'amélioration qui répond au critère.",
               synonyms=("Action",), width=40),
        Column("pilote", "Pilote", Kind.TEXT, "Fonction ou nom du pilote.", width=18),
        Column("echeance", "Échéance", Kind.DATE, "Date à laquelle l'action doit être réalisée.",
               width=12),
        Column("statut", "Statut", Kind.LISTING, "État de l'action d'amélioration.",
               list_name="statut_action", state_list="statut_action", width=13),
        Column("date_realisation", "Date de réalisation", Kind.DATE,
               "À remplir lorsque l'action est réalisée.", width=13),
        perimetre(
            f'IF(AND({{sous_seuil}}="Oui",{SECTEUR_DE_L_ET}<>""),"HAS/"&{SECTEUR_DE_L_ET},"")',
            _perimetre,
            asked_excel("{finess_et}", "{echeance}"),
        ),
        COMMENT,
        Column("type_retenu", "Type retenu", Kind.TEXT,
               "Calculé d'après le code du critère : impératif ou standard.",
               formula=Formula('IF({type}<>"",{type},IF({critere}="","",'
                               'IFERROR(VLOOKUP({critere},listes_manuel_has,2,FALSE),"")))',
                               _type_retenu), width=12, since="2026.2"),
    ),
)  # fmt: skip
