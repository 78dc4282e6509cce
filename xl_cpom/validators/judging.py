"""What the rules say of typed rows: one set of predicates, for both judges.

The engine asks each rule once, of every row or of those the pandera judge accuses
(`validators.judges`). Standard library only: a workbook is judged where neither pandas nor pandera
is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.records import NON_LU, Row, unread_places
from xl_cpom.workbook.unread import tell


@cache
def rules_of(sheet: Sheet, scope: Scope) -> tuple[Rule, ...]:
    """The rules of a sheet for a scope, in the order of the catalogue."""
    return tuple(r for r in RULES.values() if r.sheet is sheet and r.scope is scope)


Accused: TypeAlias = Mapping[str, Collection[int]]
"""Code of a rule -> numbers of the rows it finds at fault, or on which it crashes."""


def accused_rows(rows: Sequence[Row], sheet: Sheet, context: RuleContext) -> Accused:
    """The rows at fault, by code of the rule over the rows or over the sheet that says so.

    A rule over the whole sheet counts against the rows it names, all of them when it names none. A
    rule that raises accuses what it was looking at: the engine runs it again, and names it.
    """
    unread = partial_rows(rows)
    found: dict[str, Collection[int]] = {}
    for rule in rules_of(sheet, Scope.SHEET):
        if numbers := _numbers(table_faults, rule, rows, context, unread):
            found[rule.code] = numbers
    for rule in rules_of(sheet, Scope.ROW):
        if numbers := _numbers(row_faults, rule, rows, context, unread):
            if len(numbers) > 1:  # it may have crashed on one of them
                each = (_numbers(row_faults, rule, [row], context, unread) for row in rows)
                numbers = set().union(*each)
            found[rule.code] = numbers
    return found


def _numbers(
    ask: Callable[..., list[Fault]],
    rule: Rule,
    rows: Sequence[Row],
    context: RuleContext,
    unread: Collection[Row],
) -> set[int]:
    try:
        return numbers_at_fault(ask(rule, rows, context, unread), rows)
    except Exception:  # noqa: BLE001 - the engine runs the rule again and names it
        return {row.number for row in rows}


def numbers_at_fault(faults: Iterable[Fault], rows: Sequence[Row]) -> set[int]:
    """Numbers of the rows that faults are about: all of them for one that names none."""
    return {row.number for found in faults for row in found.rows or rows}


def partial_rows(rows: Iterable[Row]) -> frozenset[Row]:
    """The rows where something could not be read."""
    return frozenset(row for row in rows if NON_LU in row.values.values())


def row_faults(
    rule: Rule, rows: Sequence[Row], context: RuleContext, unread: Collection[Row]
) -> list[Fault]:
    """Faults of a row rule over rows. unread: those where something was not read.

    A row of which one of the rule's columns could not be read is left out, and told.
    """
    check, columns = rule.check, rule.columns
    assert check is not None
    found: list[Fault] = []
    for row in rows:
        if row in unread and row.unread(columns):
            tell(unread_places(row, columns))
            continue
        result = check(row, context) if rule.wants_context else check(row)
        if result is not None and not result:
            found.append(_fault_of(result, row))
    return found


def table_faults(
    rule: Rule, rows: Sequence[Row], context: RuleContext, unread: Collection[Row]
) -> list[Fault]:
    """Faults of a sheet rule over rows. unread: as for `row_faults`, with the same effect."""
    if unread:
        for row in rows:
            if row in unread:
                tell(unread_places(row, rule.columns))
        rows = [r for r in rows if r not in unread or not r.unread(rule.columns)]
    return _table_answer(rule, rows, context)


def judge(rule: Rule, row: Row, context: RuleContext) -> Any:
    """Result of a row rule: None where one of its columns could not be read."""
    return None if row.unread(rule.columns) else _answer(rule, row, context)


def faults_of(rule: Rule, rows: Sequence[Row], context: RuleContext) -> list[Fault]:
    """Faults of a sheet rule over the rows whose columns could all be read."""
    return _table_answer(rule, [row for row in rows if not row.unread(rule.columns)], context)


def row_fault(rule: Rule, row: Row, context: RuleContext) -> Fault | None:
    """The fault of a row rule on a row, None when it holds (or cannot be said)."""
    result = judge(rule, row, context)
    return None if holds(result) else _fault_of(result, row)


def _fault_of(result: Any, row: Row) -> Fault:
    """The fault of a row, as its rule tells it: by a Fault, or by False."""
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
