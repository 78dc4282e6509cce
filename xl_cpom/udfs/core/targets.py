"""CPOM_CIBLE, CPOM_ECART, CPOM_ATTEINTE: the trajectory and where the rate stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xl_cpom.indicators import EntreeInvalideError
from xl_cpom.indicators.cibles import FONCTIONS
from xl_cpom.indicators.cibles import Fonction as Cible
from xl_cpom.typographie import typographie

from .model import NA, VALUE, ErreurExcel, Fonction, Param
from .values import scalar


def functions() -> Iterator[Fonction]:
    """One function per declaration of `indicators.cibles`."""
    for declared in FONCTIONS.values():
        yield _function(declared)


def _function(declared: Cible) -> Fonction:
    params = tuple(
        Param(i.key, i.libelle, "scalar", i.unite, i.exemple, i.optional) for i in declared.inputs
    )
    worded = declared.si_vide is not None  # a rate that is #N/A is sans objet, in words

    def compute(bound: Mapping[str, Any]) -> float | str:
        data = {}
        for param in params:
            if worded and bound.get(param.name) == NA:
                continue
            data[param.name] = scalar(bound, param)
        try:
            found = declared.compute(data)
        except EntreeInvalideError as refusal:
            raise ErreurExcel(VALUE, str(refusal)) from refusal
        if found is None:
            raise ErreurExcel(NA, f"{declared.libelle} : sans objet, une donnée manque")
        return found

    def write(texts: Mapping[str, str]) -> str:
        refs = {p.name: '""' for p in params if not p.optional} | dict(texts)
        if worded:
            refs = {k: t if t == '""' else f'IF(ISNA({t}),"",{t})' for k, t in refs.items()}
        return declared.formule(refs)

    return Fonction(
        f"CPOM_{declared.code}", typographie(declared.explication), params, compute, write
    )
