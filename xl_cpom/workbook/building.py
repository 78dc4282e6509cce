"""A typed workbook built from plain values, as if it had just been read.

The examples of the rules, the cached values of the template and the tests all need one; none of
them should go through a file for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.typography import fold
from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.model import HEADER_ROW, Layout, Sheet
from xl_cpom.workbook.records import Classeur, Row, Table
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

Contenu = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows of typed values by sheet key; absent sheets are empty, absent keys are empty cells."""


def build(contenu: Contenu, referentiel: Referentiel) -> Classeur:
    """The workbook of this content, at the addresses of the template, columns calculated.

    Raises KeyError for a sheet or a column that is not declared.
    """
    for key in contenu:
        SHEETS[key]
    classeur = Classeur(
        referentiel,
        {key: _table(sheet, contenu.get(key, ()), referentiel) for key, sheet in SHEETS.items()},
    )
    compute_workbook(classeur)
    return classeur


def _table(sheet: Sheet, given: Sequence[Mapping[str, Any]], referentiel: Referentiel) -> Table:
    table = Table(sheet, sheet.name)
    if sheet.layout is Layout.FICHE:
        table.anchors = {column.key: f"B{5 + i}" for i, column in enumerate(sheet.columns)}
    else:
        table.columns = {column.key: i for i, column in enumerate(sheet.columns, start=1)}
        table.header_row = HEADER_ROW
    for number, values in enumerate(_completed(sheet, given, referentiel), start=HEADER_ROW + 1):
        unknown = values.keys() - sheet.by_key.keys()
        if unknown:
            raise KeyError(f"{sheet.key}: no column {', '.join(sorted(unknown))}")
        row_values = {column.key: values.get(column.key) for column in sheet.columns}
        table.rows.append(Row(table, number, row_values))
    return table


def _completed(
    sheet: Sheet, given: Sequence[Mapping[str, Any]], referentiel: Referentiel
) -> list[Mapping[str, Any]]:
    """The rows given; for a fiche exactly one, for fixed rows all of them, constants included."""
    if sheet.layout is Layout.FICHE:
        return [given[0] if given else {}]
    if sheet.fixed_rows is None:
        return list(given)
    identity = sheet.identity[0]
    by_identity = {fold(str(row[identity])): row for row in given}
    return [
        {**by_identity.get(fold(constants[identity]), {}), **constants}
        for constants in sheet.fixed_rows(referentiel)
    ]
