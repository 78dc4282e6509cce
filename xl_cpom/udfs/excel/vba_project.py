"""A VBA project: the sources of its modules, read from vbaProject.bin and put back changed.

Modules are written without compiled code, so Excel compiles the sources when it loads them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from . import cfb, ovba

ENCODING = "cp1252"
PROJECT_NAME, FLOW_NAME, OFFSET, VERSION = 0x0004, 0x001A, 0x0031, 0x0009
WITHOUT_CODE = bytes.fromhex("CC61FFFF000000")
"""Stream _VBA_PROJECT of a project without compiled code ([MS-OVBA] 2.3.4.1)."""


class VbaProject:
    """The project of a vbaProject.bin. Raises CompoundFileError or UnreadableVbaError."""

    def __init__(self, data: bytes) -> None:
        self._streams = cfb.read(data)
        vba = self._streams["VBA"]
        if isinstance(vba, bytes):
            raise cfb.CompoundFileError("pas de projet VBA")
        self._vba = vba
        self._records = list(_records(ovba.decompress(vba["dir"])))
        self.modules = {
            name: ovba.decompress(vba[name][offset:]).decode(ENCODING)
            for name, offset in self._offsets()
        }

    def _offsets(self) -> Iterator[tuple[str, int]]:
        name = ""
        for kind, value in self._records:
            if kind == FLOW_NAME:
                name = value.decode(ENCODING)
            elif kind == OFFSET:
                yield name, struct.unpack("<I", value)[0]

    @property
    def name(self) -> str:
        """Name of the project."""
        return dict(self._records)[PROJECT_NAME].decode(ENCODING)

    def rename(self, nom: str) -> None:
        """Give the project another name."""
        before = self.name
        self._records = [
            (kind, nom.encode(ENCODING) if kind == PROJECT_NAME else value)
            for kind, value in self._records
        ]
        project = self._streams["PROJECT"]
        assert isinstance(project, bytes)
        self._streams["PROJECT"] = project.replace(
            f'Name="{before}"'.encode(ENCODING), f'Name="{nom}"'.encode(ENCODING)
        )

    def write(self) -> bytes:
        """The vbaProject.bin of the modules as they are now."""
        records = [(kind, bytes(4) if kind == OFFSET else value) for kind, value in self._records]
        sources = {n: ovba.compress(s.encode(ENCODING)) for n, s in self.modules.items()}
        directory = b"".join(_record(kind, value) for kind, value in records)
        vba = {
            **self._vba,
            **sources,
            "dir": ovba.compress(directory),
            "_VBA_PROJECT": WITHOUT_CODE,
        }
        return cfb.write({**self._streams, "VBA": vba})


def _records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, value) of the records of the dir stream."""
    place = 0
    while place + 6 <= len(directory):
        kind, size = struct.unpack_from("<HI", directory, place)
        if kind == VERSION:  # the size says 4, six bytes follow
            size = 6
        yield kind, directory[place + 6 : place + 6 + size]
        place += 6 + size


def _record(kind: int, value: bytes) -> bytes:
    return struct.pack("<HI", kind, 4 if kind == VERSION else len(value)) + value
