"""The COM path: `XLPython().CallUDF`, called as the VBA of the add-in calls it.

An argument is a value (a constant of the formula) or, with ``plages`` on the command line, what
Excel passes for a reference: a Range, whose money cells come as decimals.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from tests.udfs.hotes import echange, pywin32

MISSING = -2147352572
"""What Excel passes for an argument left out."""

SCODES = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
    "#GETTING_DATA": -2146826245,
    "#SPILL!": -2146826243,
    "#CALC!": -2146826238,
}


class ComRange:
    """A Range of Excel, as far as xlwings looks at it."""

    iid = "{00020846-0000-0000-C000-000000000046}"
    Worksheet = SimpleNamespace(Parent=SimpleNamespace(Application=SimpleNamespace(Hwnd=1)))
    Row = Column = 1

    def __init__(self, value: Any) -> None:
        self.Value = value
        self.Rows = SimpleNamespace(Count=len(value) if isinstance(value, tuple) else 1)
        self.Columns = SimpleNamespace(Count=1)

    @property
    def _oleobj_(self) -> Any:
        return self

    def GetTypeInfo(self) -> Any:
        return self

    def GetTypeAttr(self) -> Any:
        return self


def cellule(value: Any) -> Any:
    """One cell as COM hands it over."""
    if echange.is_empty(value):
        return None
    day = echange.date_de(value)
    if day is not None:
        return pywin32.TimeType(day.year, day.month, day.day)
    if isinstance(value, str):
        return SCODES.get(value, value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def argument(value: Any) -> Any:
    """One argument: a column is a tuple of rows."""
    if value is None:
        return MISSING
    if isinstance(value, list):
        return tuple((cellule(cell),) for cell in value)
    return cellule(value)


def reference(value: Any) -> Any:
    """The same argument in cells."""
    found = argument(value)
    if found == MISSING:
        return found
    if isinstance(found, tuple):
        rows = tuple((currency(cell),) for (cell,) in found)
        return ComRange(rows if len(rows) > 1 else rows[0][0])
    return ComRange(currency(found))


def currency(cell: Any) -> Any:
    """What pywin32 makes of a cell shown in euros: four decimals, no more."""
    exact = isinstance(cell, float) and abs(cell) < 1e12 and round(cell, 4) == cell
    return Decimal(repr(cell)) if exact else cell


def main() -> None:
    """Answer the calls of the standard input."""
    pywin32.installer()
    from xlwings import com_server

    server = com_server.XLPython()

    def call(name: str, args: list[Any]) -> Any:
        whole = (*args, *[MISSING] * (ARITES[name] - len(args)))
        return server.CallUDF("xl_cpom.udfs.xlwings_module", name, whole, None, None)

    from xl_cpom.functions import FUNCTIONS

    ARITES = {name: len(f.params) for name, f in FUNCTIONS.items()}
    echange.answer(call, reference if "plages" in sys.argv else argument)


if __name__ == "__main__":
    main()
