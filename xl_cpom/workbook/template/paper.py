"""What of a table goes on paper: its filled rows, the rest of their last page, no empty grid.

A print area is a fixed range in a file: no program but Excel takes a formula for one, and Excel
itself freezes it at the first change of the page set-up. The area is therefore worked out when the
workbook is written, from what is in it, and a line of the sheet says when what was typed since
goes beyond.

A sheet that some contracts only fill in (`Sheet.occasional`) starts with an area where no cell
holds anything, ruled by a conditional format: LibreOffice then prints no page of it until something
is typed there, and Excel one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import typeset
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import Layout, Sheet
from xl_cpom.workbook.reader.refs import col_letters

PAGE_WIDTH = 330.0
"""Widths of columns that fit on a landscape A4 page at a little less than half their size."""
_AT_FULL_SIZE = 149.0
"""The same at full size, between our margins."""
_PAGE_HEIGHT = 455.0
"""Points of rows on a landscape A4 page at full size, between our margins, a little kept back."""
_HEADERS = 70.0
_SMALLEST = 0.55
"""Scale down to which rows are made smaller to spare a page."""
_BLANK_ROW = 15.0
COMMENT_KEY = "commentaire"

BEYOND = (
    "⚠ L'impression ne prend pas toute la saisie : cochez « Ignorer la zone d'impression » (Excel) "
    "ou choisissez Format > Zones d'impression > Supprimer (LibreOffice)."
)


@dataclass(frozen=True)
class PrintedArea:
    """The part of a table that is printed, in 1-based rows and columns.

    pages: pages across; repeated: leading columns printed again on each page across; single:
    all the rows on one page, a little smaller.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    pages: int
    repeated: int
    single: bool = False


def empty_at_first(sheet: Sheet, rows: Sequence[Any]) -> bool:
    """Is nothing entered in a sheet that is not worth a page then?

    One for some contracts only, one whose rows are ours, one wider than two pages.
    """
    wide = sum(column.width for column in sheet.columns) > 2 * PAGE_WIDTH
    if not (sheet.occasional or wide or sheet.layout is Layout.FIXED):
        return False
    return not _filled(rows, [column.key for column in sheet.columns if column.is_entry])


def printed_area(place: Place, written: Sequence[Any], heights: Sequence[float]) -> PrintedArea:
    """What to print of a table. heights: points of each of its written rows."""
    sheet = place.sheet
    first, last = 1, _last_used(sheet, written)
    if empty_at_first(sheet, written):
        first, last = _without_content(sheet)
    width = sum(column.width for column in sheet.columns[:last])
    pages = max(1, round(width / PAGE_WIDTH + 0.2))
    scale = min(1.0, _AT_FULL_SIZE * pages / width)
    on_one = 0.97 * _PAGE_HEIGHT / (sum(heights) + _HEADERS)
    single = pages == 1 and _SMALLEST <= on_one < scale
    if single:
        scale = on_one
    rows = place.rows
    if sheet.layout is Layout.TABLE:
        rows = min(rows, rows_on_whole_pages(heights, _PAGE_HEIGHT / scale - _HEADERS))
    repeated = first - 1 if first > 1 else place.frozen_columns
    return PrintedArea(
        place.first_row, place.header_row + rows, first, last, pages, repeated, single
    )


def rows_on_whole_pages(heights: Sequence[float], room: float) -> int:
    """Rows that are written, and the blank ones that finish their last page."""
    used = 0.0
    for height in heights:
        used = used + height if used + height <= room else height
    return len(heights) + int(max(0.0, room - used) // _BLANK_ROW)


def _last_used(sheet: Sheet, written: Sequence[Any]) -> int:
    """The last column to print: at the end, what nobody typed or need read is left out."""
    last = len(sheet.columns)
    if sheet.layout is not Layout.TABLE:
        return last
    for column in reversed(sheet.columns):
        optional = column.since or column.technical or column.key == COMMENT_KEY
        if not optional or (column.is_entry and _filled(written, (column.key,))):
            break
        last -= 1
    return last or len(sheet.columns)


def _filled(written: Sequence[Any], keys: Sequence[str]) -> bool:
    return any(row.get(key) not in (None, "", ()) for row in written for key in keys)


def _without_content(sheet: Sheet) -> tuple[int, int]:
    """First and last columns of the first entries in a row: no text of ours, no formula."""
    columns = sheet.columns
    first = next(n for n, column in enumerate(columns, 1) if column.is_entry)
    last = first
    while last < len(columns) and columns[last].is_entry:
        last += 1
    return first, last


def beyond(place: Place, area: PrintedArea) -> str | None:
    """Formula that says when something is entered outside what is printed; None when it cannot."""
    parts = []
    first, last, bottom = place.first_row, place.last_row, area.last_row
    if bottom < last:
        parts.append(f"$A${bottom + 1}:$A${last}")
    inside = range(area.first_column, area.last_column + 1)
    for left, right in _blocks(place.sheet, inside):
        parts.append(f"${col_letters(left)}${first}:${col_letters(right)}${last}")
    if not parts:
        return None
    count = "+".join(f"SUMPRODUCT(--(LEN({part})>0))" for part in parts)
    return f'IF({count}=0,"","{typeset(BEYOND)}")'


def _blocks(sheet: Sheet, inside: range) -> Iterator[tuple[int, int]]:
    """Entry columns in a row that are not printed, as (first, last)."""
    start = None
    for number, column in enumerate((*sheet.columns, None), 1):
        out = column is not None and column.is_entry and number not in inside
        if out and start is None:
            start = number
        elif not out and start is not None:
            yield start, number - 1
            start = None
