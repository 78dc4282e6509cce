"""Every text of a workbook's package, replaced where it stands: cells, notes, charts, properties.

Nothing is re-written but the texts: places, looks, formulas and lists stay. What may hold a name
and cannot be replaced (an image, a macro, a link to another file) is refused, and named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.annotate.splice import text_xml, to_utf8
from xl_cpom.reports.annotate.xmlscan import MalformedXmlError
from xl_cpom.typography import listing

_REFUSED = (
    (re.compile(r"vbaProject|vbaData"), "des macros"),
    (re.compile(r"xl/media/"), "des images"),
    (re.compile(r"xl/embeddings/|xl/activeX|xl/ctrlProps"), "des objets incorporés"),
    (
        re.compile(r"xl/externalLinks/|xl/connections|xl/queryTables"),
        "des liens vers d'autres fichiers",
    ),
    (re.compile(r"xl/pivotCache|xl/pivotTables"), "des tableaux croisés"),
    (re.compile(r"xl/threadedComments|xl/persons"), "des conversations"),
    (re.compile(r"customXml/|xl/customXml|xl/webextensions|_xmlsignatures"), "des données jointes"),
)
"""What may designate somebody, and that only its author can take out."""

_BLANKED = re.compile(r"xl/printerSettings/|docProps/thumbnail")
"""Parts of bytes that say on whose printer it was printed: their bytes are zeros in the copy."""
_UNTOUCHED = re.compile(
    r"\.rels$|\[Content_Types\]|xl/styles|xl/theme|xl/calcChain|xl/metadata|\.vml$"
)

_T = r"((?:[\w.-]+:)?{name}(?:\s[^>]*)?)>([^<]*)</"
_TEXTS = re.compile(
    rf"<{_T.format(name='(?:t|oddHeader|oddFooter|evenHeader|evenFooter|firstHeader|firstFooter)')}"
)
_STRING_CELL = re.compile(
    r"(<(?:[\w.-]+:)?c\s[^>]*\bt=[\"']str[\"'][^>]*>(?:<(?:[\w.-]+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:[\w.-]+:)?f>))?"
    r"<(?:[\w.-]+:)?v(?:\s[^>]*)?>)([^<]*)(</)"
)
_CHART_VALUE = re.compile(rf"<{_T.format(name='v')}")
_AUTHOR = re.compile(rf"<{_T.format(name='author')}")
_CORE = re.compile(
    rf"<{_T.format(name='(?:creator|lastModifiedBy|title|subject|description|keywords|category)')}"
)
_APP = re.compile(rf"<{_T.format(name='(?:Company|Manager|HyperlinkBase)')}")
_PROMPT = re.compile(r"(\s(?:tooltip|display|prompt|error|promptTitle|errorTitle)=\")([^\"]*)(\")")

Told = Callable[[str], str]


def refuse_what_cannot_be_replaced(package: Package) -> None:
    """Raises AnnotationError, which names what is to be taken out first."""
    found = [what for shape, what in _REFUSED if any(map(shape.search, package.names))]
    if found:
        raise AnnotationError(
            f"Le classeur contient {listing(found)}, qui peuvent désigner quelqu'un et ne peuvent "
            "pas être remplacés.",
            "Retirez-les d'une copie du classeur, puis recommencez.",
        )


def replaced_parts(package: Package, told: Told) -> Iterator[tuple[str, bytes]]:
    """(part, its new content) of each part some text of which changes."""
    for name in package.names:
        if name.endswith("/") or _UNTOUCHED.search(name):
            continue
        data = package.read(name)
        if _BLANKED.search(name):
            yield name, bytes(len(data))
            continue
        if not name.endswith(".xml"):
            continue
        try:
            text = to_utf8(data).decode()
        except (MalformedXmlError, UnicodeDecodeError) as error:
            raise AnnotationError(f"L'élément « {name} » du classeur est mal formé.") from error
        new = _part(name, text, told)
        if new != text:
            yield name, new.encode()


def _part(name: str, text: str, told: Told) -> str:
    if name.startswith("docProps/"):
        text = _replaced(_CORE, text, lambda _: "")
        return _replaced(_APP, text, lambda _: "")
    if name.startswith("xl/charts/"):
        text = _replaced(
            _CHART_VALUE, text, lambda value: value if _is_number(value) else told(value)
        )
    if "comments" in name:
        text = _replaced(_AUTHOR, text, told)
    if name.startswith("xl/worksheets/"):
        text = _STRING_CELL.sub(lambda m: f"{m[1]}{_escaped(told(unescape(m[2])))}{m[3]}", text)
        text = _PROMPT.sub(lambda m: f"{m[1]}{_attribute(told(unescape(m[2])))}{m[3]}", text)
    return _replaced(_TEXTS, text, told)


def _replaced(shape: re.Pattern[str], text: str, told: Told) -> str:
    return shape.sub(lambda m: f"<{m[1]}>{_escaped(told(unescape(m[2])))}</", text)


def _escaped(text: str) -> str:
    return text_xml(text)


def _attribute(text: str) -> str:
    return text_xml(text).replace('"', "&quot;").replace("\n", "&#10;")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
