"""Number formats: the built-in ones by their id, and what a format code shows.

Sources: ECMA-376 part 1, § 18.8.30 (numFmt, built-in ids) and § 18.8.31 (format codes).
"""

from __future__ import annotations

import re

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.workbook.reader.raw_cells import GENERAL, NumberFormat

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '#,##0 "€"',
    6: '#,##0 "€"',
    7: '#,##0.00 "€"',
    8: '#,##0.00 "€"',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00",
    41: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
    42: '_-* #,##0 "€"_-;-* #,##0 "€"_-;_-* "-" "€"_-;_-@_-',
    43: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
    44: '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    # Far-eastern and Thai locales: dates whose spelling depends on the language of Excel.
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy/mm/dd"),
    **dict.fromkeys((*range(32, 36), 55, 56), "h:mm:ss"),
    **dict.fromkeys((59, 61, 67), "0"),
    **dict.fromkeys((60, 62, 68), "0.00"),
    69: "# ?/?",
    70: "# ??/??",
    **dict.fromkeys(range(71, 75), "dd/mm/yyyy"),
    **dict.fromkeys(range(75, 77), "h:mm"),
    **dict.fromkeys(range(78, 81), "mm:ss"),
    77: "dd/mm/yyyy h:mm",
    81: "dd/mm/yyyy",
}
BUILT_IN.update({63: '#,##0 "€"', 64: '#,##0 "€"', 65: '#,##0.00 "€"', 66: '#,##0.00 "€"'})

_LITERAL = re.compile(
    r'"[^"]*"?'  # quoted text
    r"|\\."  # escaped character
    r"|[_*]."  # width of a character, filling character
    r"|\[(?!(?:h+|m+|s+)\])[^\]]*\]?"  # colour, condition, locale; not [h]
    r"|general|standard"
    r"|e(?=[+-])",  # exponent
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED = lazy_pattern(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_CLOCK = lazy_pattern(r"am/pm|a/p", re.IGNORECASE)
_MINUTES = lazy_pattern(r"(h+[^a-z]*)m+|m+(?=[^a-z]*s)", re.IGNORECASE)
_CLOCK_LETTERS = re.compile(r"[hs]", re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyj]", re.IGNORECASE)  # j: « jj/mm/aaaa » by a careless writer


def describe(code: str) -> NumberFormat:
    """What the first section of a format code shows."""
    shown = _first_section(code)
    if "#" in shown or "?" in shown:
        return NumberFormat(code)
    is_time = bool(_ELAPSED.search(shown) or _CLOCK.search(shown))
    rest = _CLOCK.sub("", _ELAPSED.sub(" ", shown))
    if is_time or _CLOCK_LETTERS.search(rest):
        is_time = bool(is_time or _CLOCK_LETTERS.search(rest))
        rest = _MINUTES.sub(r"\1", rest)
        if _ELAPSED.search(shown):
            rest = re.sub("m", "", rest, flags=re.IGNORECASE)
    is_date = bool(_DATE_LETTERS.search(rest))
    return NumberFormat(code, is_date=is_date, is_time=is_time and not is_date)


def _first_section(code: str) -> str:
    """The first section without literals: a `;` inside quotes or escaped separates nothing."""
    shown: list[str] = []
    at = 0
    for match in _LITERAL.finditer(code):
        gap = code[at : match.start()]
        if ";" in gap:
            return "".join(shown) + gap[: gap.index(";")]
        shown.append(gap)
        at = match.end()
    gap = code[at:]
    return "".join(shown) + (gap[: gap.index(";")] if ";" in gap else gap)


_DESCRIBED: dict[int, NumberFormat] = {
    number: GENERAL if code == "General" else describe(code) for number, code in BUILT_IN.items()
}


def built_in(number: int) -> NumberFormat:
    """The built-in format of that id; General when there is none."""
    return _DESCRIBED.get(number, GENERAL)
