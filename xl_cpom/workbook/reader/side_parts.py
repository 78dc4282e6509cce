"""The parts beside the cells: tables, comments, document properties, external links.

None of them can stop the reading by being malformed; a DTD or a bomb in one of them does.
"""

from __future__ import annotations

import re

from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.model import RawTable
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import MAX_COL, parse_rect
from xl_cpom.workbook.reader.refusals import MalformedPartError
from xl_cpom.workbook.reader.relationships import read_relationships
from xl_cpom.workbook.reader.xml import Attributes, TextRun, parse_part

FILTER_CRITERIA = frozenset(
    ("filters", "customFilters", "top10", "dynamicFilter", "colorFilter", "iconFilter")
)
"""What a column of an autofilter holds when it filters; a hidden button filters nothing."""

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def filters(attributes: Attributes) -> bool:
    """Does a column of an autofilter filter by itself? One whose button is hidden does not."""
    return attributes.get("hiddenButton") not in ("1", "true")


def read_table(reading: PackageReading, part: str, sheet: str) -> RawTable | None:
    """A table part; None when its range is no range."""
    root: Attributes = {}
    columns: list[str] = []
    filtered = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal root, filtered
        if name == "table":
            root = attributes
        elif name == "tableColumn" and len(columns) < MAX_COL:
            title = decode(attributes.get("name", ""))
            reading.text.spend(title)
            columns.append(title)
        elif name in FILTER_CRITERIA or (name == "filterColumn" and filters(attributes)):
            filtered = True

    parse_part(reading.container, part, start)
    ref = root.get("ref", "")
    rect = parse_rect(ref)
    if rect is None:
        reading.remarks.add("PLAGE", sheet, None, ref)
        return None
    reading.count_ranges(1)
    name = decode(root.get("displayName") or root.get("name", ""))
    reading.text.spend(name)
    headers = 0 if root.get("headerRowCount") == "0" else 1
    totals = 1 if root.get("totalsRowCount", "0") != "0" else 0
    return RawTable(name, rect, tuple(columns), headers, totals, filtered)


def read_application(reading: PackageReading, part: str) -> tuple[str, str]:
    """(name, version) of the program that saved the workbook."""
    texts = {"app:Application": "", "app:AppVersion": ""}
    run = TextRun(reading.limits.token_bytes, part)

    def end(name: str) -> None:
        if name in texts:
            texts[name] = run.take().strip()

    parse_part(reading.container, part, lambda _name, _attributes: run.clear(), end, run.add)
    return texts["app:Application"], texts["app:AppVersion"]


def read_saved(reading: PackageReading, part: str) -> str:
    """When the workbook was last saved, as its core properties say (« 2028-01-15T10:22:00Z »)."""
    saved = ""
    run = TextRun(reading.limits.token_bytes, part)

    def end(name: str) -> None:
        nonlocal saved
        if name == "dcterms:modified":
            saved = run.take().strip()

    parse_part(reading.container, part, lambda _name, _attributes: run.clear(), end, run.add)
    return saved if _INSTANT.fullmatch(saved) else ""


def read_properties(reading: PackageReading, part: str) -> dict[str, str]:
    """Custom document properties, as text."""
    properties: dict[str, str] = {}
    run = TextRun(reading.limits.token_bytes, part)
    title = value = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal title, value
        if name == "cp:property":
            title = attributes.get("name", "")
            value = ""
        run.clear()  # what stands between two elements is indentation

    def end(name: str) -> None:
        nonlocal value
        if name == "cp:property" and len(properties) < 1000:
            reading.text.spend(value)
            properties[title] = value
        elif name != "cp:property":
            value = value or decode(run.take())
        run.clear()

    parse_part(reading.container, part, start, end, run.add)
    return properties


def read_external_link(reading: PackageReading, part: str) -> list[str]:
    """Targets of an external link part, as written; none is ever followed."""
    targets: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "ddeLink":
            service, topic = attributes.get("ddeService", ""), attributes.get("ddeTopic", "")
            targets.append(f"DDE:{service}|{topic}")
            reading.text.spend(targets[-1])
            reading.remarks.add("LIEN-DDE", None, None, f"{service}|{topic}")

    parse_part(reading.container, part, start)
    relations = read_relationships(reading.container, part, reading.text).values()
    return targets + [relation.target for relation in relations if relation.external]


def tolerate(reading: PackageReading, error: MalformedPartError, sheet: str | None = None) -> None:
    """Say that an accessory part could not be read."""
    reading.remarks.add("PARTIE", sheet, None, error.part)
