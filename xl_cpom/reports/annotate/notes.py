"""The notes on the faulty cells: ours where there is none, a block after the user's own.

A note of ours, alone or appended, is one block of text between two recognisable lines, so that
it can be taken out again after Excel or LibreOffice has saved the copy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.note_boxes import SheetGrid
from xl_cpom.reports.annotate.sheetscan import SheetPartEditor
from xl_cpom.reports.annotate.splice import PartEditor, literal, text_xml
from xl_cpom.reports.annotate.vml import (
    VML_TYPE,
    Box,
    ShapeIds,
    added_boxes,
    grown_boxes,
    new_drawing,
)
from xl_cpom.reports.annotate.xmlscan import XmlNode, whole
from xl_cpom.reports.grouping import is_told
from xl_cpom.reports.severity_looks import label
from xl_cpom.typography import visible
from xl_cpom.validators.model import Finding
from xl_cpom.workbook.reader.refs import cell_name, parse_cell

AUTHOR = "Contrôles CPOM"
TITLE = f"― {AUTHOR} ―"
RULE = "――――――――"
BLOCK = re.compile(rf"\n?{TITLE}\n.*?\n{RULE[:5]}―*", re.DOTALL)
"""Our block in the text of a note, wherever it stands."""
FINDINGS_PER_NOTE = 8
CHARACTERS = 1_500
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHALLOW = 3  # levels of a part of notes that tell which cells have one
_LINE = 48  # characters one line of our boxes shows

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the notes of one sheet."""

    notes: int = 0
    threaded: int = 0
    """cells left without a note because a conversation stands there"""
    refused: int = 0
    """cells left without a note because the notes or the drawing of the sheet cannot be read"""
    unreadable: bool = False
    """the sheet itself cannot be read: nothing is shown in it"""


def note_text(findings: Sequence[Finding]) -> str:
    """The text of our block, gravest first."""
    ordered = sorted(findings, key=lambda f: f.severity.rank)
    lines = [TITLE]
    for finding in ordered[:FINDINGS_PER_NOTE]:
        this_label = label(finding.severity)
        lines.append(f"{this_label} [{finding.code}]\u00a0: {visible(finding.message, CHARACTERS)}")
        if finding.expected and not is_told(finding.expected, finding.message, finding.fix):
            lines.append(f"Attendu\u00a0: {visible(finding.expected, CHARACTERS)}")
        if finding.fix:
            lines.append(f"→ {visible(finding.fix, CHARACTERS)}")
    if len(ordered) > FINDINGS_PER_NOTE:
        more = len(ordered) - FINDINGS_PER_NOTE
        lines.append(f"… et {more} de plus\u00a0: voir la feuille «\u00a0Contrôles\u00a0».")
    return "\n".join([*lines, RULE])


def write_notes(
    draft: Draft, sheet: SheetPartEditor, notes: Mapping[Cell, str], ids: ShapeIds
) -> Written:
    """Write one note per cell of a sheet; cells with a threaded comment are left alone."""
    part = next((r.target for r in draft.relations(sheet.part) if r.kind == "comments"), "")
    existing = draft.part(part, depth=_SHALLOW) if part in draft.package else None
    present = _comments(existing) if existing else {}
    threads = threaded_cells(draft, sheet.part, existing)
    wanted = {cell: text for cell, text in sorted(notes.items()) if cell not in threads}
    fresh = {cell: text for cell, text in wanted.items() if cell not in present}
    if existing is not None and len(fresh) < len(wanted):
        existing.deepen()
        present = _comments(existing)
    lines = {cell: _lines(text) for cell, text in wanted.items()}
    refused = 0
    if not _draw(draft, sheet, lines, set(fresh), ids):
        refused, fresh = len(fresh), {}
    if existing is not None:
        for cell, text in wanted.items():
            if cell in present:
                _append(existing, present[cell], text)
    if fresh:
        _add(draft, sheet, existing, fresh)
    return Written(len(wanted) - refused, len(notes) - len(wanted), refused)


def threaded_cells(draft: Draft, part: str, comments: PartEditor | None) -> set[Cell]:
    """The cells where a threaded comment stands, by its part and by its twin's author."""
    cells: set[Cell | None] = set()
    for relation in draft.relations(part):
        if relation.kind == "threadedComment" and relation.target in draft.package:
            root = draft.part(relation.target).root
            cells |= {parse_cell(node.get("ref")) for node in root.walk() if node.get("ref")}
    if comments is not None:
        authors = _authors(comments)
        for cell, node in _comments(comments).items():
            if _author(node, authors).startswith("tc="):
                cells.add(cell)
    return {cell for cell in cells if cell is not None}


def _comments(editor: PartEditor) -> dict[Cell, XmlNode]:
    listed = editor.root.find("commentList")
    found: dict[Cell, XmlNode] = {}
    for node in listed.all("comment") if listed else ():
        cell = parse_cell(node.get("ref"))
        if cell is not None:
            found[cell] = node
    return found


def _authors(editor: PartEditor) -> list[str]:
    listed = editor.root.find("authors")
    return [node.text for node in listed.children] if listed else []


def _author(comment: XmlNode, authors: Sequence[str]) -> str:
    index = comment.get("authorId")
    place = whole(index, len(authors))
    return authors[place] if place < len(authors) else ""


def _append(editor: PartEditor, comment: XmlNode, text: str) -> None:
    """Our block after the user's text, which keeps its own format."""
    p = editor.prefix
    body = comment.find("text")
    if body is None:
        editor.append(comment, f"<{p}text>{_run(p, text)}</{p}text>")
        return
    plain = body.find("t")
    if plain is not None:  # a plain text becomes the first run, so that ours may follow
        editor.insert(plain.start, f"<{p}r>")
        editor.insert(plain.end, f"</{p}r>")
    last = max((n.end for n in body.children if n.local in ("t", "r")), default=None)
    if last is None:
        editor.append(body, _run(p, text))
    else:
        editor.insert(last, _run(p, "\n" + text))


def _run(p: str, text: str) -> str:
    shown = text_xml(literal(text))
    return (
        f'<{p}r><{p}rPr><{p}sz val="9"/><{p}color rgb="FF000000"/><{p}rFont val="Tahoma"/>'
        f'<{p}family val="2"/></{p}rPr><{p}t xml:space="preserve">{shown}</{p}t></{p}r>'
    )


def _add(
    draft: Draft, sheet: SheetPartEditor, existing: PartEditor | None, notes: Mapping[Cell, str]
) -> None:
    def comments(p: str, author: int) -> str:
        return "".join(
            f'<{p}comment ref="{cell_name(*cell)}" authorId="{author}">'
            f"<{p}text>{_run(p, text)}</{p}text></{p}comment>"
            for cell, text in notes.items()
        )

    if existing is None:
        name = draft.free("xl/comments{}.xml")
        xml = (
            f'<comments xmlns="{draft.book.main}"><authors><author>{AUTHOR}</author></authors>'
            f"<commentList>{comments('', 0)}</commentList></comments>"
        )
        draft.add(name, xml, _TYPE)
        draft.relate(sheet.part, "comments", name)
        return
    p, known = existing.prefix, _authors(existing)
    authors, listed = existing.root.find("authors"), existing.root.find("commentList")
    added = f"<{p}author>{AUTHOR}</{p}author>"
    if authors is None:
        existing.insert(existing.root.head_end, f"<{p}authors>{added}</{p}authors>")
    elif AUTHOR not in known:
        existing.append(authors, added)
    block = comments(p, known.index(AUTHOR) if AUTHOR in known else len(known))
    if listed is not None:
        existing.append(listed, block)
    else:
        existing.append(existing.root, f"<{p}commentList>{block}</{p}commentList>")


def _draw(
    draft: Draft,
    sheet: SheetPartEditor,
    lines: Mapping[Cell, int],
    fresh: AbstractSet[Cell],
    ids: ShapeIds,
) -> bool:
    """Give each note a box its text fits in; False when no box could be made for a fresh one."""
    book, grid = draft.book, SheetGrid(sheet)
    boxes = [Box(*cell, grid.anchor(*cell, lines[cell])) for cell in sorted(fresh)]
    legacy = sheet.root.find("legacyDrawing")
    if legacy is None:
        if boxes:
            _new_drawing(draft, sheet, boxes, ids)
        return True
    wanted = legacy.get(f"{{{book.relations}}}id")
    part = next((r.target for r in draft.relations(sheet.part) if r.id == wanted), "")
    if part not in draft.package:
        return not boxes
    data = draft.package.read(part)
    added = added_boxes(data, boxes, ids) if boxes else []
    longer = {cell: count for cell, count in lines.items() if cell not in fresh}
    grown = grown_boxes(data, longer, grid) if longer else []
    if grown or added:
        draft.edit_bytes(part, [*grown, *(added or ())])
    return added is not None


def _new_drawing(draft: Draft, sheet: SheetPartEditor, boxes: Sequence[Box], ids: ShapeIds) -> None:
    editor, book = sheet.editor, draft.book
    name = draft.free("xl/drawings/vmlDrawing{}.vml")
    draft.add(name, new_drawing(boxes, ids), VML_TYPE, header="")
    relation = draft.relate(sheet.part, "vmlDrawing", name)
    r = editor.declared(book.relations)
    declared = "" if r else f' xmlns:r="{book.relations}"'
    editor.insert(
        sheet.place("legacyDrawing"),
        f'<{editor.prefix}legacyDrawing{declared} {r or "r:"}id="{relation}"/>',
    )


def _lines(text: str) -> int:
    return sum([-(-len(line) // _LINE) or 1 for line in text.split("\n")])
