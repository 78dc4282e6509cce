"""What the reading repaired without doubt in a returned workbook, and how to write each cell.

The reading gives a cell its value when a single one is possible (« 210781456 » stored as a number,
« 85 % » stored as a text, a date typed as a text). That value, written in the cell, is the repair.
What only the gestionnaire can tell is never one: a value in doubt keeps its cell, and its warning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.certain_repairs import CERTAIN, LEFT_TO_CONFIRM
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.reader import RawCell, parse_cell
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.template.cell_writing import as_text
from xl_cpom.workbook.template.looks import DATE, TEXT, number_format
from xl_cpom.workbook.transfer import cell_values


@dataclass(frozen=True, slots=True)
class CellRepair:
    """One cell and the value to write in it.

    sheet: name of its tab; cell: A1 address; column: header; read, written: what it showed and
    shows; code: the rule that tells it; value: typed, to be written; number_format: the code that
    its looks must take, "" for those it has.
    """

    sheet: str
    cell: str
    column: str
    read: str
    written: str
    code: str
    value: str | float | bool | dt.date
    number_format: str


def repairs(retour: Retour) -> Iterator[CellRepair]:
    """The cells that the reading repaired without doubt, in the order of the sheets."""
    told = _told(retour)
    for table in retour.classeur.tables.values():
        tab = retour.located.tabs.get(table.sheet.key)
        if tab is None or not table.present:
            continue
        codes = told.get(tab.name, {})
        for row in table.rows:
            for column in table.sheet.columns:
                address = row.cell(column.key) if column.is_entry else None
                cell = tab.cells.get(parse_cell(address) or (0, 0)) if address else None
                if address is None or cell is None or cell.formula is not None:
                    continue
                code = codes.get(address, "")
                found = _repair(tab.name, cell, row, column, code, retour.raw.date1904)
                if found is not None:
                    yield found


def _told(retour: Retour) -> Mapping[str, Mapping[str, str]]:
    """tab -> address -> code of what the reading said of the cell, the doubts before the rest."""
    told: dict[str, dict[str, str]] = {}
    for notice in retour.notices:
        for cell in notice.cells:
            of_tab = told.setdefault(notice.sheet, {})
            if of_tab.get(cell) not in LEFT_TO_CONFIRM:
                of_tab[cell] = notice.code
    return told


def _repair(
    sheet: str, cell: RawCell, row: Row, column: Column, code: str, date1904: bool
) -> CellRepair | None:
    value = row.values[column.key]
    if value is None or value is NON_LU or code in LEFT_TO_CONFIRM:
        return None
    if code not in CERTAIN and column.kind is Kind.TEXT and isinstance(cell.value, str):
        return None  # a free text that nothing is said of is its author's, blanks included
    written = cell_values.value_to_write(cell, value, column, date1904)
    if written is None or isinstance(written, cell_values.ErrorValue):
        return None
    if isinstance(written, dt.date) and written < cell_values.FIRST_DAY:
        return None
    if isinstance(written, tuple):
        written = as_text(written)
    if cell_values.is_identical(cell, written, date1904):
        return None
    read, shown = cell_values.read_value(cell, column), cell_values.shown_value(written, column)
    if read == shown:
        kinds = ("texte", "nombre") if isinstance(cell.value, str) else ("nombre", "texte")
        read, shown = f"{read} ({kinds[0]})", f"{shown} ({kinds[1]})"
    return CellRepair(
        sheet, cell.ref, column.header, read, shown, code, written, _looks(cell, written, column)
    )


def _looks(cell: RawCell, written: str | float | bool | dt.date, column: Column) -> str:
    """The number format that the cell must take for its value to be read back; "": it has it."""
    wanted, has = number_format(column), cell.format
    if isinstance(written, str):
        odd = has.is_date or has.is_time or (wanted == TEXT and has.code != TEXT)
        return (wanted if wanted == TEXT else "General") if odd else ""
    if isinstance(written, dt.date):
        return "" if has.is_date else DATE
    misleading = has.is_date or has.is_time or has.code == TEXT
    if column.kind is Kind.TAUX and "%" not in has.code:
        misleading = True
    return wanted if misleading else ""
