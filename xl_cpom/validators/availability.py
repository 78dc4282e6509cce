"""Is what a rule needs in the workbook: its sheets, its columns?"""

from __future__ import annotations

from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.judging import partial_rows
from xl_cpom.validators.model import Rule
from xl_cpom.workbook.records import Classeur, Row, Table


@dataclass(frozen=True)
class AskedSheet:
    """What the rules of a sheet want to know of it, worked out once."""

    lacking: frozenset[str]
    """keys of the columns of entry that the file has not"""
    unread: frozenset[Row]
    """the rows where something could not be read"""

    @classmethod
    def of(cls, table: Table, *, partial: bool) -> AskedSheet:
        """partial: something of the workbook could not be read."""
        lacking = (c.key for c in table.sheet.columns if c.is_entry and table.lacks(c.key))
        return cls(frozenset(lacking), partial_rows(table.rows) if partial else frozenset())


def unavailable(rule: Rule, classeur: Classeur) -> str | None:
    """Why a rule cannot be checked on a workbook: a sheet or a column it needs is not there."""
    for sheet in rule.sheets:
        if (reason := absent(classeur[sheet.key])) is not None:
            return reason
    return None if rule.sheet is None else missing(rule, classeur[rule.sheet.key])


def absent(table: Table) -> str | None:
    """Why a rule cannot be checked on a sheet: it is not there."""
    return None if table.present else f"la feuille « {table.sheet.name} » est introuvable"


def missing(rule: Rule, table: Table) -> str | None:
    """Why a rule cannot be checked on a table: a column it needs is not in the file."""
    for key in rule.columns:
        column = table.sheet[key]
        if column.is_entry and table.lacks(key):
            return f"la colonne « {column.header} » est introuvable"
    return None
