"""A Word template opened once and filled many times, as docxtpl fills it.

docxtpl opens the template, patches its XML and has jinja2 compile it for each document: nine tenths
of what a letter costs, and a campaign writes hundreds from the same template. Here the package is
opened once, the XML that stood in it is kept, and what jinja2 compiled of a text is kept with it.
The rest is docxtpl's own, so that the same template gives the same document.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.stable_zip import stable_zip

_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
"""What docxtpl fills in the properties of a document."""


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox of jinja2; a text is compiled the first time it is met."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self._compiled: dict[str, Template] = {}

    def from_string(self, source: Any, *arguments: Any, **named: Any) -> Template:
        """The template of a text."""
        if source not in self._compiled:
            self._compiled[source] = super().from_string(source, *arguments, **named)
        return self._compiled[source]


class WordTemplate:
    """A template of docxtpl that is not opened again for each document.

    Raises what docxtpl, python-docx and jinja2 raise of a template that they cannot use.
    """

    def __init__(self, data: bytes) -> None:
        self._environment = _Environment()
        self._template = _OpenedTemplate(data)
        self._lock = Lock()
        self._package: Package | None = None

    def fill(self, values: Mapping[str, Any]) -> bytes:
        """The document: its parts as docxtpl fills them, the same bytes for the same values."""
        with self._lock:  # the one package that was opened is filled in turn
            self._template.render(dict(values), self._environment, autoescape=True)
            if self._package is None:
                return self._first()
            out = io.BytesIO()
            self._package.derive(self._template.filled_parts()).write(out)
        return out.getvalue()

    def _first(self) -> bytes:
        """The document as the library saves it; the styles of the next ones are copied from it."""
        saved = io.BytesIO()
        self._template.save(saved)
        made = stable_zip(saved.getvalue())
        with suppress(AnnotationError):  # an archive that our reader refuses: always saved so
            self._package = Package.open(made)
        return made


class _OpenedTemplate(DocxTemplate):  # type: ignore[misc]
    """docxtpl's template, put back as it was opened before it is filled again."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.init_docx()
        self._body: str = super().get_xml()
        self._patched: dict[str, str] = {}
        self._parts = {
            uri: list(super(_OpenedTemplate, self).get_headers_footers(uri))
            for uri in (self.HEADER_URI, self.FOOTER_URI)
        }
        properties = self.docx.core_properties
        self._properties = {name: getattr(properties, name) for name in _PROPERTIES}
        self._notes: list[tuple[Any, bytes]] = [
            (part, part.blob)
            for part in self.docx.part.package.iter_parts()
            if part.content_type.endswith(".footnotes+xml")
        ]

    def init_docx(self, reload: bool = True) -> None:
        """Open it, the first time only."""
        super().init_docx(reload=False)

    def render_init(self) -> None:
        """Make it again the template that it was."""
        super().render_init()
        for name, text in self._properties.items():
            setattr(self.docx.core_properties, name, text)
        for part, content in self._notes:
            part._blob = content

    def get_xml(self) -> str:
        """The body of the template, and not that of the last document."""
        return self._body

    def get_headers_footers(self, uri: str) -> Iterator[tuple[str, Any]]:
        """The headers or the footers of the template."""
        yield from self._parts[uri]

    def patch_xml(self, src_xml: str) -> str:
        """The same XML with the marks of jinja2 as it reads them, worked out once."""
        if src_xml not in self._patched:
            self._patched[src_xml] = super().patch_xml(src_xml)
        return self._patched[src_xml]

    def filled_parts(self) -> dict[str, bytes]:
        """Name of each part that a document has of its own -> its content."""
        main = self.docx.part
        own = [main, main.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)]
        own += [main.rels[key].target_part for parts in self._parts.values() for key, _ in parts]
        own += [part for part, _ in self._notes]
        return {part.partname.membername: part.blob for part in own}
