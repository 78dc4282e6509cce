"""Texts that look like numbers or dates, read by named rules; the ambiguous is never guessed.

A French form receives « 1 234,50 € », « 85 % », « 31/12/2026 », « 1er mars 2026 ». It also
receives « 1.234 », which is either one thousand or a little more than one: that one is refused.
"""

from __future__ import annotations

import datetime as dt
import re

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.light_dataclass import dataclass

_BLANKS = "\u00a0\u202f\u2009\u2007\u2002\u2003\t"
_TO_SPACE = {ord(char): " " for char in _BLANKS}
_TO_SPACE_ONLY = {code: " " for code in _TO_SPACE if code != ord("\t")}
"""A tabulation, a line feed or two blanks are between two things: « 1⇥234 » is no thousand."""

_NUMBER = lazy_pattern(
    r"""(?P<open>\()?\s?(?P<sign>[-−+])?\s?
        (?P<int>[1-9]\d{0,2}(?:\ \d{3})+|[1-9]\d{0,2}(?:'\d{3})+|[1-9]\d{0,2}(?:\.\d{3}){2,}
            |[1-9]\d{0,2}(?:,\d{3}){2,}|[1-9]\d{0,2}(?:\.\d{3})+(?=,\d)
            |[1-9]\d{0,2}(?:,\d{3})+(?=\.\d)|\d{1,15})
        (?:(?P<sep>[.,])(?P<frac>\d{1,15}))?
        \s?(?P<suffix>%|k€|K€|€|EUR|[Ee]uros?)?
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
    """Text without leading, trailing or doubled blanks, insecable ones included."""
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """Is there nothing but blanks? Does `clean` leave nothing of it?"""
    return not text or text.isspace()


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
    suffix = match["suffix"] or match["unit"] or ""
    if suffix in ("k€", "K€"):
        value *= 1000
    if match["open"] or match["after"] or match["sign"] in ("-", "−"):
        value = -value
    percent = suffix == "%"
    return ParsedNumber(value / 100 if percent else value, percent, sep == ".")


_ALONE = lazy_pattern(r"(?<![\w.,])(\d[\d \u00a0\u202f]*(?:[.,]\d+)?)(?![\w.,]*\d)")


def number_inside(text: str) -> float | None:
    """The only number that a text holds (« 60 places »), to be proposed; None when several."""
    found = [one for one in _ALONE.findall(text) if one.strip()]
    read = parse_number(found[0].strip()) if len(found) == 1 else None
    return None if read is None else read.value


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
