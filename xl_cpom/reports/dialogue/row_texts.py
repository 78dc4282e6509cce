"""What the fiche reads in a row, as it shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from xl_cpom.typography import number_text, typeset, visible
from xl_cpom.validators.model import Report
from xl_cpom.validators.personal_data import masked_cell
from xl_cpom.workbook.records import NON_LU, Classeur, Row

NAME = 40
LONG = 90
"""Characters of the name of an ESMS, of a text typed by somebody, before they are cut."""

JudgedPart = tuple[Classeur, Report]
"""A return as read and as judged; an organisme may answer in two."""


def once(items: Iterable[Any]) -> tuple[Any, ...]:
    """The items, each once, in their order."""
    return tuple(dict.fromkeys(items))


def named(classeur: Classeur, number: Any) -> str:
    """The name of an ESMS, with its number when another bears it; what stands there otherwise."""
    if not isinstance(number, str):
        return ""
    if number == classeur.identification.finess_ej:
        return "organisme gestionnaire"
    esms = classeur.etablissements.get(number)
    name = shown_text(esms, "raison_sociale") if esms is not None else ""
    if not name:
        return visible(number, 40)
    shown = visible(name, NAME)
    if sum(visible(shown_text(row, "raison_sociale"), NAME) == shown
           for row in classeur["etablissements"]) > 1:  # fmt: skip
        shown = f"{visible(name, NAME - len(number))} ({number})"
    return typeset(shown)


def euros(value: Any) -> str:
    """An amount, « – » when there is none."""
    return typeset(f"{number_text(value, 0)} €") if isinstance(value, int | float) else "–"


def shown_text(row: Row, key: str) -> str:
    """What a cell holds, "" when it is empty or could not be read.

    Whoever a text designates is masked, as in all that is written elsewhere than in the workbook.
    """
    value = row.values.get(key)
    if value is None or value is NON_LU:
        return ""
    column = row.table.sheet[key]
    free = column.kind.is_free_text and column.is_entry
    return masked_cell(str(value), key) if free else str(value)


def day_of(value: Any) -> dt.date | None:
    """A date, None for anything else."""
    return value if isinstance(value, dt.date) else None
