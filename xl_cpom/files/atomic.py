"""Files written whole or not at all: a draft in a private folder, then one rename.

A return half written on a full disk must never replace a good one, and a file that was given to
be read must never be replaced at all. Every failure becomes one French sentence that says what
to do.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.files.temporaries import beside, private_folder
from xl_cpom.typography import typeset, visible

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class WriteError(XlCpomError, OSError):
    """The target cannot be written. The message is French and says what to do."""


_INPUTS: ContextVar[frozenset[tuple[int, int]]] = ContextVar("entrees", default=frozenset())
"""Device and number of the files that nothing may replace: the same file under any name."""


@contextmanager
def inputs_intact(paths: Iterable[Path]) -> Iterator[None]:
    """While it lasts, `atomic_write` refuses to replace one of these files.

    The guard stands where files are written and not in each command, so that no output, whatever
    computes its name, can fall upon an input.
    """
    known = {number for path in paths if (number := _number(path)) is not None}
    token = _INPUTS.set(_INPUTS.get() | known)
    try:
        yield
    finally:
        _INPUTS.reset(token)


def _number(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:  # not there: nothing to replace
        return None
    return found.st_dev, found.st_ino


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path, in a private folder; on success its content becomes `path`.

    On any exception nothing is left of it and `path` is as it was. A device or a pipe is written
    into and stays what it is; a folder, a socket, a disk and a link are refused. Raises
    WriteError when the system refuses the file, its content or its final name, or when
    `path` is an input (`inputs_intact`).
    """
    target = Path(path)
    stream = _into_stream(target)
    with ExitStack() as stack:
        temporary = _draft(stack, target)
        try:
            if not stream:
                _try_folder(target)
            yield temporary
            if stream:
                _pour(temporary, target)
            else:
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


def _draft(stack: ExitStack, target: Path) -> Path:
    """An empty file of the same kind in a private folder."""
    try:
        path = stack.enter_context(private_folder()) / f"sortie{target.suffix}"
        path.touch()
    except OSError as failure:
        why = f"le dossier temporaire ne peut pas être écrit ({failure.strerror or failure})."
        raise WriteError(_cannot(target, why)) from failure
    return path


def _into_stream(target: Path) -> bool:
    """Is the target a device or a pipe, to be written into? Raises WriteError.

    A rename would put a plain file in the place of whatever bears the name.
    """
    if _number(target) in _INPUTS.get():
        raise WriteError(
            typeset(
                f"« {target.name} » est un fichier donné à lire : il n'est jamais remplacé. "
                "Choisissez un autre nom, ou un autre dossier."
            )
        )
    try:
        kind = target.stat().st_mode
    except OSError:  # absent, or its folder is: told when it is written
        kind = stat.S_IFREG
    if stat.S_ISCHR(kind) or stat.S_ISFIFO(kind):
        return True
    for is_it, what in _OTHERS.items():
        if is_it(kind):
            raise WriteError(_cannot(target, what))
    if target.is_symlink():
        raise WriteError(
            _cannot(target, "c'est un lien. Donnez le nom du fichier lui-même, ou un autre nom.")
        )
    return False


_OTHERS = {
    stat.S_ISDIR: "un dossier porte déjà ce nom. Choisissez un autre nom.",
    stat.S_ISSOCK: "c'est une prise de communication, pas un fichier. Choisissez un autre nom.",
    stat.S_ISBLK: "c'est un disque, pas un fichier. Choisissez un autre nom.",
}
"""What no report is ever written into, nor put in the place of."""


def _try_folder(target: Path) -> None:
    """Before any work: may a file be made in that folder? Raises OSError."""
    with beside(target) as probe, probe.open("xb"):
        pass


def _pour(temporary: Path, target: Path) -> None:
    """Write a finished content into a device or a pipe, which is neither made nor cut short."""
    with temporary.open("rb") as content:
        descriptor = os.open(target, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
        with os.fdopen(descriptor, "wb") as stream:
            shutil.copyfileobj(content, stream)


def _publish(temporary: Path, target: Path) -> None:
    """The draft becomes the target, with the rights that its folder gives to new files."""
    with beside(target) as final:
        with temporary.open("rb") as content, final.open("xb") as stream:
            shutil.copyfileobj(content, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(final, target)  # noqa: PTH105 - atomic everywhere, with this exact meaning


def _is_full(failure: Exception) -> bool:
    """Did a library meet a full disk, and say so in an exception of its own?"""
    inside = (*failure.args, failure.__cause__, failure.__context__)
    if any(isinstance(one, OSError) and one.errno in _FULL for one in inside):
        return True
    return os.strerror(errno.ENOSPC) in str(failure)


def _is_about(failure: OSError, temporary: Path, target: Path) -> bool:
    """Is this failure one of our file, and not of another file the caller was reading?"""
    if failure.errno in _FULL or failure.errno == errno.EPIPE:
        return True
    if failure.filename is None:
        return False
    path = Path(os.fsdecode(failure.filename))
    return path in {temporary, target} or (path.parent, path.suffix) == (target.parent, ".tmp")


def _reason(target: Path, failure: OSError) -> str:
    folder = visible(str(target.parent))
    match failure.errno:
        case errno.ENOENT:
            why = f"le dossier « {folder} » n'existe pas. Créez-le, ou choisissez-en un autre."
        case errno.ENOTDIR:
            why = f"« {folder} » n'est pas un dossier."
        case errno.EISDIR:
            why = "un dossier porte déjà ce nom. Choisissez un autre nom."
        case errno.ENOSPC | errno.EDQUOT:
            why = "il n'y a plus de place sur le disque."
        case errno.EPIPE:
            why = "personne ne lit à l'autre bout du tube."
        case errno.ENAMETOOLONG:
            why = "le nom est trop long."
        case errno.EACCES | errno.EPERM | errno.EROFS if target.exists():
            why = "le fichier est protégé ou ouvert. Fermez-le dans Excel, puis recommencez."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            why = f"l'écriture est refusée dans le dossier « {folder} ». Choisissez-en un autre."
        case _:
            why = f"le système a refusé ({failure.strerror or failure})."
    return _cannot(target, why)


def _cannot(target: Path, why: str) -> str:
    return typeset(f"Impossible d'écrire « {visible(target.name)} » : {why}")
