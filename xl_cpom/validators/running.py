"""What one run of the rules finds out: findings, statuses, and where other rules must wait.

The engine (`engine`) asks the rules; this keeps their answers. A rule that found nothing and could
not look everywhere is never « passée »; a blocking fault keeps the rates of its rows waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, cached_property, lru_cache

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.validators.availability import AskedSheet
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.dependencies import PlacesReached
from xl_cpom.validators.judges import Judge
from xl_cpom.validators.judging import Accused
from xl_cpom.validators.model import BLOQUANT, Fault, Finding, Outcome, Rule, Status
from xl_cpom.validators.rates_at_stake import rates_changed
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.stage import of_present_esms
from xl_cpom.validators.unlooked import BEFORE_ALL, doubted, is_missing, why
from xl_cpom.validators.wording import finding_of_fault, finding_of_notice
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.records import Table
from xl_cpom.workbook.unread import UnreadPlace

_BEFORE = "une cellule du retour précédent n'a pas pu être lue"


@dataclass
class Run:
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
        elif (reason := self.places.reason(rule, self.context.classeur.tables)) is not None:
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
                self.context.classeur, sheet, (*fault.rows, *fault.about), columns
            ):
                self.places.rates.setdefault(place, rule.code)

    def silent(self, rule: Rule, unread: Collection[UnreadPlace]) -> None:
        """A rule that found nothing, and that could not look everywhere."""
        mine = [place for place in unread if is_missing(self.context.classeur, place)]
        if rule.severity is BLOQUANT:
            self.unlooked.update(mine)
        self.skip(rule, why(mine, self.context.classeur) if mine else _BEFORE)

    def skip(self, rule: Rule, reason: str) -> None:
        """A rule that was not asked, and why."""
        self._set(rule, Status.NON_CONTROLEE, reason)

    def fail(self, rule: Rule, error: Exception) -> None:
        """A rule that crashed: the program's fault, never the gestionnaire's."""
        self.places.en_panne.add(rule.code)
        self._set(rule, Status.EN_PANNE, f"{type(error).__name__}: {error}")

    def _set(self, rule: Rule, status: Status, reason: str = "") -> None:
        self.statuses[rule.code] = Outcome(rule.code, status, reason)


@cache
def _weighed() -> frozenset[str]:
    """The warnings that the rules on rates wait for: those they require."""
    return frozenset(code for rule in RULES.values() if rule.on_rates for code in rule.requires)


@lru_cache(maxsize=1024)
def _passed(code: str) -> Outcome:
    return Outcome(code, Status.PASSEE)
