"""The indicators of the CPOM, each declared once: Python value, Excel formula, bounds, source.

Standard library only: Excel and LibreOffice start this package to compute a cell.

>>> from xl_cpom.indicators import find_indicator
>>> resorption = find_indicator("RESORPTION")
>>> resorption.compute({"deficit_reference": 250_000, "resultat": -100_000}).value
0.6
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from xl_cpom.errors import XlCpomError

from .anap import INDICATEURS_ANAP
from .computation_method import Methode
from .cpom import INDICATEURS_COMPLEMENTAIRES, INDICATEURS_CPOM
from .excel_text import NoExcelFormError
from .inputs import Input, InvalidInputError
from .model import SANS_OBJET, Indicator, IndicatorResult, cumul
from .parameters import ParameterSet, current_parameters, parameters_of
from .rounding import arrondi

INDICATORS: Mapping[str, Indicator] = MappingProxyType(
    {i.code: i for i in (*INDICATEURS_CPOM, *INDICATEURS_COMPLEMENTAIRES, *INDICATEURS_ANAP)}
)
"""Every indicator by its code: the eight of the CPOM first, then the others."""

BY_MODULE: Mapping[str, Indicator] = MappingProxyType(
    {i.module: i for i in INDICATEURS_CPOM if i.module is not None}
)
"""The indicator followed each year for a module (INSPECTION → LEVEE, DIFFICULTE → RESORPTION)."""


class UnknownIndicatorError(XlCpomError, KeyError):
    """No indicator has this code; the message is French and `proches` lists the close codes."""

    def __init__(self, code: str) -> None:
        self.code = code
        wanted = code.split("/")[0].strip().upper()
        self.close = tuple(get_close_matches(wanted, [*INDICATORS, *BY_MODULE], n=3, cutoff=0.5))
        super().__init__(code)

    def __str__(self) -> str:
        this_help = (
            f"\u00a0: vouliez-vous dire {' ou '.join(self.close)}\u202f?" if self.close else ""
        )
        return f"indicateur «\u00a0{self.code}\u00a0» inconnu{this_help}"


def find_indicator(code: str) -> Indicator:
    """The indicator of a code, of a module, or of a perimeter (``"TRANSFO/PA"``), case ignored.

    Raises UnknownIndicatorError (a KeyError).
    """
    wanted = code.split("/")[0].strip().upper()
    found = INDICATORS.get(wanted) or BY_MODULE.get(wanted)
    if found is None:
        raise UnknownIndicatorError(code)
    return found


__all__ = [
    "BY_MODULE",
    "INDICATORS",
    "SANS_OBJET",
    "Indicator",
    "IndicatorResult",
    "Input",
    "InvalidInputError",
    "Methode",
    "NoExcelFormError",
    "ParameterSet",
    "UnknownIndicatorError",
    "arrondi",
    "cumul",
    "current_parameters",
    "find_indicator",
    "parameters_of",
]
