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

    feuille: str
    cellule: str
    colonne: str
    lu: str
    written: str


@dataclass(frozen=True, slots=True)
class NotTransferred:
    """A content with no place in the new workbook.

    feuille, cellule: where it stood; colonne: header above it; enregistrement: the record of its
    row (« l'action A3 »); formule: text of its formula, "" when there was none; motif: why.
    """

    feuille: str
    cellule: str
    contenu: CellContent
    motif: str
    colonne: str = ""
    enregistrement: str = ""
    formule: str = ""


@dataclass(frozen=True, slots=True)
class TransferReport:
    """What was done. reprises: non-blank entries placed; avertissements: French sentences."""

    path: Path
    reprises: int
    reparations: tuple[RepairedCell, ...]
    non_repris: tuple[NotTransferred, ...]
    avertissements: tuple[str, ...] = ()
