"""Sheet « Inspection-contrôle »: the measures notified by the authorities, one per row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
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


FOLLOWED = ("injonction", "prescription")
"""Types of measure whose lifting is followed; a recommandation is not."""


def _perimetre(row: Row, classeur: Classeur) -> Any:
    if row.type not in FOLLOWED or row.statut == "Annulée":
        return None
    suivie = classeur.annee_suivie
    if not row.date_notification or (suivie is not None and row.date_notification.year > suivie):
        return None
    if somebody_moves(classeur) and not row_asked(classeur, row.finess_et, row.echeance):
        return None
    return code_perimetre("INSPECTION", secteur_de_l_et(row, classeur))


MESURES = Sheet(
    key="mesures",
    name="Inspection-contrôle",
    table="tMesures",
    layout=Layout.TABLE,
    owed=True,
    record="la mesure",
    identity=("numero_mission", "finess_et", "numero"),
    closed=("Levée", "Annulée"),
    capacity=100,
    occasional=True,
    synonyms=("Inspection - Contrôle", "Inspection – Contrôle", "Inspection contrôle"),
    purpose="Les mesures notifiées à la suite d'une inspection ou d'un contrôle, et leur levée.",
    guide="{guide}, module Inspection – Contrôle ; CASF, art. L. 313-14",
    module="INSPECTION",
    columns=(
        Column("numero_mission", "N° de mission", Kind.TEXT,
               "Numéro de la mission d'inspection ou de contrôle donné par l'autorité.",
               required=True, synonyms=("Numéro de mission", "Mission"), width=17, reference=True,
               lasts=Lifetime.FACT),
        finess_et("Numéro FINESS de l'ESMS contrôlé."),
        Column("autorite", "Autorité", Kind.LISTING, "Autorité qui a mené le contrôle.",
               required=True, list_name="autorite_controle", width=11, lasts=Lifetime.FACT),
        Column("mode", "Mode", Kind.LISTING, "Sur pièces ou sur site.", list_name="mode_controle",
               width=11, lasts=Lifetime.FACT),
        Column("date_controle", "Date du contrôle", Kind.DATE, "Date de la visite ou du contrôle.",
               width=12, lasts=Lifetime.FACT),
        Column("date_notification", "Date de notification", Kind.DATE,
               "Date de la notification définitive, après la procédure contradictoire.",
               required=True, width=12, lasts=Lifetime.FACT),
        Column("numero", "N° de mesure", Kind.TEXT,
               "Numéro de la mesure dans le courrier (exemple : P1).",
               required=True, synonyms=("Numéro de mesure", "N°"), width=10, reference=True,
               lasts=Lifetime.FACT),
        Column("type", "Type de mesure", Kind.LISTING,
               "Injonction ou prescription ; les recommandations ne comptent pas dans le taux.",
               required=True, list_name="type_mesure", synonyms=("Type",), width=14,
               lasts=Lifetime.FACT),
        Column("libelle", "Libellé de la mesure", Kind.TEXT, "Texte de la mesure.",
               required=True, synonyms=("Libellé", "Mesure"), width=44, lasts=Lifetime.FACT),
        Column("reference_juridique", "Référence juridique", Kind.TEXT,
               "Texte auquel l'écart se rapporte (exemple : art. L. 311-3 du CASF).", width=20,
               lasts=Lifetime.FACT),
        Column("theme", "Thème", Kind.TEXT, "Thème de la mesure.", width=18, lasts=Lifetime.FACT),
        Column("delai_valeur", "Délai", Kind.INTEGER, "Délai donné pour la mise en œuvre.",
               minimum=0, maximum=3650, synonyms=("Délai (valeur)", "Valeur du délai"), width=8,
               lasts=Lifetime.FACT),
        Column("delai_unite", "Unité du délai", Kind.LISTING, "Immédiat, jours ou mois.",
               list_name="unite_delai", synonyms=("Délai (unité)",), width=10, lasts=Lifetime.FACT),
        Column("echeance", "Échéance", Kind.DATE, "Date à laquelle la mesure doit être réalisée.",
               required=True, width=12, lasts=Lifetime.FACT),
        Column("action_correctrice", "Action correctrice", Kind.TEXT,
               "Ce que l'organisme fait pour répondre à la mesure.", width=36),
        Column("pilote", "Pilote", Kind.TEXT, "Fonction ou nom du pilote.", width=18),
        Column("statut", "Statut", Kind.LISTING,
               "Une mesure réalisée n'est levée que par un courrier de l'autorité.",
               required=True, list_name="statut_mesure", state_list="statut_mesure", width=22),
        Column("date_realisation", "Date de réalisation", Kind.DATE,
               "Date à laquelle l'organisme estime avoir réalisé la mesure.", width=12),
        Column("date_levee", "Date de levée", Kind.DATE,
               "Date du courrier de levée de l'autorité.", width=12),
        Column("reference_courrier", "Référence du courrier", Kind.TEXT,
               "Référence du courrier de levée.", synonyms=("Référence du courrier de levée",),
               width=20),
        perimetre(
            'IF(AND(OR({type}="injonction",{type}="prescription"),{statut}<>"Annulée",'
            '{date_notification}<>"",YEAR(N({date_notification}))<='
            f'{{identification.annee_civile_suivie}},{SECTEUR_DE_L_ET}<>""),'
            f'"INSPECTION/"&{SECTEUR_DE_L_ET},"")',
            _perimetre,
            asked_excel("{finess_et}", "{echeance}"),
        ),
        COMMENT,
    ),
)  # fmt: skip
