"""The indicators in a terminal: a table when the screen is wide enough, a list otherwise."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.terminal import TerminalText
from xl_cpom.reports.words import (
    VERDICTS,
    atteinte,
    indicator_value,
    module_said,
    quantity,
    unread_said,
)
from xl_cpom.typography import listing, typeset
from xl_cpom.validators.model import Verdict
from xl_cpom.validators.recomputed import NON_CALCULABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xl_cpom.referentiel import Module
    from xl_cpom.validators.recomputed import ComputedIndicator

TITLES = ("Module", "Secteur", "Numér.", "Dénom.", "Taux", "Cible", "Atteinte")
MARGIN = "  "
CHIFFRES = range(2, 6)
"""Columns aligned to the right."""
COLORS = {
    mark.symbol: mark.color
    for mark in (VERDICTS[Verdict.RECEVABLE], VERDICTS[Verdict.WITH_RESERVES],
                   VERDICTS[Verdict.NON_RECEVABLE])
}  # fmt: skip


def indicator_table(
    indicateurs: Sequence[ComputedIndicator], modules: Mapping[str, Module], width: int
) -> Iterator[TerminalText]:
    """The lines of the table; « — » stands for what is sans objet or not given."""
    rows = [_cells(indicateur, modules) for indicateur in indicateurs]
    sizes = [max(len(row[rank]) for row in (TITLES, *rows)) for rank in range(len(TITLES))]
    left = width - len(MARGIN) - sum(sizes[:-1]) - 2 * (len(sizes) - 1)
    longest = max(len(word) for row in (TITLES, *rows) for word in row[-1].split(" ")) + 2
    if left < longest:
        yield from _items(rows)
        return
    sizes[-1] = min(sizes[-1], left)
    yield TerminalText(_aligner(TITLES, sizes), style="bold")
    yield TerminalText(MARGIN + "  ".join("─" * size for size in sizes))
    for row in rows:
        *start, last = row
        first, *others = textwrap.wrap(last, sizes[-1], subsequent_indent="  ")
        colour = COLORS.get(last[:1], "")
        line = TerminalText(_aligner((*start, first), sizes))
        line.stylize(colour, len(line) - len(first))
        yield line
        for other in others:
            yield TerminalText(" " * (len(line) - len(first)) + other, style=colour)


def uncomputed(
    indicateurs: Sequence[ComputedIndicator], modules: Mapping[str, Module]
) -> list[str]:
    """One sentence a cause: which indicators it prevents, where and why."""
    by_cause: dict[tuple[str, ...], list[str]] = {}
    for one in indicateurs:
        if one.prevented_by:
            said = module_said(one.module or one.code, modules)
            name = f"{said} ({ligne(one.secteur)})" if one.secteur else said
            by_cause.setdefault(one.prevented_by, []).append(name)
    return [
        typeset(f"{listing(names)} : {NON_CALCULABLE.lower()}, car {unread_said(cause)}.")
        for cause, names in by_cause.items()
    ]


def _cells(indicateur: ComputedIndicator, modules: Mapping[str, Module]) -> tuple[str, ...]:
    cells = (
        module_said(indicateur.module or indicateur.code, modules),
        ligne(indicateur.secteur),
        quantity(indicateur.numerateur),
        quantity(indicateur.denominateur),
        indicator_value(indicateur.code, indicateur.taux),
        indicator_value(indicateur.code, indicateur.cible),
        atteinte(indicateur),
    )
    return tuple(cell.strip() or "—" for cell in cells)


def _aligner(cells: Sequence[str], sizes: Sequence[int]) -> str:
    padded = (
        cell.rjust(size) if rank in CHIFFRES else cell.ljust(size)
        for rank, (cell, size) in enumerate(zip(cells, sizes, strict=True))
    )
    return (MARGIN + "  ".join(padded)).rstrip()


def _items(rows: Sequence[tuple[str, ...]]) -> Iterator[TerminalText]:
    for module, secteur, numerateur, denominateur, value, cible, atteint in rows:
        yield TerminalText(f"  {module} {secteur}", style="bold")
        yield TerminalText(typeset(f"    Taux : {value} ({numerateur} sur {denominateur})"))
        yield TerminalText(typeset(f"    Cible : {cible}"))
        yield TerminalText(f"    {atteint}")
