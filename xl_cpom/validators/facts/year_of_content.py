"""Which year the sheets are about, whatever the fiche says.

Each sheet has one word to say: the last exercice of its lines, the last year declared, the last
date something was done. A single year is given only when they all say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.sheets.indicateurs import SUIVIS

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Table

ENOUGH = 3
"""Fewest sheets that must agree."""

_EXERCICES = ("activite", "difficulte")
_CLOSED = SHEETS["difficulte"].name
_DONE: Mapping[str, tuple[str, ...]] = {
    "actions": ("date_realisation",),
    "fragilites": ("date_resolution",),
    "si": ("derniere_maj", "date_depot"),
    "has": ("date_realisation",),
    "mesures": ("date_realisation", "date_levee"),
}
"""Dates of what was done: never in the future of an honest return, mostly in its last year."""


def year_of_content(classeur: Classeur) -> tuple[int, tuple[str, ...]] | None:
    """The one year that the sheets are about, with their names; None when they do not all agree."""
    said = dict(_years(classeur))
    admitted = [
        {year, year + 1} if name == _CLOSED else {year}  # the accounts of a year close the next
        for name, year in said.items()
    ]
    years = set.intersection(*admitted) if admitted else set()
    return (years.pop(), tuple(said)) if len(years) == 1 and len(said) >= ENOUGH else None


def _years(classeur: Classeur) -> Iterator[tuple[str, int]]:
    for table in classeur.tables.values():
        found = list(_of_table(table, int(classeur.annee_n1)))
        if found:
            yield table.sheet.name, max(found)


def _of_table(table: Table, annee_n1: int) -> Iterator[int]:
    key = table.sheet.key
    for row in table.rows:
        if key in _EXERCICES:
            if (exercice := row.values["exercice"]) not in (None, NON_LU):
                yield int(exercice)
        elif key == "indicateurs":
            filled = [r for r in SUIVIS if row.values[f"realise_n{r}"] not in (None, NON_LU)]
            if filled:
                yield annee_n1 + max(filled) - 1
        else:
            for column in _DONE.get(key, ()):
                if isinstance(day := row.values[column], dt.date):
                    yield day.year
