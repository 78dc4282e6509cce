"""What is read from a workbook, before anybody decides what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.workbook.reader.raw_cells import RawCell
from xl_cpom.workbook.reader.refs import Rect, Span
from xl_cpom.workbook.reader.serial_dates import serial_to_datetime


class ReaderRemark(NamedTuple):
    """Something odd that did not stop the reading: a stable code, where, and a French sentence."""

    code: str
    sheet: str | None
    cell: str | None
    detail: str


class DefinedName(NamedTuple):
    """A name of the workbook, or of one sheet."""

    name: str
    text: str
    sheet: str | None
    hidden: bool


class RawTable(NamedTuple):
    """An Excel table (ListObject)."""

    name: str
    ref: Rect
    columns: tuple[str, ...]
    header_rows: int
    totals_rows: int
    filtered: bool


class RawValidation(NamedTuple):
    """A data validation: where, what kind, its list or first bound."""

    ranges: tuple[Rect, ...]
    type: str
    formula1: str | None
    x14: bool


class RawAutoFilter(NamedTuple):
    """The autofilter of a sheet; `active` when it really hides or may hide rows."""

    ref: Rect
    active: bool


class ArrayFormula(NamedTuple):
    """An array formula: the cell that holds it and the range it fills."""

    row: int
    col: int
    ref: Rect


@dataclass(slots=True)
class RawSheet:
    """One worksheet as it stands in the file."""

    name: str
    state: str = "visible"
    """`visible`, `hidden` or `veryHidden`"""
    cells: dict[tuple[int, int], RawCell] = field(default_factory=dict)
    """by (row, col), 1-based; the order is the file's"""
    merges: tuple[Rect, ...] = ()
    hidden_rows: tuple[Span, ...] = ()
    hidden_cols: tuple[Span, ...] = ()
    rows_hidden_by_default: bool = False
    tables: tuple[RawTable, ...] = ()
    autofilter: RawAutoFilter | None = None
    validations: tuple[RawValidation, ...] = ()
    arrays: tuple[ArrayFormula, ...] = ()
    protected: bool = False
    hyperlinks: int = 0
    comments: int = 0
    unreadable: str | None = None
    """why the sheet could not be read (French); its cells are then empty and mean nothing"""
    part: str = ""
    """name of its part inside the file, for the annotated copy"""
    _by_row: dict[int, list[RawCell]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def by_row(self) -> Mapping[int, Sequence[RawCell]]:
        """Its cells by row, worked out once: they no longer change when they have been read."""
        if self._by_row is None:
            self._by_row = {}
            for cell in self.cells.values():
                self._by_row.setdefault(cell[0], []).append(cell)
        return self._by_row

    @property
    def max_row(self) -> int:
        """The last row that holds something (0 when empty)."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def max_col(self) -> int:
        """The last column that holds something (0 when empty)."""
        return max((col for _, col in self.cells), default=0)


@dataclass(slots=True)
class RawWorkbook:
    """A workbook as it stands in the file."""

    sheets: tuple[RawSheet, ...]
    sha256: str
    size: int
    """bytes of the file"""
    date1904: bool = False
    full_calc_on_load: bool = False
    structure_locked: bool = False
    strict: bool = False
    """Strict Open XML"""
    application: str = ""
    app_version: str = ""
    saved: str = ""
    """when it was last saved (ISO, UTC), as the program that saved it says"""
    properties: Mapping[str, str] = field(default_factory=dict)
    """custom document properties"""
    defined_names: tuple[DefinedName, ...] = ()
    external_links: tuple[str, ...] = ()
    """targets as written, never followed; `DDE:service|sujet` for a DDE link"""
    has_macros: bool = False
    active_content: tuple[str, ...] = ()
    """what else would act once the file is opened (French), never read nor run"""
    remarks: tuple[ReaderRemark, ...] = ()
    encrypted: bool = False
    """it came behind a password: nothing of it is to be left in clear on a disk"""

    def sheet(self, name: str) -> RawSheet | None:
        """The first sheet of that name, without regard to case."""
        folded = name.casefold()
        return next((s for s in self.sheets if s.name.casefold() == folded), None)

    def datetime_of(self, cell: RawCell) -> datetime | None:
        """The date and time a numeric cell stands for in this workbook's date system."""
        if type(cell.value) is not float:
            return None
        return serial_to_datetime(cell.value, date1904=self.date1904)
