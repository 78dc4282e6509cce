"""Write cases in a workbook as plain formulas, have LibreOffice recalculate it, read it back."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from xl_cpom.indicators.lecture import number

SOFFICE = (
    os.environ.get("XL_CPOM_SOFFICE") or shutil.which("soffice") or shutil.which("libreoffice")
)
"""LibreOffice. XL_CPOM_SOFFICE=/opt/…/soffice tries another version (see `make recent`)."""

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


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

    def poser(self, data: Mapping[str, Any], vectors: Sequence[str]) -> dict[str, str]:
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

    def calculer(self, *formulas: str) -> int:
        """Write formulas on a row of their own, return its number from 1."""
        for column, formula in enumerate(formulas):
            # a wrong cached value: the test fails if nothing recalculates
            self.formules.write_formula(self.row, column, "=" + formula, None, -987654321)
        self.row += 1
        return self.row

    def fermer(self) -> None:
        self.book.close()


def recalculer(path: Path, soffice: str, travail: Path) -> list[tuple[Any, ...]]:
    """Values of the sheet of formulas, as LibreOffice computes them."""
    profile = travail / "profil"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, "utf-8")
    out = travail / "sortie"
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(out),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    book = openpyxl.load_workbook(out / path.name, data_only=True)
    return [tuple(row) for row in book["Formules"].iter_rows(values_only=True)]
