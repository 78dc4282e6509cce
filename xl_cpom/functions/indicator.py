"""From the arguments of a function to an indicator's value, and to its plain formula."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from xl_cpom.indicators import Indicator, InvalidInputError
from xl_cpom.indicators.whole_formulas import Part

from .host_values import read, shape, single, stop_on_error
from .model import NA, VALUE, ExcelFunctionError

SANS_OBJET = {
    "value": "sans objet : le dénominateur est nul, ou une donnée nécessaire manque",
    "numerateur": "sans objet : une donnée nécessaire au numérateur manque",
    "denominateur": "sans objet : une donnée nécessaire au dénominateur manque",
}


def value_of(
    indicator: Indicator,
    data: Mapping[str, Any],
    methode: str | None = None,
    part: Part = "value",
) -> float:
    """Value of an indicator, `data` being input key → cell or Plage.

    Raises ExcelFunctionError: first an error of a cell that is read, then #VALUE!, then #N/A.
    """
    try:
        useful = indicator.useful_inputs(data, methode)
    except InvalidInputError as refusal:
        raise ExcelFunctionError(VALUE, str(refusal)) from refusal
    given = {key: _read(indicator, key, data[key]) for key in useful if key in data}
    shapes = {shape(data[key]) for key in given if indicator.by_key[key].kind == "vector"}
    if len(shapes) > 1:
        raise ExcelFunctionError(VALUE, "les plages n'ont pas la même taille")
    for key in data.keys() - given.keys():  # not read, but their presence counts
        given[key] = [] if indicator.by_key[key].kind == "vector" else None
    try:
        found = getattr(indicator.compute(given, methode), part)
    except InvalidInputError as refusal:
        raise ExcelFunctionError(VALUE, str(refusal)) from refusal
    if found is None:
        raise ExcelFunctionError(NA, _why_nothing(indicator, given, methode, part))
    return float(found)


def _read(indicator: Indicator, key: str, value: Any) -> Any:
    entry = indicator.by_key[key]
    if entry.kind == "scalar":
        return read(single(value, entry.libelle), entry.libelle)
    cells = list(chain.from_iterable(value))
    stop_on_error(cells, entry.libelle)
    return cells


def _why_nothing(
    indicator: Indicator, given: Mapping[str, Any], methode: str | None, part: Part
) -> str:
    required = indicator.methode(methode).requis
    missing = [
        i.libelle
        for i in indicator.inputs
        if (i.key in required and i.key not in given)
        or (i.kind == "scalar" and not i.optional and given.get(i.key) is None)
    ]
    if missing:
        return f"sans objet, il manque : {', '.join(missing)}"
    return SANS_OBJET[part]


def formula_of(
    indicator: Indicator,
    refs: Mapping[str, str],
    methode: str | None = None,
    part: Part = "value",
) -> str:
    """Plain formula of an indicator, `refs` being input key → text of the argument.

    Raises NoExcelFormError when the method has no plain form.
    """
    if any(key not in refs for key in indicator.methode(methode).requis):
        return "NA()"
    blanks = {
        i.key: '""'
        for i in indicator.inputs
        if i.kind == "scalar" and not i.optional and i.key not in refs
    }
    return indicator.excel_formula({**refs, **blanks}, part, methode)
