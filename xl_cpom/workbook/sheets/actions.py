"""Sheet « Plan d'actions »: what the contract commits to do, module by module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.presence import some_asked, some_asked_excel, somebody_moves
from xl_cpom.workbook.sheets.common import (
    COMMENT,
    code_perimetre,
    finess_et_concernes,
    latest_entry,
    perimetre,
)

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row


def _perimetre(row: Row, classeur: Classeur) -> Any:
    if not row.module or not latest_entry(row.annee_entree, classeur):
        return None
    if somebody_moves(classeur) and not some_asked(classeur, row.finess_et, row.echeance):
        return None
    return code_perimetre(row.module, row.secteur)


ACTIONS = Sheet(
    key="actions",
    name="Plan d'actions",
    table="tActions",
    layout=Layout.TABLE,
    owed=True,
    record="l'action",
    identity=("numero",),
    closed=("Réalisée", "Abandonnée", "Sans objet"),
    capacity=100,
    synonyms=("Plan d’action", "Plan d'action", "Actions"),
    purpose="Les actions du contrat : une action par ligne, cinq au plus par module et secteur.",
    guide="{guide}, types d'actions des modules",
    columns=(
        Column("numero", "N°", Kind.TEXT,
               "Repère de l'action (exemple : A1). Il ne change pas d'une année à l'autre.",
               required=True, synonyms=("Numéro", "N° de l'action", "Numéro de l'action"),
               width=11, reference=True, lasts=Lifetime.FACT),
        Column("module", "Module", Kind.LISTING, "Module auquel l'action se rattache.",
               required=True, list_name="module_action", width=14, lasts=Lifetime.FACT),
        Column("secteur", "Secteur", Kind.LISTING, "Secteur de l'action : PA ou PH.",
               required=True, list_name="secteur", width=9, lasts=Lifetime.FACT),
        Column("type_action", "Type d'action", Kind.LISTING,
               "Type choisi dans la liste du module : choisissez d'abord le module.",
               required=True, list_name="types_action", depends_on="module", width=38,
               source="{guide}", lasts=Lifetime.FACT),
        Column("intitule", "Intitulé", Kind.TEXT,
               "Ce que l'organisme s'engage à faire, en une phrase.",
               required=True, blank_code="MOD-005", synonyms=("Intitulé de l'action", "Action"),
               width=44, lasts=Lifetime.FACT),
        finess_et_concernes(),
        Column("pilote", "Pilote", Kind.TEXT,
               "Fonction ou nom du pilote de l'action (contact professionnel).",
               required=True, blank_code="MOD-005", synonyms=("Pilote de l'action",), width=20),
        Column("annee_entree", "Année d'entrée", Kind.ANNEE,
               "Année à partir de laquelle l'action compte dans le plan (exemple : 2026).",
               required=True, minimum="date_minimale", maximum="date_maximale", width=10,
               lasts=Lifetime.CONTRACT),
        Column("echeance", "Échéance", Kind.DATE, "Date à laquelle l'action doit être réalisée.",
               required=True, blank_code="MOD-005", synonyms=("Date d'échéance",), width=12,
               lasts=Lifetime.DEADLINE),
        Column("statut", "Statut", Kind.LISTING, "État de l'action à la date d'arrêté des données.",
               required=True, list_name="statut_action", state_list="statut_action", width=13),
        Column("avancement", "Avancement", Kind.TAUX,
               "Taux d'avancement : 0 % à démarrer, 100 % réalisée.",
               required=True, minimum=0, maximum=1, synonyms=("Taux d'avancement",
               "% d'avancement", "Avancement (%)"), width=12),
        Column("date_realisation", "Date de réalisation", Kind.DATE,
               "À remplir lorsque l'action est réalisée.", width=13),
        Column("poids", "Poids", Kind.NUMBER,
               "Poids de l'action pour la méthode pondérée (1 si vide).", minimum=0, maximum=100,
               width=8, lasts=Lifetime.CONTRACT),
        Column("reference_avenant", "Avenant ou justification", Kind.TEXT,
               "Référence de l'avenant ou motif, pour une action abandonnée ou reportée.",
               synonyms=("Référence de l'avenant ou justification", "Référence de l'avenant"),
               width=26, lasts=Lifetime.DEADLINE),
        Column("serafin", "Code SERAFIN-PH", Kind.CODE,
               "Facultatif, secteur PH : code de la nomenclature SERAFIN-PH (exemple : 2.3.3).",
               list_name="serafin", synonyms=("SERAFIN-PH", "Code SERAFIN"), width=12,
               nomenclature="serafin"),
        perimetre(
            'IF(AND({module}<>"",OR({secteur}="PA",{secteur}="PH"),'
            'OR({annee_entree}="",{annee_entree}<={identification.annee_civile_suivie})),'
            '{module}&"/"&{secteur},"")',
            _perimetre,
            some_asked_excel("{finess_et}", "{echeance}"),
        ),
        COMMENT,
    ),
)  # fmt: skip
