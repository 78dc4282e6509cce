"""All the changes to one workbook before they are written: parts edited, added, related."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.book import (
    CONTENT_TYPES,
    RELATIONSHIPS,
    Book,
    PackageRelation,
    relationships,
    rels_name,
)
from xl_cpom.reports.annotate.package import Package, part_key
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.annotate.splice import Edit, PartEditor, Undo, apply, attribute_xml
from xl_cpom.reports.annotate.xmlscan import MalformedXmlError

HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class AnnotationOutcome:
    """What a draft comes to: contents by member, how to undo the edited ones, members added."""

    contents: Mapping[str, bytes]
    undos: Mapping[str, tuple[Undo, ...]]
    added: tuple[str, ...]


class Draft:
    """Pending changes over a package. Nothing is written before `outcome`."""

    def __init__(self, package: Package, book: Book) -> None:
        self.package = package
        self.book = book
        self._editors: dict[str, PartEditor] = {}
        self._added: dict[str, bytes] = {}
        self._vml_declared = False
        self._byte_edits: dict[str, list[Edit]] = {}
        self._relation_ids: dict[str, set[str]] = {}

    def part(self, name: str, *, rows: bool = False, depth: int = 64) -> PartEditor:
        """The editor of a part; the same one each time. Raises AnnotationError."""
        key = part_key(name)
        if key not in self._editors:
            try:
                self._editors[key] = PartEditor(self.package.read(name), rows=rows, depth=depth)
            except MalformedXmlError as error:
                raise AnnotationError(
                    f"L’élément « {name} » du classeur est mal formé.",
                    "Ouvrez le classeur dans Excel et enregistrez-le de nouveau.",
                ) from error
        return self._editors[key]

    def edit_bytes(self, name: str, edits: list[Edit]) -> None:
        """Splice a part that is not always XML (VML)."""
        self._byte_edits.setdefault(self.package.name_of(name), []).extend(edits)

    def add(self, name: str, xml: str, content_type: str, *, header: str = HEADER) -> None:
        """Add a part, with its content type."""
        self._added[name] = (header + xml).encode()
        self.declare(name, content_type)

    def free(self, pattern: str) -> str:
        """First name of a numbered pattern that no part bears."""
        taken = {part_key(name) for name in (*self.package.names, *self._added)}
        number = 1
        while part_key(pattern.format(number)) in taken:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> tuple[PackageRelation, ...]:
        """The relationships a part had before this draft."""
        return relationships(self.package, part)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Relate a part to another; returns the id of the relationship."""
        name = rels_name(part)
        editor = self._relations_editor(name)
        ids = self._relation_ids.setdefault(name, {node.get("Id") for node in editor.root.children})
        number = 1
        while f"rIdCpom{number}" in ids:
            number += 1
        ids.add(f"rIdCpom{number}")
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        editor.append(
            editor.root,
            f'<{editor.prefix}Relationship Id="rIdCpom{number}" '
            f'Type="{self.book.relations}/{kind}" Target={attribute_xml(path)}/>',
        )
        return f"rIdCpom{number}"

    def unrelate(self, part: str, relation_id: str) -> None:
        """Take a relationship out."""
        editor = self.part(rels_name(part))
        for node in editor.root.children:
            if node.get("Id") == relation_id:
                editor.delete(node)

    def declare(self, part: str, content_type: str) -> None:
        """Say the content type of a part, unless the default of its extension already does."""
        editor = self.part(CONTENT_TYPES)
        extension = part.rpartition(".")[2].lower()
        for node in editor.root.all("Default"):
            if node.get("Extension").lower() == extension:
                if node.get("ContentType") == content_type:
                    return
                break
        else:
            if extension == "vml":  # said once for all, as Excel does
                xml = f'<{editor.prefix}Default Extension="vml" ContentType="{content_type}"/>'
                if not self._vml_declared:
                    editor.insert(editor.root.head_end, xml)
                self._vml_declared = True
                return
        editor.append(
            editor.root,
            f"<{editor.prefix}Override PartName={attribute_xml('/' + part)} "
            f'ContentType="{content_type}"/>',
        )

    def undeclare(self, part: str) -> None:
        """Take the content type of a part out."""
        editor = self.part(CONTENT_TYPES)
        for node in editor.root.all("Override"):
            if part_key(node.get("PartName")) == part_key(part):
                editor.delete(node)

    def _relations_editor(self, name: str) -> PartEditor:
        key = part_key(name)
        if key not in self._editors and name not in self.package:
            blank = f'{HEADER}<Relationships xmlns="{RELATIONSHIPS}"></Relationships>'.encode()
            self._added[name] = blank
            self._editors[key] = PartEditor(blank)
        return self.part(name)

    def outcome(self) -> AnnotationOutcome:
        """The new contents, the undo of each edited part, the names of the added ones."""
        contents = dict(self._added)
        undos: dict[str, tuple[Undo, ...]] = {}
        for name, edits in self._byte_edits.items():
            contents[name], undos[name] = apply(self.package.read(name), edits)
        for key, editor in self._editors.items():
            if not editor.touched:
                continue
            new = next((n for n in self._added if part_key(n) == key), None)
            data, steps = editor.result()
            if new is not None:
                contents[new] = data
            else:
                name = self.package.name_of(key)
                contents[name], undos[name] = data, steps
        added = tuple(name for name in contents if name not in self.package)
        return AnnotationOutcome(contents, undos, added)
