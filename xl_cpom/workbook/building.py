"""A typed workbook built from plain values, as if it had just been read.

The examples of the rules, the cached values of the template and the tests all need one; none of
them should go through a file for it. Where a value stands is what the template says (`Place`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_cpom.typography import fold
from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.records import Classeur, Row, Table
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

Values: TypeAlias = Mapping[str, Any]
"""One row: column key -> value; an absent key is an empty cell."""

ContentBySheet: TypeAlias = Mapping[str, Sequence[Values]]
"""Sheet key -> its rows; an absent sheet is empty.

A FICHE has one row; the rows of a FIXED sheet are recognised by their identity, those that are not
given hold their constants. A value given for a calculated column is computed over here, and
replaces the formula where a file is written.
"""


def build(contenu: ContentBySheet, referentiel: Referentiel) -> Classeur:
    """The workbook of this content, at the addresses of the template, columns calculated.

    Raises ValueError on content for an unknown sheet, column or fixed row.
    """
    require_known(contenu, SHEETS)
    tables = {}
    for key, sheet in SHEETS.items():
        rows = complete_rows(sheet, contenu.get(key, ()), referentiel)
        tables[key] = table_at(Place(sheet, len(rows)), rows)
    classeur = Classeur(referentiel, tables)
    compute_workbook(classeur)
    return classeur


def require_known(contenu: ContentBySheet, sheets: Mapping[str, Sheet]) -> None:
    """Raise ValueError on content for a sheet or a column that is not declared."""
    for key, rows in contenu.items():
        if key not in sheets:
            raise ValueError(f"no sheet {key!r}")
        for row in rows:
            if unknown := row.keys() - sheets[key].by_key.keys():
                raise ValueError(f"no column {sorted(unknown)} on sheet {key!r}")


def complete_rows(
    sheet: Sheet, given: Sequence[Values], referentiel: Referentiel
) -> tuple[Values, ...]:
    """The rows to lay out: for a fiche exactly one, for fixed rows all of them, in their order.

    What is given wins over a constant, except what tells the row. Raises ValueError for a row that
    a FIXED sheet does not have.
    """
    if sheet.layout is Layout.FICHE:
        return tuple(given[:1]) or ({},)
    if sheet.fixed_rows is None:
        return tuple(given)
    identity = sheet.identity[0]
    fixed = {fold(str(row[identity])): row for row in sheet.fixed_rows(referentiel)}
    mine = {fold(str(row[identity])): row for row in given}
    if unknown := mine.keys() - fixed.keys():
        raise ValueError(f"no row {sorted(unknown)} on sheet {sheet.key!r}")
    return tuple(
        {**constants, **mine.get(key, {}), identity: constants[identity]}
        for key, constants in fixed.items()
    )


def table_at(
    place: Place,
    rows: Sequence[Values],
    typed: Callable[[Any, Column], Any] = lambda value, column: value,
) -> Table:
    """The table of these rows at their place. typed(value, column): the value as rules see it."""
    sheet = place.sheet
    declared = SHEETS.get(sheet.key, sheet)  # the computation knows the sheets by these objects
    table = Table(declared, sheet.name, header_row=place.header_row)
    if sheet.layout is Layout.FICHE:
        table.anchors = {column.key: place.address(column.key) for column in sheet.columns}
    else:
        table.columns = dict(place.columns)
    for index, values in enumerate(rows):
        kept = {column.key: typed(values.get(column.key), column) for column in sheet.columns}
        table.rows.append(Row(table, place.first_row + index, kept))
    return table
