"""The workbooks of the next year, planned from the returns received (`preparer --depuis`).

Each return is read again and carried over in a worker: what comes back is the content to write,
which `preparation` then writes, follows and never writes over somebody's work.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from xl_cpom.batch.finess_changes import FinessChange
from xl_cpom.batch.last_returns import Judged, LastReturns, WantedYear
from xl_cpom.batch.planned_workbook import PlannedWorkbook, workbook_name
from xl_cpom.batch.programmation import Programme
from xl_cpom.files.atomic import atomic_write
from xl_cpom.reports import harmless
from xl_cpom.reports.bilan.decisions import Decisions
from xl_cpom.typography import typeset
from xl_cpom.workbook.carry_over import Carried
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

RETOURS, CHANGES = "retours.csv", "changements_finess.csv"
"""Which return each workbook comes from, and why the others do not; what FINESS says otherwise."""

NO_BILAN: Mapping[str, Decisions] = MappingProxyType({})

CarryTask = tuple[tuple[str, ...], int | None, Decisions]
"""The workbooks of one return, the rank of the year to prepare (None: the next contract), and what
the bilan decided of what is left."""


def plan_from_returns(
    found: LastReturns,
    wanted: WantedYear,
    programmed: Mapping[str, Programme],
    settings: WorkerSettings,
    decisions: Mapping[str, Decisions] = NO_BILAN,
) -> Iterator[PlannedWorkbook]:
    """One workbook per organisme that sent something or is in the list, in the order of numbers.

    decisions: FINESS EJ -> what its bilan decided, for the next contract. One that cannot be
    prepared says why. Raises WorkerStartError.
    """
    numbers = sorted(found.retained)
    tasks: list[CarryTask] = [
        (tuple(str(one.file.path) for one in found.retained[number]),
         wanted.rank_after(found.retained[number][0]), decisions.get(number, {}))
        for number in numbers
    ]  # fmt: skip
    pool = Pool(carry_returns, settings, warm_up=("xl_cpom.workbook.carry_over",))
    planned: dict[str, PlannedWorkbook] = {}
    for rank, answer in pool.run(tasks):
        number = numbers[rank]
        planned[number] = _planned(number, found.retained[number], answer, programmed.get(number))
    for number, name in found.without.items():
        planned[number] = _without(number, name, programmed.get(number), "aucun retour recevable")
    for number, programme in programmed.items():
        if number not in planned:
            planned[number] = _without(number, "", programme, "aucun retour reçu")
    yield from (planned[number] for number in sorted(planned))


def carry_returns(task: CarryTask) -> bytes:
    """Read the workbooks of one return and carry them over (in a worker): the answer as JSON."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.carry_over import CarryOverError, carry_over, merged, renew
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook

    paths, rank, decisions = task
    referentiel = load_referentiel()
    try:
        retours = [interpret(read_workbook(Path(path)), referentiel) for path in paths]
        parts = [renew(r, decisions) if rank is None else carry_over(r, rank) for r in retours]
    except UnreadableWorkbookError as refusal:
        return json.dumps({"refus": refusal.message}).encode()
    except CarryOverError as refusal:
        return json.dumps({"refus": str(refusal)}).encode()
    carried = merged(parts)
    said = {
        "annee": carried.annee,
        "contenu": {
            key: [{k: _plain(v) for k, v in row.items() if v is not None} for row in rows]
            for key, rows in carried.content.items()
        },
        "locks": {key: [sorted(keys) for keys in locks] for key, locks in carried.locks.items()},
        "remarques": carried.remarks,
    }
    return json.dumps(said).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return {"jour": value.isoformat()}
    return list(value) if isinstance(value, tuple | frozenset) else value


def _typed(value: Any) -> Any:
    if isinstance(value, dict):
        text = value["jour"]
        kind = dt.datetime if "T" in text else dt.date
        return kind.fromisoformat(text)
    return tuple(value) if isinstance(value, list) else value


def _carried(answer: bytes) -> Carried | str:
    """What a worker carried over, or why it could not."""
    said = json.loads(answer)
    if "refus" in said:
        return str(said["refus"])
    content = {
        key: [{k: _typed(v) for k, v in row.items()} for row in rows]
        for key, rows in said["contenu"].items()
    }
    locks = {key: [frozenset(keys) for keys in rows] for key, rows in said["locks"].items()}
    return Carried(said["annee"], content, locks, tuple(said["remarques"]))


def _planned(
    number: str,
    origin: Sequence[Judged],
    answer: bytes | TaskFailure,
    programme: Programme | None,
) -> PlannedWorkbook:
    rendu = origin[0].rendu
    known = programme or Programme(number)
    listed = replace(
        known,
        raison_sociale=known.raison_sociale or rendu.raison_sociale,
        departement=known.departement or rendu.departement,
        type_contrat=known.type_contrat or rendu.type_contrat,
        contact=known.contact or rendu.referent,
        courriel=known.courriel or rendu.courriel,
    )
    source = " ; ".join(one.file.name for one in origin)
    carried = answer.detail if isinstance(answer, TaskFailure) else _carried(answer)
    if isinstance(carried, str):
        return replace(_without(number, "", listed, carried), source=source)
    if carried.annee == "N":
        listed = replace(listed, type_contrat="renouvellement")
    name = workbook_name(number, listed.raison_sociale, carried.annee)
    return PlannedWorkbook(
        listed, name, carried.content, locks=carried.locks, source=source,
        remarks=carried.remarks,
    )  # fmt: skip


def _without(number: str, name: str, programme: Programme | None, why: str) -> PlannedWorkbook:
    listed = programme or Programme(number)
    listed = replace(listed, raison_sociale=listed.raison_sociale or name)
    return PlannedWorkbook(
        listed, workbook_name(number, listed.raison_sociale), {}, obstacle=typeset(why)
    )


# --- the tables


def write_origins(folder: Path, found: LastReturns) -> None:
    """Which file each workbook comes from, and what became of the others. Raises WriteError."""
    rows = [
        (o.judged.rendu.finess_ej or "", o.judged.rendu.raison_sociale, o.judged.file.name,
         str(o.judged.rendu.annee or ""), o.judged.report.verdict.value, o.outcome)
        for o in found.origins
    ]  # fmt: skip
    _write(
        folder / RETOURS,
        ("FINESS EJ", "Raison sociale", "Fichier", "Année suivie", "Verdict", "Suite"),
        sorted(rows),
    )


def write_finess_changes(folder: Path, changes: Sequence[FinessChange]) -> None:
    """What FINESS says otherwise than the returns retained. Raises WriteError."""
    rows = [
        (c.finess_ej, c.organisme, c.finess_et, c.name, c.nature, c.retour, c.finess)
        for c in changes
    ]
    _write(
        folder / CHANGES,
        ("FINESS EJ", "Organisme", "FINESS ET", "Établissement", "Différence", "Dans le retour",
         "Dans FINESS"),
        rows,
    )  # fmt: skip


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless.safe_csv(text) for text in row] for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        temporary.write_text("\ufeff" + out.getvalue(), encoding="utf-8", newline="")
