"""One pre-filled workbook per organisme, the table to follow them, the list of what is expected.

Resumable: a workbook already written with the same content is not written again; one that somebody
has filled in since is never touched. The fingerprints are in the table itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.batch.follow_up import SUIVI, read_follow_up
from xl_cpom.batch.planned_workbook import (
    CHANGED,
    MISSING,
    NON_PREPARE,
    UNCHANGED,
    WITHOUT_ESMS,
    WRITTEN,
    PlannedWorkbook,
    Prepare,
    workbook_name,
)
from xl_cpom.batch.preparation_tables import same_file, write_expected, write_follow_up
from xl_cpom.batch.programmation import Programme, read_programmation
from xl_cpom.files.temporaries import private_folder
from xl_cpom.finess.flows import Filter, ReadProgress
from xl_cpom.finess.layouts import departement
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.unreadable import file_fingerprint
from xl_cpom.workbook.template.prefill import UnknownOrganismeError, build, read_extract
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def classeurs(
    extrait: Path,
    programmation: Path | None,
    referentiel: Referentiel,
    national_filter: Filter | None = None,
    suivi: ReadProgress | None = None,
) -> Iterator[PlannedWorkbook]:
    """The workbooks to write: one per organisme of the programming list, else of the extract.

    filtre: what to keep of the extract (the région if None). suivi: told of the bytes read.

    An organisme without ESMS in the field of the CPOM gives a workbook without content. Raises
    UnreadableExtractError, UnreadableListError.
    """
    by_ej: dict[str, list[Mapping[str, str]]] = {}
    asked = national_filter or Filter(departements=frozenset(referentiel.departements))
    for line in read_extract(extrait, asked, suivi):
        if national_filter is not None and not national_filter.keeps(*_place(line)):
            continue
        by_ej.setdefault(line.get("nofinessej", "").strip(), []).append(line)
    by_ej.pop("", None)
    if programmation is None:
        programmed = {ej: Programme(ej) for ej in sorted(by_ej)}
    else:
        programmed = read_programmation(programmation, referentiel)
    for ej, programme in programmed.items():
        closed: tuple[str, ...] = ()
        try:
            filled = build(iter(by_ej.get(ej, ())), ej, referentiel)
            found, closed = filled.content, filled.closed
            found["identification"][0].update(_fiche(programme, referentiel))
        except UnknownOrganismeError:
            found = {}
        yield PlannedWorkbook(programme, workbook_name(ej, programme.raison_sociale), found, closed)


def for_year(classeur: PlannedWorkbook, annee: int) -> PlannedWorkbook:
    """The workbook for the year that the campaign follows: the gestionnaire need not choose it.

    annee: a civil year, or the rank of a year of the contract (0 to 6).
    """
    fiche = classeur.content.get("identification")
    if not fiche:
        return classeur
    said = f"N{annee or ''}" if annee < 10 else annee
    dated = [{**fiche[0], "annee_suivie": said}, *fiche[1:]]
    return replace(classeur, content={**classeur.content, "identification": dated})


def _place(line: Mapping[str, str]) -> tuple[str, str, str]:
    """What a filter asks of a line: its département, its category, its entité juridique."""
    return departement(line), line.get("categetab", "").strip(), line.get("nofinessej", "").strip()


def _fiche(programme: Programme, referentiel: Referentiel) -> dict[str, Any]:
    """What the programming list says of the contract."""
    found: dict[str, Any] = {"annee_n1": referentiel.annee_n1}
    for key in ("raison_sociale", "departement", "type_contrat", "autorites"):
        if value := getattr(programme, key):
            found[key] = value
    day = programme.date_entree
    if day is not None:
        found["date_entree"] = day
        found["date_effet"] = day
        found["date_echeance"] = _echeance(day, referentiel.duree)
        found["annee_n1"] = day.year
    return found


def _echeance(effet: dt.date, duree: int) -> dt.date:
    """Last day of a contract: date d'effet + 5 years − 1 day."""
    last = effet.replace(day=28) if (effet.month, effet.day) == (2, 29) else effet
    return last.replace(year=effet.year + duree) - dt.timedelta(days=1)


def prepare_workbooks(
    wanted: Sequence[PlannedWorkbook], folder: Path, settings: WorkerSettings | None = None
) -> Iterator[Prepare]:
    """Write the workbooks under a folder, then the tables; what is done is told as it is done.

    Raises WriteError when the table cannot be written; a workbook that cannot be is told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = read_follow_up(folder / SUIVI)
    wanted = [same_file(c, folder, known.get(c.finess_ej, {})) for c in wanted]
    results: dict[str, Prepare] = {}
    todo: list[PlannedWorkbook] = []
    for classeur in wanted:
        state = _before(classeur, folder, known.get(classeur.finess_ej))
        if state is None:
            todo.append(classeur)
        else:
            results[classeur.finess_ej] = Prepare(classeur, state, classeur.obstacle)
            yield results[classeur.finess_ej]
    pool = Pool(_write, settings or WorkerSettings(time_limit=120.0),
                warm_up=("xl_cpom.workbook.template.writer",))  # fmt: skip
    tasks = [_task(classeur, folder / classeur.file) for classeur in todo]
    for count, (rank, answer) in enumerate(pool.run(tasks), 1):
        failed = isinstance(answer, TaskFailure)
        detail = answer.detail if isinstance(answer, TaskFailure) else ""
        done = Prepare(todo[rank], MISSING if failed else WRITTEN, detail)
        results[done.classeur.finess_ej] = done
        if count % 20 == 0:
            write_follow_up(folder, wanted, results, known)
        yield done
    write_follow_up(folder, wanted, results, known)
    write_expected(folder, wanted)


def _before(classeur: PlannedWorkbook, folder: Path, known: Mapping[str, str] | None) -> str | None:
    """State of a workbook that is not to be written; None when it is."""
    path = folder / classeur.file
    if classeur.obstacle:
        return NON_PREPARE
    if not classeur.etablissements:
        return WITHOUT_ESMS
    if not path.exists():
        return None
    if known is None or known.get("Empreinte du fichier") != file_fingerprint(path):
        return CHANGED if known is not None or not _ours(classeur, path) else UNCHANGED
    return UNCHANGED if known["Empreinte du contenu"] == classeur.digest else None


def _ours(classeur: PlannedWorkbook, path: Path) -> bool:
    """Is the file what we would write? (An interrupted run left it without its line.)"""
    with private_folder() as folder:
        witness = folder / path.name
        _write(_task(classeur, witness))
        return file_fingerprint(witness) == file_fingerprint(path)


@cache
def _referentiel() -> Referentiel:
    return load_referentiel()


_Task = tuple[str, Mapping[str, Any]]


def _task(classeur: PlannedWorkbook, path: Path) -> _Task:
    """What a worker is handed: where to write, and the arguments of `write_template`."""
    return str(path), {
        "contenu": classeur.content,
        "variante": classeur.variante,
        "locks": classeur.locks,
        "control_page": classeur.control_page,
    }


def _write(task: _Task) -> bytes:
    """Write one workbook (in a worker)."""
    from xl_cpom.workbook.template import write_template

    path, arguments = task
    write_template(path, _referentiel(), **arguments)
    return b""
