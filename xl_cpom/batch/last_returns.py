"""Of all the returns received, which one the next workbook of each organisme is made from.

The latest year before the one asked for, in its latest version that is recevable. Every file that
is not retained is told with the reason: an older version, a copy, anomalies that refuse it, a year
that does not come before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from xl_cpom.batch.answer import FileAnswer
from xl_cpom.batch.check_files import BatchMeans, answer_tasks
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.batch.task import FileTask, Options
from xl_cpom.batch.two_parts import judge_parts
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import listing, plural, typeset
from xl_cpom.validators.model import BLOQUANT, TAKEN, Report, Verdict
from xl_cpom.validators.retours import Campagne, Rendu

RETAINED = "retenu"


@dataclass(frozen=True, slots=True)
class Judged:
    """A file read and judged."""

    file: CampaignFile
    rendu: Rendu
    report: Report

    @property
    def rank(self) -> int | None:
        """Rank of its year in the contract; None when it is not read."""
        if self.rendu.annee is None or self.rendu.annee_n1 is None:
            return None
        return self.rendu.annee - self.rendu.annee_n1 + 1


@dataclass(frozen=True, slots=True)
class Origin:
    """One file received and what became of it, as the ARS reads it."""

    judged: Judged
    outcome: str


@dataclass
class LastReturns:
    """retained: FINESS EJ -> its last return, in one or several workbooks; origins: every file."""

    retained: dict[str, tuple[Judged, ...]] = field(default_factory=dict)
    origins: list[Origin] = field(default_factory=list)
    without: dict[str, str] = field(default_factory=dict)
    """FINESS EJ that sent something, and nothing that can be taken: its name."""


@dataclass(frozen=True, slots=True)
class WantedYear:
    """The year to prepare: a rank of the contract (N3; 0 is N), or a civil year.

    renewal: it is the workbook N of the next contract; the year then only says which returns count,
    those before it (all of them when there is none, or N).
    """

    rank: int | None = None
    year: int | None = None
    renewal: bool = False

    def rank_after(self, judged: Judged) -> int | None:
        """Rank of the workbook to prepare after a return; None when it is the next contract."""
        return None if self.renewal else self._bound(judged)

    def _bound(self, judged: Judged) -> int | None:
        if self.rank is not None or self.year is None or judged.rendu.annee_n1 is None:
            return self.rank
        return self.year - judged.rendu.annee_n1 + 1

    def precedes(self, judged: Judged) -> bool:
        """Does a return come before the year to prepare?"""
        bound, own = self._bound(judged), judged.rank
        return own is not None and (not bound or own < bound)

    def __str__(self) -> str:
        if self.rank is not None:
            return f"N{self.rank or ''}"
        return "le contrat suivant" if self.year is None else str(self.year)


def judge_returns(
    files: Sequence[CampaignFile],
    options: Options,
    means: BatchMeans,
    follow: Callable[[str], None] = lambda verdict: None,
) -> list[Judged]:
    """Each file judged alone, then the parts of one return together, in the order of the files.

    Raises WorkerStartError.
    """
    answers: dict[int, FileAnswer] = {}
    tasks = [FileTask(str(file.path), file.name, options) for file in files]
    for rank, (_, answer) in answer_tasks(tasks, means):
        answers[rank] = answer
        follow(answer.report.verdict.value)
    judged = [Judged(file, answers[i].rendu, answers[i].report) for i, file in enumerate(files)]
    paths = {file.name: str(file.path) for file in files}
    by_file: dict[str, Report] = {}
    for year in sorted({one.rendu.annee for one in judged if one.rendu.annee is not None}):
        mine = [one for one in judged if one.rendu.annee == year]
        campaign = Campagne([one.rendu for one in mine], expected_annee=year)
        whole = judge_parts(campaign, [o.report for o in mine], paths, options, means.settings)
        by_file.update((report.file, report) for report in whole)
    return [Judged(o.file, o.rendu, by_file.get(o.file.name, o.report)) for o in judged]


def choose_last(judged: Iterable[Judged], wanted: WantedYear) -> LastReturns:
    """The last recevable return of each organisme, and what became of every file."""
    found = LastReturns()
    by_ej: dict[str, list[Judged]] = {}
    for one in judged:
        if one.rendu.finess_ej:
            by_ej.setdefault(one.rendu.finess_ej, []).append(one)
        else:
            found.origins.append(Origin(one, _refusal(one) or "FINESS EJ non lu"))
    for number, mine in by_ej.items():
        outcomes = dict(_aside(mine, wanted))
        usable = [one for one in mine if one.file.name not in outcomes]
        last = max((one.rendu.annee or 0 for one in usable), default=None)
        kept: list[Judged] = []
        for one in usable:
            if one.rendu.annee == last:
                outcomes[one.file.name] = RETAINED
                kept.append(one)
            else:
                outcomes[one.file.name] = f"le retour de {last} est plus récent"
        if kept:
            found.retained[number] = tuple(kept)
        else:
            found.without[number] = next((o.rendu.raison_sociale for o in mine), "")
        found.origins += [Origin(one, outcomes[one.file.name]) for one in mine]
    return found


def _aside(mine: Sequence[Judged], wanted: WantedYear) -> Iterator[tuple[str, str]]:
    """The files of one organisme that cannot be taken, and why."""
    good: list[Judged] = []
    for one in mine:
        if reason := _refusal(one):
            yield one.file.name, reason
        elif not wanted.precedes(one):
            yield one.file.name, f"porte sur {one.rendu.annee} : ne précède pas {wanted}"
        else:
            good.append(one)
    years: Mapping[int | None, list[Rendu]] = {
        year: [o.rendu for o in good if o.rendu.annee == year]
        for year in {o.rendu.annee for o in good}
    }
    for year, rendus in years.items():
        for file, gap in Campagne(rendus, expected_annee=year).discarded.items():
            yield file, gap.text


def _refusal(one: Judged) -> str:
    """Why a return cannot be taken, "" when it can."""
    verdict = one.report.verdict
    if verdict in TAKEN:
        return "année suivie non lue" if one.rank is None else ""
    blocking = [f for f in one.report.findings if f.severity is BLOQUANT and f.waiver is None]
    if verdict is Verdict.NON_RECEVABLE:
        codes = listing(code for code, _ in Counter(f.code for f in blocking).most_common(4))
        many = plural(len(blocking), "anomalie bloquante", "anomalies bloquantes")
        return typeset(f"non recevable : {many} ({codes})")
    return blocking[0].message.rstrip(".") if blocking else verdict.value
