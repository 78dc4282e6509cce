"""What lies in the folders of a campaign: the files to control, and what is left aside and why.

Mail leaves everything in a folder: workbooks, but also old formats, archives, letters, the lock
files of Excel, and our own outputs of last time. A workbook in another format is controlled, so
that its organisme is told how to save it; what is no workbook is named, so that nothing a
gestionnaire sent is lost in silence.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import displayable_name

OTHERS = frozenset(
    {".xls", ".xlsb", ".xlt", ".xltx", ".xltm", ".ods", ".ots", ".numbers", ".zip", ".7z", ".rar"}
)
"""A workbook saved otherwise, or packed: read too, since its refusal says what to send instead."""

EXTENSIONS = WORKBOOK_SUFFIXES | OTHERS

MARK = ".xl-cpom-sortie"
"""Name of the file that marks a folder of our outputs, which is no folder of returns."""

_SENS = "Ce dossier est une sortie de xl-cpom : les classeurs qui y sont ne sont pas des retours.\n"

_SILENT = frozenset({"thumbs.db", "desktop.ini"})
_SILENT_FOLDERS = frozenset({"__macosx"})


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """A file of the campaign: where it is, and its name there.

    The name is relative, with « / », unique, and any output can show it.
    """

    path: Path
    name: str
    own: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the control for this file alone (last year's return)."""


@dataclass(frozen=True, slots=True)
class DepotContent:
    """What was found: files to control, other files (names), folders not entered (names)."""

    files: tuple[CampaignFile, ...]
    others: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def make_output_folder(folder: Path) -> None:
    """Make a folder of outputs, and mark it when nobody else's files are in it. Raises OSError."""
    ours = is_new_or_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / MARK
    if ours and not mark.exists():
        mark.write_text(_SENS, encoding="utf-8")


def is_new_or_ours(folder: Path) -> bool:
    """Is the folder absent, empty, or one of our outputs?"""
    if (folder / MARK).exists():
        return True
    return not folder.exists() or not any(folder.iterdir())


def mixed_output(paths: Sequence[Path], outputs: Sequence[Path]) -> Path | None:
    """An output folder that would mix with the returns: next time they could not be told apart."""
    for output in outputs:
        here = output.resolve()
        for path in paths:
            root = path.resolve()
            if not path.is_dir():
                continue
            if root == here or here in root.parents:
                return output
            if root in here.parents and not is_new_or_ours(here):
                return output
    return None


def open_depot(
    this_paths: Sequence[Path],
    extensions: Collection[str] = EXTENSIONS,
    sauf: Collection[Path] = (),
) -> DepotContent:
    """The files named, and those under the folders named, each once, in a stable order.

    Hidden and lock files (« ~$… ») are left out of folders in silence; the folders of `sauf` and
    those that hold outputs are not entered. The names are unique: the folder is put before where
    two would be the same.
    """
    found: dict[Path, tuple[Path, str]] = {}
    others: list[str] = []
    outputs: list[str] = []
    closed: list[str] = []
    aside = {path.resolve() for path in sauf}
    for this_path in this_paths:
        if not this_path.is_dir():
            found.setdefault(this_path.resolve(), (this_path, this_path.name))
            continue
        for path in _under(this_path, aside, outputs, closed):
            name = path.relative_to(this_path).as_posix()
            if path.suffix.lower() in extensions:
                found.setdefault(path.resolve(), (path, name))
            else:
                others.append(name)
    times = Counter(name for _, name in found.values())
    names = _distinct(
        [name if times[name] == 1 else path.as_posix() for path, name in found.values()]
    )
    paths = [path for path, _ in found.values()]
    files = tuple(CampaignFile(path, name) for path, name in zip(paths, names, strict=True))
    return DepotContent(files, tuple(others), tuple(outputs), tuple(closed))


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that can be shown, and still differ once what cannot be is replaced: « (2) »."""
    shown = [displayable_name(name) for name in names]
    taken = {name for name, real in zip(shown, names, strict=True) if name == real}
    for rank, (name, real) in enumerate(zip(shown, names, strict=True)):
        if name == real:
            continue
        path, count = PurePosixPath(name), 1
        while shown[rank] in taken:
            count += 1
            shown[rank] = str(path.with_name(f"{path.stem} ({count}){path.suffix}"))
        taken.add(shown[rank])
    return shown


def depot_files(
    paths: Sequence[Path], extensions: Collection[str] = EXTENSIONS
) -> list[CampaignFile]:
    """The files alone."""
    return list(open_depot(paths, extensions).files)


def _under(
    root: Path, aside: Collection[Path], outputs: list[str], this_closed: list[str]
) -> Iterator[Path]:
    """Files under a folder, in the order of their paths."""
    paths: list[Path] = []

    def closed(failure: OSError) -> None:
        this_closed.append(str(failure.filename))

    for folder, names, files in os.walk(root, onerror=closed):
        here = Path(folder)
        if here != root and (MARK in files or here.resolve() in aside):
            outputs.append(here.relative_to(root).as_posix())
            names.clear()
            continue
        names[:] = [n for n in names if not n.startswith(".") and n.lower() not in _SILENT_FOLDERS]
        paths += [here / name for name in files if not _silent(name)]
    yield from sorted(path for path in paths if path.is_file())


def _silent(name: str) -> bool:
    return name.startswith(("~$", ".")) or name.lower() in _SILENT


def is_silent(place: PurePosixPath) -> bool:
    """Is a member of an archive something that no sender meant: « ._x », « ~$x », __MACOSX?"""
    return _silent(place.name) or any(
        part.startswith(".") or part.lower() in _SILENT_FOLDERS for part in place.parts[:-1]
    )
