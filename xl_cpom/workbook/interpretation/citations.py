"""References cited in another sheet (« N° de l'action liée »), matched with what they cite.

People write « n° A25 », « action A 25 » or « a25 » for the action A25. Where a single record has
that reference, it is the one meant, and it is said; otherwise the text stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xl_cpom.typography import fold, visible
from xl_cpom.workbook.interpretation.coercion.codes import bare_reference
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.records import Classeur, Row

_BETWEEN = re.compile(r"(\s*[;,/+\n]\s*|\s+et\s+)")


def match_citations(classeur: Classeur) -> Iterator[Notice]:
    """Put the very reference in place of each citation that means one; say it."""
    for table in classeur.tables.values():
        for column in table.sheet.columns:
            if not column.cites:
                continue
            sheet, key = column.cites.split(".")
            cited: dict[str, set[str]] = {}
            for row in classeur[sheet]:
                if isinstance(row.values[key], str):
                    cited.setdefault(bare_reference(row.values[key]), set()).add(row.values[key])
            known = {fold(text) for texts in cited.values() for text in texts}
            for row in table.rows:
                text = row.values[column.key]
                if isinstance(text, str) and fold(text) not in known:
                    yield from _match(row, column, text, cited, known)


def _match(
    row: Row, column: Column, text: str, cited: dict[str, set[str]], known: set[str]
) -> Iterator[Notice]:
    parts = _BETWEEN.split(text)
    meant = [
        part if index % 2 or fold(part) in known else _meant(part, cited)
        for index, part in enumerate(parts)
    ]
    if meant == parts:
        return
    row.values[column.key] = "".join(meant)
    address = row.cell(column.key) or ""
    values = {
        "lu": visible(text),
        "attendu": row.values[column.key],
        "colonne": column.header,
        "nuance": "",
    }
    yield Notice("FMT-019", row.table.name, (address,), visible(text), values)


def _meant(part: str, cited: dict[str, set[str]]) -> str:
    """The one reference that a text means, else the text itself."""
    found = cited.get(bare_reference(part), set())
    if not found and (joined := _joined(part)):  # « A-1 » for the action A1
        found = {one for bare, texts in cited.items() if _joined(bare) == joined for one in texts}
    return next(iter(found)) if len(found) == 1 else part


def _joined(text: str) -> str:
    """A reference without what may part a letter from its number: « A-1 », « A.1 » -> « a1 »."""
    return re.sub(r"(?<=[a-z])[-._/°]+(?=\d)", "", bare_reference(text))
