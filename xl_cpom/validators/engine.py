"""The engine: runs every rule on a typed workbook, says what each one ended as.

Each rule is asked once, of every row or of those that a judge accuses (`judges`); the engine then
derives the cells and the words, and keeps the program's own failures apart: a rule that crashed is
never shown as a fault of the gestionnaire. Rules run after those they require (`dependances`); the
profile of the campaign may change their severity or leave them out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xl_cpom.validators.availability import AskedSheet, absent, missing, unavailable
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.certainty import confirmed
from xl_cpom.validators.dependencies import in_dependency_order, place_of
from xl_cpom.validators.judges import judge_named
from xl_cpom.validators.judges.both import must_agree
from xl_cpom.validators.judging import (
    Accused,
    numbers_at_fault,
    row_faults,
    table_faults,
)
from xl_cpom.validators.model import BLOQUANT, DIRECT, Finding, Outcome, Rule, Scope
from xl_cpom.validators.names import names_of, with_names
from xl_cpom.validators.not_filled import not_filled
from xl_cpom.validators.profil import NO_PROFIL, Profil
from xl_cpom.validators.reported_indicators import unread_results
from xl_cpom.validators.rule_context import RuleContext, doubting_the_year, undated
from xl_cpom.validators.running import Run
from xl_cpom.validators.stage import asked_now, set_aside
from xl_cpom.validators.unlooked import (
    BEFORE_ALL,
    first_things_first,
    hardened,
    missing_columns,
)
from xl_cpom.validators.wording import mask_secrets
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.records import Row, Table
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.unread import listening

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

_NOT_ASKED = "l'extrait FINESS n'est pas joint au contrôle"


def run(
    notices: Sequence[Notice],
    context: RuleContext,
    profil: Profil = NO_PROFIL,
    juge: str = DIRECT,
    accepted: Callable[[Finding], bool] | None = None,
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """Every finding and the status of every rule, in the order of the catalogue.

    juge: name of the judge of the rows (`judges`); accepted: tells the findings that a dérogation
    lifts, for which no rate waits. Raises ValueError for an unknown judge.
    """
    if context.date is None:
        context = undated(context)
    current = Run(context, judge_named(juge), accepted=accepted)
    if (alone := not_filled(notices, context, profil)) is not None:
        return alone
    by_code: dict[str, list[Notice]] = {}
    for notice in asked_now(notices, context.classeur):
        by_code.setdefault(notice.code, []).append(notice)
    for declared in _in_order(RULES):
        rule = profil.apply(confirmed(declared, context.referentiel))
        if (reason := profil.desactivee(rule)) is not None or (
            reason := set_aside(rule, context.classeur)
        ) is not None:
            current.skip(rule, reason)
        elif rule.check is None:
            _reading_rule(current, rule, by_code.get(rule.code, ()))
        elif (reason := current.places.lock(rule)) is not None:
            current.skip(rule, reason)
        elif rule.scope in _RUNNERS:
            _RUNNERS[rule.scope](current, rule)
            if rule.code in BEFORE_ALL and rule.code in current.places.found:
                current.context = doubting_the_year(current.context)
    outcomes = tuple(
        current.statuses[code]
        for code, rule in RULES.items()
        if rule.scope is not Scope.CAMPAGNE  # these are run on the returns together
    )
    named = current.findings
    if named:
        named = with_names(named, names_of(context.classeur, context.precedent))
    findings = mask_secrets(named, current.secrets)
    for places in unread_results(context.classeur).values():
        current.unlooked.update(places)
    hard = hardened(findings, current.unlooked, context.classeur, RULES)
    return ordered([_cited(f, context.classeur.referentiel) for f in hard]), outcomes


def _cited(finding: Finding, referentiel: Referentiel) -> Finding:
    """The finding with its source as the référentiel of the region cites it."""
    source = referentiel.cite(finding.source)
    return finding if source == finding.source else replace(finding, source=source)


_ORDERED: list[tuple[Mapping[str, Rule], list[Rule]]] = []
"""The last catalogue put in order, and its order: there is hardly ever another."""


def _in_order(rules: Mapping[str, Rule]) -> list[Rule]:
    """The rules of a catalogue in the order they run in, worked out once."""
    if not _ORDERED or _ORDERED[0][0] is not rules:
        _ORDERED[:] = [(rules, first_things_first(in_dependency_order(rules)))]
    return _ORDERED[0][1]


def _reading_rule(current: Run, rule: Rule, notices: Sequence[Notice]) -> None:
    current.close(rule, ())
    for notice in notices:
        current.read(rule, notice)


# --- rules over the rows and over the sheet ------------------------------------------------------


def _sheet_rule(current: Run, rule: Rule) -> None:
    assert rule.sheet is not None
    table = current.context.classeur[rule.sheet.key]
    if (reason := absent(table)) is not None:
        current.skip(rule, reason)
        return
    asked = current.sheets.get(table.sheet.key)
    if asked is None:
        partial = current.context.classeur.partial
        asked = current.sheets[table.sheet.key] = AskedSheet.of(table, partial=partial)
    if asked.lacking and (reason := missing(rule, table)) is not None:
        if rule.severity is BLOQUANT:
            current.unlooked |= missing_columns(table, rule.columns)
        current.skip(rule, reason)
        return
    try:
        rows = _rows_to_ask(current, rule, table)
        if not rows:
            current.close(rule, ())
            return
        locked = current.places.verrouillees(rule) if rule.scope is Scope.ROW else ()
        if locked:
            rows = [row for row in rows if place_of(row) not in locked]
        ask = row_faults if rule.scope is Scope.ROW else table_faults
        if current.context.incomplete:
            with listening() as unread:
                faults = ask(rule, rows, current.context, asked.unread)
        else:  # nothing that could not be read can have kept it silent
            faults, unread = ask(rule, rows, current.context, asked.unread), set()
        if current.judge.every_row and current.judge.accuse is not None:
            known = {row.number for row in rows}
            accused = _accused(current, table).get(rule.code, ())
            must_agree(rule, table, numbers_at_fault(faults, rows), known.intersection(accused))
        current.close(rule, faults, unread)
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        current.fail(rule, error)


def _rows_to_ask(current: Run, rule: Rule, table: Table) -> Sequence[Row]:
    """The rows a rule is asked about: those a schema accuses, unless every row is asked.

    When something of the workbook could not be read, a rule may have been kept silent on any of
    them: it is then heard on every row, whoever judges.
    """
    if current.judge.every_row or current.context.incomplete:
        return table.rows
    accused = _accused(current, table).get(rule.code, ())
    rows = [row for row in table.rows if row.number in accused] if accused else []
    return table.rows if rows and rule.scope is Scope.SHEET else rows


def _accused(current: Run, table: Table) -> Accused:
    """The rows the schema of a sheet accuses. Raises what it fell on: the program's fault."""
    found = current.accused.get(table.sheet.key)
    if found is None:
        assert current.judge.accuse is not None
        try:
            found = current.judge.accuse(table, current.context)
        except Exception as error:  # noqa: BLE001 - every rule of the sheet is told as failed
            found = error
        current.accused[table.sheet.key] = found
    if isinstance(found, Exception):
        raise found
    return found


# --- rules over the workbook, and over what it is compared with ----------------------------------


def _workbook_rule(current: Run, rule: Rule) -> None:
    assert rule.check is not None
    if (reason := unavailable(rule, current.context.classeur)) is not None:
        if rule.sheet is not None and rule.severity is BLOQUANT:
            table = current.context.classeur.tables[rule.sheet.key]
            current.unlooked |= missing_columns(table, rule.columns)
        current.skip(rule, reason)
        return
    try:
        with listening() as unread:
            faults = list(rule.check(current.context))
        current.close(rule, faults, unread)
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        current.fail(rule, error)


def _comparison_rule(current: Run, rule: Rule) -> None:
    precedent = current.context.precedent
    if precedent is None:
        current.skip(rule, current.context.without_precedent)
    elif (reason := unavailable(rule, precedent)) is not None:
        current.skip(rule, f"{reason} dans le retour précédent")
    else:
        _workbook_rule(current, rule)


def _finess_rule(current: Run, rule: Rule) -> None:
    if current.context.finess is None:
        current.skip(rule, _NOT_ASKED)
    else:
        _workbook_rule(current, rule)


_RUNNERS: dict[Scope, Callable[[Run, Rule], None]] = {
    Scope.ROW: _sheet_rule,
    Scope.SHEET: _sheet_rule,
    Scope.CLASSEUR: _workbook_rule,
    Scope.PRECEDENT: _comparison_rule,
    Scope.REFERENTIEL: _finess_rule,
}


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings as reports list them: the gravest first, then by sheet, code and row."""
    order = {sheet.name: i for i, sheet in enumerate(SHEETS.values())}
    return tuple(
        sorted(
            findings,
            key=lambda f: (f.severity.rank, order.get(f.sheet, -1), f.code, _place(f)),
        )
    )


def _place(finding: Finding) -> tuple[int, str]:
    if not finding.cells:
        return (0, "")
    digits = "".join(char for char in finding.cells[0] if char.isdigit())
    return (int(digits or 0), finding.cells[0])
