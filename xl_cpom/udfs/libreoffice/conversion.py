"""From what Calc hands over to what the core takes, and back. Runs inside LibreOffice.

Calc knows no empty value, no boolean and no error as an argument; an error is returned as a NaN
that carries Calc's own code. Nothing here needs UNO, so it is tested without LibreOffice.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from xl_cpom.functions import ERRORS, FUNCTIONS, FunctionParam, invoke

CODES: Mapping[str, int] = {
    "#N/A": 32767,
    "#VALUE!": 519,
    "#NUM!": 503,
    "#DIV/0!": 532,
    "#REF!": 524,
    "#NAME?": 525,
    "#NULL!": 521,
}
"""Calc's code of each Excel error; the others are shown as #VALUE!."""

WITHOUT_ZERO = frozenset(
    {
        "",
        "statut",
        "type",
        "SI",
        "texte",
        "code",
        "date",
        "année",
        "impératif ou standard",
        "9 caractères",
        "14 chiffres",
        "1 à 4, ★, NC, RI",
    }
)
"""Units of what is never 0: there, the 0 Calc hands over is an empty cell."""

ERROR_OF: Mapping[int, str] = {code: error for error, code in CODES.items()}
NAN = 0x7FF8000000000000


def nan(erreur: str) -> float:
    """The number Calc shows as an error."""
    code = CODES.get(erreur, CODES["#VALUE!"])
    found: float = struct.unpack("<d", struct.pack("<Q", NAN | code))[0]
    return found


def argument(value: Any) -> Any:
    """One argument: a value, rows of cells, or a reference (UNO XCellRange)."""
    if hasattr(value, "getDataArray"):
        return plage(value)
    if isinstance(value, tuple):
        return [[cellule(cell) for cell in row] for row in value]
    return value


def cellule(value: Any) -> Any:
    """One cell of a range: an empty one comes as an empty text."""
    return None if value == "" else value


def plage(reference: Any) -> list[list[Any]]:
    """Cells of a reference: numbers, texts, None where empty, error values."""
    return [
        [
            _error(reference, row, column) if cell is None else cellule(cell)
            for column, cell in enumerate(cells)
        ]
        for row, cells in enumerate(reference.getDataArray())
    ]


def _error(reference: Any, row: int, column: int) -> Any:
    code = reference.getCellByPosition(column, row).getError()
    return ERROR_OF.get(code, "#VALUE!") if code else None


def resultat(value: Any) -> Any:
    """One answer: a number, a text, or an error as a number.

    A boolean becomes 1 or 0: Calc shows any boolean as 0 alone, as 1 in an array.
    """
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return nan(value) if value in ERRORS else value
    return float(value)


def appeler(nom: str, args: Sequence[Any]) -> Any:
    """A call with a single answer."""
    return resultat(_invoke(nom, args))


def call_table(nom: str, args: Sequence[Any]) -> tuple[tuple[Any, ...], ...]:
    """A call that answers cell by cell: always rows, a single answer being one cell."""
    found = _invoke(nom, args)
    rows = found if isinstance(found, list) else [[found]]
    return tuple(tuple(resultat(cell) for cell in row) for row in rows)


def _invoke(nom: str, args: Sequence[Any]) -> Any:
    params = FUNCTIONS[nom].params
    return invoke(nom, [_read(param, a) for param, a in zip(params, args, strict=True)])


def _read(param: FunctionParam, value: Any) -> Any:
    """An argument, the 0 of an empty cell being taken back where 0 means nothing."""
    return None if value == 0 and jamais_nul(param) else argument(value)


def jamais_nul(param: FunctionParam) -> bool:
    """Is 0 no answer here: a code, a text, a date, a rating from 1 to 4, a final target?"""
    return (param.unit in WITHOUT_ZERO and param.example != "") or param.name == "finale"
