"""Every function of the cells, once: what each host is generated from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from xl_cpom import __version__
from xl_cpom.indicators.excel import texte
from xl_cpom.typographie import typographie

from . import checks, families, rates, targets
from .explain import explique
from .labels import LIBELLE
from .model import Fonction


def _version(bound: Mapping[str, Any]) -> str:
    return __version__


VERSION = Fonction(
    "CPOM_VERSION",
    typographie("Version du complément CPOM installé."),
    (),
    _version,
    lambda texts: texte(__version__),
)


def _all() -> Iterator[Fonction]:
    yield from rates.functions()
    yield from families.functions()
    yield from targets.functions()
    yield from checks.functions()
    yield from (LIBELLE, explique(lambda: FONCTIONS), VERSION)


FONCTIONS: Mapping[str, Fonction] = MappingProxyType({f.name: f for f in _all()})
"""Every function by its name, in the order of the help."""
