"""What changed since the last run: faults corrected, new, remaining.

A fault is recognised from one run to the next by its organisme, its rule and what it is about (the
action A3, the cell B12), not by its row nor by its file: a return comes back under another name,
with rows inserted. The journal keeps no row: two files at hand are compared record by record
(`reports.comparison.changed_findings`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from xl_cpom.batch.history import Passage
from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.across_returns import CampaignReport
from xl_cpom.validators.model import INFORMATION, Finding, Status, Verdict

Constats = Mapping[str, Sequence[str]]
"""Key of a fault -> [FINESS EJ, organisme, code, severity, message]."""


MISSING_RETURN = "LOT-009"
"""Rule whose findings are about a return that never came."""


@dataclass(frozen=True)
class Evolution:
    """Faults since the run of `day` (ISO), each as the list that `Constats` keeps.

    fixed, new, remaining: of returns that came back, under rules that were run both times.
    withdrawn: gone with their return, which is no longer there or can no longer be read; disabled:
    their rule is no longer run or no longer judges; lifted: a dérogation lifts them; arrived: of
    returns or rules that the run before did not have.
    """

    day: str
    fixed: tuple[Sequence[str], ...]
    new: tuple[Sequence[str], ...]
    remaining: tuple[Sequence[str], ...]
    withdrawn: tuple[Sequence[str], ...] = ()
    disabled: tuple[Sequence[str], ...] = ()
    lifted: tuple[Sequence[str], ...] = ()
    arrived: tuple[Sequence[str], ...] = ()


def finding_keys(
    this_report: CampaignReport, discrets: Collection[str] = ()
) -> dict[str, list[str]]:
    """The faults of a campaign by key: those of the returns that count, and those without return.

    What is only for information is no fault. Of the files of `discrets` no text is given: neither
    name nor message.
    """
    found: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    counted = {rendu.file for rendu in this_report.campagne.rendus}
    counted -= set(this_report.campagne.discarded)
    for report in this_report.reports:
        if report.file not in counted:
            continue
        who = report.finess_ej or report.file
        name = report.raison_sociale or report.file
        for finding in report.findings:
            if report.file in discrets:
                quiet = replace(finding, message=finding.code)
                _note(found, seen, who, who, quiet)
            else:
                _note(found, seen, who, name, finding)
    for constat in this_report.constats:
        if not constat.file:
            _note(found, seen, constat.finess_ej, constat.raison_sociale, constat.finding)
    return found


def _note(
    found: dict[str, list[str]], seen: Counter[str], who: str, name: str, finding: Finding
) -> None:
    if finding.severity is INFORMATION or finding.waiver is not None:
        return
    key = _key(who, finding)
    seen[key] += 1
    if seen[key] > 1:
        key = f"{key}|{seen[key]}"
    found[key] = [who, name, finding.code, finding.severity.value, finding.message]


def _key(who: str, finding: Finding) -> str:
    where = finding.record or ",".join(finding.cells)
    return "|".join((who, finding.code, finding.sheet, where))


def run_facts(this_report: CampaignReport, jour: str, discrets: Collection[str] = ()) -> Passage:
    """All that the next run must know of this one (see `finding_keys` for `discrets`)."""
    leves: set[str] = set()
    tus: set[str] = set()
    idle: dict[str, frozenset[str]] = {}
    for report in this_report.reports:
        if report.file in this_report.campagne.discarded:
            continue
        who = report.finess_ej or report.file
        for finding in report.findings:
            if finding.waiver is not None:
                leves.add(_key(who, finding))
            elif finding.severity is INFORMATION:
                tus.add(_key(who, finding))
        if report.verdict is not Verdict.ILLISIBLE:
            mine = frozenset(o.code for o in report.outcomes if o.status in _IDLE)
            idle[who] = mine & idle.get(who, mine)
    common = frozenset(o.code for o in this_report.outcomes if o.status in _IDLE)
    idle[""] = common
    return Passage(
        jour, finding_keys(this_report, discrets), frozenset(leves), frozenset(tus), idle
    )


_IDLE = (Status.NON_CONTROLEE, Status.EN_PANNE)


def compare_runs(before: Passage, now: Passage) -> Evolution:
    """What changed between two runs of one campaign, in the order of the keys."""
    gone: dict[str, list[Sequence[str]]] = defaultdict(list)
    for key in sorted(before.findings.keys() - now.findings.keys()):
        gone[_why_gone(key, before.findings[key], now)].append(before.findings[key])
    come: dict[str, list[Sequence[str]]] = defaultdict(list)
    for key in sorted(now.findings.keys() - before.findings.keys()):
        come[_why_come(key, now.findings[key], before)].append(now.findings[key])
    return Evolution(
        day=before.day,
        fixed=tuple(gone["corriges"]),
        new=tuple(come["nouveaux"]),
        remaining=tuple(now.findings[k] for k in sorted(now.findings.keys() & before.findings)),
        withdrawn=tuple(gone["retires"]),
        disabled=tuple(gone["desactives"]),
        lifted=tuple(gone["leves"]),
        arrived=tuple(come["arrives"]),
    )


def _why_gone(key: str, fault: Sequence[str], now: Passage) -> str:
    """Corrected only when the return came back and the rule was run again."""
    who, code = fault[0], fault[2]
    if key in now.lifted:
        return "leves"
    if key in now.informations or code in now.not_run.get("", ()):
        return "desactives"
    if who not in now.not_run:
        return "retires"
    return "desactives" if code in now.not_run[who] else "corriges"


def _why_come(key: str, fault: Sequence[str], before: Passage) -> str:
    """New only when the run before had that return and had run that rule."""
    who, code = fault[0], fault[2]
    absent = code != MISSING_RETURN and who not in before.not_run
    idle = code in before.not_run.get(who, ()) or code in before.not_run.get("", ())
    return (
        "arrives" if absent or idle or key in (before.lifted | before.informations) else "nouveaux"
    )
