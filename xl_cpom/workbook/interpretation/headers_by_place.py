"""A column whose name is lost is still known by its place and by what it holds.

« Date de levée » renamed « Levée le » stands between the same two columns and holds dates: it is
read, and the name to put back is said. Nothing is guessed: a column is recognised only between
recognised neighbours, and only when its content is what the declared column admits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xl_cpom.workbook.interpretation.coercion import CellReading, coerce
from xl_cpom.workbook.model import Column, Kind, Sheet
from xl_cpom.workbook.reader import RawCell, RawSheet
from xl_cpom.workbook.records import NON_LU

_TELLING = frozenset(
    {Kind.DATE, Kind.LISTING, Kind.FINESS, Kind.SIREN, Kind.SIRET, Kind.EMAIL, Kind.COTATION}
)
"""Kinds that a content betrays; a text or a number could belong to any neighbour."""

_MOSTLY = 0.8
"""Share of the cells that must fit: one fault in a column does not hide what the column is."""


def by_place(
    tab: RawSheet,
    sheet: Sheet,
    header_row: int,
    known: Mapping[str, int],
    unnamed: Sequence[int],
    reading: CellReading,
) -> dict[str, int]:
    """Key -> column of the file, for the missing columns that place and content recognise.

    known: the columns recognised by their name. unnamed: columns of the file with an unknown
    header, or with data and no header.
    """
    if not unnamed:
        return {}
    cells: dict[int, list[RawCell]] = {col: [] for col in unnamed}
    for (row, col), cell in tab.cells.items():
        if row > header_row and col in cells and cell.value is not None:
            cells[col].append(cell)
    found: dict[str, int] = {}
    for missing, between in _gaps(sheet, known, unnamed):
        found.update(_matched(missing, between, cells, reading))
    return found


def _gaps(
    sheet: Sheet, known: Mapping[str, int], unnamed: Sequence[int]
) -> Iterator[tuple[list[Column], list[int]]]:
    """The missing columns between two recognised ones, with the unnamed ones between the same."""
    missing: list[Column] = []
    left = 0
    for column in (*sheet.columns, None):
        if column is not None and column.key not in known:
            missing.append(column)
            continue
        right = known[column.key] if column is not None else max([*known.values(), *unnamed]) + 1
        between = [col for col in unnamed if left < col < right]
        if missing and between:
            yield missing, between
        missing, left = [], right


def _matched(
    missing: Sequence[Column],
    between: Sequence[int],
    cells: Mapping[int, Sequence[RawCell]],
    reading: CellReading,
) -> dict[str, int]:
    """Pairs of a gap: those a content betrays first, then what is left, one for one in order."""
    found: dict[str, int] = {}
    for column in missing:
        if column.kind in _TELLING and column.is_entry:
            fitting = [col for col in between if _fits(column, cells[col], reading)]
            rivals = [
                c for c in missing if c.kind is column.kind and c.list_name == column.list_name
            ]
            if len(fitting) == 1 and len(rivals) == 1:
                found[column.key] = fitting[0]
    left = [column for column in missing if column.key not in found]
    free = [col for col in between if col not in found.values()]
    if len(left) == len(free):
        for column, col in zip(left, free, strict=True):
            if not cells[col] or column.formula is not None or _fits(column, cells[col], reading):
                found[column.key] = col
    return found


def _fits(column: Column, cells: Sequence[RawCell], reading: CellReading) -> bool:
    """Does the content look like what the column admits? Not when there is none."""
    values = [coerce(cell, column, reading).value for cell in cells]
    filled = [value for value in values if value is not None]
    read = sum(value is not NON_LU for value in filled)
    if column.kind is Kind.TEXT:
        read = sum(isinstance(cell.value, str) for cell in cells)
    return bool(filled) and read >= _MOSTLY * len(filled)
