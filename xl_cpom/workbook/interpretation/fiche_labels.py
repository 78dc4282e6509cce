"""A line of the fiche whose label is lost or reworded is still known by its place.

« Année suivie » erased, « Données au » in the place of « Date d'arrêté des données »: when the
labels around stand as far apart as in the template, the line between them is the one that is
missing. It is read if what it holds is what the line admits, and the label to put back is said.
"""

from __future__ import annotations

from collections.abc import Mapping

from xl_cpom.typography import fold
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.interpretation.coercion import CellReading, coerce
from xl_cpom.workbook.interpretation.fiche_layout import FicheLayout
from xl_cpom.workbook.model import Column, Sheet
from xl_cpom.workbook.reader import RawSheet
from xl_cpom.workbook.records import NON_LU


def labels_by_place(
    tab: RawSheet, sheet: Sheet, layout: FicheLayout, reading: CellReading
) -> dict[str, tuple[int, int]]:
    """Key -> (row, column) of the lines that only their place tells."""
    if not layout.labels:
        return {}
    template = Place(sheet, 1).fiche_rows
    taken = set(layout.labels.values())
    titles = {fold(column.section) for column in sheet.columns if column.section}
    found: dict[str, tuple[int, int]] = {}
    for column in sheet.columns:
        if column.key in layout.labels:
            continue
        place = _between(column.key, template, layout)
        if place is None or place in taken:
            continue
        label = tab.cells.get(place)
        text = fold(str(label.value)) if label is not None and label.value is not None else ""
        if any(title in text for title in titles):
            continue
        if _fits(tab, place[0], layout.values, column, reading):
            found[column.key] = place
    return found


def _between(key: str, template: Mapping[str, int], layout: FicheLayout) -> tuple[int, int] | None:
    """Where a line stands, when the known lines before and after are as far apart as they were."""
    row = template[key]
    before = [k for k in layout.labels if template[k] < row]
    after = [k for k in layout.labels if template[k] > row]
    first = max(before, key=lambda k: template[k], default=None)
    last = min(after, key=lambda k: template[k], default=None)
    if first is None and last is None:
        return None
    if first is not None and last is not None:
        apart = layout.labels[last][0] - layout.labels[first][0]
        if apart != template[last] - template[first]:
            return None  # a line was inserted or removed: nothing tells which one this is
    known = first if first is not None else last
    assert known is not None
    there, column = layout.labels[known]
    return there + row - template[known], column


def _fits(tab: RawSheet, row: int, values: int, column: Column, reading: CellReading) -> bool:
    """Does the line hold what it admits? An empty one does: it says nothing else."""
    cell = tab.cells.get((row, values))
    return column.formula is not None or coerce(cell, column, reading).value is not NON_LU
