"""Cut and splice the bytes of one part, and keep what is needed to undo it exactly."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import NamedTuple

from xl_cpom.reports.annotate.xmlscan import MalformedXmlError, XmlNode, parse, sheet_data_hole

_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_ENCODING = re.compile(r"(<\?xml[^>]*?encoding\s*=\s*[\"'])[A-Za-z0-9._-]+")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Edit(NamedTuple):
    """Replace data[start:end] by text."""

    start: int
    end: int
    text: bytes


class Undo(NamedTuple):
    """In the spliced bytes, `length` bytes at `position` stand for `removed`."""

    position: int
    length: int
    removed: bytes


def apply(data: bytes, edits: Iterable[Edit]) -> tuple[bytes, tuple[Undo, ...]]:
    """The spliced bytes and how to undo them. Edits at one place keep their order.

    Raises ValueError when two edits overlap.
    """
    pieces: list[bytes] = []
    undos: list[Undo] = []
    read = written = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < read:
            raise ValueError(f"overlapping edits at byte {edit.start}")
        kept = data[read : edit.start]
        pieces += (kept, edit.text)
        written += len(kept)
        undos.append(Undo(written, len(edit.text), data[edit.start : edit.end]))
        written += len(edit.text)
        read = edit.end
    pieces.append(data[read:])
    return b"".join(pieces), tuple(undos)


def undo(data: bytes, undos: Iterable[Undo]) -> bytes:
    """The bytes before the splices. Raises ValueError when the places do not fit the data."""
    pieces: list[bytes] = []
    read = 0
    for position, length, removed in undos:
        if position < read or length < 0 or position + length > len(data):
            raise ValueError(f"no such splice at byte {position}")
        pieces += (data[read:position], removed)
        read = position + length
    pieces.append(data[read:])
    return b"".join(pieces)


def text_xml(text: str) -> str:
    """Text escaped for the content of an element."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def attribute_xml(text: str) -> str:
    """Text escaped and quoted for an attribute."""
    text = text_xml(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f'"{text}"'


def literal(text: str) -> str:
    """Text for a cell or a note, where `_x0041_` would otherwise be read as one character."""
    return _ESCAPE.sub("_x005F_", text) if "_x" in text else text


class PartEditor:
    """The pending splices of one part.

    A part that is not UTF-8 is transcoded first: its undo then holds the whole original.
    rows: keep the tree of `<sheetData>` (only for the sheet we write ourselves).
    """

    def __init__(self, data: bytes, *, rows: bool = False, depth: int = 64) -> None:
        self.original = data
        self.data = to_utf8(data)
        self._hole = None if rows else sheet_data_hole(self.data)
        self.root, self.namespaces = parse(self.data, hole=self._hole, depth=depth)
        self._edits: list[Edit] = []
        self._appended: dict[int, tuple[XmlNode, list[str]]] = {}

    def deepen(self) -> None:
        """Read the tree again with all its levels; the pending splices stay."""
        self.root, self.namespaces = parse(self.data, hole=self._hole)

    @property
    def prefix(self) -> str:
        """Prefix of the root, colon included (empty for a default namespace)."""
        return f"{self.root.prefix}:" if self.root.prefix else ""

    @property
    def touched(self) -> bool:
        """True when there is something to splice."""
        return bool(self._edits or self._appended)

    def replace(self, start: int, end: int, xml: str) -> None:
        """Replace the bytes between two offsets of the part."""
        self._edits.append(Edit(start, end, xml.encode()))

    def insert(self, position: int, xml: str) -> None:
        """Insert before the byte at `position`."""
        self.replace(position, position, xml)

    def delete(self, node: XmlNode) -> None:
        """Take an element out."""
        self.replace(node.start, node.end, "")

    def append(self, node: XmlNode, xml: str) -> None:
        """Add after the last child of an element, opening it when it is self-closing."""
        self._appended.setdefault(node.start, (node, []))[1].append(xml)

    def set(self, node: XmlNode, name: str, value: str) -> None:
        """Give an attribute (without prefix) a value."""
        tag = self.data[node.start : node.head_end]
        found = re.search(rb"\s" + name.encode() + rb"\s*=\s*([\"'])(.*?)\1", tag, re.DOTALL)
        if found:
            start = node.start
            self.replace(start + found.start(2), start + found.end(2), attribute_xml(value)[1:-1])
            return
        close = node.head_end - (2 if tag.endswith(b"/>") else 1)
        self.insert(close, f" {name}={attribute_xml(value)}")

    def declared(self, uri: str) -> str:
        """Prefix the root gives to a namespace, colon included; empty when it gives none."""
        return next((f"{p}:" for p, u in self.namespaces.items() if p and u == uri), "")

    def result(self) -> tuple[bytes, tuple[Undo, ...]]:
        """The spliced bytes and how to undo them."""
        edits = list(self._edits)
        for node, fragments in self._appended.values():
            xml = "".join(fragments)
            if node.self_closing:
                opened = f">{xml}</{node.qualified}>"
                edits.append(Edit(node.head_end - 2, node.head_end, opened.encode()))
            else:
                edits.append(Edit(node.tail, node.tail, xml.encode()))
        data, undos = apply(self.data, edits)
        if self.data is not self.original:
            undos = (Undo(0, len(data), self.original),)
        return data, undos


def to_utf8(data: bytes) -> bytes:
    """The part in UTF-8; the very same object when it already is. Raises MalformedXmlError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        found = _DECLARATION.match(data.removeprefix(codecs.BOM_UTF8))
        encoding = found[1].decode().lower() if found else "utf-8"
        if encoding in ("utf-8", "us-ascii"):
            return data
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise MalformedXmlError(str(error)) from error
    return _ENCODING.sub(r"\1UTF-8", text, count=1).encode()
