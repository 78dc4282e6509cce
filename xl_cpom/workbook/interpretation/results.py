"""Is the result a cell shows the one that the control computes again?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from xl_cpom.typography import fold
from xl_cpom.workbook.interpretation.parsing import date_from_serial
from xl_cpom.workbook.reader import ExcelError, RawCell

SANS_OBJET = "#N/A"
"""What the template shows where an indicator has no object: the control then computes nothing."""


def same_result(cell: RawCell, computed: Any, date1904: bool) -> bool:
    """Does a calculated cell show the value computed again (None: empty, or sans objet)?"""
    value = cell.value
    if computed is None or computed == "":
        if isinstance(value, ExcelError):
            return value.code == SANS_OBJET
        return value is None or (isinstance(value, str) and not value.strip())
    if isinstance(computed, dt.date):
        return isinstance(value, float) and date_from_serial(value, date1904) == computed
    if isinstance(computed, bool) or isinstance(value, bool):
        return value is computed
    if isinstance(computed, int | float):
        return isinstance(value, float) and abs(value - computed) <= 1e-9 * max(1.0, abs(computed))
    return isinstance(value, str) and fold(value) == fold(str(computed))


def same_text(cell: RawCell, computed: Any) -> bool:
    """Is the result the very value, written as a text by a program that writes texts alone?"""
    if not isinstance(cell.value, str):
        return False
    if isinstance(computed, dt.date):
        return cell.value.startswith(computed.isoformat())
    if isinstance(computed, bool) or not isinstance(computed, int | float):
        return False
    try:
        return abs(float(cell.value) - computed) <= 1e-9 * max(1.0, abs(computed))
    except ValueError:
        return False
