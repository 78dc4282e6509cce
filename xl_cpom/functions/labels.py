"""CPOM_LIBELLE: the label of a code in a nomenclature of the référentiel.

The plain formula reads the block of the hidden sheet « Listes » named ``nomenclature_<name>``: two
columns, code (text) and label.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from xl_cpom.indicators.excel_text import texte
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import typeset

from .host_values import each, literal, needed, scalar
from .model import NA, CellFunction, ExcelFunctionError, FunctionParam

NOMENCLATURE = FunctionParam(
    "nomenclature", "Nom de la nomenclature", "scalar", "texte", "categories"
)
CODE = FunctionParam(
    "code", "Code à lire, au format texte, seul ou comme « 500 – EHPAD »", "range", "code", "500"
)


@lru_cache(maxsize=1)
def nomenclatures() -> Mapping[str, Mapping[str, str]]:
    """Nomenclature name → code in capitals, alone or as drop-downs say it → label."""
    referentiel = load_referentiel()
    return {
        name.lower(): {code.upper(): label for code, label in referentiel.labels(name).items()}
        for name in referentiel.nomenclatures
    }


def label(nomenclature: Any, code: Any) -> str:
    """Label of a code. Raises ExcelFunctionError (#N/A) when blank or unknown."""
    table = nomenclatures().get(str(nomenclature).lower())
    if table is None:
        known = ", ".join(nomenclatures())
        raise ExcelFunctionError(NA, f"nomenclature « {nomenclature} » inconnue : {known}")
    wanted = needed(code, CODE.label)
    if isinstance(wanted, float) and wanted.is_integer():
        wanted = int(wanted)
    found = None if isinstance(wanted, bool) else table.get(str(wanted).upper())
    if found is None:
        raise ExcelFunctionError(NA, f"code « {wanted} » inconnu dans « {nomenclature} »")
    return found


def _compute(bound: Mapping[str, Any]) -> Any:
    name = needed(scalar(bound, NOMENCLATURE), NOMENCLATURE.label)
    return each(lambda code: label(name, code), bound.get(CODE.name, [[None]]))


def _write(texts: Mapping[str, str], lookup: Callable[[str, str], str]) -> str:
    asked, code = texts.get(NOMENCLATURE.name, '""'), texts.get(CODE.name, '""')
    constant = literal(asked)
    if constant is None:
        written = "NA()"
        for name in reversed(list(nomenclatures())):
            written = f"IF({asked}={texte(name)},{lookup(block(name), code)},{written})"
    elif constant.lower() in nomenclatures():
        written = lookup(block(constant.lower()), code)
    else:
        return "NA()"
    return f'IF({code}="",NA(),{written})'


def _lookup(where: str, code: str) -> str:
    """Label of a code as text, joker characters being ordinary ones (MATCH would obey them)."""
    return f'LOOKUP(2,1/(INDEX({where},0,1)={code}&""),INDEX({where},0,2))'


def _xlookup(where: str, code: str) -> str:
    return f'_xlfn.XLOOKUP({code}&"",INDEX({where},0,1),INDEX({where},0,2))'


def block(nomenclature: str) -> str:
    """Defined name of the two columns (code, label) of a nomenclature in the workbook."""
    return f"nomenclature_{nomenclature}"


LIBELLE = CellFunction(
    "CPOM_LIBELLE",
    typeset(
        "Libellé d'un code dans une nomenclature du référentiel : categories, statuts_juridiques, "
        "departements, modules, si, serafin, cotations, chapitres, criteres. #N/A : code inconnu."
    ),
    (NOMENCLATURE, CODE),
    _compute,
    lambda texts: _write(texts, _lookup),
    array=True,
    write_lambda=lambda texts: _write(texts, _xlookup),
)
