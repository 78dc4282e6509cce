"""The engine: runs every rule on a typed workbook, says what each one ended as.

A judge (`judges`) says which rows of a sheet may be at fault; the engine then asks each rule about
those rows only, derives the cells and the words, and keeps the program's own failures apart: a rule
that crashed is never shown as a fault of the gestionnaire. Rules run after those they require
(`dependances`); the profile of the campaign may change their severity or leave them out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.certainty import confirmed
from xl_cpom.validators.dependencies import PlacesReached, in_dependency_order, place_of
from xl_cpom.validators.judges import Judge, judge_named
from xl_cpom.validators.judging import faults_of, row_fault
from xl_cpom.validators.model import BLOQUANT, DIRECT, Fault, Finding, Outcome, Rule, Scope, Status
from xl_cpom.validators.profil import NO_PROFIL, Profil
from xl_cpom.validators.reported_indicators import unread_results
from xl_cpom.validators.rule_context import RuleContext, doubting_the_year, undated
from xl_cpom.validators.unlooked import (
    BEFORE_ALL,
    doubted,
    first_things_first,
    hardened,
    is_missing,
    missing_columns,
    why,
)
from xl_cpom.validators.wording import finding_of_fault, finding_of_notice, mask_secrets
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.records import Classeur, Row, Table, unread_places
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.unread import UnreadPlace, listening, tell

_BEFORE = "une cellule du retour précédent n'a pas pu être lue"
_NOT_ASKED = "l'extrait FINESS n'a pas été donné (--finess)"


@dataclass
class _Run:
    """Findings and statuses as they build up."""

    context: RuleContext
    judge: Judge
    findings: list[Finding] = field(default_factory=list)
    statuses: dict[str, Outcome] = field(default_factory=dict)
    places: PlacesReached = field(default_factory=PlacesReached)
    secrets: dict[str, str] = field(default_factory=dict)
    suspects: dict[str, Sequence[Row] | Exception] = field(default_factory=dict)
    unlooked: set[UnreadPlace] = field(default_factory=set)
    """What could not be read and kept silent a rule that could have refused the workbook."""

    @cached_property
    def tabs(self) -> dict[str, Table]:
        """The tables by the name of their tab in the file."""
        return {table.name: table for table in self.context.classeur.tables.values()}

    def close(
        self, rule: Rule, faults: Iterable[Fault], unread: Collection[UnreadPlace] = ()
    ) -> None:
        """Keep what a rule found; unread: what it asked for that could not be read."""
        kept = self.places.discard(rule, faults)
        if rule.code not in BEFORE_ALL and (doubt := doubted(self.context.classeur, unread)):
            self.skip(rule, f"il faut d'abord corriger {doubt}")
            return
        if kept:
            self.places.note(rule.code, kept)
        self.findings.extend(finding_of_fault(rule, fault) for fault in kept)
        for fault in kept:
            self.secrets.update(fault.secrets)
        if kept:
            self._set(rule, Status.EN_ANOMALIE)
        elif (reason := self.places.raison(rule, self.context.classeur.tables)) is not None:
            self._set(rule, Status.NON_CONTROLEE, reason)
        elif unread:
            self.silent(rule, unread)
        else:
            self._set(rule, Status.PASSEE)

    def read(self, rule: Rule, notice: Notice) -> None:
        """Keep a remark of the reading, with the record it is about."""
        table = self.tabs.get(notice.sheet)
        row = None if table is None else table.row_of(notice.cells)
        self.findings.append(finding_of_notice(rule, notice, row))
        self.places.note_reading(rule.code, table, notice.cells)
        self._set(rule, Status.EN_ANOMALIE)

    def silent(self, rule: Rule, unread: Collection[UnreadPlace]) -> None:
        """A rule that found nothing, and that could not look everywhere."""
        mine = [place for place in unread if is_missing(self.context.classeur, place)]
        if rule.severity is BLOQUANT:
            self.unlooked.update(mine)
        self.skip(rule, why(mine, self.context.classeur) if mine else _BEFORE)

    def skip(self, rule: Rule, reason: str) -> None:
        self._set(rule, Status.NON_CONTROLEE, reason)

    def fail(self, rule: Rule, error: Exception) -> None:
        self.places.en_panne.add(rule.code)
        self._set(rule, Status.EN_PANNE, f"{type(error).__name__}: {error}")

    def _set(self, rule: Rule, status: Status, reason: str = "") -> None:
        self.statuses[rule.code] = Outcome(rule.code, status, reason)


def run(
    notices: Sequence[Notice],
    context: RuleContext,
    profil: Profil = NO_PROFIL,
    juge: str = DIRECT,
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """Every finding and the status of every rule, in the order of the catalogue.

    juge: name of the judge of the rows (`judges`). Raises ValueError for an unknown one.
    """
    if context.date is None:
        context = undated(context)
    current = _Run(context, judge_named(juge))
    by_code: dict[str, list[Notice]] = {}
    for notice in notices:
        by_code.setdefault(notice.code, []).append(notice)
    for declared in first_things_first(in_dependency_order(RULES)):
        rule = profil.apply(confirmed(declared, context.referentiel))
        if (reason := profil.desactivee(rule)) is not None:
            current.skip(rule, reason)
        elif rule.check is None:
            _reading_rule(current, rule, by_code.get(rule.code, ()))
        elif (reason := current.places.verrou(rule)) is not None:
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
    findings = mask_secrets(current.findings, current.secrets)
    for places in unread_results(context.classeur).values():
        current.unlooked.update(places)
    hard = hardened(findings, current.unlooked, context.classeur, RULES)
    cite = context.classeur.referentiel.cite
    return ordered([replace(f, source=cite(f.source)) for f in hard]), outcomes


def _reading_rule(current: _Run, rule: Rule, notices: Sequence[Notice]) -> None:
    current.close(rule, ())
    for notice in notices:
        current.read(rule, notice)


# --- rules over the rows and over the sheet ------------------------------------------------------


def _sheet_rule(current: _Run, rule: Rule) -> None:
    assert rule.sheet is not None
    table = current.context.classeur[rule.sheet.key]
    if (reason := _absent(table)) is not None:
        current.skip(rule, reason)
        return
    if (reason := _missing(rule, table)) is not None:
        if rule.severity is BLOQUANT:
            current.unlooked |= missing_columns(table, rule.columns)
        current.skip(rule, reason)
        return
    suspects = current.suspects.get(table.sheet.key)
    if suspects is None:
        suspects = current.suspects[table.sheet.key] = _suspects(current, table)
    if isinstance(suspects, Exception):
        current.fail(rule, suspects)
        return
    if current.context.incomplete:
        suspects = _to_hear(rule, table, suspects)
    if not suspects:
        current.close(rule, ())
    elif rule.scope is Scope.ROW:
        _row_rule(current, rule, suspects)
    else:
        _table_rule(current, rule, table.rows)


def _to_hear(rule: Rule, table: Table, suspects: Sequence[Row]) -> Sequence[Row]:
    """The rows a rule is asked about when something of the workbook could not be read.

    A rule that looks beyond its row may have been kept silent on any of them; another, only on
    those that hold something unread.
    """
    if rule.wants_context:
        return table.rows
    numbers = {row.number for row in suspects}
    return [row for row in table.rows if row.number in numbers or row.unread(rule.columns)]


def _suspects(current: _Run, table: Table) -> Sequence[Row] | Exception:
    """The rows the judge suspects, or what it fell on: the program's fault, never the user's."""
    try:
        return current.judge(table, current.context)
    except Exception as error:  # noqa: BLE001 - every rule of the sheet is told as failed
        return error


def _row_rule(current: _Run, rule: Rule, suspects: Sequence[Row]) -> None:
    faults: list[Fault] = []
    locked = current.places.verrouillees(rule)
    try:
        with listening() as unread:
            for row in suspects:
                if place_of(row) in locked:
                    continue
                tell(unread_places(row, rule.columns))
                if (found := row_fault(rule, row, current.context)) is not None:
                    faults.append(found)
        current.close(rule, faults, unread)
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        current.fail(rule, error)


def _table_rule(current: _Run, rule: Rule, rows: Sequence[Row]) -> None:
    try:
        with listening() as unread:
            for row in rows:
                tell(unread_places(row, rule.columns))
            faults = faults_of(rule, rows, current.context)
        current.close(rule, faults, unread)
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        current.fail(rule, error)


# --- rules over the workbook, and over what it is compared with ----------------------------------


def _workbook_rule(current: _Run, rule: Rule) -> None:
    assert rule.check is not None
    if (reason := _unavailable(rule, current.context.classeur)) is not None:
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


def _comparison_rule(current: _Run, rule: Rule) -> None:
    precedent = current.context.precedent
    if precedent is None:
        current.skip(rule, current.context.without_precedent)
    elif (reason := _unavailable(rule, precedent)) is not None:
        current.skip(rule, f"{reason} dans le retour précédent")
    else:
        _workbook_rule(current, rule)


def _finess_rule(current: _Run, rule: Rule) -> None:
    if current.context.finess is None:
        current.skip(rule, _NOT_ASKED)
    else:
        _workbook_rule(current, rule)


_RUNNERS: dict[Scope, Callable[[_Run, Rule], None]] = {
    Scope.ROW: _sheet_rule,
    Scope.SHEET: _sheet_rule,
    Scope.CLASSEUR: _workbook_rule,
    Scope.PRECEDENT: _comparison_rule,
    Scope.REFERENTIEL: _finess_rule,
}


def _unavailable(rule: Rule, classeur: Classeur) -> str | None:
    """Why a rule cannot be checked on a workbook: a sheet or a column it needs is not there."""
    for sheet in rule.sheets:
        if (reason := _absent(classeur[sheet.key])) is not None:
            return reason
    return None if rule.sheet is None else _missing(rule, classeur[rule.sheet.key])


def _absent(table: Table) -> str | None:
    return None if table.present else f"la feuille « {table.sheet.name} » est introuvable"


def _missing(rule: Rule, table: Table) -> str | None:
    """Why a rule cannot be checked on a table: a column it needs is not in the file."""
    for key in rule.columns:
        column = table.sheet[key]
        if column.is_entry and not table.has(key):
            return f"la colonne « {column.header} » est introuvable"
    return None


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
