"""French typography, in one place: numbers, dates, rates, lists, quotes, safe characters.

Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

NBSP = "\u00a0"
FINE = "\u202f"

INVISIBLE = (
    "\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    "\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
)
"""For a class of a regular expression: what hides, reorders a line, or that no file may hold.

The controls below the blank are not in it: what becomes of a line feed is for each use to say.
"""

_LINE_ENDS = re.compile(r"\r\n?|\n")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
"""What shows nothing and says nothing: soft hyphens, zero-width blanks, marks of direction."""

_CONTROLS = re.compile(f"[\x00-\x1f{INVISIBLE}]")


def typeset(text: str) -> str:
    """Replace the plain blanks of a French text by the insecable ones it needs."""
    # every text of the catalogue goes through here as it starts: no loop, no expression
    return (
        text.replace(" :", "\u00a0:")
        .replace(" »", "\u00a0»")
        .replace(" ;", "\u202f;")
        .replace(" !", "\u202f!")
        .replace(" ?", "\u202f?")
        .replace(" %", "\u202f%")
        .replace(" €", "\u202f€")
        .replace("« ", "«\u00a0")
    )


_IN_FULL = 1e15
"""Beyond it a sheet keeps no digit of the units."""


def number_text(value: float, decimales: int | None = None) -> str:
    """Number as read in French: 1234.5 -> « 1 234,5 » (at most 6 decimals unless given).

    Half goes away from zero, as Excel's ARRONDI does. From 10^15 on, in absolute value, the
    scientific notation is used: « 1E+300 ».
    """
    if not abs(value) < _IN_FULL:
        return f"{value:.15g}".upper().replace("-", "−").replace(".", ",")
    quantum = Decimal(1).scaleb(-(6 if decimales is None else decimales))
    rounded = Decimal(repr(value)).quantize(quantum, ROUND_HALF_UP)
    text = f"{rounded:,f}"
    if decimales is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("-"):
        text = "−" + text[1:]
    return text.replace(",", FINE).replace(".", ",")


def rate_text(value: float, decimales: int = 1) -> str:
    """Ratio as a percentage: 0.456 -> « 45,6 % »."""
    return f"{number_text(value * 100, decimales)}{FINE}%"


def date_text(value: dt.date) -> str:
    """Date as read in French: 31/12/2026."""
    return value.strftime("%d/%m/%Y")


_MONTH = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def long_date(value: dt.date) -> str:
    """Date as a letter says it: 1er mars 2028."""
    day = "1er" if value.day == 1 else str(value.day)
    return f"{day}{NBSP}{_MONTH[value.month - 1]}{NBSP}{value.year}"


def listing(items: Iterable[str], dernier: str = "et") -> str:
    """Enumeration: « a, b et c »."""
    texts = list(items)
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {dernier} {texts[-1]}"


def guillemets(text: str) -> str:
    """Text between French quotes with their insecable blanks."""
    return f"«{NBSP}{text}{NBSP}»"


def plural(count: int, singular: str, plural_: str | None = None) -> str:
    """Count followed by its noun: 1 anomalie, 2 anomalies (0 and 1 are singular in French)."""
    noun = singular if count < 2 else (plural_ or singular + "s")
    return f"{number_text(count, 0)} {noun}"


def visible(text: str, limite: int = 120) -> str:
    """Text from a file made safe to show: no control, invisible or right-to-left character."""
    shown = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("↵", text))
    return shown if len(shown) <= limite else shown[: limite - 1] + "…"


def displayable_name(name: str) -> str:
    """Name of a file as any output can hold it: valid Unicode, on one line, nothing invisible.

    What cannot be shown becomes « � », one for one: bytes that are no text in the encoding of the
    system (Python holds them as lone surrogates), controls, right-to-left overrides.
    """
    return visible(name, max(len(name), 1))


def value_text(value: Any) -> str:
    """A typed cell value as the gestionnaire reads it in Excel."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, tuple | list | frozenset):
        return " ; ".join(value_text(item) for item in value)
    return visible(str(value))


def without_unseen(text: str) -> str:
    """The text without the characters that show nothing: « P, soft hyphen, A » -> « PA »."""
    return text if text.isascii() else _UNSEEN.sub("", text)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Fold a text for comparison: case, accents, insecable blanks, apostrophes, dashes, spaces."""
    decomposed = unicodedata.normalize("NFKD", without_unseen(text))
    stripped = "".join(c for c in decomposed if not unicodedata.combining(c))
    for dash in "‐‑‒–—−":
        stripped = stripped.replace(dash, "-")
    stripped = stripped.replace("’", "'").replace("ʼ", "'").replace("œ", "oe").replace("Œ", "oe")
    return " ".join(stripped.casefold().split())
