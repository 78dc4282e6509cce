"""What the annotation leaves behind to be undone: a journal kept in a custom XML part.

The journal holds, for each part that was spliced, its fingerprint and the splices; while the
fingerprints hold, undoing gives the original parts back byte for byte. Excel keeps custom XML
parts when it saves, but re-writes the others: `stripping` then takes the marks out one by one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from html import escape

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.book import Book, read_book, relationships, rels_name, tree
from xl_cpom.reports.annotate.controles_sheet import find_table
from xl_cpom.reports.annotate.draft import HEADER, AnnotationOutcome, Draft
from xl_cpom.reports.annotate.package import Package, part_key
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.annotate.splice import Undo, to_utf8, undo
from xl_cpom.reports.annotate.xmlscan import parse, sheet_data_hole
from xl_cpom.reports.annotated_mark import NAMESPACE


@dataclass(frozen=True, slots=True)
class MarksRecord:
    """The journal of one annotation: `part` holds it; the sheet filled and whether it was made."""

    part: str
    undos: Mapping[str, tuple[Undo, ...]]
    fingerprints: Mapping[str, str]
    added: tuple[str, ...]


def seal(draft: Draft) -> AnnotationOutcome:
    """The outcome of a draft, with the journal that undoes it among its parts."""
    name = draft.free("customXml/item{}.xml")
    draft.relate(draft.book.part, "customXml", name)
    draft.declare(name, "application/xml")
    outcome = draft.outcome()
    content = json.dumps(
        {
            "membres": {
                member: {
                    "empreinte": _fingerprint(outcome.contents[member]),
                    "coupes": [[u.position, u.length, u.removed.decode("latin-1")] for u in undos],
                }
                for member, undos in sorted(outcome.undos.items())
            },
            "ajouts": [*outcome.added, name],
        },
        sort_keys=True,
    )
    xml = f'{HEADER}<annotation xmlns="{NAMESPACE}">{escape(content, quote=False)}</annotation>'
    return AnnotationOutcome(
        {**outcome.contents, name: xml.encode()}, outcome.undos, (*outcome.added, name)
    )


def read_journal(package: Package, book: Book) -> MarksRecord | None:
    """The journal of a former annotation; None when there is none that can be read."""
    for relation in relationships(package, book.part):
        if relation.kind != "customXml" or relation.target not in package:
            continue
        if NAMESPACE.encode() not in package.read(relation.target):
            continue
        try:
            content = json.loads(tree(package, relation.target).text)
            members = content["membres"]
            return MarksRecord(
                package.name_of(relation.target),
                {
                    name: tuple(
                        Undo(int(p), int(n), r.encode("latin-1")) for p, n, r in m["coupes"]
                    )
                    for name, m in members.items()
                },
                {name: str(member["empreinte"]) for name, member in members.items()},
                tuple(map(str, content["ajouts"])),
            )
        except (AnnotationError, ValueError, KeyError, TypeError, AttributeError):
            return MarksRecord(package.name_of(relation.target), {}, {}, ())
    return None


def undo_exactly(package: Package, book: Book, journal: MarksRecord) -> Package | None:
    """The package as it was before the annotation, or None when a part was re-written since.

    A journal that would change the cells of any sheet but « Contrôles » is not believed.
    """
    contents: dict[str, bytes] = {}
    for name, undos in journal.undos.items():
        if name not in package or _fingerprint(package.read(name)) != journal.fingerprints[name]:
            return None
        try:
            contents[name] = undo(package.read(name), undos)
        except ValueError:
            return None
    if not contents or not all(name in package for name in journal.added):
        return None
    restored = package.derive(contents, journal.added)
    try:
        old, new = read_book(package), read_book(restored)
    except AnnotationError:
        return None
    return restored if _same_cells(package, old, restored, new, set(contents)) else None


def _same_cells(
    package: Package, old: Book, restored: Package, new: Book, touched: set[str]
) -> bool:
    """Tell whether two states hold the same sheets with the same cells, « Contrôles » apart."""
    table = find_table(Draft(package, old))
    reporting = table.sheet.part if table else ""
    before = {s.name: s for s in old.sheets if s.part != reporting}
    after = {s.name: s for s in new.sheets if s.part != reporting}
    keys = {part_key(name) for name in touched}
    strings = {r.target for r in relationships(package, old.part) if r.kind == "sharedStrings"}
    if before != after or keys & {part_key(part) for part in strings}:
        return False
    return all(
        _cells(package.read(sheet.part)) == _cells(restored.read(sheet.part))
        for sheet in before.values()
        if part_key(sheet.part) in keys
    )


def _cells(data: bytes) -> bytes:
    data = to_utf8(data)
    hole = sheet_data_hole(data)
    if hole is None:
        node = parse(data, depth=2)[0].find("sheetData")
        hole = (node.head_end, node.tail) if node else (0, 0)
    return data[slice(*hole)]


def forget(draft: Draft, journal: MarksRecord) -> tuple[str, ...]:
    """Take the journal's own part out of a workbook that was saved since; returns what to drop."""
    for relation in draft.relations(draft.book.part):
        if part_key(relation.target) == part_key(journal.part):
            draft.unrelate(draft.book.part, relation.id)
    dropped = [journal.part]
    for relation in draft.relations(journal.part):
        if relation.target in draft.package:
            dropped.append(relation.target)
            draft.undeclare(relation.target)
    draft.undeclare(journal.part)
    if rels_name(journal.part) in draft.package:
        dropped.append(rels_name(journal.part))
    return tuple(dropped)


def _fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
