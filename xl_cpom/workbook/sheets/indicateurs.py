"""Sheet « Indicateurs »: one row per module and secteur, ready to be entered in e-CARS."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xl_cpom.indicators import BY_MODULE
from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.actions import ACTIONS
from xl_cpom.workbook.sheets.common import COMMENT
from xl_cpom.workbook.sheets.difficulte import DIFFICULTE
from xl_cpom.workbook.sheets.fragilites import FRAGILITES
from xl_cpom.workbook.sheets.has import HAS
from xl_cpom.workbook.sheets.mesures import MESURES
from xl_cpom.workbook.sheets.si import SI

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.workbook.records import Classeur, Row

RANKS = (1, 2, 3, 4, 5)
"""The years of every contract."""
PROROGATION = 6
"""The year that an avenant of prorogation opens."""
SUIVIS = (*RANKS, PROROGATION)
"""The years that may be followed, and have a target and a result."""
SECTEURS = ("PA", "PH")

_BY_MODULE = {
    "EFFICIENCE": FRAGILITES,
    "SI": SI,
    "HAS": HAS,
    "INSPECTION": MESURES,
    "DIFFICULTE": DIFFICULTE,
}


def module_sheet(module: str) -> Sheet:
    """The sheet whose rows feed the indicator of a module."""
    return _BY_MODULE.get(module, ACTIONS)


def _rows(referentiel: Referentiel) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "code": f"{module.code}/{secteur}",
            "module": module.code,
            "secteur": secteur,
            "indicateur": module.indicateur,
        }
        for module in referentiel.modules.values()
        for secteur in SECTEURS
    )


_AU = "{identification.fin_annee_suivie}"


def indicateur_columns(module: str) -> Mapping[str, str]:
    """Input of the indicator of a module -> key of the column that feeds it.

    Raises KeyError when the sheet of the module has no such column: none is dropped in silence.
    """
    sheet = module_sheet(module)
    return {
        entry.key: sheet[entry.column].key
        for entry in BY_MODULE[module].inputs
        if entry.column is not None
    }


_BEFORE_2026_2 = {"resultat_retenu": "resultat", "taux_retenu": "taux_completude"}
"""Columns that fed the indicators in the first version of the template."""


def _call(function: str, formerly: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Formula text of `function` over the columns that feed the indicator of the row.

    formerly: columns read in place of others in an earlier version.
    """

    def text(constants: Mapping[str, Any]) -> str:
        module = constants["module"]
        sheet = module_sheet(module)
        columns = {k: formerly.get(c, c) for k, c in indicateur_columns(module).items()}
        arguments = [
            _AU if entry.key == "au" else f"{{{sheet.key}.{columns[entry.key]}}}"
            for entry in BY_MODULE[module].inputs
            if entry.key != "code"
        ]
        return f'{function}("{constants["code"]}",{",".join(arguments)})'

    return text


def _result(field: str) -> Any:
    def compute(row: Row, classeur: Classeur) -> Any:
        return getattr(classeur.results[row.module, row.secteur], field)

    return compute


def _rate(function: str, field: str) -> Formula:
    before = (("2026.2", _call(function, _BEFORE_2026_2)),)
    return Formula(_call(function), _result(field), before=before)


def _cible(row: Row, classeur: Classeur) -> float | None:
    rank = classeur.followed_rank
    return row[f"cible_n{rank}"] if rank in SUIVIS else None


def _ecart(row: Row, classeur: Classeur) -> float | None:
    from xl_cpom.indicators.cibles import ecart

    return ecart(_result("value")(row, classeur), _cible(row, classeur), classeur.parameters)


def _atteinte(row: Row, classeur: Classeur) -> str | None:
    from xl_cpom.indicators.cibles import atteinte

    taux, cible = _result("value")(row, classeur), _cible(row, classeur)
    return atteinte(taux, cible, parametres=classeur.parameters)


def _cible_suivie_excel() -> str:
    choices = ",".join(f"{{cible_n{rank}}}" for rank in SUIVIS)
    return (
        'IF(OR({identification.annee_suivie}="",{identification.annee_suivie}="N"),"",'
        f"CHOOSE(VALUE(MID({{identification.annee_suivie}},2,1)),{choices}))"
    )


def _cible_suivie_before_n_6() -> str:
    """The same in version 2026.1, which had no column for N6."""
    choices = ",".join(f"{{cible_n{rank}}}" for rank in RANKS)
    return (
        'IF(OR({identification.annee_suivie}="",{identification.annee_suivie}="N",'
        '{identification.annee_suivie}="N6"),"",'
        f"CHOOSE(VALUE(MID({{identification.annee_suivie}},2,1)),{choices}))"
    )


INDICATEURS = Sheet(
    key="indicateurs",
    name="Indicateurs",
    table="tIndicateurs",
    layout=Layout.FIXED,
    owed=True,
    record="l'indicateur",
    identity=("code",),
    capacity=16,
    fixed_rows=_rows,
    purpose="Un indicateur par module et par secteur : ce qui est saisi dans e-CARS.",
    guide="{guide}, annexe 2",
    columns=(
        Column("code", "Code", Kind.TEXT, "Module et secteur.", locked=True, width=17),
        Column("module", "Module", Kind.LISTING, "Code du module.", locked=True,
               list_name="module", width=14),
        Column("secteur", "Secteur", Kind.LISTING, "PA ou PH.", locked=True, list_name="secteur",
               width=9),
        Column("indicateur", "Indicateur", Kind.TEXT, "Indicateur de suivi annuel du module.",
               locked=True, width=42),
        Column("numerateur", "Numérateur", Kind.NUMBER,
               "Calculé : ce qui est réalisé, résolu, complété, levé ou résorbé.",
               formula=_rate("CPOM_NUMERATEUR", "numerateur"), width=12),
        Column("denominateur", "Dénominateur", Kind.NUMBER,
               "Calculé : ce qui devait l'être.",
               formula=_rate("CPOM_DENOMINATEUR", "denominateur"), width=14),
        Column("taux", "Taux", Kind.RATIO,
               "Calculé : numérateur ÷ dénominateur. #N/A : sans objet.",
               formula=_rate("CPOM_TAUX", "value"), width=10),
        *(
            Column(f"cible_n{rank}", f"Cible N{rank}", Kind.TAUX,
                   f"Cible du contrat pour la {rank}{'re' if rank == 1 else 'e'} année.",
                   minimum=0, maximum=1, expected_with="taux", width=9,
                   lasts=Lifetime.CONTRACT, rank=rank)
            for rank in RANKS
        ),
        *(
            Column(f"realise_n{rank}", f"Réalisé N{rank}", Kind.TAUX,
                   "Taux constaté à la fin de l'année ; les années passées ne changent plus.",
                   width=9, lasts=Lifetime.RESULT, rank=rank)
            for rank in RANKS
        ),
        Column(f"cible_n{PROROGATION}", f"Cible N{PROROGATION}", Kind.TAUX,
               "Cible de la sixième année, ouverte par un avenant de prorogation.",
               minimum=0, maximum=1, width=9, lasts=Lifetime.CONTRACT, rank=PROROGATION,
               since="2026.2"),
        Column(f"realise_n{PROROGATION}", f"Réalisé N{PROROGATION}", Kind.TAUX,
               "Taux constaté à la fin de la sixième année, si le contrat est prorogé.",
               width=9, lasts=Lifetime.RESULT, rank=PROROGATION, since="2026.2"),
        Column("ecart", "Écart (points)", Kind.NUMBER,
               "Calculé : taux de l'année suivie − cible, en points.",
               formula=Formula(
                   f'_xlfn.IFNA(CPOM_ECART({{taux}},{_cible_suivie_excel()}),"")', _ecart,
                   before=(("2026.2",
                            f'_xlfn.IFNA(CPOM_ECART({{taux}},{_cible_suivie_before_n_6()}),"")'),)),
               unit="points", width=10),
        Column("atteinte", "Atteinte", Kind.TEXT, "Calculé : la cible est-elle atteinte ?",
               formula=Formula(
                   f"CPOM_ATTEINTE({{taux}},{_cible_suivie_excel()})", _atteinte,
                   before=(("2026.2", f"CPOM_ATTEINTE({{taux}},{_cible_suivie_before_n_6()})"),)),
               state_list="atteinte", width=20),
        COMMENT,
    ),
)  # fmt: skip
