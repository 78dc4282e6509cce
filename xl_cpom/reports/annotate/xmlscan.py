"""A tree of byte offsets over an XML part: where each element starts and ends, nothing re-written.

The parts of a user's workbook are never re-serialised: they are cut and spliced in place, so the
only thing needed of them is where things are. expat gives the exact offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.parsers import expat

_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_SHEET_DATA = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s[^>]*[^/>])?\s*>")
_SEPARATOR = " "
_SLASH = 0x2F  # what ends `<a/>`, before its last byte
_OPAQUE = frozenset(("dataValidations",))
"""Elements we never look into, and that hold much."""


def whole(text: str, default: int = 0) -> int:
    """A plain whole number of at most nine digits; anything else is the default."""
    plain = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if plain else default


class MalformedXmlError(Exception):
    """The bytes are not the XML a workbook part may hold."""


class XmlNode:
    """One element: its name, its attributes and its offsets in the bytes of the part.

    start: of `<name`; head_end: after the `>` of the start tag; tail: of `</name` (head_end when
    self-closing); end: after the whole element. attributes: as expat gives them; `get` reads them.
    """

    __slots__ = (
        "attributes", "children", "end", "head_end", "local", "parent", "prefix", "start", "tail",
        "text", "uri",
    )  # fmt: skip

    def __init__(self, name: str, attributes: dict[str, str], start: int, head_end: int) -> None:
        self.uri, self.local, self.prefix = _split(name)
        self.attributes = attributes
        self.start = start
        self.head_end = head_end
        self.tail = head_end
        self.end = head_end
        self.children: list[XmlNode] = []
        self.parent: XmlNode | None = None
        self.text = ""

    @property
    def qualified(self) -> str:
        """The name as written in the part, prefix included."""
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    @property
    def self_closing(self) -> bool:
        """True for `<a/>`."""
        return self.end == self.head_end

    def get(self, name: str, default: str = "") -> str:
        """Value of an attribute, named `name` or `{uri}name`."""
        if not name.startswith("{"):
            return self.attributes.get(name, default)
        wanted = name[1:].replace("}", _SEPARATOR, 1)
        for key, value in self.attributes.items():
            if key == wanted or key.startswith(wanted + _SEPARATOR):
                return value
        return default

    def find(self, local: str) -> XmlNode | None:
        """First child of that local name."""
        return next((child for child in self.children if child.local == local), None)

    def all(self, local: str) -> list[XmlNode]:
        """The children of that local name."""
        return [child for child in self.children if child.local == local]

    def walk(self) -> Iterator[XmlNode]:
        """The element and everything beneath it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@lru_cache(maxsize=1024)
def _split(name: str) -> tuple[str, str, str]:
    """(uri, local name, prefix) of a name as expat gives it."""
    pieces = name.split(_SEPARATOR)
    if len(pieces) == 1:
        return "", pieces[0], ""
    return pieces[0], pieces[1], pieces[2] if len(pieces) > 2 else ""


class _Builder:
    def __init__(self, data: bytes, hole: tuple[int, int] | None, depth: int) -> None:
        self.data = data
        self.hole = hole
        self.depth = depth
        self.root: XmlNode | None = None
        self.stack: list[XmlNode | None] = []
        self.namespaces: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.open
        self.parser.EndElementHandler = self.close
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartNamespaceDeclHandler = self.declare
        self.parser.StartDoctypeDeclHandler = self.refuse

    def at(self) -> int:
        index = self.parser.CurrentByteIndex
        if self.hole is not None and index >= self.hole[0]:
            index += self.hole[1] - self.hole[0]
        return index

    def declare(self, prefix: str | None, uri: str) -> None:
        if self.root is None:
            self.namespaces[prefix or ""] = uri

    def refuse(self, *_: object) -> None:
        raise MalformedXmlError("DOCTYPE")

    def open(self, name: str, attributes: dict[str, str]) -> None:
        parent = self.stack[-1] if self.stack else None
        if self.root is not None and (
            parent is None or parent.local in _OPAQUE or len(self.stack) >= self.depth
        ):
            self.stack.append(None)
            return
        start = self.at()
        tag = _TAG.match(self.data, start)
        if tag is None:
            raise MalformedXmlError(f"balise illisible à l'octet {start}")
        node = XmlNode(name, attributes, start, tag.end())
        if parent is None:
            self.root = node
        else:
            node.parent = parent
            parent.children.append(node)
        self.stack.append(node)

    def close(self, _name: str) -> None:
        node = self.stack.pop()
        if node is None or self.data[node.head_end - 2] == _SLASH:
            return
        node.tail = self.at()
        node.end = self.data.index(b">", node.tail) + 1

    def characters(self, text: str) -> None:
        node = self.stack[-1]
        if node is not None:
            node.text += text


def parse(
    data: bytes, *, hole: tuple[int, int] | None = None, depth: int = 64
) -> tuple[XmlNode, dict[str, str]]:
    """The tree of a UTF-8 part, and the namespaces its root declares (prefix -> uri).

    hole: bytes to leave unread (the content of an element); depth: levels kept in the tree.
    Raises MalformedXmlError.
    """
    builder = _Builder(data, hole, depth)
    try:
        if hole is None:
            builder.parser.Parse(data, True)
        else:
            builder.parser.Parse(data[: hole[0]], False)
            builder.parser.Parse(data[hole[1] :], True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the two last: an odd encoding
        raise MalformedXmlError(str(error)) from error
    if builder.root is None:
        raise MalformedXmlError("vide")
    return builder.root, builder.namespaces


def sheet_data_hole(data: bytes) -> tuple[int, int] | None:
    """The content of `<sheetData>`, to be left unread, when it is certain where it lies.

    A comment, a CDATA section or a processing instruction could hide a tag: None then.
    """
    if b"<!" in data or data.find(b"<?", 2) != -1:
        return None
    first = _SHEET_DATA.search(data)
    if first is None:
        return None
    last = data.rfind(b"</" + first[1] + b"sheetData")
    return (first.end(), last) if last > first.end() else None
