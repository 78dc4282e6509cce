"""Cells as they come (Excel, workbook reader, tests) read as texts and numbers, without guessing.

A text is never turned into a number: "85 %" typed as text is a fault to mend, not a value.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

EXCEL_EPOCH = dt.date(1899, 12, 30)


def number(valeur: object) -> float | None:
    """A cell's value as a number: None when blank; a date becomes its Excel serial number.

    Raises ValueError on a text, a boolean, an infinite or undefined number.
    """
    if valeur is None or valeur == "":
        return None
    if isinstance(valeur, bool):
        raise ValueError(f"un nombre est attendu, « {'VRAI' if valeur else 'FAUX'} » a été lu")
    if isinstance(valeur, int | float | Decimal):
        try:
            found = float(valeur)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            raise ValueError("un nombre fini est attendu")
        return found
    if isinstance(valeur, dt.datetime):
        day = (valeur.date() - EXCEL_EPOCH).days
        midnight = dt.datetime.combine(valeur.date(), dt.time(), valeur.tzinfo)
        return day + (valeur - midnight) / dt.timedelta(days=1)
    if isinstance(valeur, dt.date):
        return float((valeur - EXCEL_EPOCH).days)
    raise ValueError(f"un nombre est attendu, « {str(valeur)[:60]} » a été lu")


def same_text(valeur: object) -> object:
    """What two cells are compared on: case ignored, blank is ""; anything else is itself."""
    if valeur is None:
        return ""
    return valeur.lower() if isinstance(valeur, str) else valeur


class NumberColumn(NamedTuple):
    """A vector input read as numbers: blanks and refused cells count 0, and are told apart."""

    values: list[float]
    filled: list[bool]
    refuses: list[tuple[int, str]]


def number_column(cells: Sequence[object]) -> NumberColumn:
    """Read a column of numbers without raising: refused cells are listed with their reason."""
    values: list[float] = []
    filled: list[bool] = []
    refuses: list[tuple[int, str]] = []
    for index, cell in enumerate(cells):
        kind = type(cell)
        if kind is float and math.isfinite(cell):  # type: ignore[arg-type]
            values.append(cell)  # type: ignore[arg-type]
            filled.append(True)
            continue
        try:
            found = number(cell)
        except ValueError as refusal:
            found = 0.0
            refuses.append((index, str(refusal)))
        values.append(found or 0.0)
        filled.append(found is not None)
    return NumberColumn(values, filled, refuses)


class EvaluationContext:
    """The inputs of one computation, already read: text columns, number columns, scalars."""

    __slots__ = ("numbers", "rows", "scalaires", "texts")

    def __init__(
        self,
        rows: int,
        texts: Mapping[str, list[object]],
        numbers: Mapping[str, NumberColumn],
        scalaires: Mapping[str, object],
    ) -> None:
        self.rows = rows
        self.texts = texts
        self.numbers = numbers
        self.scalaires = scalaires
