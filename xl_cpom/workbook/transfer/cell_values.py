"""One value from the old cell to the new one: what is written, and whether it changed on the way.

A typed value is written typed. What the coercion could not read is written as it stood, so that
the gestionnaire finds it in its cell and the control still reports it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import NBSP, date_text, number_text, rate_text, value_text
from xl_cpom.workbook.cell_limits import cut_text
from xl_cpom.workbook.interpretation.coercion import shown
from xl_cpom.workbook.interpretation.coercion.texts import plain_number
from xl_cpom.workbook.interpretation.parsing import clean, date_from_serial
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.reader import ExcelError, Malformed, NonFinite, RawCell, serial_to_datetime
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.template.cell_writing import as_text, serial

DAYS_1904 = 1462
"""Days between the two date systems of Excel."""

FIRST_DAY = dt.date(1900, 3, 1)
"""Excel's numbers of the days before this one count a 29 February 1900: they are not recomputed."""

ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
"""Error values that can be written in a cell again."""

_INVALIDES = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error value to be written as an error, and not as the text that shows it."""

    code: str


def is_empty_value(value: Any) -> bool:
    """Is there nothing to keep: no value, or a text made of blanks?"""
    return value is None or (isinstance(value, str) and not clean(value))


def value_to_write(cell: RawCell | None, value: Any, column: Column, date1904: bool) -> Any:
    """The value to write for an entry read as `value`; None when nothing can be written."""
    if value is None or cell is None:
        return value if value is not NON_LU else None
    raw = cell.value
    if value is NON_LU:
        value = _as_is(cell, column, date1904)
    elif column.kind is Kind.TEXT and isinstance(raw, str) and _reads_as_typed(raw, value):
        value = "\n".join(clean(line) for line in raw.strip().splitlines())
    if isinstance(value, dt.date) and value < FIRST_DAY:
        return int(raw) if isinstance(raw, float) and not date1904 else str(raw)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # a formula that shows it is then stored as the template stores it
    if not isinstance(value, str):
        return value
    return is_writable(value) if cut_text(value) == value else None


def _reads_as_typed(raw: str, value: Any) -> bool:
    """Is the value the text itself? « 'A25 », « 210 781 456 » are read otherwise."""
    return bool(value == unicodedata.normalize("NFC", clean(raw)))


def _as_is(cell: RawCell, column: Column, date1904: bool) -> Any:
    """The content of a cell that could not be read, to be written as it stood."""
    raw = cell.value
    if isinstance(raw, float) and cell.is_date and column.reference:
        day = date_from_serial(raw, date1904)  # as exports write it: the control still reports it
        return None if day is None else f"{day} 00:00:00"
    if isinstance(raw, float) and cell.is_date and _is_number_code(column):
        return shown(cell, column, date1904)  # the number of its day would mean nothing there
    if isinstance(raw, Malformed | NonFinite):
        return raw.code
    if isinstance(raw, ExcelError):
        return ErrorValue(raw.code) if raw.code in ERRORS else None
    if isinstance(raw, float) and cell.is_date and date1904:
        return raw + DAYS_1904
    return raw


def is_writable(text: str) -> str:
    """Text that XML can hold: what it forbids shows as U+FFFD."""
    return _INVALIDES.sub("\N{REPLACEMENT CHARACTER}", text)


def is_identical(cell: RawCell, written: Any, date1904: bool) -> bool:
    """Does the new cell hold exactly what the old one held?"""
    raw = cell.value
    if isinstance(raw, ExcelError):
        return isinstance(written, ErrorValue) and written.code == raw.code
    if isinstance(written, dt.date):
        shift = DAYS_1904 if date1904 else 0
        return isinstance(raw, float) and cell.is_date and as_shown(raw + shift) == serial(written)
    if isinstance(written, tuple):
        return isinstance(raw, str) and _compact(raw) == _compact(as_text(written))
    if isinstance(raw, bool) or isinstance(written, bool):
        return raw is written
    if isinstance(raw, float) and cell.is_date and date1904:
        return isinstance(written, int | float) and raw + DAYS_1904 == written
    if isinstance(raw, str) and isinstance(written, str):
        if raw != raw.strip():
            return raw == written  # a line end or a blank taken off is told
        return "\n".join(raw.splitlines()) == written
    if isinstance(raw, str) or isinstance(written, str):
        return False
    if isinstance(raw, float) and isinstance(written, int | float):
        return as_shown(raw) == as_shown(written)
    return bool(raw == written)


def _compact(text: str) -> str:
    return "".join(text.split()).replace(",", ";").strip(";")


def read_value(cell: RawCell, column: Column) -> str:
    """What the old cell held, as it is told in the list of repairs."""
    raw = cell.value
    if isinstance(raw, float) and not cell.is_date and _is_number_code(column):
        return plain_number(raw)
    if isinstance(raw, float) and cell.is_date and not raw.is_integer():
        moment = serial_to_datetime(raw)
        return shown(cell) if moment is None else f"{date_text(moment)} {moment:%H:%M}"
    return shown(cell)


def reads_back(old: Any, new: Any) -> bool:
    """Is a value read in the new file the one that was read in the old one?

    Numbers are stored with 16 digits, one less than a double may need; what XML forbids is gone.
    """
    if isinstance(old, float) and isinstance(new, int | float):
        return math.isclose(old, new, rel_tol=1e-14, abs_tol=1e-300)
    return bool(old == new) or (isinstance(old, str) and clean(is_writable(old)) == new)


def _is_number_code(column: Column) -> bool:
    return column.kind.is_identifier or column.kind in (Kind.TEXT, Kind.CODE, Kind.LISTING)


def shown_value(value: Any, column: Column) -> str:
    """A value written, as the gestionnaire reads it in the new cell."""
    if isinstance(value, ErrorValue):
        return str(ExcelError(value.code))
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if column.kind in (Kind.TAUX, Kind.RATIO):
            return rate_text(value)
        if column.kind is Kind.ANNEE:
            return plain_number(value)
        if column.kind is Kind.MONTANT:
            return f"{number_text(value, 2)}{NBSP}€"
    return value_text(value)
