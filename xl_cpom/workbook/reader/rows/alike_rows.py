"""The rows of a sheet that say the same as one above, but for their number.

Most rows of a form are rows of the template that nobody filled: one text, where only the number of
the row changes. To know a plain row again, the number is put back in the text of the one above and
the two are compared, which costs a copy, ten times less than reading it (three cells in five of our
example are in such rows).

It is no guess: the text is cut at its references, all of them, and nowhere else (a row where the
same characters also stand elsewhere is not known again), so both mean the same some rows apart.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import islice

from xl_cpom.workbook.reader.raw_cells import RawCell
from xl_cpom.workbook.reader.refs import MAX_ROW
from xl_cpom.workbook.reader.rows.row_state import RowState

_OPENING = len('<row r="')
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_REMEMBERED = 6
"""Rows remembered at once: those of a table are alike, or by two or three."""


class _KnownRow:
    """A plain row, cut the first time another has its length."""

    __slots__ = ("cells", "hidden", "length", "number", "pieces", "seen", "text")

    def __init__(
        self, text: str, number: str, seen: int, cells: list[RawCell], hidden: str | None
    ) -> None:
        self.text = text
        self.number = number
        self.seen = seen
        """rows and cells in it: as many as its references"""
        self.cells = cells
        self.hidden = hidden
        self.length = len(text) - seen * len(number)
        self.pieces: list[str] = []

    def says(self, text: str, number: str) -> bool:
        """Is it this text, once it has that number?"""
        if not self.pieces:
            self.pieces = self.text.split(self.number + '"')
        if len(self.pieces) != self.seen + 1:
            return False  # its number also stands elsewhere than in a reference
        return text == (number + '"').join(self.pieces)


class AlikeRows:
    """Takes the rows of one sheet that are known, given as texts without their end tag."""

    def __init__(self, cells: dict[tuple[int, int], RawCell], state: RowState) -> None:
        self._cells = cells
        self._state = state
        self._known: deque[_KnownRow] = deque(maxlen=_REMEMBERED)

    def take(self, text: str) -> bool:
        """Keep a row that is known again; False when it must be read."""
        number = text[_OPENING : text.find('"', _OPENING)]
        size, digits = len(text), len(number)
        for known in self._known:
            if size == known.length + known.seen * digits and known.says(text, number):
                return self._keep(number, known)
        return False

    def _keep(self, number: str, known: _KnownRow) -> bool:
        state, cells, new_cell = self._state, self._cells, tuple.__new__
        if state.disorder or _NUMBER.fullmatch(number) is None:
            return False
        row = int(number)
        if not state.last_row < row <= MAX_ROW:
            return False
        for cell in known.cells:
            cells[row, cell[1]] = new_cell(RawCell, (row, *cell[1:]))
        state.take(row, known.seen, known.hidden)
        return True

    def remember(self, text: str, number: str, seen: int, before: int, hidden: str | None) -> None:
        """Remember the plain row just read, whose cells are the last of the sheet.

        seen: rows and cells in it; before: cells of the sheet that come before its own.
        """
        cells = self._cells
        last = [*islice(reversed(cells.values()), len(cells) - before)]
        last.reverse()
        self._known.appendleft(_KnownRow(text, number, seen, last, hidden))
