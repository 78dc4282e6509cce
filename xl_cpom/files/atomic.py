"""Files written whole or not at all: a temporary file beside the target, then one rename.

A return half written on a full disk must never replace a good one, and a file that was given to
be read must never be replaced at all. Every failure becomes one French sentence that says what
to do.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from xl_cpom.typography import typeset

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class WriteError(OSError):
    """The target cannot be written. The message is French and says what to do."""


_ENTREES: ContextVar[frozenset[tuple[int, int]]] = ContextVar("entrees", default=frozenset())
"""Device and number of the files that nothing may replace: the same file under any name."""


@contextmanager
def inputs_intact(paths: Iterable[Path]) -> Iterator[None]:
    """While it lasts, `atomic_write` refuses to replace one of these files.

    The guard stands where files are written and not in each command, so that no output, whatever
    computes its name, can fall upon an input.
    """
    known = {number for path in paths if (number := _number(path)) is not None}
    token = _ENTREES.set(_ENTREES.get() | known)
    try:
        yield
    finally:
        _ENTREES.reset(token)


def _number(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:  # not there: nothing to replace
        return None
    return found.st_dev, found.st_ino


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; on success it becomes `path`.

    On any exception the temporary file is removed and `path` is left as it was. Raises
    WriteError when the system refuses the file, its content or its final name, or when
    `path` is an input (`inputs_intact`).
    """
    target = Path(path)
    if _number(target) in _ENTREES.get():
        raise WriteError(
            typeset(
                f"« {target.name} » est un fichier donné à lire : il n'est jamais remplacé. "
                "Choisissez un autre nom, ou un autre dossier."
            )
        )
    try:
        descriptor, name = tempfile.mkstemp(
            prefix=f".{target.stem[:40]}-", suffix=f".tmp{target.suffix}", dir=target.parent
        )
    except OSError as failure:
        raise WriteError(_reason(target, failure)) from failure
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
        _publish(temporary, target)
    except WriteError:
        raise
    except OSError as failure:
        if _is_about(failure, temporary, target):
            raise WriteError(_reason(target, failure)) from failure
        raise
    except Exception as failure:
        if _is_full(failure):
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise WriteError(_reason(target, full)) from failure
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary: Path, target: Path) -> None:
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    temporary.chmod(0o666 & ~_umask())
    os.replace(temporary, target)  # noqa: PTH105 - atomic on every system, with this exact meaning


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _is_full(failure: Exception) -> bool:
    """Did a library meet a full disk, and say so in an exception of its own?"""
    inside = (*failure.args, failure.__cause__, failure.__context__)
    if any(isinstance(one, OSError) and one.errno in _FULL for one in inside):
        return True
    return os.strerror(errno.ENOSPC) in str(failure)


def _is_about(failure: OSError, temporary: Path, target: Path) -> bool:
    """Is this failure one of our file, and not of another file the caller was reading?"""
    if failure.errno in _FULL:
        return True
    return failure.filename is not None and Path(os.fsdecode(failure.filename)) in {
        temporary,
        target,
    }


def _reason(target: Path, failure: OSError) -> str:
    folder, name = target.parent, target.name
    match failure.errno:
        case errno.ENOENT:
            why = f"le dossier « {folder} » n'existe pas. Créez-le, ou choisissez-en un autre."
        case errno.ENOTDIR:
            why = f"« {folder} » n'est pas un dossier."
        case errno.EISDIR:
            why = "un dossier porte déjà ce nom. Choisissez un autre nom."
        case errno.ENOSPC | errno.EDQUOT:
            why = "il n'y a plus de place sur le disque."
        case errno.ENAMETOOLONG:
            why = "le nom est trop long."
        case errno.EACCES | errno.EPERM | errno.EROFS if target.exists():
            why = "le fichier est protégé ou ouvert. Fermez-le dans Excel, puis recommencez."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            why = f"l'écriture est refusée dans le dossier « {folder} ». Choisissez-en un autre."
        case _:
            why = f"le système a refusé ({failure.strerror or failure})."
    return typeset(f"Impossible d'écrire « {name} » : {why}")
