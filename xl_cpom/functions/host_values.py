"""Arguments as hosts hand them over, made uniform (one cell, or rows of cells), and given to a
function.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .model import (
    ERRORS,
    NA,
    NUM,
    VALUE,
    CellFunction,
    ExcelFunctionError,
    FunctionParam,
    Range,
)

if TYPE_CHECKING:
    from typing import TypeGuard  # not before Python 3.10

_LITERAL = re.compile(r'"((?:[^"]|"")*)"')


def is_error(cell: Any) -> TypeGuard[str]:
    """Is the cell an Excel error value?"""
    return isinstance(cell, str) and cell in ERRORS


def as_range(value: Any) -> Range:
    """One cell, a row of cells or rows of cells, as rows of cells; an empty text stays a text."""
    if not isinstance(value, list | tuple):
        return [[value]]
    if type(value) is list and set(map(type, value)) == {list}:
        return value  # already rows of cells: nothing below changes them
    return [list(row) if isinstance(row, list | tuple) else [row] for row in value]


def bind(function: CellFunction, args: Sequence[Any]) -> dict[str, Any]:
    """Arguments by name; those not given (None) and blank scalars are left out.

    A scalar may be an error value: only a function that reads it lets it through.
    Raises ExcelFunctionError (#VALUE!) on too many arguments, or a range where one cell is wanted.
    """
    if any(a is not None for a in args[len(function.params) :]):
        raise ExcelFunctionError(VALUE, f"trop d'arguments : {function.syntax}")
    bound: dict[str, Any] = {}
    for param, value in zip(function.params, args, strict=False):
        if value is None:
            continue
        if param.kind == "range":
            bound[param.name] = as_range(value)
            continue
        cell = single(value, param.label)
        if cell is not None:
            bound[param.name] = cell
    return bound


def apply(function: CellFunction, args: Sequence[Any]) -> Any:
    """Value of a function for its arguments, in order; raises ExcelFunctionError with its
    reason.
    """
    try:
        found = function.compute(bind(function, args))
    except ArithmeticError as overflow:
        raise ExcelFunctionError(
            NUM, "un nombre dépasse ce qu'un tableur sait calculer"
        ) from overflow
    except (TypeError, ValueError) as refusal:
        raise ExcelFunctionError(VALUE, "une valeur n'est pas du type attendu") from refusal
    if isinstance(found, float) and not math.isfinite(found):
        raise ExcelFunctionError(NUM, "le résultat dépasse ce qu'un tableur sait écrire")
    return found


def single(value: Any, label: str) -> Any:
    """The one cell of a value; "" is blank. Raises ExcelFunctionError (#VALUE!) on several
    cells.
    """
    while isinstance(value, list | tuple):
        if len(value) != 1:
            raise ExcelFunctionError(VALUE, f"{label} : une seule cellule est attendue")
        value = value[0]
    return plain(value)


def stop_on_error(cells: Collection[Any], label: str) -> None:
    """Raise the first error value among cells that are read."""
    if ERRORS.isdisjoint(cells):
        return
    for row, cell in enumerate(cells, start=1):
        if is_error(cell):
            raise ExcelFunctionError(
                cell, f"{label}, ligne {row} : la cellule contient l'erreur {cell}"
            )


def scalar(bound: Mapping[str, Any], param: FunctionParam) -> Any:
    """A scalar that is read: None when blank. Raises ExcelFunctionError when it is an error
    value.
    """
    cell = bound.get(param.name)
    if is_error(cell):
        raise ExcelFunctionError(cell, f"{param.label} : la cellule contient l'erreur {cell}")
    return cell


def each(compute: Callable[..., Any], *ranges: Range) -> Any:
    """Apply to each cell (of ranges of one shape, single cells being repeated).

    One cell in, one value out; several in, rows of values out, each its own value or error.
    Raises ExcelFunctionError (#VALUE!) when the shapes differ.
    """
    shapes = {shape(r) for r in ranges}
    wide = shapes - {(1, 1)}
    if len(wide) > 1:
        raise ExcelFunctionError(VALUE, "les plages n'ont pas la même taille")
    if not wide:
        return compute(*(r[0][0] for r in ranges))
    rows, columns = wide.pop()
    return [
        [
            _cell(compute, *(r[i][j] if shape(r) != (1, 1) else r[0][0] for r in ranges))
            for j in range(columns)
        ]
        for i in range(rows)
    ]


def _cell(compute: Callable[..., Any], *cells: Any) -> Any:
    try:
        return compute(*cells)
    except ExcelFunctionError as error:
        return error.code


def shape(cells: Range) -> tuple[int, int]:
    """(rows, columns). Raises ExcelFunctionError (#VALUE!) on an empty or ragged range."""
    widths = set(map(len, cells))
    if len(widths) != 1 or 0 in widths:
        raise ExcelFunctionError(VALUE, "la plage est vide ou irrégulière")
    return len(cells), widths.pop()


def read(cell: Any, label: str) -> Any:
    """A cell that is read: None when blank. Raises ExcelFunctionError when it is an error value."""
    if is_error(cell):
        raise ExcelFunctionError(cell, f"{label} : la cellule contient l'erreur {cell}")
    return plain(cell)


def plain(cell: Any) -> Any:
    """A cell as functions take it: "" is blank, and a cell of money, a decimal, is a number."""
    if type(cell) is Decimal:
        return float(cell)
    return None if cell == "" else cell


def needed(cell: Any, label: str) -> Any:
    """Like `read`; raises ExcelFunctionError (#N/A) when the cell is blank."""
    found = read(cell, label)
    if found is None:
        raise ExcelFunctionError(NA, f"{label} : la cellule est vide, le résultat est sans objet")
    return found


def literal(text: str) -> str | None:
    """The text a formula argument stands for when it is a constant between quotes."""
    match = _LITERAL.fullmatch(text)
    return match[1].replace('""', '"') if match else None
