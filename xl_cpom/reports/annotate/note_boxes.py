"""Where the box of a note goes on a sheet: in pixels, whatever the widths, heights and filters.

A box is tied to columns and rows: given as « five columns, ten rows » it would be a sliver on
narrow columns and nothing at all where a filter hides the rows below.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from xl_cpom.reports.annotate.sheetscan import SheetPartEditor
from xl_cpom.reports.annotate.xmlscan import whole
from xl_cpom.workbook.reader.refs import MAX_COL, MAX_ROW

WIDTH, ROW, MARGIN = 350, 16, 12
"""Pixels: width of a box, height of one line of its text, what its border takes."""
_BESIDE, _AU_DESSUS = 15, 10  # pixels between the cell and its box
_PER_CHARACTER, _PER_POINT = 7.0, 4 / 3
_COLUMN, _ROW = 64, 20  # pixels of a column and of a row that say nothing
_MOST = 2 * MAX_COL  # columns looked at, however many times a part lists them
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_HEIGHT = re.compile(rb"""\sht\s*=\s*["'](\d{1,3}(?:\.\d{1,9})?)""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)""")

Ancre = tuple[int, int, int, int, int, int, int, int]
"""Left column and pixels in it, top row, right column, bottom row: as VML writes them (from 0)."""


class GridAxis:
    """The edges of the columns, or of the rows, in pixels from the first one (numbered from 0)."""

    def __init__(self, count: int, default: int, sizes: Mapping[int, int]) -> None:
        self._default = max(1, default)
        self._lines = sorted(sizes)
        self._sizes = [sizes[line] for line in self._lines]
        self._shifts = [0, *accumulate(size - self._default for size in self._sizes)]
        self._edges = [self.edge(line) for line in self._lines]
        self._end = self.edge(count)

    def edge(self, line: int) -> int:
        """Where a line begins."""
        return line * self._default + self._shifts[bisect_left(self._lines, line)]

    def at(self, pixel: int) -> tuple[int, int]:
        """The line that shows a pixel, and how far in it; a hidden line shows none."""
        known = bisect_right(self._edges, pixel) - 1  # the last line of its own size before it
        if known < 0:
            return divmod(pixel, self._default)
        inside = pixel - self._edges[known]
        if inside < self._sizes[known]:
            return self._lines[known], inside
        after, rest = divmod(inside - self._sizes[known], self._default)
        return self._lines[known] + 1 + after, rest

    def span(self, start: int, size: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where a stretch of pixels begins and ends, moved back when the sheet ends before."""
        last = self._end - 1
        size = min(size, last)
        start = max(0, min(start, last - size))
        return self.at(start), self.at(start + size)


class SheetGrid:
    """The columns and the rows of a sheet, read when the first box asks for them."""

    def __init__(self, sheet: SheetPartEditor) -> None:
        self._sheet = sheet

    def anchor(self, row: int, col: int, lines: int) -> Ancre:
        """The box of a cell (1-based) whose note has so many lines: at its right, a bit above."""
        left, right = self._columns.span(self._columns.edge(col) + _BESIDE, WIDTH)
        top, bottom = self._rows.span(self._rows.edge(row - 1) - _AU_DESSUS, ROW * lines + MARGIN)
        return (*left, *top, *right, *bottom)

    def grown(self, anchor: Sequence[int], lines: int) -> Ancre:
        """A box given room for more lines, and made as wide as ours."""
        left, left_in, top, top_in, right, right_in, bottom, bottom_in = anchor
        x, y = self._columns.edge(left) + left_in, self._rows.edge(top) + top_in
        width = self._columns.edge(right) + right_in - x
        height = self._rows.edge(bottom) + bottom_in - y + ROW * lines
        columns = self._columns.span(x, max(width, WIDTH))
        rows = self._rows.span(y, max(height, ROW * lines + MARGIN))
        return (*columns[0], *rows[0], *columns[1], *rows[1])

    @cached_property
    def _columns(self) -> GridAxis:
        root, sizes, seen = self._sheet.root, dict[int, int](), 0
        cols = root.find("cols")
        for node in cols.children if cols else ():
            first, last = whole(node.get("min")), min(whole(node.get("max")), MAX_COL)
            width = 0 if node.get("hidden") in ("1", "true") else _pixels(node.get("width"))
            seen += last - first + 1
            if first < 1 or width is None or seen > _MOST:
                continue
            sizes |= dict.fromkeys(range(first - 1, last), width)
        form = root.find("sheetFormatPr")
        default = _pixels(form.get("defaultColWidth")) if form else None
        return GridAxis(MAX_COL, _COLUMN if default is None else default, sizes)

    @cached_property
    def _rows(self) -> GridAxis:
        sizes = dict[int, int]()
        for attributes in self._row_tags():
            number = _NUMBER.search(attributes)
            if number is None or not 1 <= int(number[1]) <= MAX_ROW:
                continue
            if _HIDDEN.search(attributes):
                sizes[int(number[1]) - 1] = 0
            elif height := _HEIGHT.search(attributes):
                sizes[int(number[1]) - 1] = round(float(height[1]) * _PER_POINT)
        form = self._sheet.root.find("sheetFormatPr")
        said = form.get("defaultRowHeight") if form else ""
        points = _number(said)
        return GridAxis(MAX_ROW, _ROW if points is None else round(points * _PER_POINT), sizes)

    def _row_tags(self) -> Iterator[bytes]:
        """The attributes of each row that says something of its height."""
        editor = self._sheet.editor
        data, opening = editor.data, f"<{editor.prefix}row ".encode()
        start = data.find(opening)
        while start != -1:
            end = data.find(b">", start)
            attributes = data[start + len(opening) - 1 : end]
            if b" ht=" in attributes or b" hidden=" in attributes:
                yield attributes
            start = data.find(opening, end)


def _pixels(width: str) -> int | None:
    """Pixels of a width in characters; None when it says nothing."""
    number = _number(width)
    return None if number is None else round(number * _PER_CHARACTER)


def _number(text: str) -> float | None:
    """A plain number of at most three digits before its point."""
    found = re.fullmatch(r"\d{1,3}(?:\.\d{1,20})?", text)
    return float(text) if found else None
