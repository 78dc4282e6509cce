"""A return that came in several workbooks (one per département): judged as the one it is.

The parts share the rows of the organisme, repeated in each, and divide its ESMS. Taken apart, their
rates are partial and contradict what was declared for the whole. Together, each repeated row counts
once: the first part carries the indicators of the organisme, the others none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xl_cpom.batch.task import FileTask, Options
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.validators.model import Finding, Outcome, Report, Scope, Status, verdict_of
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.validators.retours import Campagne
from xl_cpom.workers.codec import decode, encode
from xl_cpom.workers.pool import Pool, WorkerSettings

OF_THE_WHOLE = "IND-0"
"""First letters of the rules that hold the declared rates against those of the whole organisme."""


_WHOLE = (Scope.SHEET, Scope.CLASSEUR)


@dataclass(frozen=True)
class PartsTask:
    """The parts of one return, the first one first."""

    parts: tuple[FileTask, ...]
    options: Options = field(default_factory=Options)


@dataclass(frozen=True)
class WholeAnswer:
    """What the parts say together; nothing when one of them can no longer be read.

    outcomes: of the rules on the declared rates, and of those that look at a sheet or a workbook as
    a whole: what a part lacks (« le module est actif, mais… ») may be in another.
    """

    indicateurs: tuple[ComputedIndicator, ...] = ()
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    read: bool = False


def judge_parts(
    campagne: Campagne,
    reports: Sequence[Report],
    paths: Mapping[str, str],
    options: Options,
    settings: WorkerSettings,
) -> list[Report]:
    """The reports, those of the returns in several workbooks being judged on the whole."""
    groups = [group for group in campagne.by_organisme.values() if len(group) > 1]
    tasks = [
        PartsTask(tuple(FileTask(paths[r.file], r.file, options) for r in group), options)
        for group in groups
    ]
    by_file = {report.file: report for report in reports}
    pool = Pool(judge_together, settings, warm_up=("xl_cpom.validators.check",))
    for rank, answer in pool.run(tasks) if tasks else ():
        if not isinstance(answer, bytes):
            continue  # each part keeps its own report, which says what it can
        whole = decode(WholeAnswer, answer)
        if whole.read:
            for place, part in enumerate(tasks[rank].parts):
                by_file[part.name] = _with_the_whole(by_file[part.name], whole, first=place == 0)
    return [by_file[report.file] for report in reports]


def _with_the_whole(report: Report, whole: WholeAnswer, *, first: bool) -> Report:
    passed = {outcome.code for outcome in whole.outcomes if outcome.status is Status.PASSEE}
    own = tuple(
        f for f in report.findings if not f.code.startswith(OF_THE_WHOLE) and f.code not in passed
    )
    findings = tuple(
        sorted((*own, *(whole.findings if first else ())), key=lambda f: f.severity.rank)
    )
    gone = {f.code for f in report.findings} & passed
    told = {o.code: o for o in whole.outcomes if o.code.startswith(OF_THE_WHOLE) or o.code in gone}
    outcomes = tuple(told.get(outcome.code, outcome) for outcome in report.outcomes)
    return replace(
        report,
        findings=findings,
        outcomes=outcomes,
        indicateurs=whole.indicateurs if first else (),
        verdict=verdict_of(findings, outcomes),
    )


def judge_together(task: PartsTask) -> bytes:
    """Read the parts and judge the declared rates on the whole (in a worker)."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators import engine
    from xl_cpom.validators.catalogue import RULES
    from xl_cpom.validators.companions import completed
    from xl_cpom.validators.derogations import apply_derogations
    from xl_cpom.validators.reported_indicators import computed_indicators
    from xl_cpom.validators.rule_context import RuleContext
    from xl_cpom.workbook.decryption import open_encrypted
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader import UnreadableWorkbookError

    referentiel = task.options.referentiel or load_referentiel()
    arguments = task.options.arguments
    try:
        classeurs = [
            interpret(
                open_encrypted(Path(part.path), arguments.get("mot_de_passe")), referentiel
            ).classeur
            for part in task.parts
        ]
    except UnreadableWorkbookError:  # it was read a moment ago: its own report stands
        return encode(WholeAnswer())
    whole = _merged(classeurs)
    day = task.options.date or whole.identification.date_arrete or None
    complements = completed(
        profil=arguments.get("profil"), derogations=arguments.get("derogations")
    )
    context = RuleContext(whole, day)
    findings, outcomes = engine.run((), context, complements.profil, task.options.juge)
    if complements.derogations is not None:
        bilan = apply_derogations(complements.derogations, findings, outcomes, whole, context.date)
        findings, outcomes = engine.ordered(bilan.findings), bilan.outcomes
    return encode(
        WholeAnswer(
            computed_indicators(whole),
            tuple(f for f in findings if f.code.startswith(OF_THE_WHOLE)),
            tuple(o for o in outcomes if RULES[o.code].scope in _WHOLE),
            read=True,
        )
    )


def _merged(classeurs: Sequence[Any]) -> Any:
    """One workbook of the first part's sheets, with the rows of the others that it has not."""
    from xl_cpom.workbook.computation import compute_workbook
    from xl_cpom.workbook.records import Classeur

    first = classeurs[0]
    tables = {}
    for key, table in first.tables.items():
        others = [classeur.tables[key] for classeur in classeurs[1:]]
        tables[key] = _union(table, [] if key in _ONE else others)
    whole = Classeur(first.referentiel, tables)
    compute_workbook(whole)
    return whole


_ONE = ("identification", "indicateurs")
"""Sheets that speak of the whole organisme: those of the first part are read."""


def _union(table: Any, others: Sequence[Any]) -> Any:
    from xl_cpom.workbook.records import Row

    merged = replace(table, rows=[])
    typed = [column.key for column in table.sheet.columns if column.formula is None]
    seen: set[str] = set()
    for rank, part in enumerate((table, *others)):
        fresh: set[str] = set()
        for row in part.rows:
            said = repr([row.values.get(key) for key in typed])
            if said in seen:
                continue
            fresh.add(said)
            merged.rows.append(Row(merged, row.number + rank * _APART, dict(row.values)))
        seen |= fresh  # twice the same row in one part is that part's affair
    return merged


_APART = 10_000_000
"""Keeps the numbers of the rows of two parts from being the same."""
