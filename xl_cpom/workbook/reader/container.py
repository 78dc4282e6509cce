"""The zip around a workbook: safe names, honest sizes, bounded inflation.

The central directory is read here rather than by `zipfile`: an adversary must not make us build
a million entries, and every inconsistency that lets two readers see two different workbooks
(duplicate names, local header that disagrees, overlapping data, lying sizes) is a refusal.
Nothing is ever written to disk.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from xl_cpom.typography import number_text
from xl_cpom.workbook.reader.limits import MIB, Limits
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError

_CHUNK = 256 * 1024  # inflated bytes handed over at once
_SLICE = 16 * 1024  # compressed bytes fed at once
_STORED, _DEFLATED = 0, 8
_SIZES_AFTER = 0x8  # flag: the local header does not know them yet
_UNSET_16, _UNSET_32 = 0xFFFF, 0xFFFFFFFF

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")


class ZipMember(NamedTuple):
    """One part of the zip, as the central directory tells it and the local header confirms."""

    name: str
    """normalised: slashes, no leading one"""
    method: int
    crc: int
    start: int
    """offset of the compressed data"""
    csize: int
    usize: int


class Container:
    """The members of a zip held in memory; inflation is counted across the whole reading."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.limits = limits
        self.inflated = 0
        self._view = memoryview(data)
        self._members: dict[str, ZipMember] = {}
        self._unread: set[str] = set()
        for member in _read_directory(data, limits):
            if self._members.setdefault(member.name.casefold(), member) is not member:
                raise UnreadableWorkbookError("LEC-ZIP-DOUBLON", member.name)
        self._unread.update(self.names)

    @property
    def unread(self) -> list[str]:
        """Names of the members that were not inflated, sorted."""
        return sorted(self._unread)

    @property
    def names(self) -> list[str]:
        """Normalised names, in the order of the directory."""
        return [member.name for member in self._members.values()]

    def find(self, name: str) -> str | None:
        """The member of that name whatever its case, also when the name is percent-encoded."""
        for candidate in (name, unquote(name)):
            member = self._members.get(normalise(candidate).casefold())
            if member is not None:
                return member.name
        return None

    def stream(self, name: str) -> Iterator[bytes]:
        """The inflated content of a member by pieces, counted and checked."""
        member = self._members[name.casefold()]
        self._unread.discard(member.name)
        crc = size = 0
        for piece in self._pieces(member):
            size += len(piece)
            self.inflated += len(piece)
            self._check(member, size)
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != member.usize:
            raise UnreadableWorkbookError("LEC-ZIP-TAILLE", member.name)
        if crc != member.crc:
            raise UnreadableWorkbookError("LEC-ZIP", f"la partie {member.name} est altérée")

    def read(self, name: str) -> bytes:
        """The whole content of a member, under the same limits."""
        return b"".join(self.stream(name))

    def head(self, name: str, size: int) -> bytes:
        """The first bytes of a member, at most that many, without reading the rest of it."""
        member = self._members[name.casefold()]
        view = self._view[member.start : member.start + min(member.csize, _SLICE + 2 * size)]
        if member.method == _STORED:
            return bytes(view[:size])
        try:
            return zlib.decompressobj(-15).decompress(view, size)
        except zlib.error:
            return b""

    def refuse_bomb(self, name: str) -> None:
        """Refuse a part that is not read when the size it declares is that of a bomb."""
        member = self._members[name.casefold()]
        self._check(member, member.usize)

    def _pieces(self, member: ZipMember) -> Iterator[bytes]:
        stop = member.start + member.csize
        if member.method == _STORED:
            for at in range(member.start, stop, _CHUNK):
                yield bytes(self._view[at : min(at + _CHUNK, stop)])
            return
        engine = zlib.decompressobj(-15)
        try:
            for at in range(member.start, stop, _SLICE):
                piece = engine.decompress(self._view[at : min(at + _SLICE, stop)], _CHUNK)
                while piece:
                    yield piece
                    piece = engine.decompress(engine.unconsumed_tail, _CHUNK)
                if engine.eof:
                    return
        except zlib.error:
            raise UnreadableWorkbookError(
                "LEC-ZIP", f"la partie {member.name} ne se décompresse pas"
            ) from None
        raise UnreadableWorkbookError("LEC-ZIP", f"la partie {member.name} est tronquée")

    def _check(self, member: ZipMember, size: int) -> None:
        limits = self.limits
        if size > limits.ratio_grace and size > limits.ratio * member.csize:
            raise UnreadableWorkbookError("LEC-BOMBE", member.name)
        if size > limits.part_bytes:
            raise UnreadableWorkbookError("LEC-LIM-PARTIE", _mib(limits.part_bytes))
        if self.inflated > limits.total_bytes:
            raise UnreadableWorkbookError("LEC-LIM-CONTENU", _mib(limits.total_bytes))


def _mib(size: int) -> str:
    return f"{number_text(size / MIB)} Mio"


def normalise(name: str) -> str:
    """One spelling for a part name: `/` as separator, no leading one, no `.` segment.

    A `..` segment is resolved when it stays inside the package; a name that climbs out of it is
    returned with its leading `..`.
    """
    parts: list[str] = []
    for part in name.replace("\\", "/").split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _safe_name(raw: bytes, utf8: bool) -> str:
    name = raw.decode("utf-8" if utf8 or raw.isascii() else "cp437", "replace")
    segments = name.replace("\\", "/").split("/")
    if ".." in segments or "\0" in name or name[1:2] == ":":
        raise UnreadableWorkbookError("LEC-ZIP-CHEMIN", name)
    return normalise(name)


def _read_directory(data: bytes, limits: Limits) -> Iterator[ZipMember]:
    """Members in the order of the central directory; directories (`xl/`) are left out."""
    count, size, offset = _find_directory(data)
    if count > limits.members:
        raise UnreadableWorkbookError("LEC-LIM-MEMBRES", number_text(limits.members))
    spans: list[tuple[int, int, str]] = []
    at, stop, seen = offset, offset + size, 0
    while at < stop:
        seen += 1
        if seen > limits.members:
            raise UnreadableWorkbookError("LEC-LIM-MEMBRES", number_text(limits.members))
        if at + _CENTRAL.size > stop:
            raise _damaged()
        fields = _CENTRAL.unpack_from(data, at)
        name_size, extra_size, comment_size = fields[10:13]
        names = at + _CENTRAL.size
        extras = names + name_size
        at = extras + extra_size + comment_size
        if fields[0] != b"PK\x01\x02" or at > stop:
            raise _damaged()
        raw_name = data[names:extras]
        flags, method, crc = fields[3], fields[4], fields[7]
        csize, usize, header = _sizes64(fields, data[extras : extras + extra_size])
        name = _safe_name(raw_name, bool(flags & 0x800))
        if flags & 1:
            raise UnreadableWorkbookError("LEC-ZIP-CHIFFRE")
        if method not in (_STORED, _DEFLATED):
            raise UnreadableWorkbookError("LEC-ZIP-METHODE")
        start = _data_start(data, header, raw_name, method, (crc, csize, usize))
        if start + csize > offset:
            raise _damaged()
        if method == _STORED and csize != usize:
            raise UnreadableWorkbookError("LEC-ZIP-TAILLE", name)
        spans.append((header, start + csize, name))
        if not raw_name.endswith((b"/", b"\\")):
            yield ZipMember(name, method, crc, start, csize, usize)
    if seen != count:
        raise _damaged()
    spans.sort()
    for (_, end, _), (begin, _, name) in pairwise(spans):
        if begin < end:
            raise UnreadableWorkbookError("LEC-ZIP-RECOUVREMENT", name)


def _find_directory(data: bytes) -> tuple[int, int, int]:
    """(number of members, size, offset) of the central directory."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _END.size - _UNSET_16))
    if at < 0 or at + _END.size > len(data):
        raise UnreadableWorkbookError("LEC-TRONQUE")
    _, _, _, _, count, size, offset, _ = _END.unpack_from(data, at)
    end = at
    locator = at - _END64_LOCATOR.size
    if locator >= 0 and data[locator : locator + 4] == b"PK\x06\x07":
        end = _END64_LOCATOR.unpack_from(data, locator)[2]
        if end + _END64.size > locator or data[end : end + 4] != b"PK\x06\x06":
            raise _damaged()
        count, size, offset = _END64.unpack_from(data, end)[7:10]
    if offset + size != end:
        raise _damaged()
    return count, size, offset


def _sizes64(fields: tuple[int, ...], extra: bytes) -> tuple[int, int, int]:
    """(compressed size, size, header offset), from the Zip64 extra field where needed."""
    csize, usize, header = fields[8], fields[9], fields[16]
    if _UNSET_32 not in (csize, usize, header):
        return csize, usize, header
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, at)
        at += 4
        if tag == 1:
            wide = extra[at : at + size]
            values = list(struct.unpack_from(f"<{len(wide) // 8}Q", wide))
            needed = [usize == _UNSET_32, csize == _UNSET_32, header == _UNSET_32]
            if len(values) < sum(needed):
                raise _damaged()
            usize = values.pop(0) if needed[0] else usize
            csize = values.pop(0) if needed[1] else csize
            header = values.pop(0) if needed[2] else header
            break
        at += size
    return csize, usize, header


def _data_start(
    data: bytes, header: int, raw_name: bytes, method: int, expected: tuple[int, int, int]
) -> int:
    """Offset of the compressed data, once the local header has confirmed the directory.

    expected: checksum, compressed size and size, as the directory gives them.
    """
    if header + _LOCAL.size > len(data):
        raise _damaged()
    fields = _LOCAL.unpack_from(data, header)
    names = header + _LOCAL.size
    start: int = names + fields[9] + fields[10]
    said = fields[6:9]
    if not fields[2] & _SIZES_AFTER and any(
        here not in (there, _UNSET_32) for here, there in zip(said, expected, strict=True)
    ):
        raise _damaged()
    if (
        fields[0] != b"PK\x03\x04"
        or fields[3] != method
        or data[names : names + fields[9]] != raw_name
        or start > len(data)
    ):
        raise _damaged()
    return start


def _damaged() -> UnreadableWorkbookError:
    return UnreadableWorkbookError("LEC-ZIP", "son répertoire interne est incohérent")
