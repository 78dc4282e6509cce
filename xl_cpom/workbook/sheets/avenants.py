"""Sheet « Avenants »: what changed the contract, one object of an avenant per row."""

from __future__ import annotations

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import LASTING_COMMENT

AVENANTS = Sheet(
    key="avenants",
    name="Avenants",
    table="tAvenants",
    layout=Layout.TABLE,
    record="l'avenant",
    identity=("numero", "objet", "concerne"),
    capacity=40,
    occasional=True,
    synonyms=("Avenant", "Registre des avenants"),
    purpose="Ce qui a changé le contrat : une ligne par avenant, ou par objet quand il en a "
    "plusieurs.",
    guide="{guide}, modules déclenchés par avenant ; CASF, art. L. 313-11",
    since="2026.2",
    columns=(
        Column("numero", "N° de l'avenant", Kind.TEXT,
               "Numéro de l'avenant (exemple : 1). Les autres feuilles le citent.",
               required=True, synonyms=("Numéro", "N°", "Avenant n°"), width=10, reference=True,
               lasts=Lifetime.CONTRACT),
        Column("date_signature", "Date de signature", Kind.DATE,
               "Date de la dernière signature.", required=True, any_date=True, width=13,
               lasts=Lifetime.CONTRACT),
        Column("date_effet", "Date d'effet", Kind.DATE,
               "Jour où l'avenant s'applique.", required=True, any_date=True, width=13,
               lasts=Lifetime.CONTRACT),
        Column("objet", "Objet", Kind.LISTING,
               "Ce que l'avenant change. Plusieurs objets : une ligne par objet, même numéro.",
               required=True, list_name="objet_avenant", width=18, lasts=Lifetime.CONTRACT),
        Column("concerne", "Ce qui est concerné", Kind.TEXT,
               "Numéro FINESS ET, code du module, N° de l'action ou indicateur ; plusieurs, "
               "séparés par « ; ».", synonyms=("Concerne", "Objet concerné"), width=30,
               lasts=Lifetime.CONTRACT),
        Column("signataires", "Signataires", Kind.TEXT,
               "Qui a signé (exemple : ARS ; CD 21 ; organisme gestionnaire).", width=26,
               lasts=Lifetime.CONTRACT),
        LASTING_COMMENT,
    ),
)  # fmt: skip
