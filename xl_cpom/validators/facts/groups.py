"""Rows put together by what they say: to find the ones said twice, or said differently."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xl_cpom.typography import fold
from xl_cpom.workbook.records import Row


def grouper(rows: Iterable[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of these columns; rows where one of them is empty or unread are left out.

    Texts are compared without case, accents nor superfluous spaces.
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        values = [row[key] for key in keys]
        if all(values):
            groups.setdefault(tuple(_folded(value) for value in values), []).append(row)
    return groups


def duplicates(rows: Iterable[Row], *keys: str) -> list[list[Row]]:
    """The groups of at least two rows that hold the same values in these columns."""
    return [group for group in grouper(rows, *keys).values() if len(group) > 1]


def divergences(
    rows: Iterable[Row], par: tuple[str, ...], keys: tuple[str, ...]
) -> list[list[Row]]:
    """The groups of rows alike in `par` that do not all hold the same filled value in `keys`."""
    return [
        group
        for group in grouper(rows, *par).values()
        if any(len({row[key] for row in group if row[key] is not None}) > 1 for key in keys)
    ]


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value
