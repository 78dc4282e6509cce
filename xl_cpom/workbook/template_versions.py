"""The versions of the template: which sheets, columns and formulas a returned workbook should have.

A declaration says since which version it exists (`since`), a formula how it read before (`before`).
A return made from an earlier version is read against what that version had: nothing it never had
is missing. Its tables are then brought up to the present declarations, so that rules know only
these: a column that its version did not have is empty on every row, and is said to be (`later`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.records import Row, Table
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT, VERSIONS

if TYPE_CHECKING:
    from xl_cpom.workbook.reader import RawWorkbook

FIRST = VERSIONS[0]


def rank(version: str) -> int:
    """Place of a version among those published; "" is the first. ValueError when unknown."""
    return VERSIONS.index(version or FIRST)


def existed(since: str, version: str) -> bool:
    """Did what a version brought exist in another?"""
    return rank(since) <= rank(version)


def up_to(version: str) -> tuple[str, ...]:
    """A published version, last, and those before it."""
    return VERSIONS[: rank(version) + 1]


@cache
def sheets_of(version: str) -> Mapping[str, Sheet]:
    """The sheets of a published version, with the columns and the formulas they had, by key."""
    if version == VERSION_GABARIT:
        return SHEETS
    return {
        key: replace(
            sheet,
            columns=tuple(
                _column_of(column, version)
                for column in sheet.columns
                if existed(column.since, version)
            ),
        )
        for key, sheet in SHEETS.items()
        if existed(sheet.since, version)
    }


def _column_of(column: Column, version: str) -> Column:
    """The column as it was: with what the first change that came after that version replaced."""
    changes = [said for changed, said in column.was if not existed(changed, version)]
    if changes:
        column = replace(column, **changes[0])
    if column.formula is None:
        return column
    later = [text for changed, text in column.formula.before if not existed(changed, version)]
    return replace(column, formula=replace(column.formula, excel=later[0])) if later else column


def version_of_content(raw: RawWorkbook) -> str:
    """The version that the tabs of an unmarked workbook tell: the last that has one of them."""
    from xl_cpom.typography import fold

    names = {fold(tab.name) for tab in raw.sheets}
    found = [sheet.since for sheet in SHEETS.values() if fold(sheet.name) in names]
    return max((since or FIRST for since in found), key=rank, default=VERSION_GABARIT)


def judged_version(gabarit: str | None, raw: RawWorkbook) -> str:
    """The version whose declarations a workbook is read against.

    gabarit: what it says of itself; when that is nothing, or no published version, its tabs tell.
    """
    return gabarit if gabarit in VERSIONS else version_of_content(raw)


def bring_up(table: Table) -> None:
    """Give a table read under an earlier version the columns that came later, all empty."""
    sheet = SHEETS[table.sheet.key]
    later = [column.key for column in sheet.columns if column.key not in table.sheet.by_key]
    table.sheet = sheet
    table.later = frozenset(later)
    for row in table.rows:
        row.values.update(dict.fromkeys(later))


def later_table(sheet: Sheet) -> Table:
    """The table of a sheet that came after the version of the workbook: there, and empty."""
    table = Table(sheet, sheet.name, later=frozenset(column.key for column in sheet.columns))
    if sheet.layout is Layout.FICHE:
        table.rows.append(Row(table, 0, {column.key: None for column in sheet.columns}))
    return table
