"""Expat with every danger fenced: no DTD, bounded depth, bounded tokens, known encodings.

Names of elements come out short and the same for transitional and strict Open XML: `sheet`,
`x14:dataValidation`; an element of a namespace we do not read comes out as `?:name`. Attributes
keep the name expat gives them; those we read have no namespace, but for `relation_id`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from xml.parsers import expat

from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.limits import Limits
from xl_cpom.workbook.reader.refusals import MalformedPartError, UnreadableWorkbookError

Attributes = dict[str, str]
StartHandler = Callable[[str, Attributes], None]
EndHandler = Callable[[str], None]
TextHandler = Callable[[str], None]

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_PREFIXES = {
    MAIN[0]: "",
    MAIN[1]: "",
    "http://schemas.openxmlformats.org/package/2006/relationships": "pr:",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct:",
    "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties": "app:",
    "http://purl.oclc.org/ooxml/officeDocument/extendedProperties": "app:",
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties": "cp:",
    "http://purl.oclc.org/ooxml/officeDocument/customProperties": "cp:",
    "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes": "vt:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes": "vt:",
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main": "x14:",
    "http://schemas.microsoft.com/office/excel/2006/main": "xm:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
}
_RELATION_IDS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_ENCODINGS = frozenset(
    (
        *("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"),
        *("iso-8859-1", "iso-8859-15", "windows-1252"),
    )
)
_MAX_NAMES = 20_000  # distinct names of elements and attributes in one part
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FAULTS = {
    expat.errors.XML_ERROR_NO_ELEMENTS: "contenu vide ou interrompu",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "contenu interrompu",
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: "contenu interrompu",
    expat.errors.XML_ERROR_PARTIAL_CHAR: "caractère interrompu",
    expat.errors.XML_ERROR_INVALID_TOKEN: "caractère interdit",
    expat.errors.XML_ERROR_TAG_MISMATCH: "balises mal fermées",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "attribut en double",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "contenu après la fin",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "entité inconnue",
    expat.errors.XML_ERROR_BAD_CHAR_REF: "caractère interdit",
    expat.errors.XML_ERROR_UNKNOWN_ENCODING: "codage inconnu",
    expat.errors.XML_ERROR_INCORRECT_ENCODING: "codage inexact",
}
_MAX_URI = 500  # expat repeats the namespace in every name
SEPARATOR = " "


class PartParser:
    """One parse of one part. `start` and `end` receive short names, `text` pieces of text.

    `depth` is the number of open elements; it is kept by the generic handlers, and by whoever
    takes over the raw parser for a while (`sheet_rows`).
    """

    def __init__(
        self,
        part: str,
        limits: Limits,
        start: StartHandler,
        end: EndHandler | None,
        text: TextHandler | None,
    ) -> None:
        self.part = part
        self.limits = limits
        self.depth = 0
        self.elements = 0
        """elements seen by the generic handlers"""
        self.root = ""
        """raw name of the root element"""
        self.intern: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._utf8 = True
        self._default_namespaces: list[str | None] = []
        self._max_depth = limits.depth
        self._max_elements = limits.elements
        self._start = start
        self._end = end
        self._text = text
        self.raw = raw = expat.ParserCreate(None, SEPARATOR, self.intern)
        raw.buffer_text = True
        raw.buffer_size = 64 * 1024
        raw.StartDoctypeDeclHandler = self._refuse_doctype
        raw.XmlDeclHandler = self._check_encoding
        raw.StartNamespaceDeclHandler = self._check_namespace
        self.take_back()

    @property
    def as_text(self) -> bool:
        """Whether what follows may be read as UTF-8 text: `<row` is then the element `row`."""
        return (
            self._utf8
            and len(self._default_namespaces) == 1
            and self._default_namespaces[0] in MAIN
        )

    def take_back(self) -> None:
        """Put the generic handlers (back) in place."""
        self.raw.StartElementHandler = self._on_start
        self.raw.EndElementHandler = self._on_end
        self.raw.CharacterDataHandler = self._text

    def feed(self, chunks: Iterable[bytes]) -> None:
        """Parse the part to its end; raises `MalformedPartError` or `UnreadableWorkbookError`."""
        raw, fed, longest = self.raw, 0, self.limits.token_bytes
        try:
            for chunk in chunks:
                if not fed and (chunk[:2] in _UTF16_MARKS or b"\0" in chunk[:4]):
                    self._utf8 = False
                raw.Parse(chunk, False)
                fed += len(chunk)
                # What expat holds back is one unfinished token, scanned again at each call.
                if fed - raw.CurrentByteIndex > longest or len(self.intern) > _MAX_NAMES:
                    raise self.too_long()
            raw.Parse(b"", True)
        except expat.ExpatError as error:
            raise MalformedPartError(self.part, _in_french(error.code)) from None
        finally:
            self._release()

    def _release(self) -> None:
        """Undo the circle: the parser holds its handlers, which hold what they fill, and it."""
        raw = self.raw
        raw.StartElementHandler = raw.EndElementHandler = raw.CharacterDataHandler = None
        raw.StartDoctypeDeclHandler = raw.XmlDeclHandler = raw.StartNamespaceDeclHandler = None
        self._start, self._end, self._text = _ignore, None, None

    def too_long(self) -> UnreadableWorkbookError:
        """The refusal of an endless token or text."""
        return UnreadableWorkbookError("LEC-LIM-JETON", self.part)

    def too_deep(self) -> UnreadableWorkbookError:
        """The refusal of a bottomless nesting."""
        return UnreadableWorkbookError("LEC-LIM-PROFONDEUR", self.part)

    def _on_start(self, name: str, attributes: Attributes) -> None:
        self.depth = depth = self.depth + 1
        self.elements = elements = self.elements + 1
        if depth > self._max_depth:
            raise self.too_deep()
        if elements > self._max_elements:
            raise self.too_long()
        self._start(self._names.get(name) or self._learn(name), attributes)

    def _on_end(self, name: str) -> None:
        if self._end is not None:
            self._end(self._names[name])
        self.depth -= 1

    def _learn(self, name: str) -> str:
        if not self.root:
            self.root = name
        uri, found, local = name.rpartition(SEPARATOR)
        self._names[name] = short = (_PREFIXES.get(uri, "?:") if found else "?:") + local
        return short

    def _refuse_doctype(self, *_: Any) -> None:
        raise UnreadableWorkbookError("LEC-DTD", self.part)

    def _check_namespace(self, prefix: str | None, uri: str | None) -> None:
        if prefix is None and len(self._default_namespaces) < 2:
            self._default_namespaces.append(uri)
        if uri is not None and len(uri) > _MAX_URI:
            raise self.too_long()

    def _check_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None:
            self._utf8 = encoding.lower() == "utf-8"
            if encoding.lower() not in _ENCODINGS:
                raise MalformedPartError(self.part, f"codage {encoding[:40]}")


def _in_french(code: int) -> str:
    """What expat did not accept, as the person who sent the file is told."""
    return _FAULTS.get(expat.errors.messages.get(code, ""), "contenu mal formé")


def _ignore(_name: str, _attributes: Attributes) -> None:
    """Start handler of a parser that has done its work."""


def parse_part(
    container: Container,
    part: str,
    start: StartHandler,
    end: EndHandler | None = None,
    text: TextHandler | None = None,
) -> None:
    """Parse a small part of the container with the generic handlers."""
    PartParser(part, container.limits, start, end, text).feed(container.stream(part))


def relation_id(attributes: Attributes) -> str:
    """The `r:id` of an element; empty when it has none."""
    return attributes.get(_RELATION_IDS[0]) or attributes.get(_RELATION_IDS[1], "")


class TextRun:
    """Collects the text of an element, without letting it grow without end."""

    def __init__(self, limit: int, part: str) -> None:
        self._pieces: list[str] = []
        self._left = self._limit = limit
        self._part = part

    def clear(self) -> None:
        """Start a new text."""
        self._pieces.clear()
        self._left = self._limit

    def add(self, piece: str) -> None:
        """Character data handler."""
        self._left -= len(piece)
        if self._left < 0:
            raise UnreadableWorkbookError("LEC-LIM-JETON", self._part)
        self._pieces.append(piece)

    def take(self) -> str:
        """The text collected since `clear`."""
        return "".join(self._pieces)
