"""What is said of the lines that are no record: once each, or once for lines that follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from xl_cpom.typography import guillemets, visible
from xl_cpom.workbook.interpretation.coercion import shown
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.row_kinds import RowKind, TableLine
from xl_cpom.workbook.reader import RawCell

_WORDS = {
    RowKind.HEADERS: "les en-têtes y sont recopiés",
    RowKind.PHANTOM: "rien n'y est saisi qu'une formule recopiée, un zéro ou une case décochée",
}
_GAP = 2
"""Lines of one kind this near are told together: a signature takes several."""


def tell(
    tab: str, lines: Sequence[TableLine], kinds: Mapping[int, RowKind], date1904: bool
) -> Iterator[Notice]:
    """One notice for each run of lines of a kind, its cells being the first of each line."""
    others = [line for line in lines if kinds[line.number] is not RowKind.RECORD]
    for kind in (RowKind.TOTAL, RowKind.HEADERS, RowKind.NOTE, RowKind.PHANTOM):
        same = [line for line in others if kinds[line.number] is kind]
        for run in _runs(same, by_name=kind is RowKind.TOTAL):
            firsts = [_first(line) for line in run]
            text = shown(firsts[0], None, date1904)
            if kind is RowKind.TOTAL and not isinstance(firsts[0].value, str):
                text = visible(f"={firsts[0].formula}", 40) if firsts[0].formula else text
            quoi = _WORDS.get(kind) or f"{guillemets(visible(text, 60))} n'y est pas une donnée"
            numbers = _spell([line.number for line in run])
            yield Notice(
                "STR-042" if kind is RowKind.TOTAL else "STR-051",
                tab,
                tuple(cell.ref for cell in firsts),
                text,
                {"lu": text, "quoi": quoi, "lignes": numbers, "lues": _READ[len(run) > 1]},
            )


def _runs(lines: Sequence[TableLine], *, by_name: bool) -> Iterator[list[TableLine]]:
    """Lines that follow; by_name: two that are named otherwise are told apart."""

    def rank(pair: tuple[int, TableLine]) -> int:
        return ranks[pair[0]]

    ranks: list[int] = []
    for index, line in enumerate(lines):
        before = lines[index - 1]
        near = index > 0 and line.number - before.number <= _GAP
        near = near and not (by_name and _name(line) != _name(before))
        ranks.append(ranks[-1] if near else index)
    for _, run in groupby(enumerate(lines), key=rank):
        yield [line for _, line in run]


def _name(line: TableLine) -> str:
    value = _first(line).value
    return value if isinstance(value, str) else ""


def _first(line: TableLine) -> RawCell:
    """The cell that tells what the line is: its first text, else its first cell."""
    cells = sorted((line.cells[key] for key in line.filled), key=lambda cell: cell.col)
    cells = cells or sorted((*line.cells.values(), *line.others), key=lambda cell: cell.col)
    return next((c for c in cells if isinstance(c.value, str) and c.formula is None), cells[0])


_READ = ("n'est pas lue comme une donnée", "ne sont pas lues comme des données")
"""Of one line, of several."""


def _spell(numbers: Iterable[int]) -> str:
    found = list(numbers)
    if len(found) == 1:
        return f"la ligne {found[0]}"
    return f"les lignes {found[0]} à {found[-1]}"
