"""Outputs are not written again when nothing they are made from has changed.

A folder is known by its cause: a fingerprint of all that decides its content. The journal keeps the
cause of a folder once all its files are there, never before; a file that somebody has since edited
(a letter to which a line was added) is then left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from xl_cpom.batch.journal import Journal


def cause(*parts: object) -> str:
    """Fingerprint of values whose `repr` says all."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def is_up_to_date(journal: Journal, folder: Path, cause_: str) -> tuple[str, ...] | None:
    """The names of the files of a folder that was written from this cause and still has them."""
    known = journal.sortie(folder)
    if known is None or known[0] != cause_:
        return None
    return known[1] if all((folder / name).is_file() for name in known[1]) else None


def write_output(
    journal: Journal, folder: Path, cause_: str, write: Callable[[], Iterable[str]]
) -> tuple[str, ...]:
    """Write a folder and note it; `write` gives the names of the files it wrote."""
    journal.forget_output(folder)
    names = tuple(write())
    journal.record_output(folder, cause_, names)
    return names
