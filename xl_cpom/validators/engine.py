"""The engine: runs every rule on a typed workbook, says what each one ended as.

Each rule is asked once, of every row or of those that a judge accuses (`judges`); the engine then
derives the cells and the words, and keeps the program's own failures apart: a rule that crashed is
never shown as a fault of the gestionnaire. Rules run after those they require (`dependances`); the
profile of the campaign may change their severity or leave them out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.validators.availability import AskedSheet, absent, missing, unavailable
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.certainty import confirmed
from xl_cpom.validators.dependencies import PlacesReached, in_dependency_order, place_of
from xl_cpom.validators.judges import Judge, judge_named
from xl_cpom.validators.judges.both import must_agree
from xl_cpom.validators.judging import (
    Accused,
    numbers_at_fault,
    row_faults,
    table_faults,
)
from xl_cpom.validators.model import BLOQUANT, DIRECT, Fault, Finding, Outcome, Rule, Scope, Status
from xl_cpom.validators.not_filled import not_filled
from xl_cpom.validators.profil import NO_PROFIL, Profil
from xl_cpom.validators.rates_at_stake import rates_changed
from xl_cpom.validators.reported_indicators import unread_results
from xl_cpom.validators.rule_context import RuleContext, doubting_the_year, undated
from xl_cpom.validators.stage import asked_now, of_present_esms, set_aside
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
from xl_cpom.workbook.records import Row, Table
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.unread import UnreadPlace, listening

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

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
    accused: dict[str, Accused | Exception] = field(default_factory=dict)
    sheets: dict[str, AskedSheet] = field(default_factory=dict)
    accepted: Callable[[Finding], bool] | None = None
    """Is a finding lifted by a dérogation? None: nothing is."""

    unlooked: set[UnreadPlace] = field(default_factory=set)
    """What could not be read and kept silent a rule that could have refused the workbook."""

    @cached_property
    def tabs(self) -> dict[str, Table]:
        """The tables by the name of their tab in the file."""
        return {table.name: table for table in self.context.classeur.tables.values()}

    def close(
        self, rule: Rule, faults: Sequence[Fault], unread: Collection[UnreadPlace] = ()
    ) -> None:
        """Keep what a rule found; unread: what it asked for that could not be read."""
        asked = of_present_esms(rule, faults, self.context.classeur)
        kept = self.places.discard(rule, asked) if asked else ()
        if rule.code not in BEFORE_ALL and (doubt := doubted(self.context.classeur, unread)):
            self.skip(rule, f"il faut d'abord corriger {doubt}")
            return
        if kept:
            self.places.note(rule.code, kept)
            found = [finding_of_fault(rule, fault) for fault in kept]
            self._weigh(
                rule, [f for f, said in zip(kept, found, strict=True) if self._stands(said)]
            )
            self.findings.extend(found)
            for fault in kept:
                self.secrets.update(fault.secrets)
            self._set(rule, Status.EN_ANOMALIE)
        elif (reason := self.places.raison(rule, self.context.classeur.tables)) is not None:
            self._set(rule, Status.NON_CONTROLEE, reason)
        elif unread:
            self.silent(rule, unread)
        else:
            self.statuses[rule.code] = _passed(rule.code)

    def read(self, rule: Rule, notice: Notice) -> None:
        """Keep a remark of the reading, with the record it is about."""
        table = self.tabs.get(notice.sheet)
        row = None if table is None else table.row_of(notice.cells)
        finding = finding_of_notice(rule, notice, row)
        self.findings.append(finding)
        self.places.note_reading(rule.code, table, notice.cells)
        if (
            rule.severity is BLOQUANT
            and row is not None
            and table is not None
            and self._stands(finding)
        ):
            columns = table.columns_of(notice.cells)
            self._weigh(rule, [Fault(rows=(row,), columns=tuple(columns))])
        self._set(rule, Status.EN_ANOMALIE)

    def _stands(self, finding: Finding) -> bool:
        """Is it still to be corrected? What a dérogation lifts stays as it is, and so do rates."""
        return self.accepted is None or not self.accepted(finding)

    def _weigh(self, rule: Rule, faults: Iterable[Fault]) -> None:
        """Note the rates that will change once these faults are corrected."""
        if rule.severity is not BLOQUANT and rule.code not in _weighed():
            return
        for fault in faults:
            columns = rule.columns if fault.columns is None else fault.columns
            sheet = fault.sheet or (fault.rows[0].table.sheet if fault.rows else rule.sheet)
            for place in rates_changed(
                self.context.classeur, sheet, fault.rows or fault.about, columns
            ):
                self.places.rates.setdefault(place, rule.code)

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


@cache
def _weighed() -> frozenset[str]:
    """The warnings that the rules on rates wait for: those they require."""
    return frozenset(code for rule in RULES.values() if rule.on_rates for code in rule.requires)


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
    current = _Run(context, judge_named(juge), accepted=accepted)
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
    return ordered([_cited(f, context.classeur.referentiel) for f in hard]), outcomes


def _cited(finding: Finding, referentiel: Referentiel) -> Finding:
    """The finding with its source as the référentiel of the region cites it."""
    source = referentiel.cite(finding.source)
    return finding if source == finding.source else replace(finding, source=source)


@lru_cache(maxsize=1024)
def _passed(code: str) -> Outcome:
    return Outcome(code, Status.PASSEE)


_ORDERED: list[tuple[Mapping[str, Rule], list[Rule]]] = []
"""The last catalogue put in order, and its order: there is hardly ever another."""


def _in_order(rules: Mapping[str, Rule]) -> list[Rule]:
    """The rules of a catalogue in the order they run in, worked out once."""
    if not _ORDERED or _ORDERED[0][0] is not rules:
        _ORDERED[:] = [(rules, first_things_first(in_dependency_order(rules)))]
    return _ORDERED[0][1]


def _reading_rule(current: _Run, rule: Rule, notices: Sequence[Notice]) -> None:
    current.close(rule, ())
    for notice in notices:
        current.read(rule, notice)


# --- rules over the rows and over the sheet ------------------------------------------------------


def _sheet_rule(current: _Run, rule: Rule) -> None:
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


def _rows_to_ask(current: _Run, rule: Rule, table: Table) -> Sequence[Row]:
    """The rows a rule is asked about: those a schema accuses, unless every row is asked.

    When something of the workbook could not be read, a rule may have been kept silent on any of
    them: it is then heard on every row, whoever judges.
    """
    if current.judge.every_row or current.context.incomplete:
        return table.rows
    accused = _accused(current, table).get(rule.code, ())
    rows = [row for row in table.rows if row.number in accused] if accused else []
    return table.rows if rows and rule.scope is Scope.SHEET else rows


def _accused(current: _Run, table: Table) -> Accused:
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


def _workbook_rule(current: _Run, rule: Rule) -> None:
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


def _comparison_rule(current: _Run, rule: Rule) -> None:
    precedent = current.context.precedent
    if precedent is None:
        current.skip(rule, current.context.without_precedent)
    elif (reason := unavailable(rule, precedent)) is not None:
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
