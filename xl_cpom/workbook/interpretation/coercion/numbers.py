"""Numbers, rates, years and HAS marks, with the bounds of their column."""

from __future__ import annotations

import re
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.typography import FINE, listing, number_text, rate_text, visible
from xl_cpom.workbook.interpretation.coercion.model import (
    CellReading,
    CellRemark,
    Coerced,
    is_calendar,
    said,
    shown,
    unread,
)
from xl_cpom.workbook.interpretation.parsing import clean, numbers_meant, parse_number
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.reader import RawCell
from xl_cpom.workbook.records import NON_LU

_SHAPES = {
    Kind.ANNEE: ", l'année sur quatre chiffres (exemple : 2027)",
    Kind.INTEGER: " et entier (exemple : 80)",
    Kind.TAUX: " (exemple : 85 %)",
}
"""What a number of this kind looks like, after « Saisissez un nombre seul »."""


def _no_number(column: Column, **words: Any) -> Coerced:
    """Nothing that reads as a number: what was typed, and what the column waits for."""
    shape = _SHAPES.get(column.kind, ", avec une virgule pour les décimales (exemple : 1234,5)")
    return unread("FMT-020", forme=shape, **words)


def read_number(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A number, from a numeric cell or from a text written the French way."""
    remarks: tuple[CellRemark, ...] = ()
    if isinstance(raw, bool) or (is_calendar(cell) and not isinstance(raw, str)):
        return _no_number(column, lu=shown(cell, column, reading.date1904))
    if isinstance(raw, str):
        parsed = parse_number(raw)
        if parsed is None or (parsed.percent and column.kind is not Kind.RATIO):
            return _no_number(column, lu=visible(raw), suggestion=_proposal(raw, column))
        code = "FMT-011" if parsed.point else "FMT-021"
        attendu = number_text(parsed.value)
        if column.kind is Kind.ANNEE:
            attendu = attendu.replace(FINE, "")  # years are not grouped by thousands
        remarks = (CellRemark(code, {"lu": visible(raw), "attendu": attendu}),)
        raw = parsed.value
    return _bounded(as_shown(float(raw)), column, remarks, reading)


def read_integer(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A whole number (a year, a number of places)."""
    read = read_number(cell, raw, column, reading)
    if read.value is NON_LU:
        return read
    if not float(read.value).is_integer():
        return unread("FMT-023", lu=number_text(read.value))
    return Coerced(int(read.value), read.remarks)


def read_taux(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A rate from 0 to 1, whether typed 0,85, 85 or « 85 % »."""
    remarks: tuple[CellRemark, ...] = ()
    limit = float(reading.referentiel.valeur("seuil_taux_saisi_en_points"))
    if isinstance(raw, bool) or (is_calendar(cell) and not isinstance(raw, str)):
        return _no_number(column, lu=shown(cell, column, reading.date1904))
    if isinstance(raw, str):
        parsed = parse_number(raw)
        if parsed is None:
            return unread("FMT-009", lu=visible(raw), suggestion=_proposal(raw, column))
        value = parsed.value
        if not parsed.percent and limit < value <= 100:
            value /= 100
        code = "FMT-011" if parsed.point else "FMT-018"
        return _bounded(
            as_shown(value),
            column,
            (CellRemark(code, {"lu": visible(raw), "attendu": _exact(value)}),),
            reading,
        )
    value = as_shown(float(raw))
    if limit < value <= 100:
        value /= 100
        remarks = (CellRemark("FMT-010", {"lu": number_text(raw), "attendu": _exact(value)}),)
    return _bounded(value, column, remarks, reading)


def _proposal(raw: str, column: Column) -> str:
    """« ; était-ce 60 ? »: the number that a text means, never taken by itself."""
    unit = f"{FINE}%" if column.kind is Kind.TAUX and "%" in raw else ""
    found = [number_text(value) for value in numbers_meant(raw)]
    if column.kind.is_ungrouped:  # years are not grouped by thousands
        found = [text.replace(FINE, "") for text in found]
    proposal = listing((f"{text}{unit}" for text in found), "ou")
    return f" ; était-ce {proposal} ?" if proposal else ""


def _exact(value: float) -> str:
    """A rate with all its decimals: « 0,85 % » is not read 0,9 %."""
    return f"{number_text(value * 100)}{FINE}%"


def _bounded(
    value: float, column: Column, remarks: tuple[CellRemark, ...], reading: CellReading
) -> Coerced:
    """The value with its remarks; out of bounds it is not kept, and only that is said."""
    low, high = column.bounds(reading.referentiel)
    if (low is not None and value < low) or (high is not None and value > high):
        read = rate_text(value) if column.kind is Kind.TAUX else number_text(value)
        return unread("FMT-022", lu=read, bornes=_bounds(column, low, high))
    return Coerced(value, remarks)


def _bounds(column: Column, least: float | None, most: float | None) -> str:
    """« de 0 % à 100 % », « d'au moins 0 », « d'au plus 366 »."""
    low, high = (None if bound is None else _bound(bound, column) for bound in (least, most))
    if low is None or high is None:
        return f"d'au plus {high}" if low is None else f"d'au moins {low}"
    return f"de {low} à {high}"


def _bound(value: float, column: Column) -> str:
    if column.kind is Kind.TAUX:
        return rate_text(value, 0)
    return f"{value:.0f}" if column.kind is Kind.ANNEE else number_text(value)


_STARS = frozenset("*☆⭐★✩✪")


def _mark_meant(text: str, specials: tuple[str, ...]) -> str:
    """« * », « ⭐ » -> ★; « N.C. », « n/c » -> NC."""
    if text in _STARS:
        return "★"
    letters = re.sub(r"[ ./-]", "", text).upper()
    return letters if letters in specials else ""


def read_cotation(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A HAS mark: 1 to 4, ★, NC or RI."""
    if isinstance(raw, str):
        text = clean(raw)
        specials = reading.referentiel.listes["cotation_speciale"]
        if text.upper() in specials or text in specials:
            return Coerced(text.upper())
        if meant := _mark_meant(text, specials):
            return said(meant, "FMT-019", lu=visible(text), attendu=meant, nuance="")
        parsed = parse_number(text)
        if parsed is None or parsed.percent:
            return unread("HAS-005", lu=visible(raw))
        raw = parsed.value
        remarks: tuple[CellRemark, ...] = (
            CellRemark("FMT-021", {"lu": visible(text), "attendu": number_text(raw)}),
        )
    elif isinstance(raw, bool) or is_calendar(cell):
        return unread("HAS-005", lu=shown(cell, column, reading.date1904))
    else:
        remarks = ()
    raw = as_shown(float(raw))
    low, high = column.bounds(reading.referentiel)
    assert low is not None and high is not None
    if not low <= raw <= high:
        return unread("HAS-005", lu=number_text(raw))
    return Coerced(float(raw), remarks)
