"""What is carried over: the content of the workbook to write, and the cells it locks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import date_text
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets import SHEETS

COMMENT = "commentaire"
"""Key of the column that stays open on a row of the past: an answer to the control goes there."""


class CarryOverError(XlCpomError, ValueError):
    """The workbook asked for cannot follow this return. The message is French."""


@dataclass(frozen=True)
class Carried:
    """contenu: as `write_template` takes it; locks: by sheet, for each of its rows, keys locked.

    annee: the year of the workbook (« N3 »); remarques: French sentences for the ARS.
    """

    annee: str
    content: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    locks: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def add(self, sheet: Sheet, rows: Iterable[tuple[dict[str, Any], frozenset[str]]]) -> None:
        """The rows of a sheet with what each locks."""
        pairs = list(rows)
        self.content[sheet.key] = [values for values, _ in pairs]
        self.locks[sheet.key] = [locked for _, locked in pairs]


def entries(sheet: Sheet) -> Iterator[Column]:
    """The columns that somebody fills in."""
    return (column for column in sheet.columns if column.is_entry)


def is_closed(sheet: Sheet, row: Mapping[str, Any]) -> bool:
    """Is a row history: lifted, done, given up?"""
    return bool(sheet.closed) and row.get("statut") in sheet.closed


def identity_text(sheet: Sheet, row: Mapping[str, Any]) -> str:
    """How a row is told from the others of its sheet: « 2026-BFC-0142 · 210099016 · P1 »."""
    values = (row.get(key) for key in sheet.identity)
    return " · ".join(
        date_text(value) if isinstance(value, dt.date) else str(value)
        for value in values
        if value is not None and value is not NON_LU
    )


def five_years_from(start: dt.date, years: int) -> dt.date:
    """Last day of a contract that starts on a day and lasts so many years."""
    first = start.replace(day=28) if (start.month, start.day) == (2, 29) else start
    return first.replace(year=start.year + years) - dt.timedelta(days=1)


def merged(parts: Sequence[Carried]) -> Carried:
    """The parts of a return that came in several workbooks, as one: each record once.

    The fiche and the fixed rows are those of the first part, completed by the others.
    """
    first, *others = parts
    for sheet in SHEETS.values():
        rows, locks = first.content[sheet.key], first.locks[sheet.key]
        for other in others:
            for row, locked in zip(other.content[sheet.key], other.locks[sheet.key], strict=True):
                known = _same_record(sheet, row, rows)
                if known is None:
                    rows.append(row)
                    locks.append(locked)
                    continue
                missing = {k: v for k, v in row.items() if rows[known].get(k) is None}
                rows[known].update(missing)
                locks[known] |= locked & missing.keys()
    return first


def _same_record(
    sheet: Sheet, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> int | None:
    """Rank of the row that is the same record; a row without identity is none's."""
    if sheet.layout is Layout.FICHE:
        return 0 if rows else None
    keys = [row.get(key) for key in sheet.identity]
    if None in keys:
        return None
    found = (i for i, other in enumerate(rows) if [other.get(k) for k in sheet.identity] == keys)
    return next(found, None)
