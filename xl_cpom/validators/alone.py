"""The rules of a sheet over a table that came without its workbook, or with it.

A data engineer holds one table: a sheet as a frame, or the same sheet of a whole campaign. Some
rules need the rest of the workbook (the year followed, the list of the ESMS): on a table alone they
are never silently true. Which ones is read from what they ask for: the table is shown to them in a
workbook that refuses everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NoReturn, cast

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.referentiel import Referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.dependencies import PlacesReached, in_dependency_order, place_of
from xl_cpom.validators.judging import faults_of, row_fault
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_examples import example_context
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.records import Classeur, Row, Table

ROW_SCOPES = (Scope.ROW, Scope.SHEET)
_COLUMN_MISSING = "une colonne qu'elle lit n'est pas dans la table"
NEEDS = "elle lit le reste du classeur : donnez-le par schemas.contexte(classeur)"


class NeedsWorkbookError(LookupError):
    """A rule asked for more than its table."""


class _Guard(Mapping[Any, Any]):
    """The tables of a workbook of which only one is there."""

    def __init__(self, known: Mapping[str, Table]) -> None:
        self._known = known

    def __getitem__(self, key: Any) -> Any:
        if key in self._known:
            return self._known[key]
        raise NeedsWorkbookError(key)

    def __iter__(self) -> NoReturn:
        raise NeedsWorkbookError("*")

    def __len__(self) -> NoReturn:
        raise NeedsWorkbookError("*")

    def get(self, key: Any, default: Any = None) -> Any:
        """Never a default: what is not there is not known."""
        return self[key]


class _Alone:
    """The RuleContext of a table alone: the référentiel and the table, nothing else."""

    def __init__(self, table: Table, referentiel: Referentiel) -> None:
        self.referentiel = referentiel
        guard = _Guard({table.sheet.key: table})
        self.classeur = Classeur(referentiel, guard, results=_Guard({}))

    def parameter(self, cle: str) -> Any:
        """Value of a parameter of the référentiel."""
        return self.referentiel.valeur(cle)

    def __getattr__(self, name: str) -> NoReturn:
        raise NeedsWorkbookError(name)


@dataclass
class Judgement:
    """What the rules of a sheet say of a table: faults by code, and why others were not asked."""

    faults: dict[str, list[Fault]] = field(default_factory=dict)
    unchecked: dict[str, str] = field(default_factory=dict)


def judge_table(table: Table, referentiel: Referentiel, context: RuleContext | None) -> Judgement:
    """Every rule of the sheet over its rows, each after those it requires.

    context: the workbook the table belongs to, whose own copy of the sheet is set aside.
    """
    seen = _around(table, referentiel, context)
    needs = frozenset[str]() if context else needs_workbook(table.sheet, referentiel)
    found, places = Judgement(), PlacesReached()
    for rule in rules_of_table(table.sheet):
        if rule.code in needs:
            found.unchecked[rule.code] = NEEDS
        elif not all(map(table.has, rule.columns)):
            found.unchecked[rule.code] = _COLUMN_MISSING
        elif places.lock(rule) is None:
            try:
                faults = places.discard(rule, _faults(rule, table, seen, places))
            except NeedsWorkbookError:  # a case that no example of the rule shows
                found.unchecked[rule.code] = NEEDS
                continue
            if faults:
                places.note(rule.code, faults)
                found.faults[rule.code] = faults
    return found


@cache
def rules_of_table(sheet: Sheet) -> tuple[Rule, ...]:
    """The rules whose faults lie in a sheet, each after those it requires."""
    asked = (*ROW_SCOPES, Scope.CLASSEUR)
    return tuple(r for r in in_dependency_order(RULES) if r.sheet is sheet and r.scope in asked)


@cache
def needs_workbook(sheet: Sheet, referentiel: Referentiel) -> frozenset[str]:
    """Codes of the rules of a sheet that cannot be asked of its table alone."""
    return frozenset(
        rule.code
        for rule in rules_of_table(sheet)
        if rule.scope is Scope.CLASSEUR or _asks_for_more(rule, referentiel)
    )


def _asks_for_more(rule: Rule, referentiel: Referentiel) -> bool:
    """Does the rule, on one of its examples, read what is not in its table?"""
    if not rule.wants_context:
        return False
    assert rule.sheet is not None
    for example in (*rule.ok, *rule.ko):
        table = example_context(rule, example, referentiel).classeur[rule.sheet.key]
        try:
            _faults(rule, table, _around(table, referentiel, None), PlacesReached())
        except NeedsWorkbookError:
            return True
    return False


def _around(table: Table, referentiel: Referentiel, context: RuleContext | None) -> RuleContext:
    if context is None:
        return cast(RuleContext, _Alone(table, referentiel))
    tables = {**context.classeur.tables, table.sheet.key: table}
    classeur = replace(context.classeur, tables=tables, memo={})
    return replace(context, classeur=classeur)


def _faults(rule: Rule, table: Table, context: RuleContext, places: PlacesReached) -> list[Fault]:
    if rule.scope is Scope.ROW:
        return list(_row_faults(rule, table.rows, context, places))
    if rule.scope is Scope.SHEET:
        return faults_of(rule, table.rows, context)
    assert rule.check is not None
    return [found for found in rule.check(context) if _of(found, rule) is table.sheet]


def _row_faults(
    rule: Rule, rows: Sequence[Row], context: RuleContext, places: PlacesReached
) -> Iterator[Fault]:
    locked = places.verrouillees(rule)
    for row in rows:
        if place_of(row) not in locked and (found := row_fault(rule, row, context)) is not None:
            yield found


def _of(found: Fault, rule: Rule) -> Sheet | None:
    return found.sheet or (found.rows[0].table.sheet if found.rows else rule.sheet)
