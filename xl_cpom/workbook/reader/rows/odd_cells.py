"""What the loop of `sheet_rows` leaves for a function of its own: the rare and the doubtful.

A row begins here, a cell that does not follow the one before it finds its place here, one that is
no plain number or text gets its value here. Called seldom: only `sheet_rows` is written for speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xl_cpom.workbook.reader.model import RawSheet
from xl_cpom.workbook.reader.raw_cells import NumberFormat, RawCell, Value
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import COLUMNS, MAX_COL, MAX_ROW, col_letters, parse_cell
from xl_cpom.workbook.reader.rows.row_state import RowState
from xl_cpom.workbook.reader.sheet_formulas import SheetFormulas
from xl_cpom.workbook.reader.stored_values import to_value
from xl_cpom.workbook.reader.xml import Attributes

LONG = 64
"""Texts from this length on are counted one by one."""

_TYPES = {kind: kind for kind in ("n", "s", "str", "inlineStr", "b", "e", "d")}
_TEXT_TYPES = frozenset(("str", "inlineStr"))


class RowPlace(NamedTuple):
    """Where a row stands: its number (0: none), and what every reference of it ends with."""

    row: int
    text: str
    tail: int


NOWHERE = RowPlace(0, "\0", -1)
"""A row without a number that can be used: `text` ends no reference."""


class OddCells:
    """The rows and cells of one sheet that do not go without saying."""

    def __init__(
        self, reading: PackageReading, sheet: RawSheet, formulas: SheetFormulas, state: RowState
    ) -> None:
        self._reading = reading
        self._sheet = sheet
        self._cells = sheet.cells
        self._formulas = formulas
        self._state = state

    def start_row(self, attributes: Attributes) -> RowPlace:
        """The place of a row that begins; NOWHERE when its cells must say their own."""
        state, reading, sheet = self._state, self._reading, self._sheet
        ref = attributes.get("r")
        if ref is None:
            row = state.declared_row + 1
        elif ref.isascii() and ref.isdigit() and len(ref) < 8:
            row = int(ref)
        else:
            row = 0
        if not 0 < row <= MAX_ROW:
            reading.remarks.add("LIG-REF", sheet.name, None, ref or str(row))
            state.disorder = True
            return NOWHERE
        if row <= state.last_row:
            reading.remarks.add("LIG-ORDRE", sheet.name, None, str(row))
            state.disorder = True
        state.last_row = max(row, state.last_row)
        state.declared_row = row
        if attributes.get("hidden") in ("1", "true"):
            state.hide(row)
        text = str(row)
        return RowPlace(row, text, -len(text))

    def find(self, ref: str, place: RowPlace, col: int) -> tuple[bool, RowPlace, int]:
        """Where a cell goes when its reference is absent, unexpected or impossible.

        place, col: those of the cell before it. Whether it is kept, then its own.
        """
        reading, sheet = self._reading, self._sheet
        reading.check_cells(len(sheet.cells), self._state.seen)
        found = parse_cell(ref) if ref else None
        if not ref and place.row and col < MAX_COL:
            found = place.row, col + 1
        if found is None:
            reading.remarks.add("CEL-REF", sheet.name, None, ref)
            return False, place, col
        if ref and found[0] != place.row:
            if place.row:
                reading.remarks.add("CEL-LIGNE", sheet.name, found)
            place = RowPlace(found[0], NOWHERE.text, NOWHERE.tail)
            self._state.disorder = True
        elif ref and place.text != NOWHERE.text:
            COLUMNS.setdefault(col_letters(found[1]), found[1])
        self.meet(*found, col)
        return True, place, found[1]

    def meet(self, row: int, col: int, before: int) -> None:
        """A cell that may come twice, or before the one that precedes it."""
        if (row, col) in self._cells:
            self._reading.remarks.add("CEL-DOUBLON", self._sheet.name, (row, col))
        elif col <= before:
            self._reading.remarks.add("CEL-ORDRE", self._sheet.name, (row, col))

    def keep(
        self,
        row: int,
        col: int,
        kind: str,
        stored: str | None,
        formula_text: str | None,
        formula_attributes: Attributes,
        inline: Sequence[str],
        format_: NumberFormat,
    ) -> None:
        """Keep a cell whose value needs a reading, or that has a formula or a rich text.

        kind, stored: its type and its value in the file; inline: the runs of a rich text.
        """
        if inline and stored is not None and kind != "inlineStr":
            self.remark(row, col, "CEL-VALEURS", stored)
        if inline or (stored is None and kind == "inlineStr"):
            stored, kind = "".join(inline), "inlineStr"
        formula = None
        if formula_text is not None:
            formula = self._formulas.resolve(row, col, formula_text, formula_attributes)
        value: Value = None
        if stored is not None and (stored.strip() or kind in _TEXT_TYPES):
            stored, value, code = to_value(self._reading, kind, stored)
            if code:
                self.remark(row, col, code, stored)
            if len(stored) >= LONG:
                self._reading.text.spend(stored)
        elif formula is None:
            return
        elif kind == "str":
            stored = value = ""  # an empty text, which some programs write without its element
        else:
            stored = None
        kind = _TYPES.get(kind) or kind[:LONG]
        self._cells[row, col] = RawCell(
            row, col, kind, stored, value, formula, value is not None, format_
        )

    def remark(self, row: int, col: int, code: str, detail: str) -> None:
        """Something to say about a cell."""
        self._reading.remarks.add(code, self._sheet.name, (row, col), detail)
