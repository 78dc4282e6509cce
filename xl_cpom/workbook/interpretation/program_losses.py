"""What another program lost or rewrote when it saved the workbook, said once as what it is.

A program without tables takes them off every sheet, and with them the formulas that named their
columns; another keeps the values alone. Told cell by cell it is a thousand faults of nobody's. What
a person did to one cell is still told of that cell: a result that differs from the one computed
again is never covered by the loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import guillemets, listing
from xl_cpom.workbook.interpretation.extent import table_at
from xl_cpom.workbook.interpretation.location import Located
from xl_cpom.workbook.interpretation.lost_types import lost_types
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.results import same_result, same_text
from xl_cpom.workbook.interpretation.rows import TabReading
from xl_cpom.workbook.lists import has_list
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader import RawWorkbook
from xl_cpom.workbook.records import NON_LU

REWRITTEN = "STR-053"
_DEPARTED = ("STR-008", "STR-034", "STR-035")
_FEW = 5
_SHARE = 0.8
_SHEETS_NAMED = 4


@dataclass(frozen=True, slots=True)
class _Lost:
    """The calculated cells of one tab that a program lost: how many, and their notices."""

    tab: str
    count: int
    notices: frozenset[int]


def group_losses(
    raw: RawWorkbook,
    located: Located,
    tabs: Mapping[str, TabReading],
    notices: Sequence[Notice],
) -> Iterator[Notice]:
    """The notices, those that one loss explains replaced by one notice for all of them."""
    lost = [one for tab in tabs.values() if (one := _lost_formulas(raw, tab, notices, _FEW))]
    if lost:  # what a program did, it did everywhere: a tab with few formulas too
        lost = [one for tab in tabs.values() if (one := _lost_formulas(raw, tab, notices, 1))]
    covered = frozenset().union(*(one.notices for one in lost))
    lists = _lost_lists(tabs, notices)
    types, untyped, of_types = lost_types(tabs, notices)
    covered |= of_types
    rewritten = [notice for notice in notices if notice.code == REWRITTEN]
    for index, notice in enumerate(notices):
        if index in covered or notice.code == REWRITTEN or (lists and notice.code == "STR-014"):
            continue
        yield notice
    if names := _lost_tables(located, tabs):
        yield _once("STR-052", names, len(names))
    if rewritten:
        yield _once(REWRITTEN, _names(n.sheet for n in rewritten), len(rewritten))
    if lost:
        yield _once("STR-054", [one.tab for one in lost], sum(one.count for one in lost))
    if lists:
        yield _once("STR-055", lists, len(lists))
    if types:
        yield _once("STR-058", untyped, len(of_types), quoi=types)
    yield from _broken_lists(raw, located, tabs)


def _once(code: str, sheets: Sequence[str], count: int, **words: str) -> Notice:
    named = [guillemets(name) for name in sheets[:_SHEETS_NAMED]]
    if len(sheets) > _SHEETS_NAMED:
        more = len(sheets) - _SHEETS_NAMED
        named.append("1 autre" if more == 1 else f"{more} autres")
    return Notice(code, "", values={"feuilles": listing(named), "nombre": count, **words})


def _names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _lost_tables(located: Located, tabs: Mapping[str, TabReading]) -> list[str]:
    """The tabs whose headers stand in no Excel table any more."""
    return [
        tab.table.name
        for key, tab in tabs.items()
        if tab.table.sheet.layout is not Layout.FICHE
        and tab.table.present
        and tab.table.header_row
        and table_at(located.tabs[key], tab.table.header_row) is None
    ]


def _lost_formulas(
    raw: RawWorkbook, tab: TabReading, notices: Sequence[Notice], few: int
) -> _Lost | None:
    """The departures of a tab when nearly all its formulas have departed; None otherwise."""
    cells = {cell.ref: (row, column, cell) for row, column, cell in tab.calculated if cell}
    found = {
        index: notice
        for index, notice in enumerate(notices)
        if notice.sheet == tab.table.name and notice.code in _DEPARTED and notice.cells[0] in cells
    }
    if len(found) < few or len(found) < _SHARE * len(cells):
        return None
    covered = set()
    for index, notice in found.items():
        row, column, cell = cells[notice.cells[0]]
        computed = row.values[column.key]
        broken = notice.code == "STR-034" or _says_nothing(cell.formula)
        same = same_result(cell, computed, raw.date1904) or same_text(cell, computed)
        if broken or computed is NON_LU or same:
            covered.add(index)
    return _Lost(tab.table.name, len(covered), frozenset(covered)) if covered else None


def _says_nothing(formula: str | None) -> bool:
    """Is it what a program puts in place of a formula that it could not read?"""
    text = (formula or "").upper().replace(" ", "")
    return bool(text) and (text in ("NA()", "#N/A", "#REF!", "#NAME?") or "ERROR(" in text)


def _lost_lists(tabs: Mapping[str, TabReading], notices: Sequence[Notice]) -> list[str]:
    """The tabs, when every list of every column with data is gone from all of them."""
    gone: dict[str, int] = {}
    for notice in notices:
        if notice.code == "STR-014":
            gone[notice.sheet] = gone.get(notice.sheet, 0) + 1
    with_lists = {
        tab.table.name: sum(
            column.is_entry and has_list(column) and tab.table.has(column.key)
            for column in tab.table.sheet.columns
        )
        for tab in tabs.values()
        if tab.table.rows and tab.table.sheet.layout is not Layout.FICHE
    }
    wanted = {name: count for name, count in with_lists.items() if count}
    everywhere = len(wanted) > 1 and all(gone.get(name) == n for name, n in wanted.items())
    return list(wanted) if everywhere else []


def _broken_lists(
    raw: RawWorkbook, located: Located, tabs: Mapping[str, TabReading]
) -> Iterator[Notice]:
    """The tabs whose drop-downs rest on a name that no longer leads anywhere."""
    names = {name.name.casefold(): name.text for name in raw.defined_names}
    found = []
    for key in tabs:
        tab = located.tabs[key]
        sources = [
            (v.formula1 or "").strip().lstrip("=") for v in tab.validations if v.type == "list"
        ]
        if any(_leads_nowhere(source, names) for source in sources):
            found.append(tab.name)
    if found:
        yield _once("STR-056", found, len(found))


def _leads_nowhere(source: str, names: Mapping[str, str]) -> bool:
    if "#REF!" in source:
        return True
    if not source.replace("_", "").replace(".", "").isalnum() or source[0].isdigit():
        return False  # a range, a list typed in the rule, a formula
    return "#REF!" in names.get(source.casefold(), "#REF!")
