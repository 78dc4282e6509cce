"""What the file itself has that is doubtful: damaged sheets, ambiguous cells, macros, calls out.

None of it is executed nor followed by us; whoever opens the workbook after us must know.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from xl_cpom.typography import guillemets, listing, visible
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.reader import RawSheet, RawWorkbook

_AMBIGUOUS = frozenset(
    {
        "CEL-DOUBLON",
        "CEL-VALEURS",
        "CEL-ORDRE",
        "CEL-LIGNE",
        "CEL-REF",
        "LIG-ORDRE",
        "LIG-REF",
        "FEU-NOM",
    }
)
"""Remarks of the reader about places that two programs may read differently."""

_CALL_OUT = re.compile(
    r"\b(WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE|IMPORT(?:DATA|XML|HTML|FEED|RANGE)"
    r"|SQL\.REQUEST|DDE)\s*\(|\b(\w+)\|[^!|]*!",
    re.IGNORECASE,
)
_CELLS_SHOWN = 50


def intrusions(raw: RawWorkbook) -> Iterator[Notice]:
    """Every doubtful thing of the file, before anybody looks at its data."""
    for tab in raw.sheets:
        if tab.unreadable is not None:
            values = {"feuille": visible(tab.name), "raison": visible(tab.unreadable, 120)}
            yield Notice("STR-037", tab.name, value=values["raison"], values=values)
    yield from _ambiguous(raw)
    if raw.has_macros:
        yield Notice("STR-039", "")
    if raw.active_content:
        content = listing(raw.active_content)
        yield Notice("STR-041", "", value=content, values={"contenu": content})
    for tab in raw.sheets:
        yield from _calls_out(tab)
    yield from _names_calling_out(raw)


def _ambiguous(raw: RawWorkbook) -> Iterator[Notice]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for remark in raw.remarks:
        if remark.code in _AMBIGUOUS and remark.sheet is not None:
            found[remark.sheet].setdefault(remark.cell or "", remark.detail)
    for sheet, places in found.items():
        cells = tuple(cell for cell in places if cell)[:_CELLS_SHOWN]
        reason = next(iter(places.values()))
        values = {"feuille": visible(sheet), "raison": reason}
        yield Notice("STR-038", sheet, cells, reason, values)


def _calls_out(tab: RawSheet) -> Iterator[Notice]:
    cells: list[str] = []
    first = ""
    for cell in tab.cells.values():
        if cell.formula and (called := _called(cell.formula)):
            first = first or called
            cells.append(cell.ref)
    if cells:
        where = f"de la feuille {guillemets(visible(tab.name))}"
        values = {"lieu": where, "fonction": visible(first, 40)}
        yield Notice("STR-040", tab.name, tuple(cells[:_CELLS_SHOWN]), values["fonction"], values)


def _names_calling_out(raw: RawWorkbook) -> Iterator[Notice]:
    found = [name for name in raw.defined_names if _called(name.text)]
    if found:
        where = f"du gestionnaire de noms ({guillemets(visible(found[0].name, 40))})"
        values = {"lieu": where, "fonction": visible(_called(found[0].text), 40)}
        yield Notice("STR-040", "", value=values["fonction"], values=values)


@lru_cache(maxsize=4096)
def _called(formula: str) -> str:
    """What a formula calls outside the workbook, or "": the same on hundreds of rows."""
    hit = _CALL_OUT.search(formula)
    return "" if hit is None else (hit[1] or hit[2]).upper()
