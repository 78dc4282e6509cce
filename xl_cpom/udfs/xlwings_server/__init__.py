"""The functions for Excel on the web and on Mac: a project folder for xlwings Server.

xlwings Server is under the PolyForm Noncommercial licence or a paid one: nothing here imports it,
this package only writes the folder to deploy.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

BLEU = (31, 56, 100)
BLANK = (255, 255, 255)
ICON_SIZES = (16, 32, 64, 80)
SETTINGS = ".env"
LETTER_C = ("0110", "1001", "1000", "1001", "0110")


def fichiers() -> dict[str, bytes]:
    """Path → content of every file of the project folder."""
    root = resources.files(__package__).joinpath("projet")
    found = dict(_tree(root, ""))
    for size in ICON_SIZES:
        found[f"static/images/cpom-{size}.png"] = icon(size)
    return found


def _tree(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda held: held.name):
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _tree(item, f"{prefix}{item.name}/")
        else:
            name = SETTINGS if item.name == "env.txt" else item.name.removesuffix(".modele")
            yield prefix + name, item.read_bytes()


def icon(size: int) -> bytes:
    """A PNG: a white C on navy, drawn here so that no image comes from elsewhere."""
    rows = b"".join(
        b"\0" + b"".join(bytes(_pixel(x, y, size)) for x in range(size)) for y in range(size)
    )
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)


def _pixel(x: int, y: int, size: int) -> tuple[int, int, int]:
    """Colour of a point: the letter takes the middle, a fifth of the side left around."""
    column = int((x / size - 0.2) / 0.6 * len(LETTER_C[0]))
    row = int((y / size - 0.2) / 0.6 * len(LETTER_C))
    inside = 0.2 * size <= x < 0.8 * size and 0.2 * size <= y < 0.8 * size
    return BLANK if inside and LETTER_C[row][column] == "1" else BLEU


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
