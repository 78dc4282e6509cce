"""The notes that stand on the cells of a workbook, read with the bounds of the reader.

The reader counts them only; here their text is what the gestionnaire wrote beside a value, and
must not be lost with the old file. A conversation keeps its text in the note that Excel leaves
for older versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.reader import Limits, RawSheet, RawWorkbook
from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.memory import TextBudget
from xl_cpom.workbook.reader.refusals import MalformedPartError
from xl_cpom.workbook.reader.relationships import read_relationships
from xl_cpom.workbook.reader.xml import Attributes, TextRun, parse_part

OUR_BLOCK = re.compile(r"\n?― Contrôles CPOM ―\n.*?\n――――――*", re.DOTALL)
"""What the annotated copy writes in a note: it is not the gestionnaire's."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note: the tab, the cell, its text without what the control wrote there."""

    sheet: str
    cell: str
    text: str


def notes_of(data: bytes, raw: RawWorkbook) -> tuple[Note, ...]:
    """Every note of the file, in the order of the sheets; an unreadable part holds none.

    data: the bytes `raw` was read from. Raises UnreadableWorkbookError beyond the limits.
    """
    limits = Limits()
    container, budget = Container(data, limits), TextBudget(limits)
    found: list[Note] = []
    for sheet in raw.sheets:
        if sheet.comments:
            found += _notes_of_sheet(container, budget, sheet, limits)
    return tuple(found)


def _notes_of_sheet(
    container: Container, budget: TextBudget, sheet: RawSheet, limits: Limits
) -> Iterator[Note]:
    relations = read_relationships(container, sheet.part, budget, ("comments",))
    for relation in relations.values():
        part = None if relation.external else container.find(relation.target)
        if part is None:
            continue
        try:
            yield from _notes_of_part(container, budget, part, sheet.name, limits)
        except MalformedPartError:
            continue  # the reader has already said that this part cannot be read


def _notes_of_part(
    container: Container, budget: TextBudget, part: str, name: str, limits: Limits
) -> list[Note]:
    found: list[Note] = []
    run = TextRun(limits.token_bytes, part)
    place, inside = "", False

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal place, inside
        if tag == "comment":
            place = attributes.get("ref", "")
            run.clear()
        inside = tag == "t" and bool(place)

    def end(tag: str) -> None:
        nonlocal place, inside
        inside = False
        if tag == "comment":
            text = OUR_BLOCK.sub("", run.take()).strip()
            budget.spend(text)
            if text:
                found.append(Note(name, place, text))
            place = ""

    def text(piece: str) -> None:
        if inside:
            run.add(piece)

    parse_part(container, part, start, end, text)
    return found
