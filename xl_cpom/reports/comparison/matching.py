"""Which record of one file is which record of the other: by identity, then by likeness.

Position says nothing: rows are sorted, inserted, pasted. A record whose very identity was
corrected (a FINESS number put right) is recognised by what the rest of its row says. The rules of
two years (`validators.year_pairs`) allow no likeness: they accuse, this only shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xl_cpom.reports.comparison.displayed_values import ComparedSide
from xl_cpom.typography import fold
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.records import Row, Table

MatchedPair = tuple[Row | None, Row | None]

LIKENESS = 0.5
"""Share of equal values from which two records without a common identity are the same."""

_MOST_PAIRS = 40_000
"""Beyond this, likeness is not looked for: two sheets this different are not two versions."""


def match_records(
    avant: Table, apres: Table, cotes: tuple[ComparedSide, ComparedSide]
) -> list[MatchedPair]:
    """The records of both tables, each once; None where the other file does not have it."""
    if avant.sheet.layout is Layout.FICHE:
        return [(avant.rows[0], apres.rows[0])]
    before, after = cotes
    left, right = _by_identity(avant, before), _by_identity(apres, after)
    pairs: list[tuple[Row, Row]] = []
    for identity, rows in left.items():
        others = right.get(identity, []) if any(identity) else []
        pairs += _closest(rows, others, cotes, least=0.0)
    taken = {id(row) for pair in pairs for row in pair}
    alone = [row for row in avant if id(row) not in taken]
    others = [row for row in apres if id(row) not in taken]
    pairs += _closest(alone, others, cotes, least=LIKENESS)
    return list(_in_order(avant, apres, pairs))


def _by_identity(table: Table, side: ComparedSide) -> dict[tuple[str, ...], list[Row]]:
    sheet, found = table.sheet, defaultdict(list)
    for row in table:
        found[tuple(fold(side.text(row, sheet[key])) for key in sheet.identity)].append(row)
    return found


def _closest(
    left: Sequence[Row],
    right: Sequence[Row],
    cotes: tuple[ComparedSide, ComparedSide],
    *,
    least: float,
) -> Iterator[tuple[Row, Row]]:
    """Pairs of the most alike first, the nearest in position when nothing else decides."""
    if not left or not right or len(left) * len(right) > _MOST_PAIRS:
        return
    if len(left) == len(right) == 1 and not least:
        yield left[0], right[0]
        return
    said = [
        [_says(row, side) for row in rows] for rows, side in ((left, cotes[0]), (right, cotes[1]))
    ]
    ranked = sorted(
        (-_likeness(a, b), abs(i - j), i, j)
        for i, a in enumerate(said[0])
        for j, b in enumerate(said[1])
    )
    used: tuple[set[int], set[int]] = (set(), set())
    for score, _, i, j in ranked:
        if -score >= least and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield left[i], right[j]


def _says(row: Row, side: ComparedSide) -> frozenset[tuple[str, str]]:
    columns = [column for column in _entries(row.table.sheet) if row.table.has(column.key)]
    return frozenset((c.key, fold(text)) for c in columns if (text := side.text(row, c)))


def _entries(sheet: Sheet) -> list[Column]:
    return [column for column in sheet.columns if column.is_entry]


def _likeness(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> float:
    return len(a & b) / max(len(a), len(b), 1)


def _in_order(
    avant: Table, apres: Table, pairs: Sequence[tuple[Row, Row]]
) -> Iterator[MatchedPair]:
    """In the order of the second file; what it lost comes after."""
    before = {id(after): before for before, after in pairs}
    for row in apres:
        yield before.get(id(row)), row
    kept = {id(before) for before, _ in pairs}
    yield from ((row, None) for row in avant if id(row) not in kept)
