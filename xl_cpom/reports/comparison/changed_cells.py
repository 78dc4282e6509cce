"""What changed in the data: cells of the records both files have, records only one has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.reports.comparison.displayed_values import ComparedSide
from xl_cpom.reports.comparison.matching import MatchedPair
from xl_cpom.reports.comparison.model import ChangedCell, ChangedRow, ChangedStructure
from xl_cpom.workbook.lists import says
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.records import NON_LU, Row, Table

VALUE, WRITING = "valeur", "écriture"
AJOUTEE, REMOVED = "ajoutée", "retirée"


def changed_cells(
    pairs: Iterable[MatchedPair], cotes: tuple[ComparedSide, ComparedSide]
) -> Iterator[ChangedCell]:
    """The entries that differ, for each record found in both files."""
    for before, after in pairs:
        if before is None or after is None:
            continue
        for column in after.table.sheet.columns:
            both = before.table.has(column.key) and after.table.has(column.key)
            nature = _nature(before, after, column, cotes) if column.is_entry and both else ""
            if nature:
                read = ComparedSide.reading if nature == VALUE else ComparedSide.writing
                old, new = read(cotes[0], before, column), read(cotes[1], after, column)
                if old.type == new.type:
                    old, new = replace(old, type=""), replace(new, type="")
                if (old.value, old.type) == (new.value, new.type):  # what differs is not shown
                    old, new = cotes[0].exacte(before, column), cotes[1].exacte(after, column)
                    if old.value == new.value:
                        continue
                yield ChangedCell(
                    after.table.sheet.name, cotes[1].name(after), column.header, nature, old, new
                )


def _nature(
    before: Row, after: Row, column: Column, cotes: tuple[ComparedSide, ComparedSide]
) -> str:
    old, new = before.values[column.key], after.values[column.key]
    stored = tuple(
        side.stocke(row, column) for side, row in zip(cotes, (before, after), strict=True)
    )
    if old is NON_LU or new is NON_LU:
        same = old is new and _same_cell(stored[0], stored[1])
        return "" if same else VALUE
    if old != new:
        return VALUE
    if None in stored or _same_cell(stored[0], stored[1]):
        return ""
    return "" if all(_in_silence(one, new, column, cotes[1]) for one in stored) else WRITING


def _in_silence(stored: Any, value: Any, column: Column, side: ComparedSide) -> bool:
    """Is it the value itself, or what its drop-down writes for it?"""
    referentiel = side.retour.classeur.referentiel
    return bool(stored[0] == value) or says(stored[0], value, column, referentiel)


def _same_cell(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    if isinstance(one[0], float) and isinstance(other[0], float):
        return one[1] == other[1] and as_shown(one[0]) == as_shown(other[0])
    return type(one[0]) is type(other[0]) and bool(one == other)


def changed_rows(
    pairs: Iterable[MatchedPair], cotes: tuple[ComparedSide, ComparedSide]
) -> Iterator[ChangedRow]:
    """The records that only one file has, with what they say."""
    for before, after in pairs:
        if before is not None and after is not None:
            continue
        row, side = (after, cotes[1]) if after is not None else (before, cotes[0])
        assert row is not None
        sheet = row.table.sheet
        read = [(c.header, side.reading(row, c)) for c in sheet.columns if c.is_entry]
        yield ChangedRow(
            sheet.name,
            side.name(row),
            AJOUTEE if after is not None else REMOVED,
            row.number,
            tuple((header, one) for header, one in read if one.value),
        )


def changed_structure(avant: Table, apres: Table) -> Iterator[ChangedStructure]:
    """Sheets and columns that only one file has: their cells are not listed one by one."""
    name = avant.sheet.name
    if avant.present != apres.present:
        yield ChangedStructure(name, "", AJOUTEE if apres.present else REMOVED)
    if not (avant.present and apres.present):
        return
    for column in avant.sheet.columns:
        if avant.has(column.key) != apres.has(column.key):
            sens = AJOUTEE if apres.has(column.key) else REMOVED
            yield ChangedStructure(name, column.header, sens)
