"""Where everything stands in the standard workbook: rows, columns, addresses, names.

The writer, the formulas, the examples and the tests ask the same object, so that no cell address
is ever typed by hand. Rows and columns are 1-based, as the gestionnaire reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.model import HEADER_ROW, Column, Layout, Sheet
from xl_cpom.workbook.reader.refs import col_letters

FICHE_VALUE_COLUMN = 2


@dataclass(frozen=True)
class Place:
    """Where one sheet stands: its header row, its rows of data, its columns.

    rows: rows of data laid out; offset: rows inserted above the title (0 in the template: only
    the faulty example moves its headers).
    """

    sheet: Sheet
    rows: int
    offset: int = 0

    @property
    def header_row(self) -> int:
        """Row of the headers."""
        return HEADER_ROW + self.offset

    @property
    def first_row(self) -> int:
        """First row of data."""
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        """Last row laid out."""
        if self.sheet.layout is Layout.FICHE:
            return max(self.fiche_rows.values())
        return self.header_row + self.rows

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Column of each key (of a table)."""
        return {column.key: index for index, column in enumerate(self.sheet.columns, start=1)}

    @cached_property
    def fiche_rows(self) -> Mapping[str, int]:
        """Row of each key (of a fiche), one more row for the title of each section."""
        rows: dict[str, int] = {}
        row = self.header_row
        for column in self.sheet.columns:
            row += 2 if column.section else 1
            rows[column.key] = row
        return rows

    def address(self, key: str, index: int = 0) -> str:
        """A1 address of a value: row `index` (0-based) of a table, the only one of a fiche."""
        if self.sheet.layout is Layout.FICHE:
            return f"{col_letters(FICHE_VALUE_COLUMN)}{self.fiche_rows[key]}"
        return f"{col_letters(self.columns[key])}{self.first_row + index}"

    def area(self, key: str) -> tuple[int, int, int, int]:
        """0-based (first row, column, last row, column) of the data of a column."""
        column = self.columns[key] - 1
        return self.first_row - 1, column, self.last_row - 1, column

    @property
    def frozen_columns(self) -> int:
        """Leading columns that say which row one is on: they stay in sight and on each page."""
        count = 0
        for column in self.sheet.columns:
            if column.key not in self.sheet.identity:
                break
            count += 1
        return max(1, min(count, 2))


def escape_header(header: str) -> str:
    """Header as it is written in a structured reference."""
    return "".join(f"'{char}" if char in "[]#'" else char for char in header)


def column_reference(sheet: Sheet, column: Column) -> str:
    """A whole column of a table: `tActions[Statut]`."""
    return f"{sheet.table}[{escape_header(column.header)}]"


def row_reference(sheet: Sheet, column: Column) -> str:
    """The cell of a column on the row of the formula."""
    return f"{sheet.table}[[#This Row],[{escape_header(column.header)}]]"


def fiche_name(sheet: Sheet, key: str) -> str:
    """Defined name of a value of a fiche: `id_finess_ej`."""
    return f"{sheet.table}_{key}"
