"""Dates as people type them: « le 31/12/2028 », « 31 / 12 / 28 », « 31 déc. 2028 », « 12/31/2028 ».

`readings` gives every day that a text may mean; who asks keeps the one that is plausible, and
reads nothing when two are. What names no day (« fin 2028 », « décembre 2028 ») is only proposed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

from xl_cpom.workbook.interpretation.parsing import MONTHS, clean

_BEFORE = re.compile(
    r"(?:(?:le|au|du|depuis le|jusqu'au|avant le|à compter du|à partir du|date ?:)\s+)?"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),?\s+)?(?:le\s+)?",
    re.IGNORECASE,
)
_CLOCK = r"(?:[T ,]+(?:à )?\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?: ?[/.-] ?| )(\d{1,2})(?: ?[/.-] ?| )(\d{4}|\d{2})" + _CLOCK, re.ASCII
)
_YEAR_FIRST = re.compile(r"(\d{4}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{1,2})" + _CLOCK, re.ASCII)
_IN_WORDS = re.compile(
    r"(\d{1,2})(?:er|°)?[ -]*([a-zéèûÉÈÛ]+)\.?[ -]*(\d{4}|\d{2})", re.ASCII | re.IGNORECASE
)
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_MONTH_ONLY = re.compile(
    r"(?:(?:en|fin|courant|mi)[ -])?(?:(\d{1,2}) ?[/.-] ?|([a-zéèû]+)\.? )(20\d{2})", re.IGNORECASE
)
_YEAR_ONLY = re.compile(r"(?:en |fin |année |courant )?(20\d{2})", re.IGNORECASE)
_OLDEST = 1945
"""No two-digit year is older: no authorisation of ours is."""


def readings(text: str) -> tuple[dt.date, ...]:
    """Every day that a text may mean, without repetition; () when it is no date."""
    bare = unicodedata.normalize("NFC", clean(text)).replace("’", "'").rstrip(" .,;")
    found = _BEFORE.match(bare)
    bare = bare[found.end() :] if found else bare
    return tuple(dict.fromkeys(day for day in _days(bare) if day is not None))


def likely(text: str) -> dt.date | None:
    """The last day of the month or of the year that a text names, to be proposed."""
    bare = unicodedata.normalize("NFC", clean(text)).casefold()
    if match := _MONTH_ONLY.fullmatch(bare):
        month = int(match[1]) if match[1] else MONTHS.get(match[2] or "", 0)
        year = int(match[3])
        if 1 <= month <= 12:
            return dt.date(year, month, calendar.monthrange(year, month)[1])
    if match := _YEAR_ONLY.fullmatch(bare):
        return dt.date(int(match[1]), 12, 31)
    return None


def _days(bare: str) -> Iterator[dt.date | None]:
    if match := _DAY_FIRST.fullmatch(bare):
        first, second = int(match[1]), int(match[2])
        for year in _years(match[3]):
            yield _day(year, second, first)
            if second > 12:  # « 12/31/2028 » has no other reading
                yield _day(year, first, second)
    elif match := _YEAR_FIRST.fullmatch(bare):
        yield _day(int(match[1]), int(match[3]), int(match[4]))
    elif match := _IN_WORDS.fullmatch(bare):
        month = MONTHS.get(match[2].casefold())
        for year in _years(match[3]) if month else ():
            yield _day(year, month or 0, int(match[1]))
    elif _COMPACT.fullmatch(bare):
        for y, m, d in ((bare[:4], bare[4:6], bare[6:]), (bare[4:], bare[2:4], bare[:2])):
            if 1900 < int(y) < 2100:
                yield _day(int(y), int(m), int(d))


def _years(text: str) -> tuple[int, ...]:
    if len(text) == 4:
        return (int(text),)
    return tuple(year for year in (1900 + int(text), 2000 + int(text)) if year >= _OLDEST)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None  # 31/02/2026 has the form of a date and is not one
