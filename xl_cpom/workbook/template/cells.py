"""One value into one cell, by its Python type; and the sheet that stores empty results rightly."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

EPOCH = dt.date(1899, 12, 30)


class Feuille(Worksheet):  # type: ignore[misc]
    """A worksheet whose formulas may show an empty text.

    XlsxWriter stores a formula whose value is "" without a type, which reads as never calculated;
    Excel itself stores an empty string.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell).__name__ == "Formula" and isinstance(cell.value, str) and cell.value == "":
            attributes: list[tuple[str, Any]] = [("r", xl_rowcol_to_cell(row, col))]
            if cell.format:
                attributes.append(("s", cell.format._get_xf_index()))
            attributes.append(("t", "str"))
            self._xml_formula_element(cell.formula, "", attributes)
        else:
            super()._write_cell(row, col, cell)


def serial(day: dt.date) -> int:
    """Excel's number of a day (1900 system)."""
    return (day - EPOCH).days


def write_value(sheet: Any, row: int, col: int, value: Any, look: Any, date_look: Any) -> None:
    """Write an entry at 0-based (row, col). date_look: for a date outside a date column."""
    if value is None or value == "":
        sheet.write_blank(row, col, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, col, value, look)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, col, value, date_look)
    elif isinstance(value, dt.date):
        sheet.write_number(row, col, serial(value), date_look)
    elif isinstance(value, int | float):
        sheet.write_number(row, col, value, look)
    elif isinstance(value, tuple | list):
        sheet.write_string(row, col, " ; ".join(str(item) for item in value), look)
    else:
        sheet.write_string(row, col, str(value), look)


def write_formula(sheet: Any, row: int, col: int, text: str, look: Any, value: Any) -> None:
    """Write a formula with the value it shows (a date becomes its number)."""
    if isinstance(value, dt.date):
        value = serial(value)
    sheet.write_formula(row, col, f"={text}", look, value)
