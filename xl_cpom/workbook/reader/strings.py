"""The shared strings: plain and rich text, without the phonetic guides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_cpom.typographie import nombre
from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.errors import UnreadableWorkbook
from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.xml import Attributes, PartParser, TextRun

if TYPE_CHECKING:
    from xl_cpom.workbook.reader.limits import Limits


class TextBudget:
    """Characters kept so far, all parts together: text is what really fills a memory."""

    def __init__(self, limits: Limits) -> None:
        self._limit = self.left = limits.text_chars

    def spend(self, text: str) -> None:
        """Count a text that will be kept; one outside Latin-1 weighs what it weighs in memory."""
        self.left -= len(text) if text.isascii() else 4 * len(text)
        if self.left < 0:
            raise UnreadableWorkbook("LEC-LIM-TEXTE", nombre(self._limit))


def read_strings(container: Container, part: str, budget: TextBudget) -> list[str]:
    """The shared strings in order; `count` and `uniqueCount` are not believed.

    Text is kept as written, blanks included, whatever `xml:space` says: nothing is lost and the
    coercion says what it trims.
    """
    strings: list[str] = []
    pieces: list[str] = []
    run = TextRun(container.limits.token_bytes, part)
    phonetic = 0  # depth of the phonetic run we are in, 0 outside

    def start(name: str, _attributes: Attributes) -> None:
        nonlocal phonetic
        if name == "t":
            run.clear()
            parser.raw.CharacterDataHandler = run.add
        elif name == "si" and parser.depth == 2:
            pieces.clear()
        elif name == "rPh" and not phonetic:
            phonetic = parser.depth

    def end(name: str) -> None:
        nonlocal phonetic
        if name == "t":
            parser.raw.CharacterDataHandler = None
            if not phonetic:
                pieces.append(run.take())
        elif name == "si" and parser.depth == 2:
            text = pieces[0] if len(pieces) == 1 else "".join(pieces)
            budget.spend(text)
            strings.append(decode(text))
        elif name == "rPh" and phonetic == parser.depth:
            phonetic = 0

    parser = PartParser(part, container.limits, start, end, None)
    parser.feed(container.stream(part))
    return strings
