"""Types that a program lost everywhere: dates become texts, FINESS numbers become numbers.

A library that writes texts alone (polars), or numbers wherever it sees digits (xlsx-populate), does
so in the whole workbook: told cell by cell it is a thousand faults of nobody's. It is told once,
and only of cells that were read without a doubt; a cell that could not be read stays told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import listing
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.rows import TabReading
from xl_cpom.workbook.lists import is_code_list
from xl_cpom.workbook.model import Column, Kind

_SHARE = 0.8
_FEW = 10
_TABS = 3


@dataclass(frozen=True, slots=True)
class _Loss:
    """One way to lose a type: the codes that say it cell by cell, and the words for all."""

    codes: frozenset[str]
    words: str


_DATES = _Loss(frozenset({"FMT-016"}), "les dates ne sont plus des dates")
_NUMBERS = _Loss(
    frozenset({"FMT-011", "FMT-018", "FMT-021"}), "les nombres sont devenus des textes"
)
_IDENTIFIERS = _Loss(frozenset({"FMT-003", "FMT-004"}), "les identifiants sont devenus des nombres")


def lost_types(
    tabs: Mapping[str, TabReading], notices: Sequence[Notice]
) -> tuple[str, list[str], frozenset[int]]:
    """(what was lost, in words, the tabs, the notices it explains); ("", [], {}) for nothing."""
    filled = list(_filled(tabs))
    words: list[str] = []
    covered: set[int] = set()
    for loss in (_DATES, _NUMBERS, _IDENTIFIERS):
        found = {index for index, notice in enumerate(notices) if notice.code in loss.codes}
        where = {notices[index].sheet for index in found}
        total = sum(_may_lose(column, loss) for column in filled)
        if len(found) >= max(_FEW, _SHARE * total) and len(where) >= _TABS:
            words.append(loss.words)
            covered |= found
    sheets = list(dict.fromkeys(notices[index].sheet for index in sorted(covered)))
    return listing(words), sheets, frozenset(covered)


def _filled(tabs: Mapping[str, TabReading]) -> Iterator[Column]:
    """The column of each cell of entry that holds something."""
    for tab in tabs.values():
        for column in tab.table.sheet.columns:
            if column.is_entry:
                for row in tab.table.rows:
                    if row.values.get(column.key) is not None:
                        yield column


def _may_lose(column: Column, loss: _Loss) -> bool:
    """Can a cell of this column lose its type so? Identifiers that all programs keep count too."""
    if loss is _DATES:
        return column.kind is Kind.DATE
    if loss is _NUMBERS:
        return column.kind.is_number or column.kind is Kind.COTATION
    return column.kind in (Kind.FINESS, Kind.SIREN, Kind.SIRET) and not is_code_list(column)
