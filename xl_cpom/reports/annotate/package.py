"""The zip of a workbook, copied raw: an untouched member keeps its very bytes on the disk.

`zipfile` reads; it cannot copy a compressed member as it stands, so the archive is written by
hand: same order, same dates, same attributes, same compressed bytes for all that is not replaced.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.workbook.decryption import clear_bytes
from xl_cpom.workbook.reader.container import Container, normalise
from xl_cpom.workbook.reader.kinds import ZIP_MAGIC, refuse_foreign
from xl_cpom.workbook.reader.limits import Limits, read_at_most
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError

T = TypeVar("T")

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8 = 0x800
_TRANSIENT_FLAGS = 0x000E  # compression hints and data descriptor: untrue of a rewritten member
_CHIFFRE = (
    "Le classeur est protégé par un mot de passe : aucune copie n’en est faite, elle s’ouvrirait "
    "sans lui.",
    "Retirez le mot de passe dans Excel si vous voulez une copie annotée.",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the date of the members we add: no clock in the output


@dataclass(frozen=True, slots=True)
class PackageMember:
    """One member: its entry, its bytes in the source file, its new content when replaced."""

    info: zipfile.ZipInfo
    span: tuple[int, int] | None
    content: bytes | None = None


class Package:
    """The members of a workbook, and how to write them back. Part names ignore case."""

    def __init__(
        self, container: Container, members: Iterable[PackageMember], comment: bytes
    ) -> None:
        self.members = tuple(members)
        self.comment = comment
        self.source = container.data
        self._container = container
        self._by_part = {part_key(m.info.filename): m for m in self.members}
        self._known: dict[str, Any] = {}

    @classmethod
    def open(cls, source: Path | bytes, limits: Limits | None = None) -> Package:
        """Open a workbook, from a file (never written to) or from its bytes.

        Raises AnnotationError when the reader refuses it.
        """
        limits = limits or Limits()
        data = clear_bytes(source if isinstance(source, bytes) else _read(source, limits))
        try:
            if not data.startswith(ZIP_MAGIC):
                raise refuse_foreign(data)
            container = Container(data, limits)
        except UnreadableWorkbookError as error:
            if error.code == "LEC-CHIFFRE":
                raise AnnotationError(*_CHIFFRE) from error
            raise AnnotationError(error.message, error.fix) from error
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos, comment, end = archive.infolist(), archive.comment, archive.start_dir
        starts = sorted(info.header_offset for info in infos)
        ends = dict(zip(starts, [*starts[1:], end], strict=True))
        members = [PackageMember(i, (i.header_offset, ends[i.header_offset])) for i in infos]
        return cls(container, members, comment)

    def __contains__(self, part: str) -> bool:
        return part_key(part) in self._by_part

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, in the order of the archive."""
        return tuple(member.info.filename for member in self.members)

    def name_of(self, part: str) -> str:
        """The name a part has in this archive, with its own case. KeyError when it is absent."""
        return self._by_part[part_key(part)].info.filename

    def read(self, part: str) -> bytes:
        """The content of a part. Raises AnnotationError when it is absent or unreadable."""
        member = self._by_part.get(part_key(part))
        if member is None:
            raise AnnotationError(f"L’élément « {part} » manque dans le classeur.")
        if member.content is not None:
            return member.content
        try:
            return self._container.read(normalise(member.info.filename))
        except UnreadableWorkbookError as error:
            raise AnnotationError(error.message, error.fix) from error

    def remember(self, part: str, read: Callable[[], T]) -> T:
        """What was read of a part, read once: the content of a package never changes."""
        key = part_key(part)
        if key not in self._known:
            self._known[key] = read()
        found: T = self._known[key]
        return found

    def derive(self, contents: Mapping[str, bytes], dropped: Iterable[str] = ()) -> Package:
        """Another package: these contents replaced or added (at the end), these members gone."""
        new = {part_key(name): (name, data) for name, data in contents.items()}
        gone = {part_key(name) for name in dropped}
        members = []
        for member in self.members:
            key = part_key(member.info.filename)
            if key in gone:
                continue
            members.append(replace(member, content=new.pop(key)[1]) if key in new else member)
        members += [PackageMember(_entry(name), None, data) for name, data in new.values()]
        return Package(self._container, members, self.comment)

    def write(self, out: BinaryIO, *, level: int = zlib.Z_DEFAULT_COMPRESSION) -> None:
        """Write the archive; an unchanged member is copied as it stands, the others deflated."""
        start = min((m.span[0] for m in self.members if m.span), default=0)
        position = out.write(self.source[:start])  # what precedes a self-extracting archive
        offsets: dict[str, int] = {}
        entries: dict[str, zipfile.ZipInfo] = {}
        for member in sorted(self.members, key=lambda m: m.span[0] if m.span else len(self.source)):
            name = member.info.filename
            offsets[name] = position
            if member.content is None and member.span is not None:
                entries[name] = member.info
                position += out.write(memoryview(self.source)[slice(*member.span)])
            else:
                entries[name], stored = self._stored(member, level)
                position += out.write(stored)
        directory = b"".join(
            _central(entries[m.info.filename], offsets[m.info.filename]) for m in self.members
        )
        count = len(self.members)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), position, len(self.comment))
        out.write(directory + end + self.comment)

    def _stored(self, member: PackageMember, level: int) -> tuple[zipfile.ZipInfo, bytes]:
        """The entry and the local header + compressed bytes of a rewritten member."""
        content = member.content or b""
        old = member.info
        info = _copy(old)
        info.flag_bits = old.flag_bits & ~_TRANSIENT_FLAGS
        info.CRC = zlib.crc32(content)
        info.file_size = len(content)
        extra = b""
        if member.span is not None:
            start = member.span[0]
            *_, name_size, extra_size = _LOCAL.unpack_from(self.source, start)
            start += _LOCAL.size + name_size
            extra = _without_zip64(self.source[start : start + extra_size])
        if info.compress_type == zipfile.ZIP_DEFLATED:
            engine = zlib.compressobj(level, zlib.DEFLATED, -15)
            body = engine.compress(content) + engine.flush()
        else:
            info.compress_type, body = zipfile.ZIP_STORED, content
        info.compress_size = len(body)
        name = _encoded(info)
        header = _LOCAL.pack(
            b"PK\3\4", info.extract_version, info.flag_bits, info.compress_type,
            *_dos(info), info.CRC, len(body), len(content), len(name), len(extra),
        )  # fmt: skip
        return info, header + name + extra + body


def part_key(name: str) -> str:
    """What two spellings of a part name have in common: case, leading and reversed slashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _read(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            data = read_at_most(stream, limits.file_bytes + 1)
    except OSError as error:
        raise AnnotationError(
            f"Le fichier « {path.name} » ne peut pas être lu.",
            "Vérifiez son emplacement et fermez-le s’il est ouvert dans Excel.",
        ) from error
    if len(data) > limits.file_bytes:
        raise AnnotationError(f"Le fichier « {path.name} » est trop volumineux.")
    return data


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 0
    info.flag_bits = 0 if name.isascii() else _UTF8
    return info


def _copy(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    twin = zipfile.ZipInfo(info.filename, info.date_time)
    for slot in (
        "orig_filename", "comment", "extra", "create_system", "create_version", "extract_version",
        "reserved", "flag_bits", "volume", "internal_attr", "external_attr", "compress_type",
    ):  # fmt: skip
        setattr(twin, slot, getattr(info, slot))
    return twin


def _encoded(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _dos(info: zipfile.ZipInfo) -> tuple[int, int]:
    """(time, date) as MS-DOS writes them."""
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields less the 64-bit sizes, which the header itself now tells."""
    kept = b""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        if kind != 1:
            kept += extra[: 4 + size]
        extra = extra[4 + size :]
    return kept + extra


def _central(info: zipfile.ZipInfo, offset: int) -> bytes:
    name, extra = _encoded(info), _without_zip64(info.extra)
    header = _CENTRAL.pack(
        b"PK\1\2", info.create_version, info.create_system, info.extract_version, info.reserved,
        info.flag_bits, info.compress_type, *_dos(info), info.CRC, info.compress_size,
        info.file_size, len(name), len(extra), len(info.comment), 0, info.internal_attr,
        info.external_attr, offset,
    )  # fmt: skip
    return header + name + extra + info.comment
