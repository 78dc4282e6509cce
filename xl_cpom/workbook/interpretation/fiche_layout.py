"""Where the labels and the values of the fiche are, whatever was inserted around them.

The labels stand in one column, the values under the header « Valeur »; without that header, in the
column right of the labels or, when it is empty, in the next one that is filled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import fold
from xl_cpom.workbook.interpretation.parsing import clean
from xl_cpom.workbook.model import HEADER_ROW, Sheet
from xl_cpom.workbook.reader import RawCell, RawSheet, cell_name

HEADER = "Valeur"
_FARTHEST = 8
"""Columns where labels and values are looked for."""
_FILLED_ENOUGH = 5


@dataclass(slots=True)
class FicheLayout:
    """labels: key -> (row, column) of its label; values: column of the values.

    header: the cell that bears the header of the values, None when there is none; moved: the
    values are not right beside the labels.
    """

    labels: dict[str, tuple[int, int]] = field(default_factory=dict)
    values: int = 2
    header: str | None = None
    moved: bool = False

    def value_place(self, key: str) -> tuple[int, int] | None:
        """(row, column) of a value; None when its label was not found."""
        place = self.labels.get(key)
        return None if place is None else (place[0], max(self.values, place[1] + 1))


def find_layout(tab: RawSheet, sheet: Sheet) -> FicheLayout:
    """Find the labels of a fiche and the column of its values."""
    layout = FicheLayout()
    layout.labels, column = _labels(tab, sheet)
    if not layout.labels:
        return layout
    first = min(row for row, _ in layout.labels.values())
    layout.values = column + 1
    for (row, col), cell in sorted(tab.cells.items()):
        text = cell.value
        if row < first and col > column and isinstance(text, str) and fold(text) == fold(HEADER):
            layout.values, layout.header = col, cell.ref
            break
    else:
        layout.values = _filled_column(tab, layout, column)
    layout.moved = layout.values != column + 1
    return layout


def added_lines(tab: RawSheet, layout: FicheLayout, sheet: Sheet) -> Iterator[RawCell]:
    """The labels that the template does not have, with a value beside them."""
    if not layout.labels:
        return
    column = Counter(col for _, col in layout.labels.values()).most_common(1)[0][0]
    known = set(layout.labels.values())
    first = min(row for row, _ in known)
    names = {fold(c.header) for c in sheet.columns}
    for (row, col), cell in sorted(tab.cells.items()):
        if col != column or row < min(first, HEADER_ROW + 1) or (row, col) in known:
            continue
        value = tab.cells.get((row, layout.values))
        text = cell.value
        if not isinstance(text, str) or not clean(text) or fold(text) in names or value is None:
            continue
        if value.value is not None and (not isinstance(value.value, str) or clean(value.value)):
            yield cell


def _labels(tab: RawSheet, sheet: Sheet) -> tuple[dict[str, tuple[int, int]], int]:
    """The labels, and the column where most of them stand: a value may read as another's label."""
    exact = {fold(column.header): column.key for column in sheet.columns}
    synonyms = {fold(s): column.key for column in sheet.columns for s in column.synonyms}
    texts = [
        ((row, col), fold(cell.value).removesuffix(" *"))
        for (row, col), cell in sorted(tab.cells.items())
        if col <= _FARTHEST and isinstance(cell.value, str)
    ]
    columns = Counter(col for (_, col), text in texts if text in exact)
    main = columns.most_common(1)[0][0] if columns else 1
    found: dict[str, tuple[int, int]] = {}
    for only_main in (True, False):
        for names in (exact, synonyms):
            for place, text in texts:
                key = names.get(text)
                if key is not None and key not in found and (place[1] == main) is only_main:
                    found[key] = place
    return found, main


def _filled_column(tab: RawSheet, layout: FicheLayout, labels: int) -> int:
    """The column of the values when no header tells it."""
    rows = {row for row, col in layout.labels.values() if col == labels}
    filled: Counter[int] = Counter()
    said: dict[int, set[object]] = {}
    for (row, col), cell in tab.cells.items():
        if row in rows and labels < col <= _FARTHEST and cell.value is not None:
            filled[col] += 1
            said.setdefault(col, set()).add(cell.value)
    if filled[labels + 1]:
        return labels + 1
    for col in sorted(filled):
        varied = 2 * len(said[col]) > filled[col]  # the nature of each line is the same few words
        if filled[col] >= _FILLED_ENOUGH and varied:
            return col
    return labels + 1


def value_header(layout: FicheLayout) -> str:
    """The cell to point at when the values were found elsewhere."""
    rows = [row for row, _ in layout.labels.values()]
    return layout.header or cell_name(min(rows, default=HEADER_ROW), layout.values)
