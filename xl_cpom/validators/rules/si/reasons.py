"""Why a system is set aside: the closed reasons, which nobody has to appreciate, and the others."""

from __future__ import annotations

import re

from xl_cpom.typography import fold, value_text
from xl_cpom.workbook.records import Row

OUVERT, CLOSED, OUTSIDE_PERIMETRE = "ouvert le", "fermé le", "hors périmètre"
DATES = (OUVERT, CLOSED)
"""Those that a date makes true."""

_WRITTEN = re.compile(r"(ouvert|ferme) le \d|hors (du )?perimetre")
"""The same, written in the words of the gestionnaire: the first template had no list of them."""


def a_un_motif(row: Row) -> bool:
    """Is a reason given, in its list or in words?"""
    return row.motif_reconnu is not None or row.motif_non_exigibilite is not None


def recevable(row: Row) -> bool:
    """Is it one of the reasons that nobody has to appreciate?"""
    if row.motif_reconnu is not None:
        dated = row.motif_reconnu in DATES and row.motif_date is not None
        return bool(dated or row.motif_reconnu == OUTSIDE_PERIMETRE)
    written = row.motif_non_exigibilite
    return written is not None and _WRITTEN.match(fold(written)) is not None


def motif_said(row: Row) -> str:
    """The reason in words: « fermé le 30/06/2027 »."""
    said = (row.motif_reconnu, row.motif_date, row.motif_non_exigibilite)
    return " ".join(value_text(value) for value in said if value)
