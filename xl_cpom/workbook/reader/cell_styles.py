"""From a cell's style index to its number format; the rest of the styles is not read."""

from __future__ import annotations

from collections.abc import Sequence

from xl_cpom.typography import number_text
from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.number_formats import built_in, describe
from xl_cpom.workbook.reader.raw_cells import GENERAL, NumberFormat
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError
from xl_cpom.workbook.reader.xml import Attributes, parse_part

_LONGEST_CODE = 1_000  # Excel takes 255 characters


def read_formats(container: Container, part: str) -> Sequence[NumberFormat]:
    """Number format of each cell style, by style index.

    A style that names no format, or one that does not exist, is General: a style never stops
    the reading.
    """
    codes: dict[int, str] = {}
    ids: list[int] = []
    limit = container.limits.cell_formats
    section = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal section
        if name == "numFmt":
            code = attributes.get("formatCode")
            if code is not None and len(code) <= _LONGEST_CODE:
                codes.setdefault(_index(attributes.get("numFmtId")), decode(code))
                if len(codes) > limit:
                    raise UnreadableWorkbookError("LEC-LIM-STYLES", number_text(limit))
        elif name == "xf":
            if section == "cellXfs":
                ids.append(_index(attributes.get("numFmtId")))
                if len(ids) > limit:
                    raise UnreadableWorkbookError("LEC-LIM-STYLES", number_text(limit))
        elif name in ("cellXfs", "cellStyleXfs", "dxfs"):
            section = name

    def end(name: str) -> None:
        nonlocal section
        if name == section:
            section = ""

    parse_part(container, part, start, end)
    known: dict[int, NumberFormat] = {}
    for number in set(ids):
        known[number] = describe(codes[number]) if number in codes else built_in(number)
    return [known[number] for number in ids] or [GENERAL]


def _index(text: str | None) -> int:
    """A non-negative integer attribute; 0 when it is absent or none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
