"""Both judges at once: they hold the same predicates, and must say the same of every row."""

from __future__ import annotations

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import guillemets, listing, typeset
from xl_cpom.validators.judges import by_pandera, direct
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row, Table


class JudgesDisagreeError(XlCpomError, RuntimeError):
    """The two judges do not suspect the same rows: a failure of the program. French message."""


def suspects(table: Table, context: RuleContext) -> list[Row]:
    """The rows that both suspect. Raises JudgesDisagreeError."""
    mine, theirs = direct.suspects(table, context), by_pandera.suspects(table, context)
    if disputed := {row.number for row in mine} ^ {row.number for row in theirs}:
        lines = listing(str(number) for number in sorted(disputed))
        raise JudgesDisagreeError(
            typeset(
                f"les deux juges sont en désaccord sur la feuille {guillemets(table.sheet.name)}, "
                f"ligne(s) {lines}"
            )
        )
    return mine
