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

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.workbook.interpretation.parsing import MONTHS, clean

_BEFORE = re.compile(
    r"(?:(?:le|au|du|depuis le|jusqu'au|avant le|à compter du|à partir du"
    r"|(?:date|échéance|fin|début|terme) ?:)\s+)?"
    r"(?:(?:lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|edi|anche)?\.?,?\s+)?(?:le\s+)?",
    re.IGNORECASE,
)
_CLOCK = r"(?:[T ,]+(?:à )?\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:er)?(?: ?[/.,\\-]{1,2} ?| )(\d{1,2})(?: ?[/.,\\-]{1,2} ?| )(\d{4}|\d{2})"
    + _CLOCK,
    re.ASCII,
)
_YEAR_FIRST = re.compile(r"(\d{4}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{1,2})" + _CLOCK, re.ASCII)
_IN_WORDS = re.compile(
    r"(\d{1,2})(?:er|°)?[ -]*([a-zéèûÉÈÛ]+)\.?[ -]*(\d{4}|\d{2})", re.ASCII | re.IGNORECASE
)
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_MONTH_ONLY = re.compile(
    r"(?:(?:en|fin|courant|mi)[ -])?(?:(\d{1,2}) ?[/.-] ?|([a-zéèû]+)\.?[ -])(20\d{2}|\d{2})",
    re.IGNORECASE,
)
_YEAR_ONLY = re.compile(r"(?:en |fin |année |courant )?(20\d{2})", re.IGNORECASE)
_PART = lazy_pattern(
    r"(?:fin )?(?:(?:le )?([1-4])\w{0,3} ?(t|s)(?:rim|em)?(?:estre)?\.?|(t|q|s) ?([1-4]))[ -]*"
    r"(20\d{2})"
    r"|(20\d{2})[ -]*(?:(t|q|s) ?([1-4]))"
)
_IN_ENGLISH = lazy_pattern(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (20\d{2})")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ANYWHERE = lazy_pattern(r"(?<!\d)\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?20\d{2}(?!\d)", re.ASCII)
_CONFUSED = str.maketrans("OoIl|", "00111")
_OLDEST = 1945
"""No two-digit year is older: no authorisation of ours is."""


def readings(text: str) -> tuple[dt.date, ...]:
    """Every day that a text may mean, without repetition; () when it is no date."""
    bare = unicodedata.normalize("NFC", clean(text)).replace("’", "'").rstrip(" .,;")
    found = _BEFORE.match(bare)
    bare = bare[found.end() :] if found else bare
    return tuple(dict.fromkeys(day for day in _days(bare) if day is not None))


def likely(text: str) -> dt.date | None:
    """The day to propose for a text that names none: the last one of what it names, most often."""
    bare = unicodedata.normalize("NFC", clean(text)).casefold()
    if match := _MONTH_ONLY.fullmatch(bare):
        month = int(match[1]) if match[1] else MONTHS.get(match[2] or "", 0)
        year = int(match[3]) % 2000 + 2000
        if 1 <= month <= 12:
            return _last_of(year, month)
    if match := _YEAR_ONLY.fullmatch(bare):
        return dt.date(int(match[1]), 12, 31)
    if match := _PART.fullmatch(bare):
        return _end_of_part(match)
    if (match := _IN_ENGLISH.fullmatch(bare)) and match[1][:3] in _ENGLISH:
        return _day(int(match[3]), _ENGLISH.index(match[1][:3]) + 1, int(match[2]))
    return _slip(text)


def _slip(text: str) -> dt.date | None:
    """A day behind a slip: « 31/06/2028 », « 31/12/2O28 », « 31/12/2028 (prévu) »."""
    bare = clean(text).rstrip(" .,;")
    found = readings(bare.translate(_CONFUSED))
    written = list(dict.fromkeys(_ANYWHERE.findall(bare)))
    if not found and len(written) == 1:
        found = readings(written[0])
    if not found and (match := _DAY_FIRST.fullmatch(bare)) and len(match[3]) == 4:
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        if 28 < day < 32 and 1 <= month <= 12 and 2000 <= year < 2100:
            return _last_of(year, month)
    return found[0] if len(found) == 1 else None


def _end_of_part(match: re.Match[str]) -> dt.date | None:
    """The last day of a quarter (T4 2028) or of a half-year (1er semestre 2028)."""
    year = int(match[5] or match[6])
    letter, rank = match[2] or match[3] or match[7], int(match[1] or match[4] or match[8])
    months = 6 if letter == "s" else 3
    return _last_of(year, months * rank) if months * rank <= 12 else None


def _last_of(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


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
