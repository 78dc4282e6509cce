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
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from xl_cpom.batch import fresh_outputs
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.files.atomic import WriteError, atomic_write
from xl_cpom.files.temporaries import private_folder
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

ACCUSE, MESSAGE, COURRIEL = "accuse", "message", "courriel.eml"
ECRIT, INCHANGE, MANQUE = "écrit", "inchangé", "incomplet"


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
    connues: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints of the files of the folder as they were last written."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle: its folder, the files in it, what could not be made (French), what was kept.

    gardes: files that somebody had changed since they were written: name, and name they were given.
    """

    fichier: str
    dossier: Path
    pieces: tuple[str, ...]
    manques: tuple[str, ...] = ()
    etat: str = ECRIT
    gardes: tuple[tuple[str, str], ...] = ()


def write_bundles(
    resultat: CampaignResult,
    files: Sequence[CampaignFile],
    dossier: Path,
    *,
    pieces: BundleParts | None = None,
    reglages: WorkerSettings | None = None,
    reprendre: bool = False,
) -> Iterator[Bundle]:
    """Write the bundle of each return that is not left aside; they come as they are made.

    reprendre: a bundle made from the same file, with the same report, is left as it is.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    paths = {file.nom: file.chemin for file in files}
    todo: list[_BundleTask] = []
    for rendu, report, name in _noms(resultat):
        tache = _BundleTask(
            str(paths[rendu.fichier]),
            str(dossier / name),
            encode(report),
            pieces or BundleParts(),
            _courriel(resultat, rendu),
            resultat.journal.pieces(dossier / name),
        )
        known = fresh_outputs.is_up_to_date(
            resultat.journal, dossier / name, _cause(tache, resultat.contexte)
        )
        if reprendre and known is not None:
            yield Bundle(report.file, dossier / name, known, (), INCHANGE)
            continue
        resultat.journal.forget_output(dossier / name)
        todo.append(tache)
    pool = Pool(assemble_bundle, reglages, warm_up=("xl_cpom.reports.annotate",))
    for rank, answer in pool.run(todo):
        yield _fait(todo[rank], answer, resultat)


def count_bundles(resultat: CampaignResult) -> int:
    """How many bundles there are to write."""
    return len(_a_envoyer(resultat))


def _a_envoyer(resultat: CampaignResult) -> list[tuple[Rendu, Report]]:
    """The return that each organisme is answered about, and what could not be tied to any.

    A file that cannot be read gives way to one of the same organisme that can; the return of
    another year is answered when it is the only one.
    """
    campagne = resultat.campagne
    kept: list[tuple[Rendu, Report]] = []
    for rendu, report in zip(resultat.campagne.rendus, resultat.reports, strict=True):
        ecart = campagne.ecartes.get(rendu.fichier)
        counted = bool(rendu.finess_ej) and rendu.finess_ej in campagne.par_organisme
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


def _courriel(resultat: CampaignResult, rendu: Rendu) -> str:
    """Where to write: what the list of the ARS says, else what the return does."""
    attendu = resultat.campagne.attendus.get(rendu.finess_ej or "")
    return (attendu.courriel if attendu else "") or rendu.courriel


def _cause(tache: _BundleTask, contexte: str) -> str:
    """All that a bundle is made from; the report holds the fingerprint of the file."""
    model = tache.pieces.modele_lettre
    text = "" if model is None else file_fingerprint(model)
    return fresh_outputs.cause(
        contexte, Path(tache.chemin).name, tache.report, tache.pieces, tache.courriel, text
    )


def _fait(tache: _BundleTask, answer: bytes | TaskFailure, resultat: CampaignResult) -> Bundle:
    """What became of a bundle; noted only when nothing is missing in it."""
    name, folder = decode(Report, tache.report).file, Path(tache.dossier)
    if isinstance(answer, TaskFailure):
        why = typeset(f"lot non écrit : {answer.detail}")
        return Bundle(name, folder, (), (why,), MANQUE)
    made, missing, kept = json.loads(answer)
    gardes = tuple((before, after) for before, after in kept)
    resultat.journal.noter_pieces(folder, made)
    if missing:
        return Bundle(name, folder, tuple(made), tuple(missing), MANQUE, gardes)
    resultat.journal.record_output(folder, _cause(tache, resultat.contexte), made)
    return Bundle(name, folder, tuple(made), gardes=gardes)


def bundle_names(resultat: CampaignResult) -> dict[str, tuple[str, str]]:
    """Name of each bundle's folder -> FINESS EJ ("" unknown) and address."""
    return {
        name: (rendu.finess_ej or "", _courriel(resultat, rendu))
        for rendu, _, name in _noms(resultat)
    }


def _noms(resultat: CampaignResult) -> Iterator[tuple[Rendu, Report, str]]:
    """Return, report and name of the folder of each bundle, never twice the same name."""
    taken: set[str] = set()
    for rendu, report in _a_envoyer(resultat):
        stem = Path(rendu.fichier).stem
        words = (rendu.finess_ej, report.raison_sociale or stem)
        name = safe_file_name("_".join(word for word in words if word))
        unique, count = name, 1
        while unique.lower() in taken:
            count += 1
            unique = f"{name}_{count}"
        taken.add(unique.lower())
        yield rendu, report, unique


def assemble_bundle(tache: _BundleTask) -> bytes:
    """Write one bundle (in a worker): what was written, what could not be, what was kept."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports.letter_html import printable
    from xl_cpom.reports.other_letters import acknowledgement
    from xl_cpom.reports.renderings import FORMATS
    from xl_cpom.validators.catalogue import RULES

    report = decode(Report, tache.report)
    report = replace(report, file=PurePosixPath(report.file).name)  # our folders are ours
    folder = Path(tache.dossier)
    folder.mkdir(parents=True, exist_ok=True)
    contexte = RenderOptions(
        regles=RULES,
        referentiel=load_referentiel(),
        echeance=tache.pieces.echeance,
        date=tache.pieces.date,
        modele_lettre=tache.pieces.modele_lettre,
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
                text = acknowledgement(report, contexte)
                content = printable([(report.raison_sociale or report.file, text)]).encode()
            else:
                content = FORMATS[kind].octets([report], contexte)
            _poser(folder / name, content, tache.connues, kept)
            made[name] = hashlib.sha256(content).hexdigest()
        except (WriteError, ValueError) as refusal:
            missing.append(f"{name} : {refusal}")
    if report.verdict is not Verdict.ILLISIBLE:
        _annotee(tache, report, made, missing, kept)
    try:
        content = _message(report, contexte, folder, made, tache.courriel)
        _poser(folder / COURRIEL, content, tache.connues, kept)
        made[COURRIEL] = hashlib.sha256(content).hexdigest()
    except (WriteError, OSError) as refusal:
        missing.append(f"{COURRIEL} : {refusal}")
    return json.dumps([made, missing, kept], ensure_ascii=False).encode()


def _message(
    report: Report, contexte: RenderOptions, folder: Path, made: Mapping[str, str], courriel: str
) -> bytes:
    """The draft that carries the pieces of a folder, as they stand there."""
    annee = f", année {report.annee}" if report.annee else ""
    text = (
        "Madame, Monsieur,\n\nVous trouverez ci-joint le résultat du contrôle de votre classeur "
        f"« CPOM socle »{annee}.\n\n{verdict_sentence(report)}\n\n"
    )
    if contexte.echeance is not None:
        text += f"Réponse attendue au plus tard le {long_date(contexte.echeance)}.\n\n"
    text += "L'agence régionale de santé\n"
    joined = [n for n in made if n in JOINTES or n.endswith(("_annoté.xlsx", "_annoté.xlsm"))]
    who = report.raison_sociale or report.finess_ej or report.file
    return draft(
        courriel,
        typeset(f"CPOM socle{annee} : contrôle de votre classeur – {who}"),
        typeset(text),
        {name: (folder / name).read_bytes() for name in joined},
    )


def _poser(
    path: Path, content: bytes, connues: Mapping[str, str], kept: list[tuple[str, str]]
) -> None:
    """Write a piece; one that somebody has changed since is put aside first, never lost."""
    if path.is_file() and path.read_bytes() == content:
        return
    aside = _mettre_de_cote(path, connues)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)
    if aside is not None:
        kept.append((path.name, aside.name))


def put_piece(path: Path, content: bytes, connues: Mapping[str, str]) -> str:
    """Write a piece as `assemble_bundle` does; its fingerprint. Raises WriteError."""
    _poser(path, content, connues, [])
    return hashlib.sha256(content).hexdigest()


def _mettre_de_cote(path: Path, connues: Mapping[str, str]) -> Path | None:
    """A copy of a piece that is not as we wrote it, under a name that is free; None when it is."""
    found = file_fingerprint(path)
    if not found or found == connues.get(path.name):
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
    COURRIEL: MESSAGE,
}
"""Name of a piece -> format of the reports that makes it, or what else does."""

JOINTES = frozenset({"rapport.html", "lettre.html"})
"""Pieces that the message carries, the annotated copy aside: e-CARS is for the ARS."""


def _annotee(
    tache: _BundleTask,
    report: Report,
    made: dict[str, str],
    missing: list[str],
    kept: list[tuple[str, str]],
) -> None:
    from xl_cpom.reports.annotate import AnnotationError, annotate

    source = Path(tache.chemin)
    name = f"{safe_file_name(source.stem)}_annoté{source.suffix.lower()}"
    try:
        with private_folder() as folder:
            draft = folder / name
            annotate(source, report.findings, draft, verdict_line=verdict_sentence(report))
            content = draft.read_bytes()
        _poser(Path(tache.dossier) / name, content, tache.connues, kept)
        made[name] = hashlib.sha256(content).hexdigest()
    except (AnnotationError, WriteError) as refusal:
        missing.append(typeset(f"{name} : {refusal}"))
