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
    """Write the first rows of every sheet of a workbook, values only."""
    with xlsxwriter.Workbook(target) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 1)})
        for sheet in read_workbook(source).sheets:
            tab = book.add_worksheet(sheet.name)
            for (row, col), cell in sheet.cells.items():
                if row <= ROWS and isinstance(cell.value, str | int | float):
                    tab.write(row - 1, col - 1, cell.value)
