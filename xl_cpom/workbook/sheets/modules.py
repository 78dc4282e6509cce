"""Sheet « Modules »: the eight modules of the cycle and which ones the contract activates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import LASTING_COMMENT

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def _rows(referentiel: Referentiel) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "code": module.code,
            "libelle": module.libelle,
            "statut": module.statut,
            "attendu": module.attendu,
        }
        for module in referentiel.modules.values()
    )


MODULES = Sheet(
    key="modules",
    name="Modules",
    table="tModules",
    layout=Layout.FIXED,
    owed=True,
    record="le module",
    identity=("code",),
    capacity=8,
    fixed_rows=_rows,
    purpose="Les modules du cycle : cinq obligatoires, trois à la carte, actifs ou non.",
    guide="{guide}, système de modules",
    columns=(
        Column("code", "Code", Kind.LISTING, "Code du module.", required=True, list_name="module",
               locked=True, synonyms=("Code du module",), width=14),
        Column("libelle", "Module", Kind.TEXT, "Libellé du module.", locked=True, width=40,
               synonyms=("Libellé",)),
        Column("statut", "Statut", Kind.LISTING, "Obligatoire ou à la carte.", locked=True,
               list_name="statut_module", width=13),
        Column("attendu", "Attendu", Kind.TEXT, "Ce que le guide attend du module.", locked=True,
               width=60),
        Column("actif", "Actif", Kind.LISTING,
               "Oui si le module est inscrit au contrat. Les modules obligatoires le sont tous.",
               required=True, list_name="oui_non", synonyms=("Actif (O/N)",), width=9),
        Column("date_activation", "Date d'activation", Kind.DATE,
               "Date à laquelle un module à la carte a été activé.", width=13,
               lasts=Lifetime.CONTRACT),
        Column("origine", "Origine", Kind.LISTING,
               "Contrat initial, ou avenant en cours de suivi.", list_name="origine_module",
               width=16, lasts=Lifetime.CONTRACT),
        Column("numero_avenant", "N° de l'avenant", Kind.TEXT,
               "Numéro de l'avenant qui a activé le module.", width=12, lasts=Lifetime.CONTRACT),
        LASTING_COMMENT,
    ),
)  # fmt: skip
