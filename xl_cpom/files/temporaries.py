"""One private folder for everything unfinished, swept by the next start whatever ended the last.

Drafts of workbooks hold what organismes sent. They are written in a folder that only its owner can
open, and a run that is killed in the middle leaves them there, and nowhere else: the next process
that needs the folder removes what no living process holds. A session is held by a lock, which the
system lets go of when the process dies; a file published beside its target is written down there
before it exists, under a random name of ours, so that nothing else can be swept by mistake.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from xl_cpom.light_dataclass import dataclass

if sys.platform == "win32":
    import msvcrt
elif sys.platform != "emscripten":
    import fcntl

PREFIX = "xl_cpom-"
_LOCK = "verrou"
_NOTE = "cible-"
_FORGOTTEN = 3600.0
"""Seconds after which a folder without its lock is no longer being opened."""


@dataclass(frozen=True)
class _Session:
    """The folder of one process, and the lock that says it lives."""

    folder: Path
    lock: IO[bytes]
    process: int


_current: _Session | None = None


@contextmanager
def private_folder(name: str = "") -> Iterator[Path]:
    """A new empty folder that only its owner can open, removed at the end. Raises OSError.

    name: what its name begins with, for who looks at it.
    """
    folder = Path(tempfile.mkdtemp(prefix=name or None, dir=_session().folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def library_folder() -> str:
    """Where a library that makes temporary files of its own is told to make them.

    It is the private folder of this process, swept with it. Raises OSError.
    """
    return str(_session().folder)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A file that does not exist yet, in the folder of `target`; removed if it is still there.

    Its name is noted beforehand: killed at any instant, the process leaves a note of it.
    """
    token = os.urandom(8).hex()
    path = target.parent / f".{_short(target.stem)}-{token}.tmp"
    note = _session().folder / f"{_NOTE}{token}"
    note.write_bytes(os.fsencode(path.absolute()))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        note.unlink(missing_ok=True)


def _short(stem: str) -> str:
    """As much of a name as leaves room for ours in the 255 bytes of a name."""
    return os.fsencode(stem)[:100].decode("utf-8", "ignore")


def sweep() -> None:
    """Remove what dead processes left: their folders, and the files they had noted."""
    for root in _roots():
        for folder in _entries(root):
            _remove_if_dead(folder)
        with contextlib.suppress(OSError):  # another process lives there
            root.rmdir()


def _roots() -> list[Path]:
    """Our folders in the temporary folder of the system: never those of somebody else."""
    name = f"{PREFIX}{_user()}"
    try:  # the names alone: a temporary folder may hold thousands, and this is done at each start
        with os.scandir(tempfile.gettempdir()) as entries:
            names = sorted(entry.name for entry in entries if entry.name.startswith(name))
    except OSError:
        return []
    return [path for n in names if _is_private(path := Path(tempfile.gettempdir(), n))]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # gone, or closed to us
        return []


def _user() -> str:
    return f"{os.getuid()}" if sys.platform != "win32" else "prive"


def _is_private(path: Path) -> bool:
    """A real folder, ours, closed to others (on Windows the temporary folder is the user's)."""
    try:
        found = path.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    if sys.platform == "win32":
        return True
    return found.st_uid == os.getuid() and not found.st_mode & 0o077


def _session() -> _Session:
    """The session of this process; opened at its first use, which sweeps what others left."""
    global _current
    if _current is None or _current.process != os.getpid() or not _current.folder.is_dir():
        sweep()
        _current = _open()
        atexit.register(_close, _current)
    return _current


def _open() -> _Session:
    while True:
        try:
            folder = Path(tempfile.mkdtemp(dir=_root()))
            lock = (folder / _LOCK).open("wb")
        except FileNotFoundError:  # swept while it was empty, by another process
            continue
        if _hold(lock) is not False and (folder / _LOCK).exists():
            return _Session(folder, lock, os.getpid())
        lock.close()  # swept between its making and its lock


def _root() -> Path:
    path = Path(tempfile.gettempdir()) / f"{PREFIX}{_user()}"
    with contextlib.suppress(OSError):  # already there: whose it is, is looked at below
        path.mkdir(mode=0o700)
    if _is_private(path):
        return path
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{_user()}-"))


def _close(session: _Session) -> None:
    """At the end of the process: its folder, and those of the workers it killed."""
    if session.process == os.getpid():
        session.lock.close()
        shutil.rmtree(session.folder, ignore_errors=True)
        sweep()


def _hold(lock: IO[bytes]) -> bool | None:
    """Take a lock without waiting; False when a living process holds it, None without locks.

    Where there are no locks (a browser, some network shares) nothing of another process is swept.
    """
    try:
        if sys.platform == "win32":
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        elif sys.platform == "emscripten":
            return None
        else:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        return False if failure.errno in _TAKEN else None
    return True


_TAKEN = frozenset((errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK))


def _remove_if_dead(folder: Path) -> None:
    if not _is_private(folder):
        return
    try:
        lock = (folder / _LOCK).open("rb+")
    except OSError:  # being opened, or being removed, by another process
        _remove_if_forgotten(folder)
        return
    with lock:
        if not _hold(lock):
            return
        for note in _entries(folder):
            if note.name.startswith(_NOTE):
                _remove_noted(note)
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)  # Windows keeps a file that is open


def _remove_if_forgotten(folder: Path) -> None:
    """An empty folder whose process died before its first lock."""
    with contextlib.suppress(OSError):
        if time.time() - folder.stat().st_mtime > _FORGOTTEN:
            folder.rmdir()


def _remove_noted(note: Path) -> None:
    """Remove the file a dead process was publishing: a plain file, under the name it gave it."""
    token = note.name.removeprefix(_NOTE)
    with contextlib.suppress(OSError):
        path = Path(os.fsdecode(note.read_bytes()))
        ours = path.name.startswith(".") and path.name.endswith(f"-{token}.tmp")
        if ours and len(token) == 16 and stat.S_ISREG(path.lstat().st_mode):
            path.unlink()
