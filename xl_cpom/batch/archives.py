"""An archive of returns, as mail brings it: its workbooks are controlled like the others.

What is inflated is counted as it comes, never taken from what the archive declares; an archive that
holds no workbook, that is encrypted or beyond the limits is left as it is, and refused as a file.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from xl_cpom.batch.deposit import OTHERS, CampaignFile, is_silent
from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.reports.harmless import safe_file_name
from xl_cpom.workbook.reader.limits import Limits

if TYPE_CHECKING:
    import zipfile

ARCHIVE = ".zip"
MEMBERS, TOTAL = 2_000, 2 * 1024**3
"""Members of an archive, and bytes taken out of it, beyond which it is left as it is."""

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_PACKED = frozenset({ARCHIVE, ".7z", ".rar"})
_UNPACKED = WORKBOOK_SUFFIXES | OTHERS
"""An archive in the archive is taken out and not opened: its refusal says to send what it holds."""


@dataclass(frozen=True)
class OpenedArchives:
    """The files, archives replaced by what they hold; what else was in them (names)."""

    files: tuple[CampaignFile, ...]
    others: tuple[str, ...] = ()
    opened: Sequence[str] = field(default_factory=tuple)
    """Names of the archives that were opened, with how many workbooks each held."""


class _NotOpenedError(Exception):
    """The archive is left as it is: it cannot be read, or asks for more than is reasonable."""


def open_archives(files: Sequence[CampaignFile], folder: Path) -> OpenedArchives:
    """Take the workbooks of the archives out, under a folder that the caller removes."""
    found: list[CampaignFile] = []
    others: list[str] = []
    opened: list[str] = []
    for rank, file in enumerate(files):
        if file.path.suffix.lower() != ARCHIVE:
            found.append(file)
            continue
        try:
            inside, aside = _open(file, folder / str(rank))
        except _NotOpenedError:
            found.append(file)  # controlled as the file it is: its refusal says what to send
            continue
        if inside:
            found += inside
            others += aside
            books = sum(one.path.suffix.lower() not in _PACKED for one in inside)
            opened += [f"{file.name} ({books})"] if books else []
        else:
            found.append(file)
    return OpenedArchives(tuple(found), tuple(others), tuple(opened))


def _open(file: CampaignFile, folder: Path) -> tuple[list[CampaignFile], list[str]]:
    """What it holds, taken out, and the names of the rest. Raises _NotOpenedError."""
    import zipfile  # a person who waits for one workbook does not wait for it

    try:
        return _taken_out(zipfile.ZipFile(file.path), file, folder)
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
            EOFError) as failure:  # fmt: skip
        raise _NotOpenedError from failure


def _taken_out(
    opened: zipfile.ZipFile, file: CampaignFile, folder: Path
) -> tuple[list[CampaignFile], list[str]]:
    inside: list[CampaignFile] = []
    others: list[str] = []
    left = TOTAL
    with opened as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MEMBERS:
            raise _NotOpenedError
        for rank, info in enumerate(members):
            place = PurePosixPath(info.filename.replace("\\", "/"))
            if is_silent(place):
                continue
            name = f"{file.name}/{place.as_posix().lstrip('/')}"
            extension = place.suffix.lower()
            if extension not in _UNPACKED:
                others.append(name)
                continue
            if info.flag_bits & _ENCRYPTED:
                raise _NotOpenedError
            target = folder / str(rank) / f"{safe_file_name(place.stem)}{extension}"
            target.parent.mkdir(parents=True)
            left -= _take_out(archive, info, target, min(left, Limits().file_bytes))
            inside.append(CampaignFile(target, name, file.own))
    return inside, others


def _take_out(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, limit: int) -> int:
    """Bytes written. Raises _NotOpenedError past the limit."""
    size = 0
    with archive.open(info) as source, target.open("wb") as out:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > limit:
                raise _NotOpenedError
            out.write(block)
    return size
