"""One value into one cell, by its Python type; and the sheet that stores empty results rightly."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import CellFormulaTuple, Worksheet, re_dynamic_function

from xl_cpom.workbook.safe_sheet import SafeSheet

EPOCH = dt.date(1899, 12, 30)
ERROR = re.compile(r"#[A-Z/0-9_]+[!?]?")

_ANY_SHEET = Worksheet()
"""What XlsxWriter makes of a formula depends on its text alone: no sheet in particular."""


@lru_cache(maxsize=8192)
def _prepared(formula: str, expand_future_functions: bool) -> str:
    """A formula as it is stored: some hundred searches in its text, done once.

    The same formulas stand on each row of a table, and in each workbook of a campaign.
    """
    stored: str = _ANY_SHEET._prepare_formula(formula, expand_future_functions)
    return stored


@lru_cache(maxsize=8192)
def _ordinary(formula: str) -> bool:
    """Neither a dynamic nor an array formula, which XlsxWriter writes otherwise."""
    return re_dynamic_function.search(formula) is None and not formula.startswith("{")


class TemplateSheet(SafeSheet):
    """A worksheet that stores three things as Excel does and XlsxWriter does not.

    A formula that shows an empty text keeps its type (without it, it reads as never calculated),
    and so does an array formula that shows an error.
    A row given a height by `suggest_height` still adjusts itself when its text changes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._suggested: set[int] = set()

    def suggest_height(self, row: int, height: float) -> None:
        """Height of a 0-based row until Excel adjusts it to its text."""
        self.set_row(row, height)
        self._suggested.add(row + 1)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return _prepared(formula, expand_future_functions)

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0
    ) -> int:
        if not _ordinary(formula) or self._check_dimensions(row, col):
            code: int = super()._write_formula(row, col, formula, cell_format, value)
            return code
        self.table[row][col] = CellFormulaTuple(_prepared(formula, False), cell_format, value)
        return 0

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        if tag == "row" and dict(attributes)["r"] in self._suggested:
            attributes = [pair for pair in attributes if pair[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell).__name__ == "Formula" and isinstance(cell.value, str) and cell.value == "":
            attributes: list[tuple[str, Any]] = [("r", xl_rowcol_to_cell(row, col))]
            if cell.format:
                attributes.append(("s", cell.format._get_xf_index()))
            attributes.append(("t", "str"))
            self._xml_formula_element(cell.formula, "", attributes)
        elif type(cell).__name__ == "ArrayFormula":
            self._write_dynamic(row, col, cell)
        else:
            super()._write_cell(row, col, cell)

    def _write_dynamic(self, row: int, col: int, cell: Any) -> None:
        attributes: list[tuple[str, Any]] = [("r", xl_rowcol_to_cell(row, col))]
        if cell.format:
            attributes.append(("s", cell.format._get_xf_index()))
        attributes.append(("cm", 1))
        if isinstance(cell.value, str):
            attributes.append(("t", "e" if ERROR.fullmatch(cell.value) else "str"))
        self._xml_start_tag("c", attributes)
        self._write_cell_array_formula(cell.formula, cell.range)
        self._write_cell_value(cell.value)
        self._xml_end_tag("c")


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
        sheet.write_string(row, col, as_text(value), look)
    else:
        sheet.write_string(row, col, str(value), look)


def as_text(value: str | tuple[object, ...] | list[object]) -> str:
    """A text, or several identifiers in one cell."""
    return value if isinstance(value, str) else " ; ".join(str(item) for item in value)


def write_formula(
    sheet: Any, row: int, col: int, text: str, look: Any, value: Any, *, dynamic: bool = False
) -> None:
    """Write a formula with the value it shows (a date becomes its number).

    dynamic: as Excel 365 stores what calls a LAMBDA. Written otherwise, it would show an « @ » that
    nobody typed.
    """
    if isinstance(value, dt.date):
        value = serial(value)
    if dynamic:
        sheet.write_dynamic_array_formula(row, col, row, col, f"={text}", look, value)
    else:
        sheet.write_formula(row, col, f"={text}", look, value)
