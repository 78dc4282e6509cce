"""The content of a workbook to write, typed in memory so that every formula has its value.

The gestionnaire may open the workbook where nothing can recalculate it: each formula cell is
written with the value it will have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.formulas.variants import calls
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.records import NON_LU, Classeur, Row, Table
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

Contenu: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""Values to write: sheet key -> its rows, each a mapping of column key -> value.

A FICHE has one row; the rows of a FIXED sheet are recognised by their identity. A value of another
type than its column's is written as it is (the faulty example needs it); a value given for a
calculated column replaces its formula.
"""

ROOM_TO_GROW = 20
"""Blank rows left below a content that overflows the capacity of its sheet."""

NA = "#N/A"

_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.DATE: (dt.date,),
    Kind.FINESS_LISTE: (tuple, list),
    Kind.COTATION: (int, float, str),
}


@dataclass(frozen=True)
class SheetContent:
    """What goes on one sheet: the raw values to write, and the typed rows with their results."""

    place: Place
    written: tuple[Mapping[str, Any], ...]
    table: Table
    blank: Row | None

    def cached(self, column: Column, index: int) -> Any:
        """Value stored with the formula of a row (0-based), as Excel would show it."""
        rows = self.table.rows
        row = rows[index] if index < len(rows) else self.blank
        assert row is not None, "only a TABLE has blank rows"
        return cached_value(column, row)


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
    contenu: Contenu,
    offsets: Mapping[str, int] | None = None,
) -> tuple[dict[str, SheetContent], Classeur]:
    """Lay the content out, and compute every calculated column.

    Raises ValueError on content for an unknown sheet, column or fixed row.
    """
    for key in contenu:
        if key not in sheets:
            raise ValueError(f"no sheet {key!r}")
    tables: dict[str, Table] = {}
    blanks: dict[str, Table] = {}
    places: dict[str, Place] = {}
    written: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for key, sheet in sheets.items():
        rows = _rows(sheet, referentiel, contenu.get(key, ()))
        place = places[key] = Place(sheet, _height(sheet, rows), (offsets or {}).get(key, 0))
        written[key] = rows
        tables[key] = _table(place, rows)
        blanks[key] = _table(place, ({},) if sheet.layout is Layout.TABLE else ())
    classeur = Classeur(referentiel, tables)
    compute_workbook(classeur)
    vides = Classeur(referentiel, {**blanks, "identification": tables["identification"]})
    compute_workbook(vides)
    contents = {
        key: SheetContent(places[key], written[key], tables[key], next(iter(blanks[key]), None))
        for key in sheets
    }
    return contents, classeur


def _rows(
    sheet: Sheet, referentiel: Referentiel, given: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    for row in given:
        unknown = row.keys() - sheet.by_key.keys()
        if unknown:
            raise ValueError(f"no column {sorted(unknown)} on sheet {sheet.key!r}")
    if sheet.layout is Layout.FICHE:
        return tuple(given) or ({},)
    if sheet.fixed_rows is None:
        return tuple(given)
    identity = sheet.identity[0]
    by_identity = {row[identity]: row for row in given}
    fixed = sheet.fixed_rows(referentiel)
    unknown_rows = by_identity.keys() - {constants[identity] for constants in fixed}
    if unknown_rows:
        raise ValueError(f"no row {sorted(unknown_rows)} on sheet {sheet.key!r}")
    return tuple({**constants, **by_identity.get(constants[identity], {})} for constants in fixed)


def _height(sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> int:
    if sheet.layout is Layout.FIXED:
        return len(rows)
    if len(rows) <= sheet.capacity:
        return sheet.capacity
    return len(rows) + ROOM_TO_GROW


def _table(place: Place, rows: Sequence[Mapping[str, Any]]) -> Table:
    sheet = place.sheet
    declared = SHEETS.get(sheet.key, sheet)  # the computation knows the sheets by these objects
    table = Table(declared, sheet.name, header_row=place.header_row)
    if sheet.layout is Layout.FICHE:
        table.anchors = {column.key: place.address(column.key) for column in sheet.columns}
    else:
        table.columns = dict(place.columns)
    for index, values in enumerate(rows):
        typed = {column.key: _typed(values.get(column.key), column) for column in sheet.columns}
        table.rows.append(Row(table, place.first_row + index, typed))
    return table


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
