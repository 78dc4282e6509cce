"""How things are timed: the floor, the subject, the floor, for each file; then paired ratios.

The floor inflates every sheet part and runs expat over it without keeping anything: nothing that
reads the workbook can do less. A ratio to it holds on a noisy machine where milliseconds do not.
"""

from __future__ import annotations

import statistics
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat


@dataclass(frozen=True)
class Mesure:
    """Paired ratios of a subject to the floor, over several files."""

    nom: str
    ratios: tuple[float, ...]

    @property
    def mediane(self) -> float:
        """Median ratio."""
        return statistics.median(self.ratios)

    def ligne(self) -> str:
        """One line of the table."""
        ordered = sorted(self.ratios)
        low, high = ordered[len(ordered) // 10], ordered[-1 - len(ordered) // 10]
        return f"{self.nom:<58} {self.mediane:7.1f} ×   ({low:.1f} – {high:.1f})"


def plancher(path: Path) -> None:
    """Inflate every sheet part of a workbook and parse it without handlers."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                expat.ParserCreate().Parse(archive.read(name), True)


def duree(function: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def cpu(function: Callable[[], object]) -> float:
    """Seconds of processor of one call: what other processes take meanwhile is not counted."""
    start = time.process_time()
    function()
    return time.process_time() - start


def measure(
    nom: str, sujet: Callable[[Path], object], fichiers: Sequence[Path], *, tours: int = 1
) -> Mesure:
    """Ratios of the subject to the floor, floor taken before and after each run."""
    sujet(fichiers[0])
    ratios = []
    for path in [f for _ in range(tours) for f in fichiers]:
        before = cpu(lambda path=path: plancher(path))  # type: ignore[misc]
        spent = cpu(lambda path=path: sujet(path))  # type: ignore[misc]
        after = cpu(lambda path=path: plancher(path))  # type: ignore[misc]
        ratios.append(spent / ((before + after) / 2))
    return Mesure(nom, tuple(ratios))
