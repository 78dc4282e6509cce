"""Is that file a journal of ours? Looked at before SQLite is allowed near it.

`--journal` may be given anything: another program's database, a report, a device. SQLite would make
tables in the first and wait for ever on the last. A journal says what it is in its header; those
written before it did are known by their tables. It holds what organismes sent: its owner alone
reads it, and those that nobody named are removed some months after their last use.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import struct
import time
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import typeset, visible

APPLICATION = 0x43504F4D
"""« CPOM », in the header of every journal (PRAGMA application_id)."""

MONTH = 13
"""Months kept after its last use: a campaign, and the next one that is compared with it."""

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_TABLES = {"reponses", "sorties"}


class UnreadableJournalError(XlCpomError, RuntimeError):
    """The journal is not one of ours, or is damaged. French message."""


def prepare(path: Path) -> None:
    """Make the file if it is not there; refuse what is no journal. Raises UnreadableJournalError.

    Nothing is written into a file that is refused. Raises OSError when the system does.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        if not is_journal(path):
            raise UnreadableJournalError(
                typeset(
                    f"« {visible(path.name)} » n'est pas un journal de xl_cpom : rien n'y est "
                    "écrit. Donnez à --journal un autre nom."
                )
            ) from None
    with contextlib.suppress(OSError):  # a share that knows no rights
        path.chmod(0o600)


def is_journal(path: Path) -> bool:
    """A plain file that is empty (a run was killed as it made it) or that says it is a journal."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as stream:
            header = stream.read(_HEADER)
    except OSError:
        return False
    if not header:
        return True
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        return False
    (application,) = struct.unpack_from(">I", header, 68)
    return application == APPLICATION or (application == 0 and _has_our_tables(path))


def _has_our_tables(path: Path) -> bool:
    """A journal written before it said what it is."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)
        ) as base:
            found = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error:
        return False
    return found >= _TABLES


def sweep_old(folder: Path, now: float | None = None) -> list[Path]:
    """Remove from the folder of application data the journals not used for `MOIS` months."""
    limit = (time.time() if now is None else now) - MONTH * 30.5 * 86400
    removed = []
    for path in folder.glob("*.sqlite"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < limit and is_journal(path):
                path.unlink()
                path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
                path.with_name(f"{path.stem}-historique.sqlite").unlink(missing_ok=True)
                removed.append(path)
    return removed
