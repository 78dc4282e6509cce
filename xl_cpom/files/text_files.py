"""A text file that people keep in Excel: UTF-8, or the code page of Windows; CSV of any separator.

Used by the FINESS extract, the dérogations and the profile.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from xl_cpom.errors import XlCpomError

MAX_BYTES = 400_000_000
SEPARATORS = ";,\t"


class UnreadableTextError(XlCpomError, ValueError):
    """The file is no text, or cannot be read. The message is French, without the file's name."""


def read_text_file(path: Path, limite: int = MAX_BYTES) -> str:
    """The text of a file. Raises UnreadableTextError."""
    try:
        if path.stat().st_size > limite:
            raise UnreadableTextError("le fichier est trop gros")
        raw = path.read_bytes()
    except OSError as failure:
        raise UnreadableTextError(
            f"impossible de lire le fichier ({failure.strerror or failure})"
        ) from failure
    return decode_text(raw)


def decode_text(raw: bytes) -> str:
    """The text of these bytes. Raises UnreadableTextError when they are a workbook or another
    binary.
    """
    if b"\x00" in raw[:4096] or raw[:2] == b"PK":
        raise UnreadableTextError(
            "ce n'est pas un fichier CSV ou texte (depuis Excel, enregistrez-le au format CSV, "
            "séparateur point-virgule)"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the line in the file, its cells); the separator is the commonest of the first."""
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        start = reader.line_num + 1  # a quoted cell may hold line feeds
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as failure:
            raise UnreadableTextError(f"ligne {start} illisible") from failure
        yield start, cells
