"""Outputs are not written again when nothing they are made from has changed.

A folder is known by its cause: a fingerprint of all that decides its content. The journal keeps the
cause of a folder once all its files are there, never before. A letter to which somebody has added a
line is left as it is; a table that is no longer as we wrote it is written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from xl_cpom.batch.journal import Journal
from xl_cpom.validators.unreadable import file_fingerprint


def cause(*parts: object) -> str:
    """Fingerprint of values whose `repr` says all."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def is_up_to_date(journal: Journal, folder: Path, cause_: str) -> tuple[str, ...] | None:
    """The names of the files of a folder that was written from this cause and still has them."""
    known = journal.output(folder)
    if known is None or known[0] != cause_:
        return None
    return known[1] if all((folder / name).is_file() for name in known[1]) else None


def is_intact(
    journal: Journal, folder: Path, cause_: str, names: Iterable[str] | None = None
) -> bool:
    """Is a folder up to date, and are these files of it (all of them) as we wrote them?

    One that somebody has edited, or a program saved again, is then written anew.
    """
    known = is_up_to_date(journal, folder, cause_)
    if known is None:
        return False
    said = journal.pieces(folder)
    return all(
        said.get(name) == file_fingerprint(folder / name)
        for name in (known if names is None else names)
    )


def note_fingerprints(journal: Journal, folder: Path, names: Iterable[str]) -> None:
    """Note files as they have just been written."""
    journal.note_pieces(folder, {name: file_fingerprint(folder / name) for name in names})


def write_output(
    journal: Journal, folder: Path, cause_: str, write: Callable[[], Iterable[str]]
) -> tuple[str, ...]:
    """Write a folder and note it; `write` gives the names of the files it wrote."""
    journal.forget_output(folder)
    names = tuple(write())
    note_fingerprints(journal, folder, names)
    journal.record_output(folder, cause_, names)
    return names
