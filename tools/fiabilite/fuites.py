"""Thousands of files through one worker of the batch: what it holds afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tools.hostiles import CAS
from tools.hostiles.modele import honest
from xl_cpom.batch.check_files import WARM_UP
from xl_cpom.batch.task import FileTask, control_file
from xl_cpom.workers.pool import Pool, WorkerSettings

SMALL = ("conteneur-vide", "conteneur-coupe-moitie", "xml-dtd-feuille", "conteneur-doublon",
          "format-xls", "conteneur-somme", "feuille-trois-cents", "xml-profondeur",
          "feuille-interrompue")  # fmt: skip
"""Traps that are quickly dealt with: most of the run is refusals, one file in five is honest."""

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Bilan:
    """What one worker held at a third of the way, then at the end."""

    fichiers: int
    descripteurs: tuple[int, int]
    memoire: tuple[int, int]
    """resident bytes"""
    enfants: int
    temporary: int
    """files left in the folder of temporary files"""

    @property
    def croissance(self) -> float:
        """MiB taken since the first look."""
        return (self.memoire[1] - self.memoire[0]) / MIB

    @property
    def plat(self) -> bool:
        """Nothing was kept."""
        return (
            self.descripteurs[0] == self.descripteurs[1]
            and self.croissance <= 20
            and not self.enfants
            and not self.temporary
        )


def measure_all(combien: int, folder: Path) -> Bilan:
    """Control so many files in one worker that is never replaced."""
    requests = [FileTask(str(path), path.name) for path in _files(folder)]
    before = set(_temporary())
    pool = Pool(control_file, WorkerSettings(jobs=1, recycle_after=combien + 1), warm_up=WARM_UP)
    looks: list[tuple[int, int]] = []
    children = 0
    tasks = (requests[rank % len(requests)] for rank in range(combien))
    for done, _ in enumerate(pool.run(tasks), 1):
        if done in (combien // 3, combien - 1):  # the last answer lets the worker go
            worker = psutil.Process(pool._seats[0].process.pid)
            looks.append((worker.num_fds(), worker.memory_info().rss))
            children = len(worker.children())
    (fds, rss), (last_fds, last_rss) = looks
    left = len(set(_temporary()) - before)
    return Bilan(combien, (fds, last_fds), (rss, last_rss), children, left)


def _files(folder: Path) -> Sequence[Path]:
    paths = []
    for rank, name in enumerate(SMALL):
        path = folder / f"{rank}.xlsx"
        path.write_bytes(CAS[name].fabrique())
        paths.append(path)
    this_honest = folder / "honnete.xlsx"
    this_honest.write_bytes(honest())
    return [*paths[:4], this_honest, *paths[4:], this_honest]


def _temporary() -> list[str]:
    return [path.name for path in Path(tempfile.gettempdir()).glob("xl*cpom*")]
