"""One folder per organisme, ready to send: annotated copy, HTML report, letter, e-CARS sheet.

The annotated copy opens the user's file again, so it is made where files are read: in a worker,
that may die on it. Each file is whole or not there; a folder made again gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from xl_cpom.batch import fresh_outputs
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.files.atomic import WriteError, atomic_write
from xl_cpom.files.temporaries import private_folder
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.reports.harmless import safe_file_name
from xl_cpom.reports.mail import draft
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.words import verdict_sentence
from xl_cpom.typography import long_date, typeset
from xl_cpom.validators.model import Report, Verdict
from xl_cpom.validators.retours import Campagne, Rendu
from xl_cpom.validators.unreadable import file_fingerprint
from xl_cpom.workers.codec import decode, encode
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

ACCUSE, MESSAGE, EMAIL = "accuse", "message", "courriel.eml"
WRITTEN, UNCHANGED, MISSING = "écrit", "inchangé", "incomplet"


@dataclass(frozen=True)
class BundleParts:
    """What a bundle is made with. echeance: date by which to answer, date: that of the letter."""

    echeance: dt.date | None = None
    date: dt.date | None = None
    modele_lettre: Path | None = None


@dataclass(frozen=True)
class _BundleTask:
    chemin: str
    dossier: str
    report: bytes
    pieces: BundleParts = field(default_factory=BundleParts)
    courriel: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints of the files of the folder as they were last written."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle: its folder, the files in it, what could not be made (French), what was kept.

    gardes: files that somebody had changed since they were written: name, and name they were given.
    """

    fichier: str
    dossier: Path
    pieces: tuple[str, ...]
    missing: tuple[str, ...] = ()
    etat: str = WRITTEN
    gardes: tuple[tuple[str, str], ...] = ()


def write_bundles(
    result: CampaignResult,
    files: Sequence[CampaignFile],
    folder: Path,
    *,
    pieces: BundleParts | None = None,
    settings: WorkerSettings | None = None,
    reprendre: bool = False,
) -> Iterator[Bundle]:
    """Write the bundle of each return that is not left aside; they come as they are made.

    reprendre: a bundle made from the same file, with the same report, is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {file.nom: file.chemin for file in files}
    todo: list[_BundleTask] = []
    for rendu, report, name in _names(result):
        task = _BundleTask(
            str(paths[rendu.fichier]),
            str(folder / name),
            encode(report),
            pieces or BundleParts(),
            _email(result, rendu),
            result.journal.pieces(folder / name),
        )
        known = fresh_outputs.is_up_to_date(
            result.journal, folder / name, _cause(task, result.context)
        )
        if reprendre and known is not None:
            yield Bundle(report.file, folder / name, known, (), UNCHANGED)
            continue
        result.journal.forget_output(folder / name)
        todo.append(task)
    pool = Pool(assemble_bundle, settings, warm_up=("xl_cpom.reports.annotate",))
    for rank, answer in pool.run(todo):
        yield _fait(todo[rank], answer, result)


def count_bundles(result: CampaignResult) -> int:
    """How many bundles there are to write."""
    return len(_to_send(result))


def _to_send(result: CampaignResult) -> list[tuple[Rendu, Report]]:
    """The return that each organisme is answered about, and what could not be tied to any.

    A file that cannot be read gives way to one of the same organisme that can; the return of
    another year is answered when it is the only one.
    """
    campagne = result.campagne
    kept: list[tuple[Rendu, Report]] = []
    for rendu, report in zip(result.campagne.rendus, result.reports, strict=True):
        ecart = campagne.discarded.get(rendu.fichier)
        counted = bool(rendu.finess_ej) and rendu.finess_ej in campagne.by_organisme
        if ecart is not None and (ecart.motif != "annee" or counted):
            continue
        if not rendu.lisible and counted:
            continue
        kept.append((rendu, _addressed(report, rendu, campagne)))
    return kept


def _addressed(report: Report, rendu: Rendu, campagne: Campagne) -> Report:
    """A report that says whose it is, from the list of those expected when the file cannot."""
    attendu = campagne.attendus.get(rendu.finess_ej or "")
    return replace(
        report,
        finess_ej=report.finess_ej or rendu.finess_ej,
        raison_sociale=report.raison_sociale or (attendu.raison_sociale if attendu else None),
        annee=report.annee or campagne.annee,
    )


def _email(result: CampaignResult, rendu: Rendu) -> str:
    """Where to write: what the list of the ARS says, else what the return does."""
    attendu = result.campagne.attendus.get(rendu.finess_ej or "")
    return (attendu.courriel if attendu else "") or rendu.courriel


def _cause(task: _BundleTask, context: str) -> str:
    """All that a bundle is made from; the report holds the fingerprint of the file."""
    model = task.pieces.modele_lettre
    text = "" if model is None else file_fingerprint(model)
    return fresh_outputs.cause(
        context, Path(task.chemin).name, task.report, task.pieces, task.courriel, text
    )


def _fait(task: _BundleTask, answer: bytes | TaskFailure, result: CampaignResult) -> Bundle:
    """What became of a bundle; noted only when nothing is missing in it."""
    name, folder = decode(Report, task.report).file, Path(task.dossier)
    if isinstance(answer, TaskFailure):
        why = typeset(f"lot non écrit : {answer.detail}")
        return Bundle(name, folder, (), (why,), MISSING)
    made, missing, kept = json.loads(answer)
    gardes = tuple((before, after) for before, after in kept)
    result.journal.note_pieces(folder, made)
    if missing:
        return Bundle(name, folder, tuple(made), tuple(missing), MISSING, gardes)
    result.journal.record_output(folder, _cause(task, result.context), made)
    return Bundle(name, folder, tuple(made), gardes=gardes)


def bundle_names(result: CampaignResult) -> dict[str, tuple[str, str]]:
    """Name of each bundle's folder -> FINESS EJ ("" unknown) and address."""
    return {
        name: (rendu.finess_ej or "", _email(result, rendu)) for rendu, _, name in _names(result)
    }


def _names(result: CampaignResult) -> Iterator[tuple[Rendu, Report, str]]:
    """Return, report and name of the folder of each bundle, never twice the same name."""
    taken: set[str] = set()
    for rendu, report in _to_send(result):
        stem = Path(rendu.fichier).stem
        words = (rendu.finess_ej, report.raison_sociale or stem)
        name = safe_file_name("_".join(word for word in words if word))
        unique, count = name, 1
        while unique.lower() in taken:
            count += 1
            unique = f"{name}_{count}"
        taken.add(unique.lower())
        yield rendu, report, unique


def assemble_bundle(task: _BundleTask) -> bytes:
    """Write one bundle (in a worker): what was written, what could not be, what was kept."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports.letter_html import printable
    from xl_cpom.reports.other_letters import acknowledgement
    from xl_cpom.reports.renderings import FORMATS
    from xl_cpom.validators.catalogue import RULES

    report = decode(Report, task.report)
    report = replace(report, file=PurePosixPath(report.file).name)  # our folders are ours
    folder = Path(task.dossier)
    folder.mkdir(parents=True, exist_ok=True)
    context = RenderOptions(
        regles=RULES,
        referentiel=load_referentiel(),
        echeance=task.pieces.echeance,
        date=task.pieces.date,
        modele_lettre=task.pieces.modele_lettre,
    )
    made: dict[str, str] = {}
    missing: list[str] = []
    kept: list[tuple[str, str]] = []
    for name, kind in PIECES.items():
        if kind == "ecars" and (report.verdict is Verdict.ILLISIBLE or not report.indicateurs):
            continue
        if kind == MESSAGE:  # made of the others
            continue
        try:
            if kind == ACCUSE:
                text = acknowledgement(report, context)
                content = printable([(report.raison_sociale or report.file, text)]).encode()
            else:
                content = FORMATS[kind].octets([report], context)
            _put(folder / name, content, task.known, kept)
            made[name] = hashlib.sha256(content).hexdigest()
        except (WriteError, ValueError) as refusal:
            missing.append(f"{name} : {refusal}")
    if report.verdict is not Verdict.ILLISIBLE:
        _annotated(task, report, made, missing, kept)
    try:
        content = _message(report, context, folder, made, task.courriel)
        _put(folder / EMAIL, content, task.known, kept)
        made[EMAIL] = hashlib.sha256(content).hexdigest()
    except (WriteError, OSError) as refusal:
        missing.append(f"{EMAIL} : {refusal}")
    return json.dumps([made, missing, kept], ensure_ascii=False).encode()


def _message(
    report: Report, context: RenderOptions, folder: Path, made: Mapping[str, str], courriel: str
) -> bytes:
    """The draft that carries the pieces of a folder, as they stand there."""
    annee = f", année {report.annee}" if report.annee else ""
    text = (
        "Madame, Monsieur,\n\nVous trouverez ci-joint le résultat du contrôle de votre classeur "
        f"« CPOM socle »{annee}.\n\n{verdict_sentence(report)}\n\n"
    )
    if context.echeance is not None:
        text += f"Réponse attendue au plus tard le {long_date(context.echeance)}.\n\n"
    text += "L'agence régionale de santé\n"
    joined = [n for n in made if n in JOINTES or n.endswith(("_annoté.xlsx", "_annoté.xlsm"))]
    who = report.raison_sociale or report.finess_ej or report.file
    return draft(
        courriel,
        typeset(f"CPOM socle{annee} : contrôle de votre classeur – {who}"),
        typeset(text),
        {name: (folder / name).read_bytes() for name in joined},
    )


def _put(path: Path, content: bytes, known: Mapping[str, str], kept: list[tuple[str, str]]) -> None:
    """Write a piece; one that somebody has changed since is put aside first, never lost."""
    if path.is_file() and path.read_bytes() == content:
        return
    aside = _set_aside(path, known)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)
    if aside is not None:
        kept.append((path.name, aside.name))


def put_piece(path: Path, content: bytes, known: Mapping[str, str]) -> str:
    """Write a piece as `assemble_bundle` does; its fingerprint. Raises WriteError."""
    _put(path, content, known, [])
    return hashlib.sha256(content).hexdigest()


def _set_aside(path: Path, known: Mapping[str, str]) -> Path | None:
    """A copy of a piece that is not as we wrote it, under a name that is free; None when it is."""
    found = file_fingerprint(path)
    if not found or found == known.get(path.name):
        return None
    for rank in itertools.count(1):
        aside = path.with_name(f"{path.stem}_avant_{rank}{path.suffix}")
        if not aside.exists():
            break
        if file_fingerprint(aside) == found:
            return aside
    with atomic_write(aside) as temporary:
        shutil.copyfile(path, temporary)
    return aside


PIECES = {
    "rapport.html": "html",
    "lettre.md": "lettre",
    "lettre.html": "lettre-html",
    "saisie_e-CARS.xlsx": "ecars",
    "accuse_de_reception.html": ACCUSE,
    EMAIL: MESSAGE,
}
"""Name of a piece -> format of the reports that makes it, or what else does."""

JOINTES = frozenset({"rapport.html", "lettre.html"})
"""Pieces that the message carries, the annotated copy aside: e-CARS is for the ARS."""


def _annotated(
    task: _BundleTask,
    report: Report,
    made: dict[str, str],
    missing: list[str],
    kept: list[tuple[str, str]],
) -> None:
    from xl_cpom.reports.annotate import AnnotationError, annotate

    source = Path(task.chemin)
    name = f"{safe_file_name(source.stem)}_annoté{source.suffix.lower()}"
    try:
        with private_folder() as folder:
            draft = folder / name
            annotate(source, report.findings, draft, verdict_line=verdict_sentence(report))
            content = draft.read_bytes()
        _put(Path(task.dossier) / name, content, task.known, kept)
        made[name] = hashlib.sha256(content).hexdigest()
    except (AnnotationError, WriteError) as refusal:
        missing.append(typeset(f"{name} : {refusal}"))
