"""Around the bundles: the reminders to those who sent nothing, what is no longer current, the list.

A folder of bundles holds one current folder per organisme. One that an earlier run left and that
nothing answers to any more is put in « anciens », never removed: somebody may have written in it.
"""

from __future__ import annotations

import csv
import filecmp
import io
import re
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from xl_cpom.batch.bundles import EMAIL, PIECES, BundleParts, bundle_names
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.situation import ReturnState, Situation
from xl_cpom.files.atomic import atomic_write
from xl_cpom.reports import harmless, word_letters
from xl_cpom.reports.letter_html import printable
from xl_cpom.reports.mail import SIGNATURE, draft
from xl_cpom.reports.other_letters import Missing, reminder, reminder_content
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.typography import long_date, typeset
from xl_cpom.validators.rules.campagne.attendus import told_to_the_missing
from xl_cpom.workbook.control_page import CONTROL_PAGE

OLD, LISTING = "anciens", "publipostage.csv"
REMINDER = "relance"
REMINDERS = (f"{REMINDER}.md", f"{REMINDER}.html", f"{REMINDER}.docx", EMAIL)
"""Names of the pieces of a reminder."""
LETTER, UNATTACHED = "lettre", "à rattacher"
_COLUMNS = (
    "FINESS EJ",
    "Raison sociale",
    "Courriel",
    "État",
    "Précision",
    "Courrier",
    "Dossier",
    "Message",
)


def write_reminders(
    result: CampaignResult, des_situations: Sequence[Situation], folder: Path, parts: BundleParts
) -> dict[str, Situation]:
    """One reminder per organisme that sent nothing; name of its folder -> the organisme.

    One that somebody has edited is kept. Raises WriteError.
    """
    context = parts.render_options(None)
    answered = {finess for finess, _ in bundle_names(result).values()}
    made: dict[str, Situation] = {}
    for s in des_situations:
        if s.state is not ReturnState.MISSING or not s.expected or s.finess_ej in answered:
            continue
        name = harmless.safe_file_name("_".join(filter(None, (s.finess_ej, s.name))))
        why = told_to_the_missing(result.campagne, s.finess_ej)
        missing = Missing(s.finess_ej, s.name, result.campagne.annee, why, s.courriel)
        text = reminder(missing, context)
        page = printable([(s.name or s.finess_ej, text)]).encode()
        pieces = {
            f"{REMINDER}.md": text.encode(),
            f"{REMINDER}.html": page,
            EMAIL: _message(missing, context, page),
        }
        if word_letters.available():
            content = reminder_content(missing, context)
            pieces[f"{REMINDER}.docx"] = word_letters.fill_word(
                parts.word_template(word_letters.REMINDER), content
            )
        _write(result, folder / name, pieces)
        made[name] = s
    return made


def _message(missing: Missing, context: RenderOptions, page: bytes) -> bytes:
    annee = f", année {missing.annee}" if missing.annee else ""
    text = (
        "Madame, Monsieur,\n\nSauf erreur, nous n'avons pas reçu votre classeur « CPOM socle »"
        f"{annee}. Vous trouverez ci-joint notre courrier.\n\n"
    )
    if context.echeance is not None:
        text += f"Réponse attendue au plus tard le {long_date(context.echeance)}.\n\n"
    return draft(
        missing.courriel,
        typeset(f"CPOM socle{annee} : classeur non reçu – {missing.organisme}"),
        typeset(f"{text}{context.service or SIGNATURE}\n"),
        {f"{REMINDER}.html": page},
    )


def _write(result: CampaignResult, folder: Path, pieces: Mapping[str, bytes]) -> None:
    from xl_cpom.batch.bundles import put_piece

    folder.mkdir(parents=True, exist_ok=True)
    known = result.journal.pieces(folder)
    result.journal.note_pieces(
        folder, {name: put_piece(folder / name, content, known) for name, content in pieces.items()}
    )


def carry_page(page: Path, folder: Path) -> None:
    """Put the page that controls in each current bundle, as one file on the disk where it can be.

    Raises WriteError.
    """
    first: Path | None = None
    for bundle in sorted(path for path in folder.iterdir() if path.is_dir() and path.name != OLD):
        if not (bundle / EMAIL).is_file():
            continue
        target = bundle / CONTROL_PAGE
        if not (target.is_file() and filecmp.cmp(page, target, shallow=False)):
            _place(page, target, first)
        first = first or target


def _place(page: Path, target: Path, twin: Path | None) -> None:
    """Copy the page, or give its first copy one more name: 400 copies would take 6 GB."""
    if twin is not None and not target.exists():
        with suppress(OSError):  # a disk without such names
            target.hardlink_to(twin)
            return
    with atomic_write(target) as temporary:
        shutil.copyfile(page, temporary)


def put_stale_aside(
    this_folder: Path, current: Collection[str], marks: Collection[str] = (*REMINDERS, *PIECES)
) -> list[str]:
    """Move to « anciens » the bundles of a run before that are no longer current; their names.

    marks: only folders that hold a file of ours, under one of these names, are touched. Raises
    OSError.
    """
    kept = {name.lower() for name in current} | {OLD}
    moved: list[str] = []
    if not this_folder.is_dir():
        return moved
    for folder in sorted(path for path in this_folder.iterdir() if path.is_dir()):
        if folder.name.lower() in kept or not any((folder / mark).is_file() for mark in marks):
            continue
        _move(folder, this_folder / OLD)
        moved.append(folder.name)
    return moved


def put_pieces_aside(this_folder: Path, current: Mapping[str, Collection[str]]) -> list[str]:
    """Move to « anciens » what a run before left in folders that are current; « folder/piece ».

    current: name of a folder -> the pieces it now has. A reminder to who has answered since, the
    copy of a version that was replaced: only names of ours are touched. Raises OSError.
    """
    moved = []
    for name, pieces in sorted(current.items()):
        for path in sorted((this_folder / name).iterdir()):
            ours = path.name in {*PIECES, *REMINDERS} or _COPY.search(path.name)
            if ours and path.name not in pieces and path.is_file():
                _move(path, this_folder / OLD / name)
                moved.append(f"{name}/{path.name}")
    return moved


_COPY = re.compile(r"_annoté\.xls[xm]$")


def _move(path: Path, folder: Path) -> None:
    """Move a file or a folder into another, under a name that is free there."""
    rank, target = 1, folder / path.name
    while target.exists():
        rank += 1
        target = folder / f"{path.stem}_{rank}{path.suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    path.rename(target)


def write_list(
    result: CampaignResult,
    des_situations: Sequence[Situation],
    folder: Path,
    reminders: Mapping[str, Situation],
) -> None:
    """The list of what is to be sent, for a mail merge: one line per folder. Raises WriteError."""
    by_ej = {s.finess_ej: s for s in des_situations}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    folders = {name: finess for name, (finess, _) in bundle_names(result).items()}
    folders |= {name: s.finess_ej for name, s in reminders.items()}
    addresses = {name: address for name, (_, address) in bundle_names(result).items()}
    for name, finess in sorted(folders.items()):
        s = by_ej.get(finess)
        address = addresses.get(name) or (s.courriel if s else "")
        row = (finess, s.name if s else "", address, s.state.value if s else UNATTACHED,
               s.reason if s else "", REMINDER if name in reminders else LETTER, name,
               f"{name}/{EMAIL}")  # fmt: skip
        writer.writerow([harmless.safe_csv(text) for text in row])
    content = ("\ufeff" + out.getvalue()).encode()
    path = folder / LISTING
    if not (path.is_file() and path.read_bytes() == content):
        with atomic_write(path) as temporary:
            temporary.write_bytes(content)
