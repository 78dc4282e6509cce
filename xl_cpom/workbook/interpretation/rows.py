"""The rows of one tab: which lines hold a record, and the typed value of each of their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xl_cpom.typography import fold, visible
from xl_cpom.workbook.interpretation.coercion import CellReading, coerce, shown
from xl_cpom.workbook.interpretation.headers import Headers, find_headers
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.parsing import clean
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.reader import RawCell, RawSheet
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.records import NON_LU, Row, Table


@dataclass
class TabReading:
    """The table read from one tab, its notices, and the raw cells of its calculated columns."""

    table: Table
    notices: list[Notice] = field(default_factory=list)
    calculated: list[tuple[Row, Column, RawCell | None]] = field(default_factory=list)


def missing_table(sheet: Sheet) -> Table:
    """The table of a sheet that is not in the file: nothing in it can be checked."""
    table = Table(sheet, sheet.name, present=False)
    if sheet.layout is Layout.FICHE:
        table.rows.append(Row(table, 0, {column.key: NON_LU for column in sheet.columns}))
    return table


def read_tab(tab: RawSheet, sheet: Sheet, reading: CellReading) -> TabReading:
    """Read a tab as the declared sheet it was recognised to be."""
    if sheet.layout is Layout.FICHE:
        return _read_fiche(tab, sheet, reading)
    headers = find_headers(tab, sheet)
    result = TabReading(
        Table(sheet, tab.name, columns=headers.columns, header_row=headers.row),
        list(headers.notices),
    )
    if not headers.row:
        result.table.present = False
        return result
    lines = _lines(tab, headers)
    _fill_merged(tab, headers, lines, result)
    if sheet.layout is Layout.FIXED:
        _read_fixed(lines, sheet, result, reading)
    else:
        _read_rows(tab, lines, sheet, result, reading)
    return result


def _lines(tab: RawSheet, headers: Headers) -> dict[int, dict[str, RawCell]]:
    """Cells of the known columns below the headers, by row then key."""
    keys = {col: key for key, col in headers.columns.items()}
    lines: dict[int, dict[str, RawCell]] = {}
    for (row, col), cell in tab.cells.items():
        if row > headers.row and (key := keys.get(col)) is not None:
            lines.setdefault(row, {})[key] = cell
    return dict(sorted(lines.items()))


def _fill_merged(
    tab: RawSheet, headers: Headers, lines: dict[int, dict[str, RawCell]], result: TabReading
) -> None:
    """A value merged over several rows is meant for each of them; the merge itself is said."""
    keys = {col: key for key, col in headers.columns.items()}
    for merge in tab.merges:
        if merge.row2 <= headers.row or merge.col1 not in keys:
            continue
        anchor = lines.get(merge.row1, {}).get(keys[merge.col1])
        first = f"{col_letters(merge.col1)}{merge.row1}"
        last = f"{col_letters(merge.col2)}{merge.row2}"
        result.notices.append(
            Notice("STR-009", tab.name, (first,), values={"plage": f"{first}:{last}"})
        )
        if anchor is None or merge.col1 != merge.col2:
            continue
        for row in range(merge.row1 + 1, min(merge.row2, max(lines, default=0)) + 1):
            if row in lines:
                lines[row].setdefault(keys[merge.col1], anchor)


SINON = " ; s'il n'y a rien à saisir, videz la cellule"
"""What the cure of a cell that could not be read adds where the cell may be empty."""
_TOTAL = re.compile(r"(?:sous[ -])?(?:total|totaux|somme|moyenne)(?:\b.{0,25})?")


def _is_total(cells: Mapping[str, RawCell], filled: Sequence[str], sheet: Sheet) -> bool:
    """Is it a row of totals rather than a record? The cell of the first column says so.

    In another column the same words may be a title (« Total des besoins de répit »): the row is
    then a record that lacks its number, and is read.
    """
    if filled[0] != next(column.key for column in sheet.columns if column.is_entry):
        return False
    first = cells[filled[0]].value
    return isinstance(first, str) and _TOTAL.fullmatch(fold(first)) is not None


def _filled(cell: RawCell) -> bool:
    value = cell.value
    return value is not None and not (isinstance(value, str) and not clean(value))


def last_row_of_table(tab: RawSheet, header_row: int) -> int | None:
    """Last row of the Excel table whose headers stand on this row; None when there is none."""
    found = (t.ref.row2 for t in tab.tables if t.ref.row1 <= header_row <= t.ref.row2)
    return max(found, default=None)


def _read_rows(
    tab: RawSheet,
    lines: Mapping[int, Mapping[str, RawCell]],
    sheet: Sheet,
    result: TabReading,
    reading: CellReading,
) -> None:
    entries = {column.key for column in sheet.columns if column.is_entry}
    last_of_table = last_row_of_table(tab, result.table.header_row)
    for number, cells in lines.items():
        filled = [key for key, cell in cells.items() if key in entries and _filled(cell)]
        if not filled:
            continue
        if _is_total(cells, filled, sheet):
            address = f"{col_letters(result.table.columns[filled[0]])}{number}"
            text = visible(str(cells[filled[0]].value))
            result.notices.append(Notice("STR-042", tab.name, (address,), text, {"lu": text}))
            continue
        if last_of_table is not None and number > last_of_table:
            address = f"{col_letters(result.table.columns[filled[0]])}{number}"
            text = shown(cells[filled[0]], sheet[filled[0]], reading.date1904)
            result.notices.append(
                Notice("STR-013", tab.name, (address,), text, {"lu": text, "ligne": number})
            )
            if len(filled) == 1:
                continue  # a note under the table, not a record
        _read_row(number, cells, {}, sheet, result, reading)


def _read_fixed(
    lines: Mapping[int, Mapping[str, RawCell]],
    sheet: Sheet,
    result: TabReading,
    reading: CellReading,
) -> None:
    assert sheet.fixed_rows is not None
    identity = sheet.identity[0]
    expected = {fold(row[identity]): row for row in sheet.fixed_rows(reading.referentiel)}
    for number, cells in lines.items():
        cell = cells.get(identity)
        if cell is None or not _filled(cell):
            continue
        constants = expected.pop(fold(str(cell.value)), None)
        if constants is None:
            address = result.table.address(number, identity) or ""
            text = visible(str(cell.value))
            result.notices.append(
                Notice("STR-026", result.table.name, (address,), text, {"lu": text})
            )
            continue
        _read_row(number, cells, constants, sheet, result, reading)
    for constants in expected.values():
        result.notices.append(
            Notice("STR-025", result.table.name, values={"ligne_attendue": constants[identity]})
        )


def _read_row(
    number: int,
    cells: Mapping[str, RawCell],
    constants: Mapping[str, Any],
    sheet: Sheet,
    result: TabReading,
    reading: CellReading,
) -> None:
    row = Row(result.table, number, {})
    for column in sheet.columns:
        if column.key in constants:
            row.values[column.key] = constants[column.key]
        elif column.formula is not None:
            row.values[column.key] = None
            if column.key in result.table.columns:
                result.calculated.append((row, column, cells.get(column.key)))
        elif column.key not in result.table.columns:
            row.values[column.key] = NON_LU
        else:
            _read_value(row, column, cells.get(column.key), result, reading)
    result.table.rows.append(row)


def _read_value(
    row: Row, column: Column, cell: RawCell | None, result: TabReading, reading: CellReading
) -> None:
    if cell is None and not column.required:
        row.values[column.key] = None
        return
    name = result.table.name
    if cell is not None and cell.formula is not None and not cell.cached:
        row.values[column.key] = NON_LU
        address = row.cell(column.key) or ""
        result.notices.append(Notice("STR-015", name, (address,), values={"feuille": name}))
        return
    read = coerce(cell, column, reading)
    row.values[column.key] = read.value
    if not read.remarks and (read.value is not None or not column.required):
        return
    address = row.cell(column.key) or ""
    common: dict[str, Any] = {"colonne": column.header, "ligne": row.number}
    if not column.required:
        common["sinon"] = SINON
    for remark in read.remarks:
        assert cell is not None
        lu = shown(cell, column, reading.date1904)
        result.notices.append(
            Notice(remark.code, name, (address,), lu, {**common, **remark.values})
        )
    if read.value is None and column.required:
        result.notices.append(Notice(column.blank_code, name, (address,), "", common))


# --- fiche ---------------------------------------------------------------------------------------


def _read_fiche(tab: RawSheet, sheet: Sheet, reading: CellReading) -> TabReading:
    """Find each label wherever it stands; its value is in the next cell on the right."""
    table = Table(sheet, tab.name)
    result = TabReading(table)
    labels = _labels(tab, sheet)
    row = Row(table, 0, {})
    for column in sheet.columns:
        place = labels.get(column.key)
        if place is not None:
            table.anchors[column.key] = f"{col_letters(place[1] + 1)}{place[0]}"
        cell = None if place is None else tab.cells.get((place[0], place[1] + 1))
        if column.formula is not None:
            row.values[column.key] = None
            if place is not None:
                result.calculated.append((row, column, cell))
        elif place is None:
            row.values[column.key] = NON_LU
            code = "STR-005" if column.required else "STR-024"
            words = {"objet": "le libellé", "colonne": column.header}
            result.notices.append(Notice(code, tab.name, values=words))
        else:
            _read_value(row, column, cell, result, reading)
    table.rows.append(row)
    return result


def _labels(tab: RawSheet, sheet: Sheet) -> dict[str, tuple[int, int]]:
    exact = {fold(column.header): column.key for column in sheet.columns}
    synonyms = {fold(s): column.key for column in sheet.columns for s in column.synonyms}
    found: dict[str, tuple[int, int]] = {}
    for names in (exact, synonyms):
        for (row, col), cell in sorted(_texts(tab.cells.items())):
            key = names.get(fold(str(cell.value)).removesuffix(" *"))
            if key is not None and key not in found:
                found[key] = (row, col)
    return found


def _texts(
    cells: Iterable[tuple[tuple[int, int], RawCell]],
) -> list[tuple[tuple[int, int], RawCell]]:
    is_text: Callable[[RawCell], bool] = lambda cell: isinstance(cell.value, str)  # noqa: E731
    return [(place, cell) for place, cell in cells if place[1] <= 6 and is_text(cell)]
