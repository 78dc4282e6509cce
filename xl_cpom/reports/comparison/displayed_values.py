"""The values of a record as the gestionnaire reads them, with the cell each stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.reports.comparison.model import ReadValue
from xl_cpom.typography import FINE, date_text, visible
from xl_cpom.validators.personal_data import masked_cell
from xl_cpom.validators.wording import show
from xl_cpom.workbook.interpretation.coercion import shown
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import RawCell, RawSheet, parse_cell, serial_to_datetime
from xl_cpom.workbook.records import NON_LU, Row


class ComparedSide:
    """One side of the comparison: a workbook as read, asked for texts and for raw cells."""

    def __init__(self, retour: Retour) -> None:
        self.retour = retour
        self._tabs: Mapping[str, RawSheet] = retour.located.tabs

    def raw(self, row: Row, key: str) -> RawCell | None:
        """The cell of the file behind a value, None when it holds nothing."""
        address = row.cell(key)
        place = None if address is None else parse_cell(address)
        tab = self._tabs.get(row.table.sheet.key)
        return None if place is None or tab is None else tab.cells.get(place)

    def text(self, row: Row, column: Column) -> str:
        """The value as it is read in the cell, masked where it designates a person; "" if empty."""
        value = row.values[column.key]
        if value is not NON_LU:
            read = "" if value is None else visible(show(value, column), 400)
        else:
            cell = self.raw(row, column.key)
            read = "" if cell is None else shown(cell, column)
        return masked_cell(read, column.key)

    def reading(self, row: Row, column: Column) -> ReadValue:
        """The same, with its cell."""
        return ReadValue(self.text(row, column), row.cell(column.key) or "")

    def writing(self, row: Row, column: Column) -> ReadValue:
        """The value as the file writes it, with its type."""
        cell = self.raw(row, column.key)
        text = masked_cell("" if cell is None else shown(cell, column), column.key)
        return ReadValue(text, row.cell(column.key) or "", _type(cell) if text else "")

    def exacte(self, row: Row, column: Column) -> ReadValue:
        """The value with what its cell does not show: every digit, the time of a date."""
        cell = self.raw(row, column.key)
        place = row.cell(column.key) or ""
        if cell is None or isinstance(cell.value, bool) or not isinstance(cell.value, float):
            text = "" if cell is None else " ".join(str(cell.value).split())
            return ReadValue(masked_cell(visible(text, 4_000), column.key), place)
        if cell.is_date:
            moment = serial_to_datetime(cell.value, date1904=self.retour.raw.date1904)
            if moment is not None:
                clock = f" {moment:%H:%M:%S}".removesuffix(":00") if moment.time() else ""
                return ReadValue(f"{date_text(moment)}{clock}", place)
        rate = "%" in cell.number_format
        digits = f"{as_shown(cell.value * 100 if rate else cell.value):.15g}".replace(".", ",")
        return ReadValue(f"{digits}{FINE}%" if rate else digits, place)

    def stocke(self, row: Row, column: Column) -> Any:
        """What the file holds: the value and, for a number, whether it shows as a date."""
        cell = self.raw(row, column.key)
        return None if cell is None else (cell.value, cell.is_date)

    def name(self, row: Row) -> str:
        """« l'action A3 »; the row number when nothing tells the record from another."""
        sheet = row.table.sheet
        words = [text for key in sheet.identity if (text := self.text(row, sheet[key]))]
        if words:
            return f"{sheet.record} {' · '.join(words)}"
        return f"{sheet.record} (ligne {row.number})" if sheet.identity else sheet.record


def _type(cell: RawCell | None) -> str:
    if cell is None or isinstance(cell.value, str):
        return "texte"
    return "date" if cell.is_date else "nombre"
