"""One year after another: prepare, fill in, send back, judge; and the same year with a lie."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path

from tools.synthese.contenu import contenu
from tools.synthese.population import Organisme, organismes
from tools.vies.events import Region, live_events
from tools.vies.files import read_content, write_all, write_content
from tools.vies.filling import Content, declare, fill
from tools.vies.lies import LIES, TWO_CONTRACTS, CannotTellError, Lie, take_an_esms
from tools.vies.numbers import NewNumbers
from xl_cpom.batch.campagne import CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans
from xl_cpom.batch.deposit import depot_files
from xl_cpom.batch.from_returns import plan_from_returns
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.last_returns import Judged, WantedYear, choose_last, judge_returns
from xl_cpom.batch.planned_workbook import PlannedWorkbook
from xl_cpom.batch.preparation import prepare_workbooks
from xl_cpom.batch.task import Options
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.companions import completed
from xl_cpom.validators.model import DIRECT, Report, Severity
from xl_cpom.workers.pool import WorkerSettings

WATCHED = ("EVO-", "LOT-", "PER-")
"""Families that an honest life never raises."""


@dataclass(frozen=True)
class YearOutcome:
    """What a year gave. findings: (file, code, message) of what an honest life must not raise."""

    rank: int
    returns: int
    verdicts: Counter[str]
    warnings: Counter[str]
    findings: tuple[tuple[str, str, str], ...]
    events: Mapping[str, int] = field(default_factory=dict)
    renewed: int = 0
    """Organismes whose next contract was prepared: theirs is over."""


@dataclass(frozen=True)
class LifeSettings:
    """How many organismes, how many years, under which seed, on how many processes."""

    organismes: int = 60
    years: int = 5
    seed: int = 2026
    jobs: int | None = None
    here: bool = False
    """Live them in this process alone: a few organismes are done before a worker has started."""
    ogs: Sequence[Organisme] = field(default_factory=tuple)
    eventful: float = 1.0
    """How many times more often things happen than in the region; 0: nothing does."""

    @property
    def workers(self) -> WorkerSettings:
        """Who does the work."""
        return WorkerSettings(jobs=self.jobs, time_limit=120.0, here=self.here)


def returns_of(folder: Path, rank: int) -> Path:
    """Where the returns of a year are."""
    return folder / f"N{rank}" / "retours"


def prepared_of(folder: Path, rank: int) -> Path:
    """Where the workbooks prepared for a year are."""
    return folder / f"N{rank}" / "prepares"


def live(folder: Path, settings: LifeSettings) -> Iterator[YearOutcome]:
    """Live the years one after the other under a folder; what each gave, as it is known."""
    referentiel = load_referentiel()
    numbers = NewNumbers()
    first = returns_of(folder, 1)
    first.mkdir(parents=True, exist_ok=True)
    ogs = settings.ogs or organismes(settings.organismes, settings.seed)
    contents = {
        first / f"CPOM_{og.finess}.xlsx": contenu(og, referentiel, settings.seed, 1) for og in ogs
    }
    write_all(contents, settings.workers)
    yield judge_year(folder, 1, settings)
    gone: set[str] = set()
    for rank in range(2, settings.years + 1):
        renewed = prepare_year(folder, rank, settings)
        told = fill_year(folder, rank, settings, numbers, gone)
        yield replace(judge_year(folder, rank, settings), events=told, renewed=renewed)


def fill_year(
    folder: Path, rank: int, settings: LifeSettings, numbers: NewNumbers, gone: set[str]
) -> Mapping[str, int]:
    """Fill the prepared workbooks in, make events happen, send them back; what happened, by kind.

    gone: organismes that no longer answer; those absorbed this year are added.
    """
    referentiel = load_referentiel()
    paths: dict[str, Path] = {}
    contents: dict[str, Content] = {}
    for path in sorted(prepared_of(folder, rank).glob("*.xlsx")):
        content = read_content(path)
        number = content["identification"][0]["finess_ej"]
        if number in gone:
            continue
        fill(content, referentiel, str(settings.seed))
        paths[number], contents[number] = path, content
    year = referentiel.annee_n1 + rank - 1
    region = Region(year, rank, contents, referentiel, numbers)
    live_events(region, random.Random(f"{settings.seed}/{rank}"), settings.eventful)
    gone |= region.absorbed
    target = returns_of(folder, rank)
    target.mkdir(parents=True, exist_ok=True)
    for content in contents.values():
        declare(content, referentiel)
    write_all({target / paths[n].name: contents[n] for n in contents}, settings.workers)
    return region.told


def prepare_year(folder: Path, rank: int, settings: LifeSettings) -> int:
    """What `preparer --depuis` does; how many contracts are over, whose next one is prepared.

    Raises RuntimeError when a workbook cannot be prepared.
    """
    files = depot_files([returns_of(folder, rank - 1)])
    workers = settings.workers
    judged = judge_returns(files, Options(juge=DIRECT), BatchMeans(workers))
    planned = _planned(judged, WantedYear(rank=rank), workers)
    over = {one.finess_ej for one in planned if "prend fin" in one.obstacle}
    stopped = [one for one in planned if one.obstacle and one.finess_ej not in over]
    ended = [one for one in judged if one.rendu.finess_ej in over]
    renewals = _planned(ended, WantedYear(renewal=True), workers)
    stopped += [one for one in renewals if one.obstacle]
    if stopped:
        raise RuntimeError(str([(one.finess_ej, one.obstacle) for one in stopped]))
    kept = [one for one in planned if one.finess_ej not in over]
    for wanted, target in ((kept, prepared_of(folder, rank)), (renewals, folder / "N_suivant")):
        for _ in prepare_workbooks(wanted, target, workers) if wanted else ():
            pass
    return len(renewals)


def _planned(
    judged: Sequence[Judged], wanted: WantedYear, workers: WorkerSettings
) -> list[PlannedWorkbook]:
    return list(plan_from_returns(choose_last(judged, wanted), wanted, {}, workers))


def judge_year(folder: Path, rank: int, settings: LifeSettings) -> YearOutcome:
    """Judge the returns of a year with those of the year before, and against each other."""
    reports = judged_reports(returns_of(folder, rank), _before(folder, rank), settings)
    return YearOutcome(
        rank,
        len(reports),
        Counter(report.verdict.value for report in reports),
        Counter(
            f.code for r in reports for f in r.findings if f.severity is Severity.AVERTISSEMENT
        ),
        tuple(
            (report.file, finding.code, finding.message)
            for report in reports
            for finding in report.findings
            if finding.severity is Severity.BLOQUANT or finding.code.startswith(WATCHED)
        ),
    )


def _before(folder: Path, rank: int) -> Path | None:
    return returns_of(folder, rank - 1) if rank > 1 else None


def judged_reports(returns: Path, before: Path | None, settings: LifeSettings) -> Sequence[Report]:
    """The reports of a campaign, what the rules across returns said included."""
    arguments = dict(completed(precedent=before).as_arguments())
    result = check_campaign(
        depot_files([returns]),
        CampaignSettings(options=Options(arguments=arguments, juge=DIRECT)),
        Journal(),
        moyens=BatchMeans(settings.workers),
    )
    return result.report.reports


@dataclass(frozen=True)
class LieOutcome:
    """What a lie raised. found: codes that the honest return did not raise."""

    lie: Lie
    file: str
    found: frozenset[str]


def tell_lies(folder: Path, rank: int, settings: LifeSettings) -> Iterator[LieOutcome]:
    """Each lie, told by the first organisme that can tell it, in the returns of a year.

    The year must have been lived: its honest returns are what each lie is held against.
    """
    from xl_cpom.validators.check import check

    before, referentiel = _before(folder, rank), load_referentiel()
    honest = {path: read_content(path) for path in sorted(returns_of(folder, rank).glob("*.xlsx"))}
    (folder / "mensonges").mkdir(exist_ok=True)
    known: dict[Path, set[str]] = {}
    for name, lie in LIES.items():
        for path, content in honest.items():
            if lie.needs and len(content[lie.needs]) < lie.at_least:
                continue
            told = deepcopy(content)
            try:
                lie.tell(told)
            except CannotTellError:
                continue
            declare(told, referentiel)
            target = folder / "mensonges" / f"{name.replace(' ', '_')}_{path.name}"
            write_content(target, told)
            found = {f.code for f in check(target, precedent=before).findings}
            if path not in known:
                known[path] = {f.code for f in check(path, precedent=before).findings}
            yield LieOutcome(lie, target.name, frozenset(found - known[path]))
            break
    yield _two_contracts(folder, honest, before, settings)


def _two_contracts(
    folder: Path, honest: Mapping[Path, Content], before: Path | None, settings: LifeSettings
) -> LieOutcome:
    """An organisme says that an ESMS of another one came in; the campaign judges both."""
    referentiel = load_referentiel()
    campaign = folder / "mensonges" / "campagne"
    campaign.mkdir(exist_ok=True)
    for liar, other in permutations(honest, 2):
        content = deepcopy(honest[liar])
        if not take_an_esms(content, honest[other]):
            continue
        declare(content, referentiel)
        told = dict(honest) | {liar: content}
        write_all({campaign / path.name: rows for path, rows in told.items()}, settings.workers)
        known = {(r.file, f.code) for r in judged_reports(liar.parent, before, settings)
                 for f in r.findings}  # fmt: skip
        found = {(r.file, f.code) for r in judged_reports(campaign, before, settings)
                 for f in r.findings}  # fmt: skip
        new = found - known
        both = {file for file, _ in new} == {liar.name, other.name}
        codes = frozenset(code for _, code in new) if both else frozenset()
        return LieOutcome(TWO_CONTRACTS, liar.name, codes)
    raise RuntimeError("no two organismes of one secteur")
