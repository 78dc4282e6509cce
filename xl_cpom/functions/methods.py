"""The argument that chooses a method: a name, or yes/no for the signed absorption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xl_cpom.indicators import Indicator
from xl_cpom.indicators.excel_text import texte

from .host_values import literal
from .model import VALUE, ExcelFunctionError

OUI: tuple[Any, ...] = (True, 1, "oui")
NON: tuple[Any, ...] = (False, 0, "non")


def by_name(indicator: Indicator, asked: Any) -> str | None:
    """Method named by a cell; None when the cell is blank: the référentiel chooses."""
    if asked is None:
        return None
    if not isinstance(asked, str) or asked.upper() not in indicator.methodes:
        names = ", ".join(indicator.methodes)
        raise ExcelFunctionError(VALUE, f"méthode « {asked} » inconnue ; méthodes : {names}")
    return asked.upper()


def by_yes_no(indicator: Indicator, asked: Any) -> str | None:
    """Second method when the cell says yes, first when it says no, None when it is blank."""
    if asked is None:
        return None
    answer = asked.lower() if isinstance(asked, str) else asked
    if isinstance(answer, bool | int | float | str):
        for known, rank in ((NON, 0), (OUI, 1)):
            if answer in known:
                return tuple(indicator.methodes)[rank]
    raise ExcelFunctionError(VALUE, f"« {asked} » : Oui ou Non est attendu")


def write_by_name(indicator: Indicator, asked: str, write: Callable[[str | None], str]) -> str:
    """Formula for the method an argument's text names; every method when it is a reference."""
    constant = literal(asked)
    if not asked or constant == "":
        return write(None)
    if constant is not None:
        return write(constant.upper()) if constant.upper() in indicator.methodes else VALUE
    choices = {f"{asked}={texte(name)}": write(name) for name in indicator.methodes}
    return _first_true({f'{asked}=""': write(None), **choices})


def write_by_yes_no(indicator: Indicator, asked: str, write: Callable[[str | None], str]) -> str:
    """Formula for a yes/no argument, whatever its text."""
    if not asked or literal(asked) == "":
        return write(None)
    no, yes = tuple(indicator.methodes)[:2]
    return _first_true(
        {
            f'{asked}=""': write(None),
            f'OR({asked}=TRUE,{asked}=1,{asked}="Oui")': write(yes),
            f'OR({asked}=FALSE,{asked}=0,{asked}="Non")': write(no),
        }
    )


def _first_true(choices: Mapping[str, str]) -> str:
    written = VALUE
    for test, value in reversed(list(choices.items())):
        written = f"IF({test},{value},{written})"
    return written
