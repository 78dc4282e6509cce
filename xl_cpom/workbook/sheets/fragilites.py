"""Sheet « Points de fragilité »: what weakens the organisation, and whether it is resolved."""

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
    if not latest_entry(row.annee_identification, classeur):
        return None
    if somebody_moves(classeur) and not some_asked(classeur, row.finess_et):
        return None
    return code_perimetre("EFFICIENCE", row.secteur)


FRAGILITES = Sheet(
    key="fragilites",
    name="Points de fragilité",
    table="tFragilites",
    layout=Layout.TABLE,
    owed=True,
    record="le point de fragilité",
    identity=("numero",),
    closed=("Résolu", "Sans objet"),
    capacity=60,
    synonyms=("Points de fragilités", "Fragilités"),
    purpose="Les points de fragilité du diagnostic et leur résolution (module Efficience).",
    guide="{guide}, module Efficience des organisations",
    columns=(
        Column("numero", "N°", Kind.TEXT, "Repère du point de fragilité (exemple : F1).",
               required=True, synonyms=("Numéro", "N° du point"), width=11, reference=True,
               lasts=Lifetime.FACT),
        Column("domaine", "Domaine", Kind.LISTING, "L'un des cinq domaines du module Efficience.",
               required=True, list_name="domaine_fragilite", width=20, lasts=Lifetime.FACT),
        Column("secteur", "Secteur", Kind.LISTING, "Secteur concerné : PA ou PH.", required=True,
               list_name="secteur", width=9, lasts=Lifetime.FACT),
        finess_et_concernes(),
        Column("description", "Description", Kind.TEXT,
               "Le point de fragilité repéré, en une phrase.", required=True,
               synonyms=("Description du point de fragilité",), width=50, lasts=Lifetime.FACT),
        Column("annee_identification", "Année d'identification", Kind.ANNEE,
               "Année où le point a été repéré.", required=True, minimum="date_minimale",
               maximum="date_maximale", width=16, lasts=Lifetime.FACT),
        Column("numero_action", "N° de l'action liée", Kind.TEXT,
               "Repère de l'action du plan qui répond au point (exemple : A7).",
               synonyms=("Action liée",), width=12, reference=True, cites="actions.numero"),
        Column("statut", "Statut", Kind.LISTING, "État du point à la date d'arrêté des données.",
               required=True, list_name="statut_fragilite", state_list="statut_fragilite",
               width=13),
        Column("date_resolution", "Date de résolution", Kind.DATE,
               "À remplir lorsque le point est résolu.", width=13),
        perimetre(
            'IF(AND(OR({secteur}="PA",{secteur}="PH"),OR({annee_identification}="",'
            '{annee_identification}<={identification.annee_civile_suivie})),'
            '"EFFICIENCE/"&{secteur},"")',
            _perimetre,
            some_asked_excel("{finess_et}"),
        ),
        COMMENT,
    ),
)  # fmt: skip
