"""The skeleton of a workbook: its parts, their relationships, its sheets. Read only."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import unquote

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.annotate.splice import to_utf8
from xl_cpom.reports.annotate.xmlscan import MalformedXmlError, XmlNode, parse

CONTENT_TYPES = "[Content_Types].xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TRANSITIONAL = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
_STRICT = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


@dataclass(frozen=True, slots=True)
class PackageRelation:
    """One relationship: `kind` is the last segment of its type, `target` a part name."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet: its tab, whether it is hidden, its part (empty when it is missing)."""

    name: str
    hidden: bool
    part: str
    is_worksheet: bool


@dataclass(frozen=True)
class Book:
    """The workbook part, its namespaces, its sheets in tab order."""

    part: str
    main: str
    relations: str
    sheets: tuple[BookSheet, ...]
    structure_locked: bool
    macros: bool

    @cached_property
    def _by_name(self) -> dict[str, BookSheet]:
        return {sheet.name.casefold(): sheet for sheet in reversed(self.sheets)}

    def sheet(self, name: str) -> BookSheet | None:
        """The sheet of that name, without regard to case."""
        return self._by_name.get(name.casefold())


def rels_name(part: str) -> str:
    """The part that holds the relationships of a part (of the package itself for "")."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def resolve(part: str, target: str) -> str:
    """The part a relationship target names, relative to its source."""
    target = unquote(target).replace("\\", "/")
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target)).lstrip("/")


def relationships(package: Package, part: str) -> tuple[PackageRelation, ...]:
    """The relationships of a part; none when it has no such part."""
    name = rels_name(part)
    if name not in package:
        return ()
    return package.remember(name, lambda: tuple(_relations_of(part, tree(package, name))))


def _relations_of(part: str, root: XmlNode) -> Iterator[PackageRelation]:
    for node in root.all("Relationship"):
        yield PackageRelation(
            node.get("Id"),
            node.get("Type").rpartition("/")[2],
            "" if node.get("TargetMode") == "External" else resolve(part, node.get("Target")),
            node.get("TargetMode") == "External",
        )


def tree(package: Package, part: str, depth: int = 64) -> XmlNode:
    """The tree of a part. Raises AnnotationError when it is not XML."""
    try:
        return parse(to_utf8(package.read(part)), depth=depth)[0]
    except MalformedXmlError as error:
        raise AnnotationError(
            f"L’élément « {part} » du classeur est mal formé.",
            "Ouvrez le classeur dans Excel et enregistrez-le de nouveau.",
        ) from error


def content_type(package: Package, part: str) -> str:
    """The declared content type of a part (empty when there is none)."""
    default = ""
    extension = part.rpartition(".")[2].lower()
    for node in tree(package, CONTENT_TYPES).children:
        if node.get("PartName").lstrip("/").lower() == part.lower():
            return node.get("ContentType")
        if node.local == "Default" and node.get("Extension").lower() == extension:
            default = node.get("ContentType")
    return default


def read_book(package: Package) -> Book:
    """The skeleton of the workbook. Raises AnnotationError when there is none."""
    part = next((r.target for r in relationships(package, "") if r.kind == "officeDocument"), "")
    if part not in package:
        raise AnnotationError(
            "Le fichier ne contient pas de classeur Excel.",
            "Ouvrez-le dans Excel et enregistrez-le au format « Classeur Excel (.xlsx) ».",
        )
    root = tree(package, part)
    main, relations = _STRICT if root.uri == _STRICT[0] else _TRANSITIONAL
    targets = {r.id: r for r in relationships(package, part)}
    sheets = []
    listed = root.find("sheets")
    for node in listed.all("sheet") if listed else ():
        relation = targets.get(node.get(f"{{{relations}}}id"))
        found = relation is not None and relation.target in package
        sheets.append(
            BookSheet(
                node.get("name"),
                node.get("state", "visible") != "visible",
                package.name_of(relation.target) if relation and found else "",
                bool(relation and found and relation.kind == "worksheet"),
            )
        )
    lock = root.find("workbookProtection")
    return Book(
        package.name_of(part),
        main,
        relations,
        tuple(sheets),
        lock is not None and lock.get("lockStructure") in ("1", "true"),
        "macroEnabled" in content_type(package, part),
    )
