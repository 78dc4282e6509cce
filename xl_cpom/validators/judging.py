"""What the rules say of typed rows: one set of predicates, for both judges.

A judge (`validators.judges`) only tells which rows of a sheet may be at fault; the engine then asks
each rule about those rows. Standard library only: a workbook is judged where neither pandas nor
pandera is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.entry_check import row_is_well_entered
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.records import NON_LU, Row


@cache
def rules_of(sheet: Sheet, scope: Scope) -> tuple[Rule, ...]:
    """The rules of a sheet for a scope, in the order of the catalogue."""
    return tuple(r for r in RULES.values() if r.sheet is sheet and r.scope is scope)


def sound_rows(rows: Sequence[Row], sheet: Sheet, context: RuleContext) -> list[bool]:
    """For each row: are its values what the columns declare, and does every rule hold on it?

    A rule over the whole sheet counts against the rows it names, all of them when it names none. A
    rule that raises makes its rows suspect: the engine runs it again there, and names the failure.
    """
    partial = {row.number for row in rows if NON_LU in row.values.values()}
    accused = _accused(rules_of(sheet, Scope.SHEET), rows, context, whole=not partial)
    row_rules = rules_of(sheet, Scope.ROW)
    return [
        row.number not in accused
        and row_is_well_entered(row, sheet, context.referentiel)
        and _is_sound(row, row_rules, context, whole=row.number not in partial)
        for row in rows
    ]


def judge(rule: Rule, row: Row, context: RuleContext) -> Any:
    """Result of a row rule: None where one of its columns could not be read."""
    return None if row.unread(rule.columns) else _answer(rule, row, context)


def faults_of(rule: Rule, rows: Sequence[Row], context: RuleContext) -> list[Fault]:
    """Faults of a sheet rule over the rows whose columns could all be read."""
    return _table_answer(rule, [row for row in rows if not row.unread(rule.columns)], context)


def row_fault(rule: Rule, row: Row, context: RuleContext) -> Fault | None:
    """The fault of a row rule on a row, None when it holds (or cannot be said)."""
    result = judge(rule, row, context)
    if holds(result):
        return None
    if isinstance(result, Fault):
        return Fault((row,), result.columns, result.values)
    return Fault((row,))


def holds(result: Any) -> bool:
    """Does the result of a row rule mean that nothing is wrong?"""
    return result is None or bool(result)


def _answer(rule: Rule, row: Row, context: RuleContext) -> Any:
    assert rule.check is not None
    return rule.check(row, context) if rule.wants_context else rule.check(row)


def _table_answer(rule: Rule, readable: Sequence[Row], context: RuleContext) -> list[Fault]:
    assert rule.check is not None
    found: Iterable[Fault] = (
        rule.check(readable, context) if rule.wants_context else rule.check(readable)
    )
    return list(found)


def _is_sound(row: Row, rules: Sequence[Rule], context: RuleContext, *, whole: bool) -> bool:
    """Does every row rule hold? whole: every value of the row could be read."""
    ask = _answer if whole else judge
    try:
        return all(holds(ask(rule, row, context)) for rule in rules)
    except Exception:  # noqa: BLE001 - the engine runs each rule again on this row and names it
        return False


def _accused(
    rules: Sequence[Rule], rows: Sequence[Row], context: RuleContext, *, whole: bool
) -> set[int]:
    """Numbers of the rows that a rule over the whole sheet finds at fault."""
    ask = _table_answer if whole else faults_of
    try:
        return {
            row.number
            for rule in rules
            for found in ask(rule, rows, context)
            for row in found.rows or rows
        }
    except Exception:  # noqa: BLE001 - as above
        return {row.number for row in rows}
