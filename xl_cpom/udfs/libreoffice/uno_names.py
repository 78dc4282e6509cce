"""What the registry is called in LibreOffice: service, interface, methods, types of arguments.

A UNO method bears the very name of the function, so ``CPOM_TAUX`` is stored by LibreOffice as
``FR.CPOM.CALC.ADDIN.CPOM_TAUX`` and comes back under a spelling the control reads.
"""

from __future__ import annotations

from typing import Final

from xl_cpom.functions import FUNCTIONS, CellFunction, FunctionParam

MODULES: Final = ("fr", "cpom", "calc")
INTERFACE: Final = "XCpom"
IDENTIFIANT: Final = ".".join(MODULES)
SERVICE: Final = f"{IDENTIFIANT}.AddIn"
SERVICE_CALC: Final = "com.sun.star.sheet.AddIn"

VALUE: Final = "any"
CELLS: Final = "com::sun::star::table::XCellRange"
TABLE: Final = "sequence< sequence< any > >"

MESURES: Final = frozenset({"journées", "actes", "places", "jours", "personnes", "ETP", "€"})
COMPUTED: Final = frozenset({"cible"})
"""Measures the workbook passes as a formula, which LibreOffice refuses where it wants cells."""


def long_name(function: str) -> str:
    """The name LibreOffice stores in a file: every version knows it."""
    return f"{SERVICE}.{function}".upper()


LONG_NAMES: Final = {name: long_name(name) for name in FUNCTIONS}


def argument_name(param: FunctionParam) -> str:
    """UNO name of an argument: no underscore among small letters there."""
    first, *rest = param.name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def by_cells(function: CellFunction, param: FunctionParam) -> bool:
    """Is this argument handed over as cells rather than as a value?

    As a value, an empty cell is 0 and an error stops the call before it reaches us. So what must be
    measured is taken as cells: an empty cell stays empty, and no rate is made up from a 0 nobody
    wrote. LibreOffice then wants a reference there, which the help says. Optional arguments cannot
    be, LibreOffice would no longer let them be left out.
    """
    if param.optional or param.name in COMPUTED:
        return False
    measured = param.unit in MESURES or (param.unit == "ratio" and param.kind == "scalar")
    return measured or (function.name, param.name) == ("CPOM_EXPLIQUE", "quoi")


def type_argument(function: CellFunction, param: FunctionParam) -> str:
    """UNO type of an argument."""
    return CELLS if by_cells(function, param) else VALUE


def result_type(function: CellFunction) -> str:
    """UNO type of the answer: a range in, an array out, needs its own."""
    return TABLE if function.array else VALUE
