"""The shared strings: plain and rich text, without the phonetic guides."""

from __future__ import annotations

from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.memory import TextBudget
from xl_cpom.workbook.reader.skim import Items, plain_text, skim
from xl_cpom.workbook.reader.xml import MAIN, SEPARATOR, Attributes, PartParser, TextRun

_OPENINGS = ("<si><t>", '<si><t xml:space="preserve">')
_ROOTS = tuple(uri + SEPARATOR + "sst" for uri in MAIN)


def read_strings(container: Container, part: str, budget: TextBudget) -> list[str]:
    """The shared strings in order; `count` and `uniqueCount` are not believed.

    Text is kept as written, blanks included, whatever `xml:space` says: nothing is lost and the
    coercion says what it trims.
    """
    strings: list[str] = []
    pieces: list[str] = []
    spend = budget.spend
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
            keep("".join(pieces))
        elif name == "rPh" and phonetic == parser.depth:
            phonetic = 0

    def keep(text: str) -> None:
        budget.spend(text)
        strings.append(decode(text))

    def take(item: str) -> bool:
        if item[:7] == _OPENINGS[0] and "_x" not in item:  # nearly every one, at the least cost
            plain = item[7:]
            if "<" not in plain and "&" not in plain and "]]>" not in plain and plain.isascii():
                spend(plain)
                strings.append(plain)
                return True
        for opening in _OPENINGS:
            if item.startswith(opening):
                text = plain_text(item[len(opening) :])
                if text is not None:
                    keep(text)
                    return True
        return False

    parser = PartParser(part, container.limits, start, end, None)
    items = Items(
        b"<si>",
        False,
        "</t></si>",
        lambda: parser.depth == 1 and parser.root in _ROOTS and parser.as_text,
        take,
    )
    parser.feed(skim(container.stream(part), items, container.limits.token_bytes))
    return strings
