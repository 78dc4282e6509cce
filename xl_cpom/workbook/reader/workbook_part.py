"""The workbook part: its sheets in order, its names, its date system, its protection."""

from __future__ import annotations

from typing import NamedTuple

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import number_text
from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.memory import TextBudget
from xl_cpom.workbook.reader.model import DefinedName
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError
from xl_cpom.workbook.reader.relationships import only_target, read_relationships
from xl_cpom.workbook.reader.xml import (
    MAIN,
    SEPARATOR,
    Attributes,
    PartParser,
    TextRun,
    relation_id,
)

_TRUE = ("1", "true")
_STATES = {"hidden": "hidden", "veryhidden": "veryHidden"}


class SheetEntry(NamedTuple):
    """One sheet as the workbook lists it."""

    name: str
    state: str
    relation: str


@dataclass(slots=True)
class WorkbookPart:
    """What the workbook part says."""

    part: str
    sheets: list[SheetEntry] = field(default_factory=list)
    names: list[DefinedName] = field(default_factory=list)
    date1904: bool = False
    full_calc_on_load: bool = False
    structure_locked: bool = False
    strict: bool = False


def find_workbook(container: Container, budget: TextBudget) -> str | None:
    """Name of the main part: by the package's relationships, else where Excel puts it."""
    relation = only_target(read_relationships(container, "", budget), "officeDocument")
    if relation is not None and not relation.external:
        found = container.find(relation.target)
        if found is not None and found.casefold().endswith(".xml"):
            return found
    return container.find("xl/workbook.xml")


def read_workbook_part(container: Container, part: str, budget: TextBudget) -> WorkbookPart | None:
    """The workbook part; None when the part is not one (a text document, a presentation)."""
    book = WorkbookPart(part)
    limits = container.limits
    run = TextRun(limits.token_bytes, part)
    scope: Attributes = {}

    def start(name: str, attributes: Attributes) -> None:
        nonlocal scope
        if name == "sheet" and parser.depth == 3:
            if len(book.sheets) == limits.sheets:
                raise UnreadableWorkbookError("LEC-LIM-FEUILLES", number_text(limits.sheets))
            state = _STATES.get(attributes.get("state", "").lower(), "visible")
            title = decode(attributes.get("name", f"Feuille {len(book.sheets) + 1}"))
            budget.spend(title)
            book.sheets.append(SheetEntry(title, state, relation_id(attributes)))
        elif name == "definedName":
            run.clear()
            scope = attributes
        elif name == "workbookPr":
            book.date1904 = attributes.get("date1904") in _TRUE
        elif name == "calcPr":
            book.full_calc_on_load = attributes.get("fullCalcOnLoad") in _TRUE
        elif name == "workbookProtection":
            book.structure_locked = attributes.get("lockStructure") in _TRUE

    def end(name: str) -> None:
        if name == "definedName":
            if len(book.names) == limits.names:
                raise UnreadableWorkbookError("LEC-LIM-NOMS", number_text(limits.names))
            text = decode(run.take())
            budget.spend(text)
            budget.spend(scope.get("name", ""))
            index = scope.get("localSheetId", "")
            local = int(index) if index.isascii() and index.isdigit() and len(index) < 6 else -1
            sheet = book.sheets[local].name if 0 <= local < len(book.sheets) else None
            hidden = scope.get("hidden") in _TRUE
            book.names.append(DefinedName(scope.get("name", ""), text, sheet, hidden))

    parser = PartParser(part, limits, start, end, run.add)
    parser.feed(container.stream(part))
    if parser.root not in [uri + SEPARATOR + "workbook" for uri in MAIN]:
        return None
    book.strict = parser.root.startswith(MAIN[1])
    return book
