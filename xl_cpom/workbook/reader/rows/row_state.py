"""Where the reading of a sheet's rows stands, shared by its two ways: plain text and expat."""

from __future__ import annotations

from xl_cpom.workbook.reader.model import RawSheet
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import Span


class RowState:
    """The progress through `sheetData`."""

    __slots__ = (
        "_reading",
        "_sheet",
        "declared_row",
        "disorder",
        "hidden",
        "last_row",
        "open",
        "seen",
    )

    def __init__(self, reading: PackageReading, sheet: RawSheet) -> None:
        self._reading = reading
        self._sheet = sheet
        self.open = False
        """inside `sheetData` and between two rows"""
        self.disorder = False
        """a cell may now come twice"""
        self.last_row = 0
        self.declared_row = 0
        """number of the last row element"""
        self.seen = 0
        """rows and cells met"""
        self.hidden: list[Span] = []

    def take(self, row: int, seen: int, hidden: str | None) -> None:
        """A row has been read, in order."""
        self.last_row = self.declared_row = row
        self.seen += seen
        self._reading.check_cells(len(self._sheet.cells), self.seen)
        if hidden in ("1", "true"):
            self.hide(row)

    def hide(self, row: int) -> None:
        """The row is hidden."""
        hidden = self.hidden
        if hidden and hidden[-1].last == row - 1:
            hidden[-1] = Span(hidden[-1].first, row)
        else:
            self._reading.count_ranges(1)
            hidden.append(Span(row, row))
