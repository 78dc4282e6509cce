"""The files that go with a control (dérogations, profil): read, and refused in one sentence.

A mistake in one of them is a mistake of usage, never a finding: the sentence names the file, the
line when it is known, and what to do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from xl_cpom.errors import XlCpomError
from xl_cpom.files.text_files import UnreadableTextError, csv_rows, read_text_file
from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES
from xl_cpom.typography import listing, typeset, visible
from xl_cpom.validators.unreadable import file_fingerprint

MAX_BYTES = 10_000_000
_CODE = re.compile(r"([A-Z]{2,3})[ -]?(\d{1,4})", re.ASCII)


class BadFileError(XlCpomError, ValueError):
    """A file of options cannot be used. The message is French and says what to do."""

    def __init__(self, fichier: str, ou: str, constat: str) -> None:
        place = f", {ou}" if ou else ""
        super().__init__(typeset(f"« {visible(fichier)} »{place} : {constat}"))


def unknown_code(fichier: str, ou: str, text: str, known_rows: Iterable[str]) -> BadFileError:
    """The refusal of a code that does not exist, with the close ones."""
    known = list(known_rows)
    match = _CODE.fullmatch(text.strip().upper())
    complete = f"{match[1]}-{int(match[2]):03}" if match else ""  # « SUI 1 » is SUI-001
    close = [complete] if complete in known else get_close_matches(text.strip().upper(), known)
    hint = f" Vouliez-vous dire {listing(close, 'ou')} ?" if close else ""
    return BadFileError(
        fichier, ou, f"aucune règle n'a le code « {visible(text.strip(), 40)} ».{hint} "
        "« xl-cpom regles » les liste toutes."
    )  # fmt: skip


def text_of_file(path: Path) -> str:
    """The text of a file, UTF-8 or as Excel saves it on Windows. Raises BadFileError."""
    try:
        return read_text_file(path, MAX_BYTES)
    except UnreadableTextError as failure:
        raise BadFileError(path.name, "", str(failure)) from failure


def table_rows(path: Path) -> list[tuple[int, list[str]]]:
    """(number of the line, cells) of a table kept as CSV or in Excel. Raises BadFileError.

    The lines above the one that names the columns are the caller's to skip.
    """
    if not is_workbook(path):
        return list(csv_rows(text_of_file(path)))
    from xl_cpom.workbook.list_sheets import sheet_rows
    from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError

    try:
        return sheet_rows(path)
    except UnreadableWorkbookError as refusal:
        raise BadFileError(path.name, "", f"{refusal.message} {refusal.fix}") from refusal


def is_workbook(path: Path) -> bool:
    """Is it a file of Excel, by its name?"""
    return path.suffix.lower() in WORKBOOK_SUFFIXES


def fingerprint_of(path: Path) -> str:
    """What names the content of a file of options. Raises BadFileError."""
    if is_workbook(path):
        return file_fingerprint(path)
    return hashlib.sha256(text_of_file(path).encode()).hexdigest()


def toml_table(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises BadFileError with the line of the mistake."""
    import tomllib  # a control without such a file does without it

    try:
        return tomllib.loads(text_of_file(path))
    except tomllib.TOMLDecodeError as failure:
        raise BadFileError(
            path.name, "", f"le fichier TOML est mal formé ({_in_french_words(str(failure))}). "
            "Corrigez cet endroit, en partant de l'exemple de la documentation."
        ) from failure  # fmt: skip


def _in_french_words(detail: str) -> str:
    """The place in tomllib's message; the rest of it is English."""
    _, found, place = detail.partition("(at ")
    if not found:
        return "fin inattendue"
    place = place.rstrip(")").replace("line", "ligne").replace("column", "colonne")
    return place.replace("end of document", "fin du fichier")
