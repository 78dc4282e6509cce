"""Which tab of the file is which declared sheet, whatever people did to its name.

A tab is recognised by its exact name, else by the same name folded (case, accents, insecable
blanks, « (2) »), else by a declared synonym, else by a name close to it, else by the headers it
holds. Every departure from the exact name is said; two tabs for one sheet are said, and the better
one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import fold, visible
from xl_cpom.workbook.interpretation.headers import headers_found
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.reader import RawSheet, RawWorkbook
from xl_cpom.workbook.tabs import OF_THE_TEMPLATE

_OURS = ("Contrôles", "Non repris")
"""Tabs that the annotated copy and the transfer add, under a number when the name is taken."""

RECOGNISED = 3
"""Sheets of ours without which a workbook is none of ours."""

_COPY = re.compile(r"\s*\((\d+)\)$")
_CLOSE_ENOUGH = 82
_HEADERS_ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class Located:
    """The tabs found for the declared sheets, and what there is to say about them."""

    tabs: Mapping[str, RawSheet]
    notices: tuple[Notice, ...]


def locate(workbook: RawWorkbook, sheets: Iterable[Sheet]) -> Located:
    """Match the tabs of a workbook with the declared sheets."""
    wanted = list(sheets)
    free = [tab for tab in workbook.sheets if not _of_the_template(tab)]
    found: dict[str, RawSheet] = {}
    notices: list[Notice] = []
    for matcher in (_exact, _folded, _synonym, _close):
        for sheet in wanted:
            if sheet.key in found:
                continue
            candidates = [tab for tab in free if matcher(tab.name, sheet)]
            if not candidates:
                continue
            best = max(candidates, key=lambda tab: len(tab.cells))
            found[sheet.key] = best
            free.remove(best)
            if matcher is not _exact:
                notices.append(_renamed(best, sheet))
    for sheet in wanted:
        if sheet.key not in found and (tab := _by_headers(free, sheet)) is not None:
            found[sheet.key] = tab
            free.remove(tab)
            notices.append(_renamed(tab, sheet))
    notices.extend(_leftovers(free, wanted, found))
    notices.extend(
        Notice("STR-002", sheet.name, values={"feuille": sheet.name})
        for sheet in wanted
        if sheet.key not in found
    )
    return Located(found, tuple(notices))


def are_foreign(names: Iterable[str], sheets: Iterable[Sheet]) -> bool:
    """Are these names of tabs those of another workbook, as far as names tell?"""
    tabs = list(names)
    alike = [
        sheet
        for sheet in sheets
        if any(
            _folded(name, sheet) or _synonym(name, sheet) or _close(name, sheet) for name in tabs
        )
    ]
    return len(alike) < RECOGNISED


def _of_the_template(tab: RawSheet) -> bool:
    names = {fold(name) for name in OF_THE_TEMPLATE}
    added = {fold(name) for name in _OURS}
    return fold(tab.name) in names or fold(_COPY.sub("", tab.name)) in added


def _exact(name: str, sheet: Sheet) -> bool:
    return name == sheet.name


def _folded(name: str, sheet: Sheet) -> bool:
    return fold(_COPY.sub("", name)) == fold(sheet.name)


def _synonym(name: str, sheet: Sheet) -> bool:
    return fold(_COPY.sub("", name)) in {fold(synonym) for synonym in sheet.synonyms}


def _close(name: str, sheet: Sheet) -> bool:
    from rapidfuzz import fuzz

    return fuzz.ratio(fold(name), fold(sheet.name)) >= _CLOSE_ENOUGH


def _by_headers(free: Iterable[RawSheet], sheet: Sheet) -> RawSheet | None:
    """The one tab that holds nearly all the headers of a sheet; None when two do."""
    alike = [tab for tab in free if headers_found(tab, sheet) >= _HEADERS_ENOUGH]
    return alike[0] if len(alike) == 1 else None


def _renamed(tab: RawSheet, sheet: Sheet) -> Notice:
    return Notice(
        "STR-020",
        tab.name,
        value=visible(tab.name),
        values={"lu": visible(tab.name), "feuille": sheet.name},
    )


def _leftovers(
    free: list[RawSheet], wanted: list[Sheet], found: Mapping[str, RawSheet]
) -> Iterator[Notice]:
    for tab in free:
        twin = next(
            (
                sheet
                for sheet in wanted
                if sheet.key in found and (_folded(tab.name, sheet) or _synonym(tab.name, sheet))
            ),
            None,
        )
        if twin is not None:
            yield Notice(
                "STR-021",
                tab.name,
                value=visible(tab.name),
                values={"lu": visible(tab.name), "lue": visible(found[twin.key].name)},
            )
        else:
            yield Notice(
                "STR-004", tab.name, value=visible(tab.name), values={"lu": visible(tab.name)}
            )
