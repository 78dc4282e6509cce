"""What a bundle is made of, written where files are read: in a worker, that may die on it.

The annotated copy opens the user's file again. Each piece is whole or not there; one that somebody
has changed since we wrote it is put aside, never lost.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xl_cpom.files.atomic import WriteError, atomic_write
from xl_cpom.files.temporaries import private_folder
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.reports import word_letters
from xl_cpom.reports.harmless import safe_file_name
from xl_cpom.reports.letter import compose_letter, letter_content
from xl_cpom.reports.mail import SIGNATURE, draft
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.several_files import joined
from xl_cpom.reports.words import verdict_sentence
from xl_cpom.typography import long_date, typeset
from xl_cpom.validators.model import Report, Verdict
from xl_cpom.validators.unreadable import file_fingerprint
from xl_cpom.workers.codec import decode

EMAIL = "courriel.eml"


@dataclass(frozen=True)
class BundleParts:
    """What a bundle is made with. echeance: date by which to answer, date: that of the letter.

    letter_template: Markdown template of the letter; word_templates: name of one of our Word
    templates -> that of the ARS. service: who signs; received: FINESS EJ -> day noted in the
    follow-up table.
    """

    echeance: dt.date | None = None
    date: dt.date | None = None
    letter_template: Path | None = None
    word_templates: Mapping[str, Path] = field(default_factory=dict)
    service: str = ""
    received: Mapping[str, str] = field(default_factory=dict)

    def template_texts(self) -> list[str]:
        """Fingerprints of the templates of the letters."""
        models = [self.letter_template, *(path for _, path in sorted(self.word_templates.items()))]
        return [file_fingerprint(path) for path in models if path is not None]

    def render_options(self, finess_ej: str | None) -> RenderOptions:
        """What the letters to an organisme say beside its report."""
        return RenderOptions(
            echeance=self.echeance,
            date=self.date,
            letter_template=self.letter_template,
            service=self.service,
            received_on=self.received.get(finess_ej or "", ""),
        )

    def only_for(self, finess_ej: str | None) -> BundleParts:
        """The same without the days of the others: each worker is handed one bundle."""
        mine = {key: day for key, day in self.received.items() if key == finess_ej}
        return replace(self, received=mine)

    def word_template(self, name: str) -> bytes:
        """A Word template, that of the ARS if it gave one. Raises InvalidTemplateError."""
        given = self.word_templates.get(name)
        return (
            word_letters.template_bytes(name)
            if given is None
            else word_letters.read_template(given)
        )


@dataclass(frozen=True)
class BundleTask:
    """The bundle of an organisme: the files it is answered about, each with its report.

    known: fingerprints of the files of the folder as they were last written. version: what the
    letter says of the file beside another (French). ecars: the figures are those to enter.
    """

    paths: tuple[str, ...]
    folder: str
    reports: tuple[bytes, ...]
    pieces: BundleParts = field(default_factory=BundleParts)
    mail_address: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    provisional: bool = False
    ecars: bool = True


def assemble_bundle(task: BundleTask) -> bytes:
    """Write one bundle (in a worker): what was written, what could not be, what was kept."""
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.catalogue import RULES

    reports = [decode(Report, report) for report in task.reports]
    whole = joined(reports)  # with the bare names of the files: our folders are ours
    folder = Path(task.folder)
    folder.mkdir(parents=True, exist_ok=True)
    context = replace(
        task.pieces.render_options(whole.finess_ej),
        rules=RULES,
        referentiel=load_referentiel(),
        version=task.version,
        provisional=task.provisional,
    )
    made: dict[str, str] = {}
    missing: list[str] = []
    kept: list[tuple[str, str]] = []
    makers = _makers(whole, [joined([r]) for r in reports], context, task)
    for name, make in makers.items():
        try:
            content = make()
            _put(folder / name, content, task.known, kept)
            made[name] = hashlib.sha256(content).hexdigest()
        except (WriteError, ValueError) as refusal:
            missing.append(f"{name} : {refusal}")
    for path, report in zip(task.paths, reports, strict=True):
        if report.verdict is not Verdict.ILLISIBLE:
            _annotated(task, Path(path), report, made, missing, kept)
    try:
        content = _message(whole, context, folder, made, task.mail_address)
        _put(folder / EMAIL, content, task.known, kept)
        made[EMAIL] = hashlib.sha256(content).hexdigest()
    except (WriteError, OSError) as refusal:
        missing.append(f"{EMAIL} : {refusal}")
    return json.dumps([made, missing, kept], ensure_ascii=False).encode()


def _makers(
    whole: Report, reports: Sequence[Report], context: RenderOptions, task: BundleTask
) -> dict[str, Callable[[], bytes]]:
    """Name of a piece -> what makes it; the copies and the message come after."""
    from xl_cpom.reports.letter_html import printable
    from xl_cpom.reports.other_letters import acknowledgement
    from xl_cpom.reports.renderings import FORMATS

    who = whole.raison_sociale or whole.file

    def page(text: Callable[[Report, RenderOptions], str]) -> Callable[[], bytes]:
        return lambda: printable([(who, text(whole, context))]).encode()

    def document(name: str) -> Callable[[], bytes]:
        return lambda: word_letters.fill_word(
            task.pieces.word_template(name), letter_content(whole, context)
        )

    makers: dict[str, Callable[[], bytes]] = {
        "rapport.html": lambda: FORMATS["html"].content(reports, context),
        "lettre.md": lambda: compose_letter(whole, context).encode(),
        "lettre.html": page(compose_letter),
        "accuse_de_reception.html": page(acknowledgement),
    }
    read = [report for report in reports if report.verdict is not Verdict.ILLISIBLE]
    if task.ecars and any(report.indicateurs for report in read):
        makers["saisie_e-CARS.xlsx"] = lambda: FORMATS["ecars"].content(reports, context)
    if word_letters.available():
        makers["lettre.docx"] = document(word_letters.LETTER)
        makers["accuse_de_reception.docx"] = document(word_letters.ACKNOWLEDGEMENT)
    return makers


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
    text += f"{context.service or SIGNATURE}\n"
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


PIECES = (
    "rapport.html",
    "lettre.md",
    "lettre.html",
    "lettre.docx",
    "saisie_e-CARS.xlsx",
    "accuse_de_reception.html",
    "accuse_de_reception.docx",
    EMAIL,
)
"""Names of the pieces of a bundle, the annotated copies aside."""

JOINTES = frozenset({"rapport.html", "lettre.html"})
"""Pieces that the message carries, the annotated copy aside: e-CARS is for the ARS."""


def _annotated(
    task: BundleTask,
    source: Path,
    report: Report,
    made: dict[str, str],
    missing: list[str],
    kept: list[tuple[str, str]],
) -> None:
    from xl_cpom.reports.annotate import AnnotationError, annotate

    name = f"{safe_file_name(source.stem)}_annoté{source.suffix.lower()}"
    try:
        with private_folder() as folder:
            draft = folder / name
            annotate(source, report.findings, draft, verdict_line=verdict_sentence(report))
            content = draft.read_bytes()
        _put(Path(task.folder) / name, content, task.known, kept)
        made[name] = hashlib.sha256(content).hexdigest()
    except (AnnotationError, WriteError) as refusal:
        missing.append(typeset(f"{name} : {refusal}"))
