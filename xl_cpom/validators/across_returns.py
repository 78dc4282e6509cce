"""The rules across returns: runs them on a campaign, gives each return what is said about it.

A fault across returns is told in every workbook it concerns, at its own cells, so that each
gestionnaire reads it in its own report; what concerns no workbook (a return that never came) stays
with the campaign.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from xl_cpom.light_dataclass import dataclass
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.dependencies import correct_first
from xl_cpom.validators.derogations import NO_DEROGATION, Derogations, lever
from xl_cpom.validators.model import (
    Finding,
    Outcome,
    Report,
    Rule,
    Scope,
    Status,
    Verdict,
    verdict_of,
)
from xl_cpom.validators.names import KnownNames, names_across, with_names
from xl_cpom.validators.numbers_meant import say_the_number
from xl_cpom.validators.profil import NO_PROFIL, Profil
from xl_cpom.validators.retours import Campagne, CampaignFault, EtablissementRendu, Rendu
from xl_cpom.validators.wording import Blanks, compose


@dataclass(frozen=True, slots=True)
class CampaignFinding:
    """A finding of the campaign. file: the return it is told in, "" when there is none."""

    file: str
    finess_ej: str
    finess_et: str
    raison_sociale: str
    finding: Finding


@dataclass(frozen=True)
class CampaignReport:
    """The reports with what the rules across returns added, and the findings of the campaign."""

    campagne: Campagne
    """The returns, the expected ones, and which of them count."""
    reports: tuple[Report, ...]
    """One report a file, in their order."""
    constats: tuple[CampaignFinding, ...]
    """What the rules across returns found."""
    outcomes: tuple[Outcome, ...]
    """What became of each of these rules."""


def check_campaign_rules(
    campagne: Campagne, profil: Profil = NO_PROFIL
) -> tuple[tuple[CampaignFinding, ...], tuple[Outcome, ...]]:
    """Every finding across returns and the status of every rule, in the order of the catalogue."""
    constats: list[CampaignFinding] = []
    outcomes: list[Outcome] = []
    names = names_across(campagne, load_referentiel())
    for declared in RULES.values():
        if declared.scope is not Scope.CAMPAGNE:
            continue
        rule = profil.apply(declared)
        if (reason := profil.desactivee(rule)) is not None:
            outcomes.append(Outcome(rule.code, Status.NON_CONTROLEE, reason))
            continue
        assert rule.check is not None
        try:
            found = [_constat(rule, fault, campagne, names) for fault in rule.check(campagne)]
        except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
            outcomes.append(Outcome(rule.code, Status.EN_PANNE, f"{type(error).__name__}: {error}"))
            continue
        constats += found
        outcomes.append(Outcome(rule.code, Status.EN_ANOMALIE if found else Status.PASSEE))
    told = _once_told(constats)
    kept = {constat.finding.code for constat in told}
    return tuple(told), tuple(
        _waiting(outcome.code, RULES[outcome.code].requires)
        if outcome.status is Status.EN_ANOMALIE and outcome.code not in kept
        else outcome
        for outcome in outcomes
    )


def _once_told(constats: Sequence[CampaignFinding]) -> list[CampaignFinding]:
    """Without those of an ESMS of which a rule that theirs requires tells as grave a fault."""
    rank = {(c.finding.code, c.file, c.finess_et): c.finding.severity.rank for c in constats}

    def is_told(one: CampaignFinding) -> bool:
        places = [(code, one.file, one.finess_et) for code in RULES[one.finding.code].requires]
        return any(rank[p] <= one.finding.severity.rank for p in places if p in rank)

    return [constat for constat in constats if not is_told(constat)]


def _waiting(code: str, required: Sequence[str]) -> Outcome:
    return Outcome(code, Status.NON_CONTROLEE, correct_first(required))


def campaign_report(
    campagne: Campagne,
    reports: Iterable[Report],
    *,
    profil: Profil = NO_PROFIL,
    derogations: Derogations = NO_DEROGATION,
    referentiel: Referentiel | None = None,
) -> CampaignReport:
    """The reports of a campaign with the findings across returns merged into them.

    referentiel: the cycle they were judged under (the default one if None), whose guide is cited.
    """
    reports = list(reports)
    constats, outcomes = check_campaign_rules(campagne, profil)
    cite = (referentiel or load_referentiel()).cite
    constats = tuple(
        replace(c, finding=replace(c.finding, source=cite(c.finding.source))) for c in constats
    )
    if derogations.entries:
        dates = {report.file: report.reference_date for report in reports}
        constats = tuple(_leve(constat, derogations, dates) for constat in constats)
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for constat in constats:
        if constat.file:
            by_file[constat.file].append(constat.finding)
    sheets = {r.file: r.sheets.get("etablissements", "") for r in campagne.rendus}
    for rank, report in enumerate(reports):
        if meant := campagne.meant_numbers.get(report.file):
            told = say_the_number(report.findings, sheets[report.file], meant)
            reports[rank] = replace(report, findings=told)
    shared: dict[tuple[Outcome, ...], tuple[Outcome, ...]] = {}  # thousands of reports, few of them
    merged = []
    for report in reports:
        told_with = with_campaign_findings(report, by_file[report.file], outcomes)
        same = shared.setdefault(told_with.outcomes, told_with.outcomes)
        merged.append(replace(told_with, outcomes=same))
    return CampaignReport(campagne, tuple(merged), constats, outcomes)


def _leve(
    constat: CampaignFinding, derogations: Derogations, dates: Mapping[str, str]
) -> CampaignFinding:
    """A finding of the campaign, lifted when a dérogation in force says so."""
    text = dates.get(constat.file, "")
    day = dt.date.fromisoformat(text) if text else None
    (finding,) = lever(derogations, [constat.finding], constat.finess_ej, day)
    return replace(constat, finding=finding)


def with_campaign_findings(
    report: Report, added: Sequence[Finding], outcomes: Sequence[Outcome]
) -> Report:
    """A report with findings across returns, its verdict judged again.

    A file that could not be read keeps its verdict and its statuses: nothing was checked in it.
    """
    findings = tuple(sorted((*report.findings, *added), key=lambda f: f.severity.rank))
    if report.verdict is Verdict.ILLISIBLE:
        return replace(report, findings=findings) if added else report
    statuses = {outcome.code: outcome for outcome in outcomes}
    mine = {finding.code for finding in added}
    merged = tuple(
        _own(statuses[outcome.code], mine) if outcome.code in statuses else outcome
        for outcome in report.outcomes
    )
    return replace(report, findings=findings, outcomes=merged, verdict=verdict_of(findings, merged))


def _own(outcome: Outcome, mine: Collection[str]) -> Outcome:
    """Status of a rule of the campaign as one return sees it; mine: the codes told in it."""
    required = RULES[outcome.code].requires
    told_elsewhere = outcome.reason == correct_first(required)
    if outcome.code in mine or not (outcome.status is Status.EN_ANOMALIE or told_elsewhere):
        return outcome
    if first := [code for code in required if code in mine]:
        return _waiting(outcome.code, first)
    return Outcome(outcome.code, Status.PASSEE)


def _constat(
    rule: Rule, fault: CampaignFault, campagne: Campagne, names: KnownNames
) -> CampaignFinding:
    rendu, et = fault.rendu, fault.et
    words = Blanks.of(fault.values)
    finess_ej = fault.finess_ej or (rendu.finess_ej or "" if rendu else "")
    words.setdefault("finess_ej", finess_ej)
    words.setdefault("finess_et", et.finess_et if et else fault.finess_et)
    cells = () if rendu is None else _cells(rendu, et, fault.columns)
    sheet = "etablissements" if et else "identification"
    finding = compose(
        rule,
        words,
        sheet=rendu.sheets.get(sheet, "") if rendu and cells else "",
        cells=cells,
        record=f"l'établissement {et.finess_et}" if et else "",
    )
    (finding,) = with_names([finding], names)
    expected = campagne.attendus.get(finess_ej)
    name = (rendu.raison_sociale if rendu else "") or (expected.raison_sociale if expected else "")
    return CampaignFinding(
        file=rendu.file if rendu else "",
        finess_ej=finess_ej,
        finess_et=words["finess_et"],
        raison_sociale=name,
        finding=finding,
    )


def _cells(
    rendu: Rendu, et: EtablissementRendu | None, colonnes: tuple[str, ...]
) -> tuple[str, ...]:
    places = rendu.cells if et is None else et.cells
    return tuple(places[key] for key in colonnes if key in places)
