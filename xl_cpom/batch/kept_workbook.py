"""A workbook as the journal kept it: what is written after the control reads no file again.

Its values are those of the control, with whoever a text designates already masked; where they stood
in the file is not kept, and nothing here can say it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.records import NON_LU, Classeur, Row, Table
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def kept_workbook(
    rows: Mapping[str, Sequence[Sequence[Any]]],
    unread: Mapping[str, Sequence[Sequence[int]]],
    referentiel: Referentiel,
) -> Classeur:
    """The workbook whose rows an answer kept, typed again (`FileAnswer.rows`, `.unread`)."""
    tables = {key: Table(sheet, sheet.name) for key, sheet in SHEETS.items()}
    for key, table in tables.items():
        columns = table.sheet.columns
        lost = {(row, rank) for row, rank in unread.get(key, ())}
        for number, values in enumerate(rows[key]):
            typed = {
                column.key: NON_LU if (number, rank) in lost else _typed(column, value)
                for rank, (column, value) in enumerate(zip(columns, values, strict=True))
            }
            table.rows.append(Row(table, number, typed))
    return Classeur(referentiel, tables)


def unread_cells(table: Table) -> Sequence[Sequence[int]]:
    """[row, column] of each cell that could not be read, from 0."""
    return [
        [number, rank]
        for number, row in enumerate(table.rows)
        for rank, column in enumerate(table.sheet.columns)
        if row.values[column.key] is NON_LU
    ]


def _typed(column: Column, value: Any) -> Any:
    """The value of a cell, from its plain form (see `answer.plain_rows_of`)."""
    if value is None:
        return None
    if column.kind is Kind.DATE and isinstance(value, str):
        return dt.date.fromisoformat(value)
    if column.kind is Kind.FINESS_LIST and isinstance(value, str):
        return tuple(value.split(" ; ")) if value else ()
    return value
