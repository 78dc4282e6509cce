"""The clean workbook behind an annotated one.

While nothing re-wrote its parts, the journal gives them back byte for byte. After Excel or
LibreOffice has saved the copy, our rules, notes and lines are recognised and taken out one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.book import Book
from xl_cpom.reports.annotate.controles_fill import fill
from xl_cpom.reports.annotate.controles_sheet import find_table
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.marks import forget, read_journal, undo_exactly
from xl_cpom.reports.annotate.notes import BLOCK
from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.annotate.sheetscan import MARK_BYTES, SheetPartEditor
from xl_cpom.reports.annotate.splice import PartEditor, text_xml
from xl_cpom.reports.annotate.vml import removed_boxes
from xl_cpom.reports.annotate.xmlscan import XmlNode
from xl_cpom.reports.severity_looks import INKS
from xl_cpom.workbook.reader.refs import parse_cell

_TITLE_BYTES = re.compile(rb"les CPOM")  # ASCII part of the line that opens our notes


@dataclass(frozen=True, slots=True)
class Stripped:
    """The clean package; `found`: there were marks; `exact`: the original parts, byte for byte."""

    package: Package
    found: bool
    exact: bool


def strip(package: Package, book: Book, *, empty_table: bool = False) -> Stripped:
    """Take the marks of a former annotation out, in memory.

    empty_table: when the marks go one by one, also empty the table of the sheet « Contrôles »
    (needless before it is filled again).
    """
    journal = read_journal(package, book)
    if journal is not None:
        restored = undo_exactly(package, book, journal)
        if restored is not None:
            return Stripped(restored, found=True, exact=True)
    draft = Draft(package, book)
    table = find_table(draft) if empty_table else None
    dropped: tuple[str, ...] = ()
    if journal is not None:
        dropped = forget(draft, journal)
    styles = next((r.target for r in draft.relations(book.part) if r.kind == "styles"), "")
    coloured = styles in package and bool(INKS.search(package.read(styles)))
    cleaned = [
        _clean_sheet(draft, sheet.part, coloured=coloured)
        for sheet in book.sheets
        if sheet.is_worksheet
    ]
    found = any(cleaned) or journal is not None
    if found and table is not None:
        part, ref = table.sheet.part, table.ref
        fill(draft, part, table.part, ref, table.headers, (), "")
    contents = draft.outcome().contents
    if not contents:
        return Stripped(package, found=False, exact=True)
    return Stripped(package.derive(contents, dropped), found=True, exact=False)


def _clean_sheet(draft: Draft, part: str, *, coloured: bool) -> bool:
    """Take our rules and notes out of a sheet; tell whether there were any."""
    try:
        return _clean_readable(draft, part, coloured=coloured)
    except AnnotationError:  # a malformed sheet stays as it is
        return False


def _clean_readable(draft: Draft, part: str, *, coloured: bool) -> bool:
    found = False
    if coloured and MARK_BYTES in draft.package.read(part):
        found = bool(SheetPartEditor(draft, part).remove_our_rules())
    relations = draft.relations(part)
    notes = next((r.target for r in relations if r.kind == "comments"), "")
    if notes not in draft.package or not _TITLE_BYTES.search(draft.package.read(notes)):
        return found
    emptied = _clean_notes(draft.part(notes))
    if emptied:
        for relation in relations:
            if relation.kind == "vmlDrawing" and relation.target in draft.package:
                edits = removed_boxes(draft.package.read(relation.target), emptied)
                if edits:
                    draft.edit_bytes(relation.target, edits)
    return True


def _clean_notes(editor: PartEditor) -> set[tuple[int, int]]:
    """Take our block out of every note; returns the cells whose note is gone."""
    gone: set[tuple[int, int]] = set()
    listed = editor.root.find("commentList")
    for comment in listed.all("comment") if listed else ():
        texts = [node for node in comment.walk() if node.local == "t"]
        whole = "".join(node.text for node in texts)
        blocks = [found.span() for found in BLOCK.finditer(whole)]
        if not blocks:
            continue
        if not BLOCK.sub("", whole).strip():
            editor.delete(comment)
            cell = parse_cell(comment.get("ref"))
            gone |= {cell} if cell else set()
            continue
        _cut(editor, texts, blocks)
    return gone


def _cut(editor: PartEditor, texts: Iterable[XmlNode], blocks: list[tuple[int, int]]) -> None:
    """Rewrite the pieces of text that the blocks overlap; a run left empty goes with its text."""
    position = 0
    for node in texts:
        kept = "".join(
            character
            for index, character in enumerate(node.text, position)
            if not any(first <= index < last for first, last in blocks)
        )
        position += len(node.text)
        if kept == node.text:
            continue
        run = node.parent
        if not kept and run is not None and run.local == "r":
            editor.delete(run)
        else:
            editor.replace(node.head_end, node.tail, text_xml(kept))
