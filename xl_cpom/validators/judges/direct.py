"""The direct judge: the predicates over the typed rows, with the standard library only."""

from __future__ import annotations

from xl_cpom.validators.judging import sound_rows
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row, Table


def suspects(table: Table, context: RuleContext) -> list[Row]:
    """The rows that a predicate refuses."""
    sound = sound_rows(table.rows, table.sheet, context)
    return [row for row, ok in zip(table.rows, sound, strict=True) if not ok]
