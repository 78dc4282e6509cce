"""One folder per organisme, ready to send: annotated copy, HTML report, letter, e-CARS sheet.

A return that came in several workbooks has one folder and one letter. What a folder holds is made
in a worker (`bundle_pieces`); a folder made again gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from xl_cpom.batch import fresh_outputs
from xl_cpom.batch.bundle_pieces import (
    EMAIL,
    PIECES,
    BundleParts,
    BundleTask,
    assemble_bundle,
    put_piece,
)
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.harmless import safe_file_name
from xl_cpom.typography import guillemets, listing, typeset
from xl_cpom.validators.model import Report
from xl_cpom.validators.retours import Campagne, Rendu
from xl_cpom.validators.versions import PROVISOIRE
from xl_cpom.workers.codec import decode, encode
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

__all__ = [
    "EMAIL",
    "MISSING",
    "PIECES",
    "WRITTEN",
    "Bundle",
    "BundleParts",
    "bundle_names",
    "count_bundles",
    "put_piece",
    "write_bundles",
]

WRITTEN, UNCHANGED, MISSING = "écrit", "inchangé", "incomplet"

Answered = Sequence[tuple[Rendu, Report]]
"""The files that an organisme is answered about: one, or the parts of its return."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle: its folder, the files in it, what could not be made (French), what was kept.

    kept: files that somebody had changed since they were written: name, and name they were given.
    """

    file: str
    folder: Path
    pieces: tuple[str, ...]
    missing: tuple[str, ...] = ()
    state: str = WRITTEN
    kept: tuple[tuple[str, str], ...] = ()


def write_bundles(
    result: CampaignResult,
    files: Sequence[CampaignFile],
    folder: Path,
    *,
    pieces: BundleParts | None = None,
    settings: WorkerSettings | None = None,
    reprendre: bool = False,
) -> Iterator[Bundle]:
    """Write the bundle of each organisme that sent something; they come as they are made.

    reprendre: a bundle made from the same files, with the same reports, is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {file.name: file.path for file in files}
    todo: list[BundleTask] = []
    parts = pieces or BundleParts()
    for answered, name in answered_with_names(result):
        first = answered[0][0]
        task = BundleTask(
            tuple(str(paths[rendu.file]) for rendu, _ in answered),
            str(folder / name),
            tuple(encode(report) for _, report in answered),
            parts.only_for(first.finess_ej),
            _email(result, first),
            result.journal.pieces(folder / name),
            _version(answered, result.campagne),
            any(rendu.nature == PROVISOIRE for rendu, _ in answered),
            first.file not in result.campagne.discarded,
        )
        known = fresh_outputs.is_up_to_date(
            result.journal, folder / name, _cause(task, result.context)
        )
        if reprendre and known is not None:
            yield Bundle(first.file, folder / name, known, (), UNCHANGED)
            continue
        result.journal.forget_output(folder / name)
        todo.append(task)
    pool = Pool(assemble_bundle, settings, warm_up=("xl_cpom.reports.annotate",))
    for rank, answer in pool.run(todo):
        yield _fait(todo[rank], answer, result)


def count_bundles(result: CampaignResult) -> int:
    """How many bundles there are to write."""
    return len(_to_answer(result))


def _to_answer(result: CampaignResult) -> list[Answered]:
    """What each organisme is answered about, and each file that could not be tied to any.

    A file that cannot be read gives way to one of the same organisme that can; the return of
    another year is answered when it is the only one.
    """
    campagne = result.campagne
    kept: dict[str, list[tuple[Rendu, Report]]] = {}
    for rendu, report in zip(result.campagne.rendus, result.reports, strict=True):
        ecart = campagne.discarded.get(rendu.file)
        counted = bool(rendu.finess_ej) and rendu.finess_ej in campagne.by_organisme
        if ecart is not None and (ecart.motif != "annee" or counted):
            continue
        if not rendu.readable and counted:
            continue
        key = rendu.finess_ej or f"/{rendu.file}"
        kept.setdefault(key, []).append((rendu, _addressed(report, rendu, campagne)))
    return list(kept.values())


def _addressed(report: Report, rendu: Rendu, campagne: Campagne) -> Report:
    """A report that says whose it is, from the list of those expected when the file cannot."""
    attendu = campagne.attendus.get(rendu.finess_ej or "")
    return replace(
        report,
        finess_ej=report.finess_ej or rendu.finess_ej,
        raison_sociale=report.raison_sociale or (attendu.raison_sociale if attendu else None),
        annee=report.annee or campagne.annee,
    )


def _version(answered: Answered, campagne: Campagne) -> str:
    """What the letter says of these files beside those that came before (« Ce fichier … »)."""
    said = []
    for rendu, _ in answered:
        if campagne.annee and rendu.file in campagne.discarded:
            said.append(
                f"porte sur l'année {rendu.annee}, et non sur {campagne.annee} : votre "
                f"classeur de l'année {campagne.annee} reste attendu"
            )
        for others, words in (
            (
                campagne.sent_again.get(rendu.file, ()),
                "a été renvoyé sans changement ({}) : les points relevés restent à corriger",
            ),
            (campagne.replaced.get(rendu.file, ()), "remplace {}"),
        ):
            if others:
                names = listing([guillemets(PurePosixPath(r.file).name) for r in others])
                reason = f" ; motif donné : {rendu.motif}" if rendu.motif else ""
                said.append(words.format(names) + reason * words.startswith("remplace"))
    return typeset(" ; ".join(said) + ".") if said else ""


def _email(result: CampaignResult, rendu: Rendu) -> str:
    """Where to write: what the list of the ARS says, else what the return does."""
    attendu = result.campagne.attendus.get(rendu.finess_ej or "")
    return (attendu.courriel if attendu else "") or rendu.courriel


def _cause(task: BundleTask, context: str) -> str:
    """All that a bundle is made from; the reports hold the fingerprints of the files."""
    parts = task.pieces
    texts = parts.template_texts()
    return fresh_outputs.cause(
        context, [Path(path).name for path in task.paths], task.reports, parts, task.mail_address,
        texts, task.version, task.provisional, task.ecars,
    )  # fmt: skip


def _fait(task: BundleTask, answer: bytes | TaskFailure, result: CampaignResult) -> Bundle:
    """What became of a bundle; noted only when nothing is missing in it."""
    name, folder = decode(Report, task.reports[0]).file, Path(task.folder)
    if isinstance(answer, TaskFailure):
        why = typeset(f"lot non écrit : {answer.detail}")
        return Bundle(name, folder, (), (why,), MISSING)
    made, missing, kept = json.loads(answer)
    gardes = tuple((before, after) for before, after in kept)
    result.journal.note_pieces(folder, made)
    if missing:
        return Bundle(name, folder, tuple(made), tuple(missing), MISSING, gardes)
    result.journal.record_output(folder, _cause(task, result.context), made)
    return Bundle(name, folder, tuple(made), kept=gardes)


def bundle_names(result: CampaignResult) -> Mapping[str, tuple[str, str]]:
    """Name of each bundle's folder -> FINESS EJ ("" unknown) and address."""
    return {
        name: (answered[0][0].finess_ej or "", _email(result, answered[0][0]))
        for answered, name in answered_with_names(result)
    }


def answered_with_names(result: CampaignResult) -> Iterator[tuple[Answered, str]]:
    """What each bundle answers, and the name of its folder, never twice the same."""
    taken: set[str] = set()
    for answered in _to_answer(result):
        rendu, report = answered[0]
        words = (rendu.finess_ej, report.raison_sociale or Path(rendu.file).stem)
        name = safe_file_name("_".join(word for word in words if word))
        unique, count = name, 1
        while unique.lower() in taken:
            count += 1
            unique = f"{name}_{count}"
        taken.add(unique.lower())
        yield answered, unique
