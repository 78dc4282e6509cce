"""Formulas that add a column up: SUM over rows, a subtotal of a table, cells of one column added.

A row made of such cells is a row of totals, whatever the words beside them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xl_cpom.workbook.reader.refs import col_letters

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_FUNCTION = re.compile(
    r"\b(?:SUM|SUBTOTAL|AGGREGATE|AVERAGE|AVERAGEA|MEDIAN|COUNT|COUNTA|COUNTBLANK|MAX|MIN"
    r"|SUMIFS?|COUNTIFS?|AVERAGEIFS?|SUMPRODUCT|PRODUCT|STDEV|ROWS|UNIQUE)\s*\("
)
_RANGE = re.compile(r"\$?[A-Z]{1,3}\$?(\d+):\$?[A-Z]{1,3}\$?(\d+)")
_COLUMNS = re.compile(r"(?<![A-Z0-9])\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![A-Z0-9])")
_TABLE = re.compile(r"\w+\[(?:\[#[^\]]*\],)?(?!#THIS ROW|\[#THIS ROW|@)\[?[^\]]+\]")


@lru_cache(maxsize=4096)
def adds_up(formula: str, row: int, col: int) -> bool:
    """Does the formula of this cell gather cells of several other rows?

    A sum along the row (`SUM(AA6:AC6)`) is a way to type a number: it is not one.
    """
    text = _QUOTED.sub('""', formula).upper()
    if _FUNCTION.search(text):
        spans = _RANGE.findall(text)
        if any(first != last for first, last in spans):
            return True
        if _COLUMNS.search(text) or ("[" in text and _TABLE.search(text)):
            return True
    same_column = re.findall(rf"(?<![A-Z$!]){_letters(col)}\$?(\d+)(?![\d(:])", text)
    return "+" in text and len({int(n) for n in same_column if int(n) != row}) > 1


def _letters(col: int) -> str:
    return rf"\$?{col_letters(col)}"
