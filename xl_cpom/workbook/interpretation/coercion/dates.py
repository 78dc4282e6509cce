"""Dates: stored as dates, or written as texts and numbers that have a single reading."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.typography import number_text, visible
from xl_cpom.workbook.interpretation.coercion.model import (
    CellReading,
    CellRemark,
    Coerced,
    shown,
    unread,
)
from xl_cpom.workbook.interpretation.parsing import clean, date_from_serial
from xl_cpom.workbook.interpretation.typed_dates import likely, readings
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import RawCell

_SERIAL = lazy_pattern(r"([1-9]\d{4})(?:[.,]0+)?", re.ASCII)


def read_date(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A date, from a serial number or from a text that has a single reading."""
    if isinstance(raw, bool):
        return unread("FMT-007", lu=shown(cell, column, reading.date1904))
    if isinstance(raw, str):
        return _typed(raw, column, reading)
    found = date_from_serial(as_shown(float(raw)), reading.date1904)
    if found is None:
        plain = str(int(raw)) if float(raw).is_integer() else number_text(raw)
        return _typed(plain, column, reading)  # « 20281231 », stored as a number
    if cell.is_date:
        return _dated(found, reading, column, ())
    if _is_plausible(found, reading):
        return _dated(found, reading, column, _date_remark(number_text(raw), found))
    proposal = likely(str(int(raw)))
    suggestion = f" ; était-ce {proposal:%d/%m/%Y} ?" if proposal else ""
    return unread("FMT-007", lu=number_text(raw), suggestion=suggestion)


def _typed(raw: str, column: Column, reading: CellReading) -> Coerced:
    """A date typed as a text: the only plausible day it may mean."""
    days = readings(raw) or _serial(raw, reading)
    plausible = [day for day in days if _is_plausible(day, reading)]
    if column.any_date:
        last = reading.referentiel.valeur("date_maximale")
        plausible = [day for day in days if day <= last]
    meant = plausible or list(days[:1])
    if len(meant) != 1:
        proposal = meant[-1] if meant else likely(raw)
        suggestion = f" ; était-ce {proposal:%d/%m/%Y} ?" if proposal else ""
        return unread("FMT-007", lu=visible(raw), suggestion=suggestion)
    (day,) = meant
    return _dated(day, reading, column, _date_remark(visible(raw), day))


def _serial(raw: str, reading: CellReading) -> tuple[dt.date, ...]:
    """The day behind a serial number that an export wrote as a text: « 47118 », « 47118.0 »."""
    number = _SERIAL.fullmatch(clean(raw))
    day = date_from_serial(float(number[1]), reading.date1904) if number else None
    return () if day is None or not _is_plausible(day, reading) else (day,)


def _date_remark(read: str, day: dt.date) -> tuple[CellRemark, ...]:
    return (CellRemark("FMT-016", {"lu": read, "attendu": day.strftime("%d/%m/%Y")}),)


def _is_plausible(day: dt.date, reading: CellReading) -> bool:
    ref = reading.referentiel
    return bool(ref.valeur("date_minimale") <= day <= ref.valeur("date_maximale"))


def _dated(
    day: dt.date, reading: CellReading, column: Column, remarks: tuple[CellRemark, ...]
) -> Coerced:
    """The date; one that is not plausible is not kept, or ten rules would say it again."""
    if _is_plausible(day, reading) or column.any_date:
        return Coerced(day, remarks)
    first, last = map(reading.referentiel.valeur, ("date_minimale", "date_maximale"))
    return unread("FMT-008", lu=day.strftime("%d/%m/%Y"), debut=f"{first.year}", fin=f"{last.year}")
