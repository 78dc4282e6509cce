"""`--double-lecture`: each report completed by what a second, independent reader saw.

Two readings agree, or the verdict says so: a cell read otherwise, or a second reading that could
not be made, is a finding of its own, and no return is then « recevable » without reserve.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xl_cpom.batch.check_files import BatchMeans, ReceivedAnswer, answer_tasks
from xl_cpom.batch.task import FileTask
from xl_cpom.typography import guillemets, plural, typeset
from xl_cpom.validators.engine import ordered
from xl_cpom.validators.model import AVERTISSEMENT, Finding, Report, Verdict, verdict_of
from xl_cpom.workbook.decryption import Password
from xl_cpom.workbook.second_reading import SecondReadingTask, read_twice
from xl_cpom.workers.codec import encode
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

DISAGREES = "LEC-DOUBLE"
FAILED = "LEC-DOUBLE-ECHEC"
OPTION = "double_lecture"
_NOTHING_READ = (Verdict.ILLISIBLE, Verdict.NON_CONTROLE)
_LOT = 128
_SOURCE = "Double lecture du fichier"
_PRELOAD = ("xl_cpom.workbook.second_reading", "openpyxl")


def with_second_readings(
    paths: Sequence[Path],
    reports: Sequence[Report],
    *,
    passwords: Sequence[Password | None] = (),
    settings: WorkerSettings | None = None,
) -> list[Report]:
    """The reports, in their order, each with what the second reader of its file found.

    passwords: those of the files, in the same order (none has one by default). A file that could
    not be read at all has nothing to compare: its report is left as it is.
    """
    words = passwords or [None] * len(paths)
    read = [rank for rank, one in enumerate(reports) if one.verdict not in _NOTHING_READ]
    tasks = [SecondReadingTask(str(paths[i]), reports[i].sha256, words[i]) for i in read]
    found = list(reports)
    pool = Pool(read_twice, settings or WorkerSettings(), warm_up=_PRELOAD)
    for rank, answer in pool.run(tasks):
        found[read[rank]] = completed_by(reports[read[rank]], answer)
    return found


def answers_read_twice(
    requests: Sequence[FileTask], means: BatchMeans
) -> Iterator[tuple[int, ReceivedAnswer]]:
    """`answer_tasks`, each answer with what the second reader of its file found.

    By lots, so that a run which is stopped has noted most of what it knew.
    """
    for start in range(0, len(requests), _LOT):
        lot = requests[start : start + _LOT]
        received = dict(answer_tasks(lot, means))
        reports = with_second_readings(
            [Path(request.path) for request in lot],
            [received[rank].answer.report for rank in range(len(lot))],
            passwords=[
                {**request.options.arguments, **request.own}.get("mot_de_passe") for request in lot
            ],
            settings=means.settings,
        )
        for rank, report in enumerate(reports):
            answer = received[rank].answer
            if report is answer.report:
                yield start + rank, received[rank]
                continue
            rendu = replace(answer.rendu, verdict=report.verdict)
            answer = replace(answer, report=report, rendu=rendu)
            yield start + rank, ReceivedAnswer(encode(answer), answer)


def carried(before: Report, after: Report) -> Report:
    """A report judged again (a return in two parts), with what the second reader had found."""
    told = [one for one in before.findings if one.code in (DISAGREES, FAILED)]
    if after is before or OPTION not in before.options:
        return after
    findings = ordered([*after.findings, *told])
    return replace(
        after,
        findings=findings,
        verdict=verdict_of(findings, after.outcomes),
        options={**after.options, OPTION: before.options[OPTION]},
    )


def completed_by(report: Report, answer: bytes | TaskFailure) -> Report:
    """The report, with what the second reader of its file answered."""
    told = _told(answer)
    why = told.get("echec")
    if why is not None:
        added = [_failed(str(why))]
        summary = f"non faite ({why})"
    else:
        added = list(_disagreements(told["ecarts"]))
        cells = sum(len(one) for one in told["ecarts"].values())
        same = plural(told["cellules"] - cells, "cellule lue de même", "cellules lues de même")
        other = plural(cells, "lue autrement", "lues autrement")
        summary = f"{told['programme']} : {same}, {other}"
    findings = ordered([*report.findings, *added])
    return replace(
        report,
        findings=findings,
        verdict=verdict_of(findings, report.outcomes),
        options={**report.options, OPTION: typeset(summary)},
    )


def _told(answer: bytes | TaskFailure) -> Mapping[str, Any]:
    if isinstance(answer, TaskFailure):
        return {"echec": answer.detail}
    told: Mapping[str, Any] = json.loads(answer)
    return told


def _disagreements(gaps: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[Finding]:
    for sheet, cells in gaps.items():
        address, ours, theirs = cells[0]
        count = plural(len(cells), "cellule", "cellules")
        yield Finding(
            code=DISAGREES,
            severity=AVERTISSEMENT,
            sheet=sheet,
            cells=tuple(cell for cell, _, _ in cells if cell),
            value=ours,
            expected=theirs,
            message=typeset(
                f"Deux lecteurs indépendants ne lisent pas de même {count} de la feuille "
                f"{guillemets(sheet)} ({address or 'la feuille entière'} : {guillemets(ours)} pour "
                f"l'un, {guillemets(theirs)} pour l'autre)."
            ),
            fix="Ouvrez le classeur dans Excel, vérifiez ces cellules, enregistrez-le sous un "
            "nouveau nom, puis renvoyez-le.",
            source=_SOURCE,
        )


def _failed(why: str) -> Finding:
    return Finding(
        code=FAILED,
        severity=AVERTISSEMENT,
        sheet="",
        cells=(),
        value="",
        expected="",
        message=typeset(f"La seconde lecture n'a pas pu être faite : {why}."),
        fix="Ouvrez le classeur dans Excel, enregistrez-le sous un nouveau nom, puis renvoyez-le.",
        source=_SOURCE,
    )
