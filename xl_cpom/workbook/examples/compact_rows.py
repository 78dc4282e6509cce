"""A compact way to write rows by hand: the keys once, then one tuple per row."""

from __future__ import annotations

import datetime as dt
from typing import Any


def lignes(keys: str, *rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Rows from tuples of values, in the order of `keys` (separated by blanks); None is left out.

    Raises ValueError when a tuple has not as many values as there are keys.
    """
    names = keys.split()
    return [
        {key: value for key, value in zip(names, row, strict=True) if value is not None}
        for row in rows
    ]


def jour(text: str) -> dt.date:
    """A date written as in French: jour("30/06/2027")."""
    day, month, year = text.split("/")
    return dt.date(int(year), int(month), int(day))
