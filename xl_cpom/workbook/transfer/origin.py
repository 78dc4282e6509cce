"""Where a content came from, in words: the value of its cell, the record of its row."""

from __future__ import annotations

from xl_cpom.typography import value_text
from xl_cpom.workbook.reader import ExcelError, RawCell, serial_to_datetime
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.transfer.outcome import CellContent


def contenu(cell: RawCell, date1904: bool) -> CellContent:
    """The content of a cell left aside: its value, a date as a date, an error as its name."""
    value = cell.value
    if value is None:
        return f"={cell.formula}" if cell.formula else ""
    if isinstance(value, ExcelError):
        return str(value)
    if isinstance(value, float) and cell.is_date:
        return serial_to_datetime(value, date1904=date1904) or value
    return value


def record_name(row: Row | None) -> str:
    """« l'action A3 »; "" when the row has no identity that can be read."""
    if row is None:
        return ""
    values = [row.values.get(key) for key in row.table.sheet.identity]
    words = [
        str(value) if isinstance(value, int) else value_text(value)
        for value in values
        if value is not None and value is not NON_LU
    ]
    return f"{row.table.sheet.record} {' · '.join(words)}" if words else ""
