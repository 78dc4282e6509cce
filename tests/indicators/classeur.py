"""Write cases in a workbook as plain formulas, have LibreOffice recalculate it, read it back."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from tools.bureau import XLSX, conversion, profil
from xl_cpom.indicators.cell_values import number


class Feuille:
    """Data on one sheet, formulas on another; each case gets its own columns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = xlsxwriter.Workbook(str(path))
        self.formules = self.book.add_worksheet("Formules")
        self.donnees = self.book.add_worksheet("Donnees")
        self.date = self.book.add_format({"num_format": "dd/mm/yyyy"})
        self.column = 0
        self.row = 0

    def put(self, data: Mapping[str, Any], vectors: Sequence[str]) -> dict[str, str]:
        """Write the inputs of one case, return the reference of each."""
        refs = {}
        for key, value in data.items():
            if key in vectors and value is None:
                continue
            cells = value if key in vectors and isinstance(value, list | tuple) else [value]
            for row, cell in enumerate(cells):
                self._cell(row, self.column, cell)
            where = xl_range_abs(0, self.column, len(cells) - 1, self.column)
            if len(cells) == 1:
                where = xl_rowcol_to_cell(0, self.column, True, True)
            refs[key] = f"Donnees!{where}"
            self.column += 1
        return refs

    def _cell(self, row: int, column: int, cell: Any) -> None:
        if cell is None:
            return
        if cell == "" or (isinstance(cell, str) and cell.startswith("#")):
            self.donnees.write_formula(row, column, '=""' if cell == "" else f"={cell}", None, cell)
        elif isinstance(cell, bool):
            self.donnees.write_boolean(row, column, cell)
        elif isinstance(cell, str):
            self.donnees.write_string(row, column, cell)
        elif isinstance(cell, dt.date):
            self.donnees.write_number(row, column, number(cell), self.date)
        else:
            self.donnees.write_number(row, column, cell)

    def compute(self, *formulas: str) -> int:
        """Write formulas on a row of their own, return its number from 1."""
        for column, formula in enumerate(formulas):
            # a wrong cached value: the test fails if nothing recalculates
            self.formules.write_formula(self.row, column, "=" + formula, None, -987654321)
        self.row += 1
        return self.row

    def close(self) -> None:
        self.book.close()


def recompute(path: Path, work: Path) -> list[tuple[Any, ...]]:
    """Values of the sheet of formulas, as LibreOffice computes them."""
    out = work / "sortie"
    command = conversion(profil(work), out, XLSX, path)
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=180)
    book = openpyxl.load_workbook(out / path.name, data_only=True)
    return [tuple(row) for row in book["Formules"].iter_rows(values_only=True)]
