"""How much of a workbook is filled: the compulsory cells, sheet by sheet and in all.

One declaration for every place that shows the figure: « Accueil » (as a formula), the reports, the
page of the region. What is counted is what the yellow cells of the template show: the compulsory
entries of the rows begun. A sheet that every return owes and that is still blank counts one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.model import Layout, Sheet
from xl_cpom.workbook.records import Classeur, Row
from xl_cpom.workbook.sheets import SHEETS


@dataclass(frozen=True, slots=True)
class SheetFill:
    """How far a sheet is filled.

    name: of the sheet in the template; rows: rows begun (entries filled, for a fiche); expected:
    compulsory cells of those rows; empty: those that are still blank; active: False when the
    module of the sheet is not (nothing is then expected).
    """

    name: str
    rows: int
    expected: int
    empty: int
    active: bool = True

    @property
    def rate(self) -> float | None:
        """Share of the compulsory cells that are filled, 0 to 1; None when nothing is expected."""
        return _rate(self.expected, self.empty) if self.active else None


def _rate(expected: int, empty: int) -> float | None:
    return (expected - empty) / expected if expected else None


def total_rate(fills: Iterable[SheetFill]) -> float | None:
    """The same over the sheets that count; None when nothing is expected of any."""
    counted = [fill for fill in fills if fill.active]
    return _rate(sum(f.expected for f in counted), sum(f.empty for f in counted))


def whole_percent(rate: float) -> int:
    """The rate as it is shown: 100 only when nothing is missing, 0 only when nothing is there."""
    percent = int(rate * 100)
    return max(1, percent) if rate > 0 else 0


def fills_object(fills: Sequence[SheetFill]) -> dict[str, Any]:
    """The « completude » of `--format json`: how much is filled, in all and by sheet."""
    sheets = [
        {"feuille": f.name, "taux": round(f.rate, 4), "attendues": f.expected, "vides": f.empty}
        for f in fills
        if f.rate is not None
    ]
    rate = total_rate(fills)
    return {"taux": None if rate is None else round(rate, 4), "feuilles": sheets}


def workbook_fills(classeur: Classeur) -> tuple[SheetFill, ...]:
    """How far each sheet of a workbook is filled, in the order of the tabs."""
    return tuple(sheet_fill(sheet, classeur) for sheet in SHEETS.values())


def sheet_fill(sheet: Sheet, classeur: Classeur) -> SheetFill:
    """How far one sheet is filled."""
    rows, expected, empty = _counts(sheet, classeur)
    return SheetFill(sheet.name, rows, expected, empty, active_sheet(sheet, classeur))


def compulsory_keys(sheet: Sheet) -> tuple[str, ...]:
    """The entries that each row of a sheet must have (of « Indicateurs », its targets)."""
    called = tuple(c.key for c in sheet.columns if c.expected_with)
    return called or tuple(c.key for c in sheet.columns if c.required and c.is_entry)


def active_sheet(sheet: Sheet, classeur: Classeur) -> bool:
    """Is the module of the sheet active (true for a sheet that serves none)?"""
    if not sheet.module:
        return True
    rows = classeur.tables["modules"].rows
    return any(row.values["code"] == sheet.module and row.values["actif"] == "Oui" for row in rows)


def begun(sheet: Sheet, classeur: Classeur) -> list[Row]:
    """The rows of a table that count: those with their first cell, or the number it calls for."""
    table = classeur.tables[sheet.key]
    called = {c.expected_with for c in sheet.columns if c.expected_with}
    if called:
        (key,) = called
        return [row for row in table.rows if row.values[key] is not None]
    return [row for row in table.rows if not is_blank(row, sheet.columns[0].key)]


def is_blank(row: Row, key: str) -> bool:
    """Does the cell hold nothing? What could not be read holds something."""
    return row.values[key] is None or row.values[key] == ()


def _counts(sheet: Sheet, classeur: Classeur) -> tuple[int, int, int]:
    """(rows begun, compulsory cells, those that are blank)."""
    keys, owed = compulsory_keys(sheet), sheet.owed
    table = classeur.tables[sheet.key]
    if not table.present:
        return 0, len(keys) * owed, len(keys) * owed
    if sheet.layout is Layout.FICHE:
        row = table.rows[0]
        entries = [c.key for c in sheet.columns if c.is_entry]
        filled = len(entries) - sum(is_blank(row, key) for key in entries)
        return filled, len(keys), sum(is_blank(row, key) for key in keys)
    rows = begun(sheet, classeur)
    if not rows:
        return 0, len(keys) * owed, len(keys) * owed
    blank = sum(is_blank(row, key) for row in rows for key in keys)
    return len(rows), len(keys) * len(rows), blank
