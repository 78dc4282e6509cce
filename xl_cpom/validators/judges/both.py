"""Both judges at once: they hold the same predicates, and must say the same of every row."""

from __future__ import annotations

from collections.abc import Collection

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import guillemets, listing, typeset
from xl_cpom.validators.model import Rule
from xl_cpom.workbook.records import Table


class JudgesDisagreeError(XlCpomError, RuntimeError):
    """The two judges do not accuse the same rows: a failure of the program. French message."""


def must_agree(rule: Rule, table: Table, found: Collection[int], accused: Collection[int]) -> None:
    """Compare the rows a rule found at fault with those the schema accused by its code.

    Raises JudgesDisagreeError.
    """
    if disputed := set(found) ^ set(accused):
        lines = listing(str(number) for number in sorted(disputed))
        raise JudgesDisagreeError(
            typeset(
                f"les deux juges sont en désaccord sur la feuille {guillemets(table.sheet.name)}, "
                f"règle {rule.code}, ligne(s) {lines}"
            )
        )
