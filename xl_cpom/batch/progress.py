"""Where a long work is: a live line on a terminal, plain lines elsewhere, nothing for a handful."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Protocol

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import number_text, plural, typeset
from xl_cpom.validators.model import Verdict

SMALL = 20
"""Below this number of files, nothing is said where there is no terminal."""

ASSEZ = 5
"""Files read before the rate means something: the first one waits for its process to start."""

INTERVAL = 5.0
"""Seconds between two plain lines."""

SHORT = {
    Verdict.RECEVABLE: "recevable",
    Verdict.WITH_RESERVES: "avec réserves",
    Verdict.NON_RECEVABLE: "non recevable",
    Verdict.ILLISIBLE: "illisible",
    Verdict.NON_CONTROLE: "en panne",
    Verdict.TO_COMPLETE: "en préparation",
    Verdict.READY: "en attente de négociation",
}

INVARIABLES = ("avec ", "en ", "sans ")
"""States that begin so are the same in the plural."""


class Progress(Protocol):
    """Told after each file."""

    def __call__(self, nom: str, verdict: Verdict, du_journal: bool) -> None:
        """One more file is known."""


Avancement = Callable[[str, bool], None]
"""Told after each item: its state, and whether it cost nothing (taken from a journal)."""


@contextmanager
def progress(total: int, flux: IO[str] | None = None) -> Iterator[Progress]:
    """Follow the control of `total` files on `flux` (stderr by default)."""
    with avancement(total, "Contrôle", tuple(SHORT.values()), flux) as told:

        def file_told(nom: str, verdict: Verdict, du_journal: bool) -> None:
            told(SHORT[verdict], du_journal)

        yield file_told


@contextmanager
def avancement(
    total: int, titre: str, order: Sequence[str] = (), flux: IO[str] | None = None
) -> Iterator[Avancement]:
    """Follow a work on `total` files; ordre: the states, in the order they are shown, singular."""
    out = sys.stderr if flux is None else flux
    compteur = ProgressCounter(total, tuple(order))
    if out.isatty():
        with _is_live(compteur, titre, out) as told:
            yield told
    else:
        yield _ProgressLines(compteur, titre, out)


@dataclass
class ProgressCounter:
    """What is done, how it went, how fast, how long it will still take."""

    total: int
    order: Sequence[str] = ()
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    read: int = 0
    states: Counter[str] = field(default_factory=Counter)
    started: float = 0.0

    def __post_init__(self) -> None:
        """Start the clock."""
        self.depart = self.clock()

    def count(self, etat: str, gratuit: bool) -> None:
        """One more; what cost nothing says nothing of the rate."""
        self.done += 1
        self.read += not gratuit
        self.states[etat] += 1

    @property
    def detail(self) -> str:
        """« 20 recevables, 3 non recevables »."""
        names = [*self.order, *(e for e in self.states if e not in self.order)]
        return ", ".join(
            plural(self.states[e], e, e if e.startswith(INVARIABLES) else None)
            for e in names
            if self.states[e]
        )

    @property
    def rate(self) -> float:
        """Items per second, 0 when not known yet."""
        spent = self.clock() - self.depart
        return self.read / spent if self.read >= ASSEZ and spent > 0 else 0.0

    @property
    def pace(self) -> str:
        """« 4,2 par seconde, reste 1 min 20 s », "" when not known yet."""
        if not self.rate:
            return ""
        said = f"{number_text(self.rate, 1)} par seconde"
        left = self.total - self.done
        return f"{said}, reste {duree(left / self.rate)}" if left else said


def duree(secondes: float) -> str:
    """« 45 s », « 3 min 05 s », « 1 h 20 min »."""
    left = round(secondes)
    if left < 60:
        return f"{left} s"
    if left < 3600:
        return f"{left // 60} min {left % 60:02} s"
    return f"{left // 3600} h {left % 3600 // 60:02} min"


class _ProgressLines:
    """Plain lines, one every few seconds and the last one."""

    def __init__(self, compteur: ProgressCounter, titre: str, out: IO[str]) -> None:
        self.compteur = compteur
        self.titre = titre
        self.out = out
        self.last = time.monotonic()

    def __call__(self, etat: str, gratuit: bool) -> None:
        count = self.compteur
        count.count(etat, gratuit)
        now = time.monotonic()
        if count.total < SMALL or (count.done < count.total and now - self.last < INTERVAL):
            return
        self.last = now
        said = f"{self.titre} : {plural(count.done, 'classeur')} sur {number_text(count.total)}"
        parts = (f"{said} ({count.detail})", count.pace)
        print(typeset(" ; ".join(filter(None, parts))), file=self.out, flush=True)


@contextmanager
def _is_live(compteur: ProgressCounter, titre: str, out: IO[str]) -> Iterator[Avancement]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(
        TextColumn(titre),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[detail]}"),
        TextColumn("{task.fields[pace]}"),
        console=Console(file=out),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=compteur.total, detail="", pace="")

        def told(etat: str, gratuit: bool) -> None:
            compteur.count(etat, gratuit)
            bar.update(task, advance=1, detail=compteur.detail, pace=typeset(compteur.pace))

        yield told
