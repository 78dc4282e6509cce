"""What a transfer tells: what was moved, what was repaired, what has no room, and its refusals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TypeAlias

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass

CellContent: TypeAlias = str | float | bool | dt.date | dt.datetime
"""What a cell left aside held: a text, a number, a truth value, a date."""


class TransferTargetError(XlCpomError):
    """The new workbook would replace the old one, or another file. Message in French."""


class ReadBackError(XlCpomError):
    """The new workbook does not read as the old one: a fault of the program, nothing written."""


@dataclass(frozen=True, slots=True)
class RepairedCell:
    """A value written otherwise than it stood: feuille and cellule are those of the old file."""

    sheet: str
    cell: str
    column: str
    was_read: str
    written: str


@dataclass(frozen=True, slots=True)
class NotTransferred:
    """A content with no place in the new workbook.

    sheet, cell: where it stood; column: header above it; record: the record of its
    row (« l'action A3 »); formula: text of its formula, "" when there was none; reason: why.
    """

    sheet: str
    cell: str
    content: CellContent
    reason: str
    column: str = ""
    record: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class TransferReport:
    """What was done. taken: non-blank entries placed; warnings: French sentences."""

    path: Path
    taken: int
    repairs: tuple[RepairedCell, ...]
    not_taken: tuple[NotTransferred, ...]
    warnings: tuple[str, ...] = ()
