"""Compound files ([MS-CFB]): the container of vbaProject.bin, read and written as nested dicts.

Only what a VBA project needs: version 3 (sectors of 512 bytes), at most 109 FAT sectors (7 MB).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from xl_cpom.errors import XlCpomError

SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
SECTEUR, MINI, SEUIL = 512, 64, 4096
END, LIBRE, FAT, NOTHING = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")
DIFAT = 109

Tree: TypeAlias = "Mapping[str, Tree | bytes]"


class CompoundFileError(XlCpomError, ValueError):
    """The bytes are not a compound file this module reads."""


def read(data: bytes) -> dict[str, dict[str, bytes] | bytes]:
    """Streams of a compound file, one level of storages deep. Raises CompoundFileError."""
    try:
        return _read(data)
    except (struct.error, IndexError, UnicodeDecodeError) as broken:
        raise CompoundFileError("fichier composé tronqué ou abîmé") from broken


def _read(data: bytes) -> dict[str, dict[str, bytes] | bytes]:
    if data[:8] != SIGNATURE or struct.unpack_from("<H", data, 30) != (9,):
        raise CompoundFileError("pas un fichier composé à secteurs de 512 octets")
    fat = [
        link
        for number in struct.unpack_from(f"<{DIFAT}I", data, 76)
        if number != LIBRE
        for link in struct.unpack_from("<128I", data, SECTEUR * (number + 1))
    ]
    (first_directory,) = struct.unpack_from("<I", data, 48)
    (first_mini,) = struct.unpack_from("<I", data, 60)
    directory = _chain(data, fat, first_directory)
    entries = [ENTRY.unpack_from(directory, i) for i in range(0, len(directory), ENTRY.size)]
    mini_stream = _chain(data, fat, entries[0][11])
    links = _chain(data, fat, first_mini)
    mini_fat = list(struct.unpack(f"<{len(links) // 4}I", links))

    def content(entry: tuple[Any, ...]) -> bytes:
        start, size = entry[11], entry[12] & 0xFFFFFFFF
        if size >= SEUIL:
            return _chain(data, fat, start)[:size]
        return b"".join(mini_stream[MINI * n : MINI * (n + 1)] for n in _links(mini_fat, start))[
            :size
        ]

    def siblings(number: int) -> Iterator[int]:
        if number != NOTHING:
            yield from siblings(entries[number][4])
            yield number
            yield from siblings(entries[number][5])

    found: dict[str, dict[str, bytes] | bytes] = {}
    for number in siblings(entries[0][6]):
        entry = entries[number]
        if entry[2] == 1:
            found[_name(entry)] = {
                _name(entries[n]): content(entries[n]) for n in siblings(entry[6])
            }
        else:
            found[_name(entry)] = content(entry)
    return found


def _name(entry: tuple[Any, ...]) -> str:
    return bytes(entry[0][: entry[1] - 2]).decode("utf-16-le")


def _links(fat: list[int], start: int) -> Iterator[int]:
    seen = 0
    while start < FAT:
        seen += 1
        if start >= len(fat) or seen > len(fat):
            raise CompoundFileError("chaîne de secteurs rompue")
        yield start
        start = fat[start]


def _chain(data: bytes, fat: list[int], start: int) -> bytes:
    return b"".join(data[SECTEUR * (n + 1) : SECTEUR * (n + 2)] for n in _links(fat, start))


class _Writer:
    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.mini = bytearray()
        self.mini_fat: list[int] = []

    def put(self, data: bytes) -> int:
        """Write a stream in whole sectors, return its first sector."""
        return self._chain(data, SECTEUR, self.fat, self.sectors.append)

    def put_small(self, data: bytes) -> int:
        """Write a short stream in the mini stream."""
        return self._chain(data, MINI, self.mini_fat, self.mini.extend)

    @staticmethod
    def _chain(data: bytes, size: int, fat: list[int], append: Callable[[bytes], object]) -> int:
        if not data:
            return END
        count, first = -(-len(data) // size), len(fat)
        for n in range(count):
            append(data[n * size : (n + 1) * size].ljust(size, b"\0"))
        fat.extend([first + n + 1 for n in range(count - 1)] + [END])
        return first


class _Entry:
    def __init__(self, name: str, kind: int, content: bytes = b"") -> None:
        self.name, self.kind, self.content = name, kind, content
        self.left = self.right = self.child = NOTHING

    @property
    def order(self) -> tuple[int, str]:
        """Siblings are sorted by length, then by capitals."""
        return len(self.name), self.name.upper()


def write(tree: Tree) -> bytes:
    """Compound file of streams and storages. The same tree gives the same bytes."""
    entries = [_Entry("Root Entry", 5)]

    def add(parent: _Entry, content: Tree) -> None:
        numbers = []
        for name, held in content.items():
            entry = _Entry(name, 2, held) if isinstance(held, bytes) else _Entry(name, 1)
            numbers.append(len(entries))
            entries.append(entry)
            if not isinstance(held, bytes):
                add(entry, held)
        parent.child = _balance(sorted(numbers, key=lambda n: entries[n].order), entries)

    add(entries[0], tree)
    writer = _Writer()
    starts = {}
    for number, entry in enumerate(entries):
        if entry.kind == 2:
            put = writer.put if len(entry.content) >= SEUIL else writer.put_small
            starts[number] = put(entry.content)
    sizes = {n: len(e.content) for n, e in enumerate(entries)}
    sizes[0], starts[0] = len(writer.mini), writer.put(bytes(writer.mini))
    mini_fat = b"".join(struct.pack("<I", link) for link in writer.mini_fat)
    mini_fat = mini_fat.ljust(-(-len(mini_fat) // SECTEUR) * SECTEUR, b"\xff")
    mini_fat_start = writer.put(mini_fat)
    directory = b"".join(
        _packed(entry, starts.get(n, 0), sizes[n]) for n, entry in enumerate(entries)
    )
    empty = _packed(_Entry("", 0), 0, 0)
    while len(directory) % SECTEUR:
        directory += empty
    directory_start = writer.put(directory)
    return _file(writer, directory_start, mini_fat_start, len(mini_fat) // SECTEUR)


def _balance(numbers: list[int], entries: list[_Entry]) -> int:
    """Binary tree of siblings, return its root."""
    if not numbers:
        return NOTHING
    middle = len(numbers) // 2
    root = entries[numbers[middle]]
    root.left = _balance(numbers[:middle], entries)
    root.right = _balance(numbers[middle + 1 :], entries)
    return numbers[middle]


def _packed(entry: _Entry, start: int, size: int) -> bytes:
    name = entry.name.encode("utf-16-le")
    length = len(name) + 2 if name else 0
    return ENTRY.pack(
        name, length, entry.kind, 1 if entry.kind else 0, entry.left, entry.right, entry.child,
        b"", 0, 0, 0, start, size,
    )  # fmt: skip


def _file(writer: _Writer, directory: int, mini_fat: int, mini_sectors: int) -> bytes:
    count = 1
    while (len(writer.fat) + count) * 4 > count * SECTEUR:
        count += 1
    if count > DIFAT:
        raise CompoundFileError("trop grand")
    first = len(writer.sectors)
    links = [*writer.fat, *[FAT] * count]
    table = b"".join(struct.pack("<I", link) for link in links).ljust(count * SECTEUR, b"\xff")
    header = SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIII", 0, count, directory, 0, SEUIL)
    header += struct.pack("<IIII", mini_fat if mini_sectors else END, mini_sectors, END, 0)
    places = [first + n for n in range(count)] + [LIBRE] * (DIFAT - count)
    header += struct.pack(f"<{DIFAT}I", *places)
    return header + b"".join(writer.sectors) + table
