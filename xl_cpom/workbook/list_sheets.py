"""A list kept in Excel, as rows of texts: the first sheet that holds something, dates as dates."""

from __future__ import annotations

from pathlib import Path

from xl_cpom.typography import date_text
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.reader.raw_cells import ExcelError, RawCell
from xl_cpom.workbook.reader.serial_dates import serial_to_datetime


def sheet_rows(path: Path) -> list[tuple[int, list[str]]]:
    """(number of the line, texts) of each line. Raises UnreadableWorkbookError."""
    raw = read_workbook(path)
    for sheet in raw.sheets:
        if not sheet.cells or sheet.state != "visible":
            continue
        rows: dict[int, list[str]] = {}
        for (row, col), cell in sorted(sheet.cells.items()):
            texts = rows.setdefault(row, [])
            texts += [""] * (col - len(texts))
            texts[col - 1] = _text(cell, date1904=raw.date1904)
        return list(rows.items())
    return []


def _text(cell: RawCell, *, date1904: bool) -> str:
    value = cell.value
    if value is None or isinstance(value, ExcelError):
        return ""
    if cell.is_date and isinstance(value, float):
        day = serial_to_datetime(value, date1904=date1904)
        return "" if day is None else date_text(day.date())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
