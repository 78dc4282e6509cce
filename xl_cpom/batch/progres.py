"""Where a batch is: a live line on a terminal, plain lines elsewhere, nothing for a handful."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol

from xl_cpom.typographie import nombre, typographie
from xl_cpom.validators.model import Verdict

PETIT = 20
"""Below this number of files, nothing is said where there is no terminal."""

INTERVALLE = 5.0
"""Seconds between two plain lines."""

COURTS = {
    Verdict.RECEVABLE: "recevables",
    Verdict.AVEC_RESERVES: "avec réserves",
    Verdict.NON_RECEVABLE: "non recevables",
    Verdict.ILLISIBLE: "illisibles",
    Verdict.NON_CONTROLE: "en panne",
}


class Progres(Protocol):
    """Told after each file."""

    def __call__(self, nom: str, verdict: Verdict, du_journal: bool) -> None:
        """One more file is known."""


@contextmanager
def progres(total: int, flux: IO[str] | None = None) -> Iterator[Progres]:
    """Follow `total` files on `flux` (stderr by default)."""
    out = sys.stderr if flux is None else flux
    if out.isatty():
        with _vivant(total, out) as follower:
            yield follower
        return
    yield _Lignes(total, out)


class _Compteur:
    """Counts that every way of showing shares."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.verdicts: Counter[Verdict] = Counter()

    def compter(self, verdict: Verdict) -> None:
        self.done += 1
        self.verdicts[verdict] += 1

    def detail(self) -> str:
        """« 20 recevables, 3 non recevables »."""
        return ", ".join(f"{self.verdicts[v]} {COURTS[v]}" for v in Verdict if self.verdicts[v])


class _Lignes(_Compteur):
    """Plain lines, one every few seconds and the last one."""

    def __init__(self, total: int, out: IO[str]) -> None:
        super().__init__(total)
        self.out = out
        self.last = time.monotonic()

    def __call__(self, nom: str, verdict: Verdict, du_journal: bool) -> None:
        self.compter(verdict)
        now = time.monotonic()
        if self.total < PETIT or (self.done < self.total and now - self.last < INTERVALLE):
            return
        self.last = now
        print(
            typographie(
                f"{nombre(self.done)} classeurs sur {nombre(self.total)} : {self.detail()}"
            ),
            file=self.out,
            flush=True,
        )


@contextmanager
def _vivant(total: int, out: IO[str]) -> Iterator[Progres]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    counts = _Compteur(total)
    bar = Progress(
        TextColumn("Contrôle"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[detail]}"),
        TextColumn("{task.fields[debit]}"),
        TextColumn("reste"),
        TimeRemainingColumn(),
        console=Console(file=out),
        transient=True,
    )
    start = time.monotonic()
    with bar:
        task = bar.add_task("", total=total, detail="", debit="")

        def told(nom: str, verdict: Verdict, du_journal: bool) -> None:
            counts.compter(verdict)
            rate = counts.done / max(time.monotonic() - start, 1e-6)
            bar.update(task, advance=1, detail=counts.detail(), debit=f"{nombre(rate, 1)}/s")

        yield told
