"""A whole campaign: files in, one report each, the rules across returns, what changed since.

What was read is taken from the journal when the file and the way to judge it are unchanged; what is
read is kept as soon as it is known. The outcome does not depend on the number of workers, on the
order in which they answer, nor on how many times the run was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from xl_cpom.batch.answer import FileAnswer, RowsBySheet
from xl_cpom.batch.check_files import BatchMeans, answer_tasks
from xl_cpom.batch.conditions import campaign_conditions
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.batch.fresh_outputs import cause
from xl_cpom.batch.journal import Journal, identite
from xl_cpom.batch.second_readings import answers_read_twice, carried
from xl_cpom.batch.since_last_run import Evolution, compare_runs, run_facts
from xl_cpom.batch.task import TRANSIENT, FileTask, Options, dire
from xl_cpom.batch.two_parts import judge_parts
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.across_returns import CampaignReport, campaign_report
from xl_cpom.validators.companions import completed
from xl_cpom.validators.derogations import NO_DEROGATION
from xl_cpom.validators.model import Report, Verdict
from xl_cpom.validators.retours import Attendu, Campagne, Rendu
from xl_cpom.validators.unreadable import file_fingerprint
from xl_cpom.workers.codec import UnreadableAnswerError, decode

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract


@dataclass(frozen=True)
class CampaignSettings:
    """How a campaign is run."""

    options: Options = field(default_factory=Options)
    """How every file is controlled."""
    attendus: Mapping[str, Attendu] = field(default_factory=dict)
    """What the ARS expects, by FINESS EJ; empty: not given."""
    annee: int | None = None
    """The year asked for; None: that of most returns."""
    resume: bool = False
    """Take what the journal knows of files that have not changed."""
    cross: bool = True
    """Hold the returns against each other: a few files named one by one are not a campaign."""
    day: str = ""
    """Day of the run (ISO), kept in the journal to say « depuis le … »."""


Suivi = Callable[[str, Verdict, bool], None]
"""Told after each file: its name, its verdict, whether it came from the journal."""


@dataclass(frozen=True)
class CampaignResult:
    """Everything a campaign gives; the rows stay in the journal and are read one file at a time."""

    report: CampaignReport
    """The reports, and what the comparison of the returns adds."""
    evolution: Evolution | None
    """What changed since the run before; None without one."""
    read_again: int
    """Number of files that were read."""
    journal: Journal
    """Where the rows stay."""
    context: str
    """Fingerprint of the engine and of the way to judge."""
    digest: str
    """Fingerprint of all that decides the outputs, when nothing had to be read again."""
    conditions: Mapping[str, str] = field(default_factory=dict)
    """What the returns were judged with (see `batch.conditions`)."""
    finess: FinessExtract | None = None
    """The extract that they were held against, when one was given."""

    @property
    def campagne(self) -> Campagne:
        """The returns and which of them count."""
        return self.report.campagne

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, in the order of the files."""
        return self.report.reports

    def rows(self) -> Iterator[tuple[Rendu, RowsBySheet]]:
        """The rows of each return that counts."""
        kept = self.campagne.counted
        answers = self.journal.answers((r.file for r in kept), self.context)
        for rendu, answer in zip(kept, answers, strict=True):
            yield rendu, decode(FileAnswer, answer).rows


def check_campaign(
    files: Sequence[CampaignFile],
    reglement: CampaignSettings,
    journal: Journal,
    *,
    moyens: BatchMeans | None = None,
    suivi: Suivi | None = None,
) -> CampaignResult:
    """Control the files of a campaign. Raises WorkerStartError.

    Interrupted at any time, it loses nothing that the journal has noted.
    """
    context = reglement.options.digest
    shas = {file.name: _fingerprint(file) for file in files}
    briefs: dict[str, tuple[Report, Rendu]] = {}
    missing: list[CampaignFile] = []
    discrets: set[str] = set()
    for file in files:
        known = journal.known(file.name, context, shas[file.name]) if reglement.resume else None
        answer = None if known is None else _usable(known)
        if answer is None:
            missing.append(file)
            continue
        briefs[file.name] = (answer.report, answer.rendu)
        if suivi is not None:
            suivi(file.name, answer.report.verdict, True)
    requests = [FileTask(str(f.path), f.name, reglement.options, f.own) for f in missing]
    double = reglement.options.second_reading
    ask = answers_read_twice if double else answer_tasks
    for rank, (raw_bytes, answer) in ask(requests, moyens or BatchMeans()):
        name = missing[rank].name
        read = answer.report.sha256 + dire(missing[rank].own)
        if answer.secret:
            discrets.add(name)
        # it may have changed since it was listed
        journal.note(name, context, read, raw_bytes, durable=not answer.secret)
        briefs[name] = (answer.report, answer.rendu)
        if suivi is not None:
            suivi(name, answer.report.verdict, False)
    rendus = [briefs[file.name][1] for file in files]
    campagne = Campagne(rendus, reglement.attendus, reglement.annee)
    arguments = reglement.options.arguments
    complements = completed(
        profil=arguments.get("profil"), derogations=arguments.get("derogations")
    )
    alone = [briefs[file.name][0] for file in files]
    reports = judge_parts(
        campagne,
        alone,
        {file.name: str(file.path) for file in files},
        reglement.options,
        (moyens or BatchMeans()).settings,
    )
    if double:
        reports = [carried(*pair) for pair in zip(alone, reports, strict=True)]
    if reglement.cross:
        report = campaign_report(
            campagne,
            reports,
            profil=complements.profil,
            derogations=complements.derogations or NO_DEROGATION,
            referentiel=reglement.options.referentiel,
        )
    else:
        report = CampaignReport(campagne, tuple(reports), (), ())
    same = _identite(reglement, context, shas)
    evolution = _evolution(report, reglement, journal, same, discrets)
    journal.forget_others(shas, context)
    counted = [r for r in report.reports if r.file not in campagne.discarded]
    cycle = (reglement.options.referentiel or load_referentiel()).id
    return CampaignResult(
        report, evolution, len(missing), journal, context, cause(same, evolution),
        campaign_conditions(reglement.options, cycle, counted),
        reglement.options.arguments.get("finess"),
    )  # fmt: skip


def _fingerprint(file: CampaignFile) -> str:
    """Fingerprint of a file, and of what it alone is controlled with."""
    return file_fingerprint(file.path) + dire(file.own)


def _usable(known: bytes) -> FileAnswer | None:
    """An answer of the journal, unless it may have come from the machine and not from the file."""
    try:
        answer = decode(FileAnswer, known)
    except UnreadableAnswerError:
        return None
    report = answer.report
    passing = any(finding.code in TRANSIENT for finding in report.findings)
    return None if passing or report.verdict is Verdict.NON_CONTROLE else answer


def _identite(reglement: CampaignSettings, context: str, shas: Mapping[str, str]) -> str:
    asked = (sorted(reglement.attendus.items()), reglement.annee, reglement.cross)
    return identite(context, shas.items(), repr(asked))


def _evolution(
    report: CampaignReport,
    reglement: CampaignSettings,
    journal: Journal,
    identite_: str,
    discrets: Collection[str],
) -> Evolution | None:
    """Note the run, and say what changed since the one before.

    discrets: files that came encrypted; the journal keeps of their faults no more than the code.
    """
    now = run_facts(report, reglement.day)
    kept = run_facts(report, reglement.day, discrets) if discrets else now
    before = journal.historique.note_run(report.campagne.annee, identite_, kept)
    return None if before is None else compare_runs(before, now)
