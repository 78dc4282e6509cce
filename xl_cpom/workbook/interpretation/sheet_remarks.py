"""What was done to the template beside the data: formulas, lists, hidden rows, links, filters.

Each departure has its own notice; none prevents the data from being read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from xl_cpom.typography import listing, visible
from xl_cpom.workbook.formulas.canonical import canonical
from xl_cpom.workbook.formulas.equivalence import Places
from xl_cpom.workbook.formulas.expected import (
    copied_from_elsewhere,
    formula_to_restore,
    stored_formula,
)
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.interpretation.extent import extent_of
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.program_losses import REWRITTEN
from xl_cpom.workbook.interpretation.programs import is_excel, program_name
from xl_cpom.workbook.interpretation.rows import TabReading
from xl_cpom.workbook.lists import has_list
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import ExcelError, RawCell, RawSheet, RawWorkbook
from xl_cpom.workbook.records import Row, Table

if TYPE_CHECKING:
    from xl_cpom.workbook.interpretation.location import Located

_OUR_ADD_INS = (".xlam", ".xla", ".xll")
_WRITTEN = (Variante.MIXTE, Variante.NATIVE, Variante.XLWINGS)
"""The variants whose formulas differ; a LAMBDA is called as the add-in's function is."""


def alterations(
    raw: RawWorkbook,
    located: Located,
    tabs: Mapping[str, TabReading],
    variante: Variante,
    places: Places,
) -> Iterator[Notice]:
    """Every departure from the template that is not in the data themselves."""
    yield from _links(raw)
    yield from _program(raw)
    for key, reading in tabs.items():
        tab = located.tabs[key]
        yield from _hidden(tab, reading.table)
        yield from _filtered(tab)
        yield from _lost_lists(tab, reading.table)
        yield from _changed_formulas(reading, variante, places)


def _links(raw: RawWorkbook) -> Iterator[Notice]:
    targets = [t for t in raw.external_links if not t.lower().endswith(_OUR_ADD_INS)]
    if targets:
        shown = listing(f"« {visible(t, 60)} »" for t in targets[:3])
        yield Notice("STR-011", "", value=shown, values={"cibles": shown})


def _program(raw: RawWorkbook) -> Iterator[Notice]:
    name = program_name(raw.application)
    if name and not is_excel(raw.application):
        yield Notice("STR-028", "", value=visible(name), values={"programme": visible(name)})


def _hidden(tab: RawSheet, table: Table) -> Iterator[Notice]:
    if tab.state != "visible" and table.rows:
        yield Notice("STR-012", tab.name, values={"quoi": "toute la feuille"})
        return
    if _is_filtered(tab):
        return  # the filter hides them, and is said
    hidden = [
        row
        for row in table.rows
        if any(span.first <= row.number <= span.last for span in tab.hidden_rows)
    ]
    if hidden:
        cells = tuple(f"A{row.number}" for row in hidden)
        yield Notice("STR-012", tab.name, cells, values={"quoi": _hidden_rows(hidden)})
    columns = [
        key
        for key, col in table.columns.items()
        if any(span.first <= col <= span.last for span in tab.hidden_cols)
        and any(row.values[key] is not None for row in table.rows)
    ]
    if columns:
        cells = tuple(table.address(table.header_row, key) or "" for key in columns)
        names = listing(f"« {table.sheet[key].header} »" for key in columns)
        noun = "la colonne" if len(columns) == 1 else "les colonnes"
        yield Notice("STR-012", tab.name, cells, values={"quoi": f"{noun} {names}"})


def _hidden_rows(rows: list[Row]) -> str:
    numbers = [row.number for row in rows]
    if len(numbers) == 1:
        return f"la ligne {numbers[0]}"
    return f"{len(numbers)} lignes, de {numbers[0]} à {numbers[-1]}"


def _is_filtered(tab: RawSheet) -> bool:
    on_sheet = tab.autofilter is not None and tab.autofilter.active
    return on_sheet or any(table.filtered for table in tab.tables)


def _filtered(tab: RawSheet) -> Iterator[Notice]:
    if _is_filtered(tab):
        yield Notice("STR-029", tab.name)


def _lost_lists(tab: RawSheet, table: Table) -> Iterator[Notice]:
    """List columns whose cells no longer offer the list, one notice a column.

    Rows typed under the table never had one: that they stand there is said (STR-013).
    """
    last, certain = extent_of(tab, table.sheet, table.header_row, table.columns)
    inside = [row for row in table.rows if not certain or row.number <= last]
    ranges = [rect for v in tab.validations if v.type == "list" for rect in v.ranges]
    for key, col in table.columns.items():
        column = table.sheet[key]
        if not column.is_entry or not has_list(column):
            continue
        lost = [row for row in inside if not any(rect.contains(row.number, col) for rect in ranges)]
        if lost:
            cells = tuple(row.cell(key) or "" for row in lost)
            yield Notice("STR-014", tab.name, cells, values={"colonne": column.header})


def _changed_formulas(reading: TabReading, variante: Variante, places: Places) -> Iterator[Notice]:
    for row, column, cell in reading.calculated:
        if cell is None or not cell.formula or _is_broken(cell):
            continue  # a broken formula is said as such
        if _is_ours(cell.formula, column, row, variante):
            continue
        address = row.cell(column.key) or ""
        if _is_equivalent(cell.formula, column, row, places):
            yield Notice(REWRITTEN, reading.table.name, (address,))
            continue
        attendu = formula_to_restore(column, row, variante)
        read = visible(f"={cell.formula}", 80)
        values = {"colonne": column.header, "attendu": attendu,
                  "copie": copied_from_elsewhere(column)}  # fmt: skip
        yield Notice("STR-035", reading.table.name, (address,), read, values)


def _is_equivalent(formula: str, column: Column, row: Row, places: Places) -> bool:
    """Does the formula compute what the template's does, from the same cells?"""
    found = places.tree(formula, row.table, row.number)
    return any(
        found == places.tree(stored_formula(column, row, variante), row.table, row.number)
        for variante in _WRITTEN
    )


def _is_broken(cell: RawCell) -> bool:
    """Does the cell show an error that the formula of the template never shows?"""
    return isinstance(cell.value, ExcelError) and cell.value.code not in ("#NAME?", "#N/A")


def _is_ours(formula: str, column: Column, row: Row, recorded: Variante) -> bool:
    """Is it the formula of the template, in one of its variants? Likely in the one it records."""
    if formula == stored_formula(column, row, recorded):
        return True  # as most are: nothing is to be spelt in another way
    found = canonical(formula)
    return any(
        found == canonical(stored_formula(column, row, variante))
        for variante in (recorded, *_WRITTEN)
    )
