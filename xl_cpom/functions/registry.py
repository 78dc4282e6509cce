"""Every function of the cells, once: what each host is generated from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from xl_cpom.indicators.excel_text import texte
from xl_cpom.typography import typeset
from xl_cpom.version import __version__

from . import checks, families, rates, targets
from .explain import explique
from .labels import LIBELLE
from .model import CellFunction


def _version(bound: Mapping[str, Any]) -> str:
    return __version__


VERSION = CellFunction(
    "CPOM_VERSION",
    typeset("Version du complément CPOM installé."),
    (),
    _version,
    lambda texts: texte(__version__),
)


def _all() -> Iterator[CellFunction]:
    yield from rates.functions()
    yield from families.functions()
    yield from targets.functions()
    yield from checks.functions()
    yield from (LIBELLE, explique(lambda: FUNCTIONS), VERSION)


FUNCTIONS: Mapping[str, CellFunction] = MappingProxyType({f.name: f for f in _all()})
"""Every function by its name, in the order of the help."""
