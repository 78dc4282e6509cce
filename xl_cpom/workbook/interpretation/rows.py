"""The rows of one tab: which lines hold a record, and the typed value of each of their cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import fold, guillemets, listing, visible
from xl_cpom.workbook.expected_words import fixed_row_said, wanted_words
from xl_cpom.workbook.interpretation.coercion import CellReading, coerce, shown
from xl_cpom.workbook.interpretation.coercion.codes import shape_of
from xl_cpom.workbook.interpretation.extent import declared_totals, extent_of
from xl_cpom.workbook.interpretation.fiche_labels import labels_by_place
from xl_cpom.workbook.interpretation.fiche_layout import HEADER as FICHE_HEADER
from xl_cpom.workbook.interpretation.fiche_layout import added_lines, find_layout, value_header
from xl_cpom.workbook.interpretation.headers import Headers, find_headers, header_names
from xl_cpom.workbook.interpretation.non_records import tell
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.parsing import clean
from xl_cpom.workbook.interpretation.row_cells import is_filled
from xl_cpom.workbook.interpretation.row_kinds import RowKind, RowReader, TableLine
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.reader import RawCell, RawSheet, Rect, cell_name
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
    headers = find_headers(tab, sheet, reading)
    result = TabReading(
        Table(sheet, tab.name, columns=headers.columns, header_row=headers.row),
        list(headers.notices),
    )
    if not headers.row:
        result.table.present = False
        return result
    if sheet.layout is Layout.FIXED and sheet.identity[0] not in headers.columns:
        return _without_names(result, sheet)
    lines = _lines(tab, headers)
    merges = _fill_merged(tab, headers, lines)
    if sheet.layout is Layout.FIXED:
        _read_fixed(tab, lines, sheet, result, reading)
    else:
        _read_rows(tab, lines, sheet, result, reading)
    result.notices.extend(_merged_records(tab, merges, result.table))
    return result


def _without_names(result: TabReading, sheet: Sheet) -> TabReading:
    """A sheet with fixed rows whose column of names is lost: no row can be known, said once."""
    header = sheet[sheet.identity[0]].header
    result.notices = [
        replace(notice, code="STR-005")
        if notice.code == "STR-024" and notice.values.get("colonne") == header
        else notice
        for notice in result.notices
    ]
    result.table.present = False
    return result


def _lines(tab: RawSheet, headers: Headers) -> dict[int, dict[str, RawCell]]:
    """Cells of the known columns below the headers, by row then key."""
    keys = {col: key for key, col in headers.columns.items()}
    lines: dict[int, dict[str, RawCell]] = {}
    for number, cells in sorted(tab.by_row().items()):
        if number > headers.row:
            known = {key: cell for cell in cells if (key := keys.get(cell[1])) is not None}
            if known:
                lines[number] = known
    return lines


def _fill_merged(
    tab: RawSheet, headers: Headers, lines: dict[int, dict[str, RawCell]]
) -> list[Rect]:
    """A value merged over several rows is meant for each of them; gives the merges of the table."""
    keys = {col: key for key, col in headers.columns.items()}
    merges = [m for m in tab.merges if m.row2 > headers.row and m.col1 in keys]
    meant: list[tuple[int, str, RawCell]] = []
    for merge in merges:
        anchor = lines.get(merge.row1, {}).get(keys[merge.col1])
        if anchor is None or merge.col1 != merge.col2:
            continue
        for row in range(merge.row1 + 1, min(merge.row2, max(lines, default=0)) + 1):
            typed = (c for c in lines.get(row, {}).values() if c.formula is None)
            if any(map(is_filled, typed)):
                meant.append((row, keys[merge.col1], anchor))
    for row, key, anchor in meant:  # a row that holds nothing else is left blank
        lines[row].setdefault(key, anchor)
    return merges


def _merged_records(tab: RawSheet, merges: Iterable[Rect], table: Table) -> Iterator[Notice]:
    """The merges that join cells of records; those of a title or of a note harm nothing."""
    records = [row.number for row in table.rows]
    for merge in merges:
        if any(merge.row1 <= number <= merge.row2 for number in records):
            first, last = (
                cell_name(merge.row1, merge.col1),
                cell_name(merge.row2, merge.col2),
            )
            yield Notice("STR-009", tab.name, (first,), values={"plage": f"{first}:{last}"})


SINON = " ; s'il n'y a rien à saisir, videz la cellule"
"""What the cure of a cell that could not be read adds where the cell may be empty."""


def _read_rows(
    tab: RawSheet,
    lines: Mapping[int, Mapping[str, RawCell]],
    sheet: Sheet,
    result: TabReading,
    reading: CellReading,
) -> None:
    """Read the records of a table; the lines that are none are said and left alone."""
    header_row, columns = result.table.header_row, result.table.columns
    found = _as_lines(tab, lines, sheet, result.table)
    reading = _with_references(reading, sheet, found)
    kinds = RowReader(sheet, reading, header_names(sheet)).kinds(
        found, declared_totals(tab, header_row)
    )
    result.notices.extend(tell(tab.name, found, kinds, reading.date1904))
    last, certain = extent_of(tab, sheet, header_row, columns)
    for line in found:
        if kinds[line.number] is not RowKind.RECORD:
            continue
        if not certain and line.number == last + 1:
            last = line.number  # nothing says where the table ended: the data go on
        if line.number > last:
            first = line.filled[0]
            text = shown(line.cells[first], sheet[first], reading.date1904)
            words = {"lu": text, "ligne": line.number}
            result.notices.append(
                Notice("STR-013", tab.name, (line.cells[first].ref,), text, words)
            )
        _read_row(line.number, line.cells, {}, sheet, result, reading)


def _with_references(reading: CellReading, sheet: Sheet, lines: Sequence[TableLine]) -> CellReading:
    """The reading, told how the references of the sheet are written: a date may be one of them."""
    written: dict[str, Counter[str]] = {}
    taken: dict[str, frozenset[str]] = {}
    for column in sheet.columns:
        if column.reference:
            cells = (line.cells[column.key] for line in lines if column.key in line.filled)
            texts = [clean(cell.value) for cell in cells if isinstance(cell.value, str)]
            written[column.key] = Counter(map(shape_of, texts))
            taken[column.key] = frozenset(texts)
    return replace(reading, written=written, taken=taken) if written else reading


def _as_lines(
    tab: RawSheet, lines: Mapping[int, Mapping[str, RawCell]], sheet: Sheet, table: Table
) -> list[TableLine]:
    """The lines that hold something typed in a column of entry."""
    entries = [column.key for column in sheet.columns if column.is_entry]
    known = {table.columns[key] for key in entries if key in table.columns}
    typed = frozenset(entries)
    by_row = tab.by_row()
    found: list[TableLine] = []
    for number, cells in lines.items():
        if typed.isdisjoint(cells):
            continue  # a row of the template, where formulas alone stand
        filled = tuple(key for key in entries if key in cells and is_filled(cells[key]))
        if filled:
            others = (c for c in by_row[number] if c.col not in known and c.formula is None)
            found.append(TableLine(number, cells, tuple(others), filled))
    return found


_CODE = re.compile(r"[A-Z0-9_/-]{2,25}")


def _read_fixed(
    tab: RawSheet,
    lines: Mapping[int, Mapping[str, RawCell]],
    sheet: Sheet,
    result: TabReading,
    reading: CellReading,
) -> None:
    """Read the rows known beforehand; another line is unknown, or is no record."""
    assert sheet.fixed_rows is not None
    identity = sheet.identity[0]
    expected = {fold(row[identity]): row for row in sheet.fixed_rows(reading.referentiel)}
    strangers: list[TableLine] = []
    for number, cells in lines.items():
        cell = cells.get(identity)
        if cell is None or not is_filled(cell):
            continue
        constants = expected.pop(fold(str(cell.value)), None)
        if constants is not None:
            _read_row(number, cells, constants, sheet, result, reading)
        else:
            filled = tuple(
                c.key for c in sheet.columns if c.key in cells and is_filled(cells[c.key])
            )
            strangers.append(TableLine(number, cells, (), filled))
    reader = RowReader(sheet, reading, header_names(sheet))
    kinds = reader.kinds(strangers, declared_totals(tab, result.table.header_row))
    for line in strangers:
        if kinds[line.number] is RowKind.NOTE and _CODE.fullmatch(str(line.cells[identity].value)):
            kinds[line.number] = RowKind.RECORD  # a code of nobody's is no title
    result.notices.extend(tell(tab.name, strangers, kinds, reading.date1904))
    for line in strangers:
        if kinds[line.number] is RowKind.RECORD:
            address = result.table.address(line.number, identity) or ""
            text = visible(str(line.cells[identity].value))
            result.notices.append(
                Notice("STR-026", result.table.name, (address,), text, {"lu": text})
            )
    for constants in expected.values():
        words = {"ligne_attendue": fixed_row_said(constants, identity)}
        result.notices.append(Notice("STR-025", result.table.name, values=words))


def _read_row(
    number: int,
    cells: Mapping[str, RawCell],
    constants: Mapping[str, Any],
    sheet: Sheet,
    result: TabReading,
    reading: CellReading,
) -> None:
    values: dict[str, Any] = {}
    row = Row(result.table, number, values)
    there = result.table.columns
    for column in sheet.columns:
        key = column.key
        if key in constants:
            values[key] = constants[key]
        elif column.formula is not None:
            values[key] = None
            if key in there:
                result.calculated.append((row, column, cells.get(key)))
        elif key not in there:
            values[key] = NON_LU
        elif (cell := cells.get(key)) is None and not column.required:
            values[key] = None
        else:
            _read_value(row, column, cell, result, reading)
    result.table.rows.append(row)


def _read_value(
    row: Row, column: Column, cell: RawCell | None, result: TabReading, reading: CellReading
) -> None:
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
        was_read = shown(cell, column, reading.date1904)
        result.notices.append(
            Notice(remark.code, name, (address,), was_read, {**common, **remark.values})
        )
    if read.value is None and column.required:
        common["attendu"] = wanted_words(column)
        result.notices.append(Notice(column.blank_code, name, (address,), "", common))


# --- fiche ---------------------------------------------------------------------------------------


def _read_fiche(tab: RawSheet, sheet: Sheet, reading: CellReading) -> TabReading:
    """Find each label wherever it stands, and its value under « Valeur »."""
    table = Table(sheet, tab.name)
    result = TabReading(table)
    layout = find_layout(tab, sheet)
    by_place = labels_by_place(tab, sheet, layout, reading)
    layout.labels.update(by_place)
    result.notices.extend(_reworded(tab, sheet, by_place))
    table.labels = {key: cell_name(*place) for key, place in layout.labels.items()}
    row = Row(table, 0, {})
    for column in sheet.columns:
        place = layout.value_place(column.key)
        cell = None if place is None else tab.cells.get(place)
        if place is not None:
            table.anchors[column.key] = cell_name(*place)
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
    if layout.moved:
        where = (value_header(layout),)
        result.notices.append(Notice("STR-031", tab.name, where, values={"colonnes": FICHE_HEADER}))
    added = list(added_lines(tab, layout, sheet))
    if added:
        names = listing(guillemets(visible(str(cell.value), 60)) for cell in added[:3])
        result.notices.append(
            Notice("STR-057", tab.name, tuple(c.ref for c in added), names, {"libelles": names})
        )
    return result


def _reworded(
    tab: RawSheet, sheet: Sheet, by_place: Mapping[str, tuple[int, int]]
) -> Iterator[Notice]:
    """The lines known by their place: the label to put back."""
    for key, place in by_place.items():
        label = tab.cells.get(place)
        text = "" if label is None or label.value is None else visible(str(label.value), 60)
        words = {"objet": "la ligne", "lu": text or "(sans libellé)",
                 "colonne": sheet[key].header, "nom": "le libellé"}  # fmt: skip
        yield Notice("STR-006", tab.name, (cell_name(*place),), text, words)
