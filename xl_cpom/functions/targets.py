"""CPOM_CIBLE, CPOM_ECART, CPOM_ATTEINTE: the trajectory and where the rate stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xl_cpom.indicators import InvalidInputError
from xl_cpom.indicators.cibles import TARGET_FUNCTIONS
from xl_cpom.indicators.cibles import TargetFunction as Cible
from xl_cpom.typography import typeset

from .host_values import scalar
from .model import NA, VALUE, CellFunction, ExcelFunctionError, FunctionParam


def functions() -> Iterator[CellFunction]:
    """One function per declaration of `indicators.cibles`."""
    for declared in TARGET_FUNCTIONS.values():
        yield _function(declared)


def _function(declared: Cible) -> CellFunction:
    params = tuple(
        FunctionParam(i.key, i.libelle, "scalar", i.unite, i.example, i.optional)
        for i in declared.inputs
    )
    worded = declared.if_empty is not None  # a rate that is #N/A is sans objet, in words

    def compute(bound: Mapping[str, Any]) -> float | str:
        data = {}
        for param in params:
            if worded and bound.get(param.name) == NA:
                continue
            data[param.name] = scalar(bound, param)
        try:
            found = declared.compute(data)
        except InvalidInputError as refusal:
            raise ExcelFunctionError(VALUE, str(refusal)) from refusal
        if found is None:
            raise ExcelFunctionError(NA, f"{declared.libelle} : sans objet, une donnée manque")
        return found

    def write(texts: Mapping[str, str]) -> str:
        refs = {p.name: '""' for p in params if not p.optional} | dict(texts)
        if worded:
            refs = {k: t if t == '""' else f'IF(ISNA({t}),"",{t})' for k, t in refs.items()}
        return declared.excel_formula(refs)

    return CellFunction(
        f"CPOM_{declared.code}", typeset(declared.explication), params, compute, write
    )
