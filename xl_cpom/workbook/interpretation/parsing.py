"""Texts that look like numbers or dates, read by named rules; the ambiguous is never guessed.

A French form receives « 1 234,50 € », « 85 % », « 31/12/2026 », « 1er mars 2026 ». It also
receives « 1.234 », which is either one thousand or a little more than one: that one is refused.
"""

from __future__ import annotations

import datetime as dt
import re

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import without_unseen

_BLANKS = "\u00a0\u202f\u2009\u2007\u2002\u2003\t"
_TO_SPACE = {ord(char): " " for char in _BLANKS}
_TO_SPACE_ONLY = {code: " " for code in _TO_SPACE if code != ord("\t")}
"""A tabulation, a line feed or two blanks are between two things: « 1⇥234 » is no thousand."""

_NUMBER = lazy_pattern(
    r"""(?P<open>\()?\s?(?P<sign>[-−+])?\s?
        (?P<int>[1-9]\d{0,2}(?:\ \d{3})+|[1-9]\d{0,2}(?:'\d{3})+|[1-9]\d{0,2}(?:\.\d{3}){2,}
            |[1-9]\d{0,2}(?:,\d{3}){2,}|[1-9]\d{0,2}(?:\.\d{3})+(?=,\d)
            |[1-9]\d{0,2}(?:,\d{3})+(?=\.\d)|\d{1,15})
        (?:(?P<sep>[.,])(?P<frac>\d{1,20}))?
        \s?(?P<suffix>%|(?i:p(?:our[ ]?|\.[ ]?)?c(?:en)?t\.?|(?:[km][ ]?)?(?:€|eur|euros?)
            |mille|milliers?|millions?)|[kK])?(?:[ ](?:d'|d[’])?(?i:€|euros?))?
        \s?(?P<after>[-−])?\s?(?P<close>\))?\s?(?P<unit>%|€)?""",
    re.VERBOSE | re.ASCII,
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv"), ("février", "fevrier", "fév", "fev", "févr"), ("mars",),
            ("avril", "avr"), ("mai",), ("juin",), ("juillet", "juil"), ("août", "aout"),
            ("septembre", "sept"), ("octobre", "oct"), ("novembre", "nov"),
            ("décembre", "decembre", "déc", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip

EPOCH_1900 = dt.date(1899, 12, 30)
EPOCH_1904 = dt.date(1904, 1, 1)
LAST_SERIAL = 2_958_465
DAYS_1904 = 1_462
"""Days between the two calendars of Excel."""


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A number read from a text: its value (percent already divided), and how it was written."""

    value: float
    percent: bool = False
    point: bool = False


def clean(text: str) -> str:
    """Text without leading, trailing or doubled blanks (insecable too), nor what is unseen."""
    return " ".join(without_unseen(text).split())


def is_blank(text: str) -> bool:
    """Is there nothing but blanks? Does `clean` leave nothing of it?"""
    return not text or text.isspace() or (not text.isascii() and not clean(text))


def parse_number(text: str) -> ParsedNumber | None:
    """Number written in a text, or None when it is not one or could be read in two ways.

    « (12 000) » and « 12 000- » are how accounts write a negative; « 1.234,56 » has one reading.
    """
    match = _NUMBER.fullmatch(text.strip().translate(_TO_SPACE_ONLY))
    if match is None or (match["open"] is None) is not (match["close"] is None):
        return None
    if sum(bool(match[part]) for part in ("open", "sign", "after")) > 1:
        return None
    if match["suffix"] and match["unit"]:
        return None
    integer, sep, frac = match["int"], match["sep"], match["frac"]
    grouped = not integer.isdigit()
    spaced = " " in integer
    integer = re.sub(r"\D", "", integer)
    if frac and len(frac) == 3 and not grouped and 1 <= len(integer) <= 3 and integer != "0":
        return None  # « 1.234 », « 1,234 »: a thousand or a decimal?
    if spaced and sep == ".":
        return None  # « 1 234.5 » mixes two conventions
    value = float(f"{integer}.{frac or 0}")
    suffix = (match["suffix"] or match["unit"] or "").casefold()
    value *= _times(suffix)
    if match["open"] or match["after"] or match["sign"] in ("-", "−"):
        value = -value
    percent = suffix == "%" or suffix.startswith("p")
    return ParsedNumber(value / 100 if percent else value, percent, sep == ".")


def _times(unit: str) -> int:
    """What a unit multiplies by: « 12 k€ », « 1,2 million d'euros »."""
    if unit.startswith(("million", "m€", "m €", "meur", "m eur")):
        return 1_000_000
    return 1000 if unit.startswith(("k", "mill")) else 1


_CONFUSED = str.maketrans("OoIl|S", "001115")
_ALONE = lazy_pattern(
    r"(?<![\w.,])(\d[\d \u00a0\u202f]*(?:[.,]\d+)?(?: ?[km]€| mill(?:e|iers?|ions?)\b)?)"
    r"(?![\w.,]*\d)",
    re.IGNORECASE,
)
_TWO_WAYS = lazy_pattern(r"(\d{1,3})[.,](\d{3})(?: ?€)?", re.ASCII)


def numbers_meant(text: str) -> tuple[float, ...]:
    """What a text that is no number may mean, to be proposed: « 60 places », « 1O », « 1.234 »."""
    bare = clean(text).replace("’", "'").replace("–", "-").strip("'\"«» ~=")
    if (both := _TWO_WAYS.fullmatch(bare)) is not None:
        return (float(both[1] + both[2]), float(f"{both[1]}.{both[2]}"))
    for written in (bare, bare.translate(_CONFUSED)):
        read = parse_number(written)
        if read is not None and any(char.isdigit() for char in bare):
            return (read.value * 100 if read.percent else read.value,)
    found = [one.strip() for one in _ALONE.findall(bare) if one.strip()]
    if len(found) != 1 or re.search(re.escape(found[0]) + r"[A-Za-z]", bare):
        return ()
    read = parse_number(found[0])
    return () if read is None else (read.value,)


def date_from_serial(serial: float, date1904: bool) -> dt.date | None:
    """Date of an Excel serial number, None outside 01/01/1900 – 31/12/9999.

    Serial 60 is the 29 February 1900 that never was.
    """
    if not 1 <= serial <= LAST_SERIAL - (DAYS_1904 if date1904 else 0):
        return None
    if date1904:
        return EPOCH_1904 + dt.timedelta(days=int(serial))
    if int(serial) == 60:
        return None
    if serial < 60:  # Excel believes in 29 February 1900
        return dt.date(1899, 12, 31) + dt.timedelta(days=int(serial))
    return EPOCH_1900 + dt.timedelta(days=int(serial))
