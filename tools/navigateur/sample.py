"""A small faulty workbook, for the engine to rehearse on when its memory is taken.

The example itself would do, but reading it takes memory that is never given back: the page would
wake up with it, empty.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import xlsxwriter

from xl_cpom.workbook.reader import read_workbook

ROWS = 16
"""Rows kept of each sheet: its headers, and a few records."""


def write_sample(source: Path, target: Path) -> None:
    """Write the first rows of every sheet of a workbook: values, formulas, and its marks."""
    with xlsxwriter.Workbook(target) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 1)})
        read = read_workbook(source)
        for name, said in read.properties.items():
            book.set_custom_property(name, said)
        for sheet in read.sheets:
            tab = book.add_worksheet(sheet.name)
            for (row, col), cell in sheet.cells.items():
                if row > ROWS or not isinstance(cell.value, str | int | float):
                    continue
                if cell.formula:
                    tab.write_formula(row - 1, col - 1, f"={cell.formula}", None, cell.value)
                else:
                    tab.write(row - 1, col - 1, cell.value)
