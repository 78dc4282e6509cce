"""The targets: each takes any bytes and raises only when the product is at fault."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from tests.workbook.reader.builders import MAIN, parts, sheet_xml, zipped
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import number_text
from xl_cpom.workbook.interpretation.coercion import CellReading, Coerced, coerce
from xl_cpom.workbook.interpretation.parsing import parse_number
from xl_cpom.workbook.interpretation.typed_dates import readings
from xl_cpom.workbook.reader import (
    ExcelError,
    Limits,
    NumberFormat,
    RawCell,
    RawWorkbook,
    UnreadableWorkbookError,
    read_workbook,
    sheet_part,
    strings,
)
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets import SHEETS

LIMITS = Limits(
    total_bytes=4 << 20, part_bytes=2 << 20, token_bytes=64 << 10, cells=20_000, elements=100_000,
    text_bytes=1 << 20,
)  # fmt: skip
"""Small, so that a run is short and limits are met."""

_HONEST = parts(
    {"A": sheet_xml('<row r="1"><c r="A1" t="s" s="1"><v>0</v></c></row>'), "B": sheet_xml()},
    strings="<si><t>x</t></si>",
    styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
)
_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
PARTS = (
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels", "_rels/.rels", _RELS, "xl/tables/table1.xml", "xl/comments1.xml",
)  # fmt: skip


def conteneur(data: bytes) -> None:
    """Any bytes as a file: read, or refused by name."""
    _read(data)


def partie(data: bytes) -> None:
    """Any bytes as one part of an honest workbook: both ways of reading see the same thing."""
    if not data:
        return
    members = dict(_HONEST)
    name = PARTS[data[0] % len(PARTS)]
    members[name] = data[1:]
    _two_ways(zipped(members.items(), zipfile.ZIP_STORED))


def lignes(data: bytes) -> None:
    """Any text as the rows of a sheet: both ways of reading see the same thing."""
    body = data.decode("utf-8", "replace").encode()
    members = dict(_HONEST)
    head = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    members[PARTS[0]] = head + body + b"</sheetData></worksheet>"
    _two_ways(zipped(members.items(), zipfile.ZIP_STORED))


def saisie(data: bytes) -> None:
    """Any value in any column: typed, or said to be unread; never an exception, never a NaN."""
    if len(data) < 3:
        return
    column = _columns()[data[0] % len(_columns())]
    cell = _cell(data[1], data[2:])
    for date1904 in (False, True):
        found = coerce(cell, column, _reading(date1904))
        assert isinstance(found, Coerced)
        value = found.value
        assert not isinstance(value, float) or math.isfinite(value), (column.key, value)
        assert value is not NON_LU or found.remarks, (column.key, "unread and nothing said")
        for remark in found.remarks:
            assert remark.code
            assert all(map(_is_visible, remark.values.values())), (remark.code, remark.values)


def texte(data: bytes) -> None:
    """Any text as a number or a date: what is read reads the same once written in French."""
    text = data.decode("utf-8", "replace")
    number = parse_number(text)
    if number is not None and not number.percent and abs(number.value) < 1e9:
        assert math.isfinite(number.value)
        again = parse_number(number_text(number.value))
        assert again is None or abs(again.value - number.value) < 1e-6
    for day in readings(text):
        assert isinstance(day, dt.date)
        assert day in readings(day.strftime("%d/%m/") + f"{day.year:04}")


CIBLES: dict[str, Callable[[bytes], None]] = {
    cible.__name__: cible for cible in (conteneur, partie, lignes, saisie, texte)
}


# --- the reader


def _read(data: bytes) -> RawWorkbook | str:
    try:
        raw = read_workbook(data, LIMITS)
    except UnreadableWorkbookError as refusal:
        assert refusal.message and refusal.fix
        return refusal.code
    for sheet in raw.sheets:
        for place, cell in sheet.cells.items():
            assert place == (cell.row, cell.col)
            assert type(cell.value) is not float or math.isfinite(cell.value)
            assert (cell.value is None) == (not cell.cached)
    return raw


def _two_ways(data: bytes) -> None:
    found = _read(data)
    with _all_by_expat():
        other = _read(data)
    assert found == other, "the two ways of reading disagree"


@contextlib.contextmanager
def _all_by_expat() -> Iterator[None]:
    """Nothing taken from the text: every item goes through expat."""
    modules: tuple[Any, ...] = (sheet_part, strings)
    kept = [module.skim for module in modules]
    try:
        for module in modules:
            module.skim = lambda chunks, _items, _longest: chunks
        yield
    finally:
        for module, skim in zip(modules, kept, strict=True):
            module.skim = skim


# --- the coercion


@cache
def _columns() -> tuple[Any, ...]:
    return tuple(column for sheet in SHEETS.values() for column in sheet.columns)


@cache
def _reading(date1904: bool) -> CellReading:
    return CellReading(load_referentiel(), date1904)


_FORMATS = (
    NumberFormat("General"),
    NumberFormat("dd/mm/yyyy", is_date=True),
    NumberFormat("[h]:mm", is_time=True),
    NumberFormat("0.0%"),
)


def _cell(kind: int, body: bytes) -> RawCell:
    """A cell of that kind: a text, a number in some format, a boolean, an error."""
    format_ = _FORMATS[kind // 8 % len(_FORMATS)]
    if kind % 8 == 0:
        return RawCell(6, 2, "b", "1", bool(body[0] & 1), None, True, format_)
    if kind % 8 == 1:
        return RawCell(6, 2, "e", "#N/A", ExcelError("#N/A"), None, True, format_)
    if kind % 8 in (2, 3):
        (number,) = struct.unpack("<d", body[:8].ljust(8, b"\0"))
        value = number if math.isfinite(number) else 0.0
        return RawCell(6, 2, "n", repr(value), value, None, True, format_)
    text = body.decode("utf-8", "replace")
    return RawCell(6, 2, "s", text, text, None, True, format_)


def _is_visible(value: Any) -> bool:
    """A text that a report will show holds nothing that acts."""
    from tests.reliability.inert import invisible

    return not isinstance(value, str) or not invisible(value)
