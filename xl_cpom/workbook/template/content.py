"""The content of a workbook to write, typed in memory so that every formula has its value.

The gestionnaire may open the workbook where nothing can recalculate it: each formula cell is
written with the value it will have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.building import ContentBySheet, complete_rows, require_known, table_at
from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.formulas.variants import calls
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.records import NON_LU, Classeur, Row, Table

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

ROOM_TO_GROW = 20
"""Blank rows left below a content that overflows the capacity of its sheet."""

NA = "#N/A"

Locks: TypeAlias = Mapping[str, Sequence[frozenset[str]]]
"""Sheet key -> for each row of its content, the keys of the entries to lock."""

_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.DATE: (dt.date,),
    Kind.FINESS_LIST: (tuple, list),
    Kind.COTATION: (int, float, str),
}


@dataclass(frozen=True)
class SheetContent:
    """What goes on one sheet: the raw values to write, and the typed rows with their results."""

    place: Place
    written: tuple[Mapping[str, Any], ...]
    table: Table
    blank: Row | None
    locked: tuple[frozenset[str], ...] = ()
    """Entries locked on each row written: what the contract or a past year settled."""

    def cached(self, column: Column, index: int) -> Any:
        """Value stored with the formula of a row (0-based), as Excel would show it."""
        rows = self.table.rows
        row = rows[index] if index < len(rows) else self.blank
        assert row is not None, "only a TABLE has blank rows"
        return cached_value(column, row)

    def is_locked(self, column: Column, index: int) -> bool:
        """Is the entry of a row (0-based) locked?"""
        return index < len(self.locked) and column.key in self.locked[index]


def cached_value(column: Column, row: Row) -> Any:
    """Value to store with a formula: "" when it shows nothing, #N/A when it is sans objet."""
    assert column.formula is not None
    value = row.values[column.key]
    if value is None or value is NON_LU:
        bare = calls(column.formula.text(row.values))[:1] and column.formula.text(
            row.values
        ).startswith("CPOM_")
        return NA if bare else ""
    return value


def build(
    referentiel: Referentiel,
    sheets: Mapping[str, Sheet],
    contenu: ContentBySheet,
    offsets: Mapping[str, int] | None = None,
    locks: Locks | None = None,
) -> tuple[dict[str, SheetContent], Classeur]:
    """Lay the content out, and compute every calculated column.

    A value of another type than its column's is written as it is (the faulty example needs it),
    and seen as empty by the formulas. locks: entries to lock, row by row as `contenu`. Raises
    ValueError on content for an unknown sheet, column or fixed row.
    """
    require_known(contenu, sheets)
    tables: dict[str, Table] = {}
    blanks: dict[str, Table] = {}
    places: dict[str, Place] = {}
    written: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for key, sheet in sheets.items():
        rows = complete_rows(sheet, contenu.get(key, ()), referentiel)
        place = places[key] = Place(sheet, _height(sheet, rows), (offsets or {}).get(key, 0))
        written[key] = rows
        tables[key] = table_at(place, rows, _typed)
        blanks[key] = table_at(place, ({},) if sheet.layout is Layout.TABLE else ())
    classeur = Classeur(referentiel, tables)
    compute_workbook(classeur)
    empty = Classeur(referentiel, {**blanks, "identification": tables["identification"]})
    compute_workbook(empty)
    contents = {
        key: SheetContent(
            places[key],
            written[key],
            tables[key],
            next(iter(blanks[key]), None),
            _locked(sheets[key], written[key], contenu.get(key, ()), (locks or {}).get(key, ())),
        )
        for key in sheets
    }
    return contents, classeur


def _locked(
    sheet: Sheet,
    written: Sequence[Mapping[str, Any]],
    given: Sequence[Mapping[str, Any]],
    locks: Sequence[frozenset[str]],
) -> tuple[frozenset[str], ...]:
    """The locks in the order of the rows written: fixed rows have their own."""
    if not locks or sheet.layout is not Layout.FIXED:
        return tuple(locks)
    identity = sheet.identity[0]
    mine = {row[identity]: keys for row, keys in zip(given, locks, strict=True)}
    return tuple(mine.get(row[identity], frozenset()) for row in written)


def _height(sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> int:
    if sheet.layout is Layout.FIXED:
        return len(rows)
    if len(rows) <= sheet.capacity:
        return sheet.capacity
    return len(rows) + ROOM_TO_GROW


def _typed(value: Any, column: Column) -> Any:
    """The value as the formulas see it: None when it is of another type than its column's."""
    if value is None or isinstance(value, bool):
        return None
    if column.kind in _TYPES:
        fits = isinstance(value, _TYPES[column.kind])
    elif column.kind.is_number:
        fits = isinstance(value, int | float)
    else:
        fits = isinstance(value, str)
    if not fits:
        return None
    return tuple(value) if isinstance(value, list) else value
