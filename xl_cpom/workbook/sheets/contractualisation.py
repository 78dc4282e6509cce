"""Sheet « Contractualisation »: the diagnostic of period N, one row per module and secteur.

What the guide expects of a module at N (`Module.attendus_n`, in the data of the cycle) is shown on
its row and says which cells are asked there: see `validators/rules/contractualisation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import LASTING_COMMENT
from xl_cpom.workbook.sheets.indicateurs import SECTEURS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def _rows(referentiel: Referentiel) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "code": f"{module.code}/{secteur}",
            "module": module.code,
            "secteur": secteur,
            "attendu": module.contractualisation or module.attendu,
        }
        for module in referentiel.modules.values()
        for secteur in SECTEURS
    )


CONTRACTUALISATION = Sheet(
    key="contractualisation",
    name="Contractualisation",
    table="tContractualisation",
    layout=Layout.FIXED,
    record="le diagnostic",
    identity=("code",),
    capacity=16,
    occasional=True,
    fixed_rows=_rows,
    synonyms=("Diagnostic", "Diagnostic partagé"),
    purpose="Le diagnostic de la période N, par module et par secteur, avant la négociation.",
    guide="{guide}, période de contractualisation (N)",
    since="2026.2",
    columns=(
        Column("code", "Code", Kind.TEXT, "Module et secteur.", locked=True, width=17),
        Column("module", "Module", Kind.LISTING, "Code du module.", locked=True,
               list_name="module", width=14),
        Column("secteur", "Secteur", Kind.LISTING, "PA ou PH.", locked=True, list_name="secteur",
               width=9),
        Column("attendu", "Attendu en période N", Kind.TEXT,
               "Ce que le guide attend du module pendant la contractualisation.", locked=True,
               width=48),
        Column("offre", "État des lieux : offre", Kind.TEXT,
               "L'offre d'aujourd'hui : publics, capacités, modes d'accueil, taux d'occupation.",
               synonyms=("Offre",), width=32, lasts=Lifetime.DEADLINE),
        Column("autorisations", "État des lieux : autorisations", Kind.TEXT,
               "Les autorisations, leur échéance, et ce que l'offre réelle en fait.",
               synonyms=("Autorisations",), width=32, lasts=Lifetime.DEADLINE),
        Column("partenariats", "Partenariats actifs et formalisés", Kind.TEXT,
               "Les partenaires, et par quelle convention.", synonyms=("Partenariats",), width=32,
               lasts=Lifetime.DEADLINE),
        Column("fragilites", "Points de fragilité repérés", Kind.TEXT,
               "Les points de fragilité, ou le renvoi à la feuille « Points de fragilité ».",
               synonyms=("Fragilités",), width=32, lasts=Lifetime.DEADLINE),
        Column("plan_redige", "Plan rédigé", Kind.LISTING,
               "Le plan d'actions du module est-il rédigé ?", list_name="oui_non", width=9,
               lasts=Lifetime.DEADLINE),
        Column("partage_le", "Diagnostic partagé le", Kind.DATE,
               "Date où le diagnostic a été partagé avec l'ARS et les autres signataires.",
               any_date=True, synonyms=("Date du partage",), width=13, lasts=Lifetime.DEADLINE),
        Column("partage_avec", "Diagnostic partagé avec", Kind.TEXT,
               "Avec qui (exemple : ARS ; CD 21 ; CVS ; équipes).",
               synonyms=("Partagé avec",), width=26, lasts=Lifetime.DEADLINE),
        LASTING_COMMENT,
    ),
)  # fmt: skip
