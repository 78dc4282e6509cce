"""How far down a table goes: as it declares, else as the template left it.

A program that loses the tables keeps the rest of the template: its calculated cells, its lists, its
known number of rows still say which lines belong to the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.reader import RawSheet, RawTable

_FAR = 5_000
"""A list laid beyond it was applied to the whole column: it says nothing of the table."""


def table_at(tab: RawSheet, header_row: int) -> RawTable | None:
    """The Excel table whose headers stand on this row; None when there is none."""
    found = [t for t in tab.tables if t.ref.row1 <= header_row <= t.ref.row2]
    return max(found, key=lambda table: table.ref.row2, default=None)


def declared_totals(tab: RawSheet, header_row: int) -> frozenset[int]:
    """The rows that the table declares as totals."""
    table = table_at(tab, header_row)
    if table is None or not table.totals_rows:
        return frozenset()
    return frozenset(range(table.ref.row2 - table.totals_rows + 1, table.ref.row2 + 1))


def last_row_of_table(tab: RawSheet, header_row: int) -> int | None:
    """Last row of data of the Excel table of these headers; None when there is no table."""
    table = table_at(tab, header_row)
    return None if table is None else table.ref.row2 - table.totals_rows


class Extent(NamedTuple):
    """The last row of data; `certain` when the file itself says it."""

    last: int
    certain: bool


def extent_of(tab: RawSheet, sheet: Sheet, header_row: int, columns: Mapping[str, int]) -> Extent:
    """How far the data go, by the table or, when a program has lost it, by what it left."""
    last = last_row_of_table(tab, header_row)
    if last is not None:
        return Extent(last, certain=True)
    calculated = {columns[c.key] for c in sheet.columns if c.formula and c.key in columns}
    formulas = (row for (row, col), cell in tab.cells.items() if col in calculated and cell.formula)
    lists = (
        rect.row2
        for validation in tab.validations
        for rect in validation.ranges
        if rect.row2 <= _FAR and rect.row1 <= header_row + 2
    )
    left = max((*formulas, *lists), default=0)
    if left > header_row:
        return Extent(left, certain=True)
    return Extent(header_row + sheet.capacity, certain=False)
