"""The values of the référentiel the indicators depend on: statuses, thresholds, methods.

Nothing is chosen here: the default cycle is read once, on first use, and another cycle's values
are passed as a `ParameterSet`. The référentiel is imported inside the function so that declaring
the indicators costs no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from .expressions import ParamValue

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


class ParameterSet(Mapping[str, ParamValue]):
    """Parameters of one cycle, immutable, compared by identity so that settled trees are cached."""

    __slots__ = ("_values",)

    def __init__(self, valeurs: Mapping[str, ParamValue]) -> None:
        self._values = dict(valeurs)

    def __getitem__(self, cle: str) -> ParamValue:
        return self._values[cle]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def merged_with(self, **valeurs: ParamValue) -> ParameterSet:
        """The same parameters, some of them replaced."""
        return ParameterSet({**self._values, **valeurs})


def _plain(valeur: object) -> ParamValue:
    return cast(ParamValue, tuple(valeur) if isinstance(valeur, list) else valeur)


def parameters_of(referentiel: Referentiel) -> ParameterSet:
    """Parameters of a référentiel already loaded, the same object for the same values.

    The settled trees of the indicators are cached on that object.
    """
    return _parameters_of(referentiel.digest, referentiel)


@lru_cache(maxsize=8)
def _parameters_of(empreinte: str, referentiel: Referentiel) -> ParameterSet:
    return ParameterSet({key: _plain(p.valeur) for key, p in referentiel.parametres.items()})


@lru_cache(maxsize=1)
def current_parameters() -> ParameterSet:
    """Parameters of the default cycle."""
    from xl_cpom.referentiel import load_referentiel

    return parameters_of(load_referentiel())
