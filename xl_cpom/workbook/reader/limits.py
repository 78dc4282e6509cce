"""How much a workbook may ask of us: one place, one number per danger.

Each limit leaves wide room above what honest workbooks need and is counted while reading, never
taken from a size the file declares. A limit reached is a named refusal, never a partial reading.
"""

from __future__ import annotations

from typing import BinaryIO

from xl_cpom.light_dataclass import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one reading; the defaults keep a process under 256 MiB.

    Honest workbooks need far less: 3 MB on disk, 60 MB inflated, 30 sheets, 300,000 cells at the
    very most among thousands of public ones.
    """

    file_bytes: int = 64 * MIB
    """size of the file on disk"""
    total_bytes: int = 512 * MIB
    """sum of what is inflated, all parts together, a part read twice counting twice"""
    part_bytes: int = 256 * MIB
    """what one part inflates to"""
    ratio: int = 200
    """inflated / compressed of one part, beyond `ratio_grace` bytes"""
    ratio_grace: int = MIB
    members: int = 4_000
    """members of the zip"""
    sheets: int = 255
    cells: int = 450_000
    """cells with a value or a formula, all sheets together (about 310 bytes each in memory)"""
    elements: int = 5_000_000
    """rows and cells seen, blank ones included, all sheets together; elements of another part"""
    merges: int = 50_000
    """merged ranges of one sheet"""
    ranges: int = 200_000
    """rectangles of validations, tables, shared formulas, hidden rows or columns, together"""
    cell_formats: int = 65_490
    """cell formats of the workbook: Excel's own limit"""
    names: int = 100_000
    """defined names"""
    relations: int = 10_000
    """relationships kept of one part (those of hyperlinks are not)"""
    depth: int = 200
    """nesting of XML elements"""
    token_bytes: int = MIB
    """one XML token (a tag with its attributes, a comment), and one run of text"""
    text_bytes: int = 64 * MIB
    """memory taken by all the strings and formulas kept"""


def read_at_most(file: BinaryIO, size: int) -> bytes:
    """The first bytes of a file, by pieces: asking for all at once takes that memory at once."""
    pieces: list[bytes] = []
    while size > 0 and (piece := file.read(min(size, MIB))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
