"""Cell references and rectangles: `A1`, `B2:C9`, `D:D`, `3:5`, never expanded."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COL = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)
_COLS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})", re.ASCII)
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})", re.ASCII)


class Rect(NamedTuple):
    """A rectangle of cells, 1-based and inclusive: (first row, first col, last row, last col)."""

    row1: int
    col1: int
    row2: int
    col2: int

    def contains(self, row: int, col: int) -> bool:
        """Tell whether the cell lies inside."""
        return self.row1 <= row <= self.row2 and self.col1 <= col <= self.col2

    def __str__(self) -> str:
        first = cell_name(self.row1, self.col1)
        last = cell_name(self.row2, self.col2)
        return first if first == last else f"{first}:{last}"


class Span(NamedTuple):
    """Consecutive rows or columns, 1-based and inclusive."""

    first: int
    last: int


@lru_cache(maxsize=1024)
def col_letters(col: int) -> str:
    """1 → A, 27 → AA, 16384 → XFD."""
    letters = ""
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


COLUMNS: dict[str, int] = {col_letters(col): col for col in range(1, 257)}
"""Number of a column by its letters; the reader adds the columns beyond IV as it meets them."""


def cell_name(row: int, col: int) -> str:
    """(2, 3) → C2."""
    return f"{col_letters(col)}{row}"


def col_number(letters: str) -> int:
    """Column number of 1 to 3 ASCII letters (A → 1); may lie beyond the last column."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_cell(ref: str) -> tuple[int, int] | None:
    """(row, col) of `C2` or `$C$2`; None when it is no cell of a sheet."""
    match = _CELL.fullmatch(ref)
    if match is None:
        return None
    row, col = int(match[2]), col_number(match[1])
    return (row, col) if row <= MAX_ROW and col <= MAX_COL else None


def parse_rect(ref: str) -> Rect | None:
    """The rectangle of `A1`, `A1:B2`, `D:D` or `3:5`; None when it is no range of a sheet."""
    first, colon, last = ref.partition(":")
    if not colon:
        cell = parse_cell(first)
        return None if cell is None else Rect(*cell, *cell)
    one, two = parse_cell(first), parse_cell(last)
    if one and two:
        rows, cols = sorted((one[0], two[0])), sorted((one[1], two[1]))
        return Rect(rows[0], cols[0], rows[1], cols[1])
    if match := _COLS.fullmatch(ref):
        cols = sorted((col_number(match[1]), col_number(match[2])))
        return Rect(1, cols[0], MAX_ROW, cols[1]) if cols[1] <= MAX_COL else None
    if match := _ROWS.fullmatch(ref):
        rows = sorted((int(match[1]), int(match[2])))
        return Rect(rows[0], 1, rows[1], MAX_COL) if rows[1] <= MAX_ROW else None
    return None
