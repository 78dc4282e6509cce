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

from xl_cpom.typography import guillemets, plural, typeset
from xl_cpom.validators.engine import ordered
from xl_cpom.validators.model import AVERTISSEMENT, Finding, Report, Verdict, verdict_of
from xl_cpom.workbook.decryption import Password
from xl_cpom.workbook.second_reading import SecondReadingTask, read_twice
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

DISAGREES = "LEC-DOUBLE"
FAILED = "LEC-DOUBLE-ECHEC"
OPTION = "double_lecture"
_SOURCE = "Double lecture du fichier"
_PRELOAD = ("xl_cpom.workbook.second_reading", "openpyxl")


def with_second_readings(
    paths: Sequence[Path],
    reports: Sequence[Report],
    *,
    mot_de_passe: Password | None = None,
    settings: WorkerSettings | None = None,
) -> list[Report]:
    """The reports, in their order, each with what the second reader of its file found.

    A file that could not be read at all has nothing to compare: its report is left as it is.
    """
    read = [rank for rank, one in enumerate(reports) if one.verdict is not Verdict.ILLISIBLE]
    tasks = [SecondReadingTask(str(paths[i]), reports[i].sha256, mot_de_passe) for i in read]
    found = list(reports)
    pool = Pool(read_twice, settings or WorkerSettings(), warm_up=_PRELOAD)
    for rank, answer in pool.run(tasks):
        found[read[rank]] = _completed(reports[read[rank]], answer)
    return found


def _completed(report: Report, answer: bytes | TaskFailure) -> Report:
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
