"""How many comments (notes) a sheet has: their text is not read.

The template holds two hundred of them, ten elements each: those written the usual way are counted
in the text of the part (`skim`), which takes a third of the time expat and its handlers need.
"""

from __future__ import annotations

import re

from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.skim import Items, skim
from xl_cpom.workbook.reader.xml import MAIN, SEPARATOR, Attributes, PartParser

_TEXT = r"[^<&\]]*(?:&(?:lt|gt|amp|quot|apos);[^<&\]]*)*"
_RUN = (
    r"<r>(?:<rPr>(?:<[a-zA-Z]{1,20}(?: [a-z]{1,10}=\"[^<&\"]*\")?/>)*</rPr>)?"
    rf"<t(?: xml:space=\"preserve\")?>{_TEXT}</t></r>"
)
_COMMENT = re.compile(
    r"<comment ref=\"[A-Z]{1,3}[0-9]{1,7}\" authorId=\"[0-9]{1,5}\"(?: shapeId=\"[0-9]{1,5}\")?>"
    rf"<text>(?:{_RUN})*</text>"
)
_ROOTS = tuple(uri + SEPARATOR + "comments" for uri in MAIN)


def count_comments(reading: PackageReading, part: str) -> int:
    """Number of comments of a comments part; raises `MalformedPartError`."""
    count = 0

    def start(name: str, _attributes: Attributes) -> None:
        nonlocal count
        count += name == "comment"

    def take(item: str) -> bool:
        nonlocal count
        if _COMMENT.fullmatch(item) is None or not _is_utf8(item):
            return False
        count += 1
        return True

    limits = reading.container.limits
    parser = PartParser(part, limits, start, None, None)
    items = Items(
        b"<comment ",
        False,
        "</comment>",
        lambda: parser.depth == 2 and parser.root in _ROOTS and parser.as_text,
        take,
    )
    parser.feed(skim(reading.container.stream(part), items, limits.token_bytes))
    return count


def _is_utf8(latin: str) -> bool:
    if latin.isascii():
        return True
    try:
        latin.encode("latin-1").decode()
    except UnicodeDecodeError:
        return False
    return True
