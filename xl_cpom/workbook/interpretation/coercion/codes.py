"""Codes and references, which a spreadsheet turns into dates: « 2.2.1 », « 2.1 », « 1-2 ».

A date is read back only when a single code that it may come from is in the list of the column, has
the shape of its codes, or is written as the other references of the sheet. Otherwise nothing is
invented: the cell is unreadable, and what it likely was is proposed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from xl_cpom.typography import fold, guillemets, listing
from xl_cpom.workbook.interpretation.coercion.model import CellReading, Coerced, said, shown, unread
from xl_cpom.workbook.interpretation.coercion.texts import list_code, read_list, read_text
from xl_cpom.workbook.interpretation.parsing import clean, date_from_serial
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import RawCell

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?Z?", re.ASCII)
_WRITTEN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_FIRST_YEAR = 2020
"""A code of two levels takes the year in which it was typed: none of ours is older."""

_THREE_LEVELS = r"\d\.\d{1,2}\.\d"
_REFERENCE = re.compile(r"(?:n[°o] ?)?[a-z]{0,6}[ ._/-]?\d[a-z0-9 ._/+-]{0,30}")
_PREFIX = re.compile(
    r"(?:l')?(?:(?:actions?|points?|mesures?|missions?|fiches?) )?"
    r"(?:(?:n[°o]\.?|num(?:ero)?) ?)?(?=[a-z0-9])"
)


def read_code(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """HAS and SERAFIN codes, and the code of a département."""
    day = _as_date(cell, raw, reading, iso_only=False)
    if day is not None:
        return _read_back(cell, day, column, reading)
    if column.list_name is not None:
        return read_list(cell, raw, column, reading)
    read = read_text(cell, raw, column, reading)
    known = reading.nomenclature(column)
    if not known or read.value in known:
        return read
    if (value := reading.written_otherwise(column).get(str(raw))) is not None:
        return Coerced(value)
    return list_code(str(read.value), column, tuple(known), known) or read


def read_reference(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """The number that names a record (« A3 », « 1-2 »), which is no date."""
    day = _as_date(cell, raw, reading, iso_only=True)
    if day is not None:
        return _read_back(cell, day, column, reading)
    return read_text(cell, raw, column, reading)


def _as_date(cell: RawCell, raw: Any, reading: CellReading, *, iso_only: bool) -> dt.date | None:
    """The day that a cell holds, stored as a date or as the text another program made of one."""
    if isinstance(raw, float) and cell.is_date:
        return date_from_serial(raw, reading.date1904)
    if not isinstance(raw, str):
        return None
    text = clean(raw)
    try:
        if (match := _ISO.fullmatch(text)) and (not iso_only or len(text) > len("2026-02-01")):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if not iso_only and (match := _WRITTEN.fullmatch(text)):
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
    return None


def _read_back(cell: RawCell, day: dt.date, column: Column, reading: CellReading) -> Coerced:
    read = day.strftime("%d/%m/%Y")
    if cell.is_date and cell.format.is_date and isinstance(cell.value, float):
        read = shown(cell, column, reading.date1904) or read
    found = list(dict.fromkeys(c for c in _candidates(day, column) if _admits(c, column, reading)))
    if len(found) == 1:
        return said(found[0], "FMT-012", lu=read, attendu=found[0])
    likely = found or _likely(day, column)
    proposal = listing((guillemets(code) for code in likely), "ou")
    suggestion = f" ; était-ce {proposal} ?" if proposal else ""
    return unread("FMT-026", lu=read, suggestion=suggestion)


def _candidates(day: dt.date, column: Column) -> Iterator[str]:
    """The codes that a spreadsheet takes for this day: « 2.2.1 », « 2.1 », « 3.14 », « 1-2 »."""
    d, m, y = day.day, day.month, day.year
    marks = ("-", "/", ".") if column.reference else (".",)
    for mark in marks:
        if 2000 < y < 2010:
            yield f"{d}{mark}{m}{mark}{y - 2000}"
        if y >= _FIRST_YEAR:
            yield f"{d}{mark}{m}"
            if column.reference:
                yield f"{d:02}{mark}{m:02}"
        if d == 1 and (y - 2000 > 12 or y < 2000):  # « 3.14 »: March 2014
            yield f"{m}{mark}{y % 100:02}"


def _likely(day: dt.date, column: Column) -> list[str]:
    """What the code may have been, when nothing tells it from another."""
    if not column.reference or day.year < _FIRST_YEAR:
        return []
    return [f"{day.day}-{day.month}", f"{day.day}.{day.month}"]


def _admits(code: str, column: Column, reading: CellReading) -> bool:
    """Is it a code of the column?"""
    if column.list_name is not None:
        return code in reading.admitted(column)
    if column.reference:
        written = reading.written.get(column.key, {})
        return written.get(shape_of(code), 0) > 0 and code not in reading.taken.get(column.key, ())
    if column.nomenclature:
        return code in reading.nomenclature(column)
    return re.fullmatch(column.pattern or _THREE_LEVELS, code, re.ASCII) is not None


# --- how references are written


@lru_cache(maxsize=4096)
def shape_of(text: str) -> str:
    """« A21 » -> « a9 », « 2026-BFC-0142 » -> « 9-aaa-9 »; "" when it is no reference."""
    folded = fold(clean(text))
    if _REFERENCE.fullmatch(folded) is None:
        return ""
    return re.sub(r"\d+", "9", re.sub(r"[a-z]", "a", bare_reference(folded)))


@lru_cache(maxsize=4096)
def bare_reference(text: str) -> str:
    """What tells a reference from another, however it is typed: « n° A 25 » -> « a25 »."""
    return _PREFIX.sub("", fold(clean(text))).replace(" ", "").strip('.,;:()"')
