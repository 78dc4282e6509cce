"""Dates: stored as dates, or written as texts and numbers that have a single reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.typography import number_text, visible
from xl_cpom.workbook.interpretation.coercion.model import (
    CellReading,
    CellRemark,
    Coerced,
    shown,
    unread,
)
from xl_cpom.workbook.interpretation.parsing import date_from_serial, parse_date
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import RawCell


def read_date(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A date, from a serial number or from a text that has a single reading."""
    if isinstance(raw, bool):
        return unread("FMT-007", lu=shown(cell, column, reading.date1904))
    if isinstance(raw, str):
        day = parse_date(raw)
        if day is None:
            return unread("FMT-007", lu=visible(raw))
        return _dated(day, reading, column, _date_remark(visible(raw), day))
    found = date_from_serial(as_shown(float(raw)), reading.date1904)
    if found is None:
        return unread("FMT-007", lu=number_text(raw))
    if cell.is_date:
        return _dated(found, reading, column, ())
    if _is_plausible(found, reading):
        return _dated(found, reading, column, _date_remark(number_text(raw), found))
    return unread("FMT-007", lu=number_text(raw))


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
