"""`python -m benchmarks.campagne [N]`: a campaign against the sum of single runs, and the rest.

N returns of N organismes, all different, are really written and controlled; a region is 363 of
them taken through the whole. Everything is a ratio of things measured in one run, singles before
and after, since milliseconds mean nothing on a shared machine. Two ratios are given: of the clock,
which only says something when nothing else runs, and of the time of processor shared between the
processes, which is what the clock would say on free cores. With `--dossier` the campaign is kept,
so that a second run does not write it again.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

import psutil

from benchmarks import pair
from benchmarks.mesure import plancher
from tools.ouvriers import ouvriers
from tools.synthese import produce
from xl_cpom.batch.answer import finess_in_name
from xl_cpom.batch.campagne import CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans, answer_tasks
from xl_cpom.batch.deposit import CampaignFile, depot_files
from xl_cpom.batch.given_lists import read_attendus
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.task import FileTask
from xl_cpom.typography import number_text
from xl_cpom.validators.check import check
from xl_cpom.workers.pool import WorkerSettings
from xl_cpom.workers.worker import peak_memory

REGION, FRANCE = 363, 6_500
WITNESSES = 60
"""Returns controlled one by one to know what a single warm run costs."""

PAIRS = 12
"""Returns controlled the peer's way."""

QUALITES = {"honnête": 66, "fautif": 24, "abîmé": 3, "deux versions": 4, "copie": 2,
            "établissement d'autrui": 1}  # fmt: skip
"""No missing return: N organismes give at least N files."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nombre", nargs="?", type=int, default=1000)
    parser.add_argument("--dossier", type=Path, help="où garder la campagne")
    parser.add_argument("-j", type=int, default=2, dest="jobs")
    parser.add_argument("--memoire", type=int, default=2000, help="fichiers dans un seul processus")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.dossier or Path(temporary) / "campagne"
        Mesures(folder, Path(temporary), asked.nombre, asked.jobs).print_all(asked.memoire)


@dataclass(frozen=True)
class Temps:
    """Seconds of the clock, and of processor (those of the processes started included)."""

    clock: float
    cpu: float

    def par(self, count: float) -> Temps:
        """The same, divided."""
        return Temps(self.clock / count, self.cpu / count)


def mesure(function: Callable[[], object]) -> Temps:
    """The time of one call."""
    clock, spent = time.perf_counter(), occupation()
    function()
    return Temps(time.perf_counter() - clock, occupation() - spent)


def occupation() -> float:
    """Seconds of processor taken on this machine: a worker is nobody's child to be asked later."""
    said = psutil.cpu_times()
    return said.user + said.nice + said.system


def mean(times: Sequence[Temps]) -> Temps:
    """Mean of several."""
    return Temps(statistics.fmean(t.clock for t in times), statistics.fmean(t.cpu for t in times))


class Mesures:
    """What is measured on one campaign of `nombre` returns."""

    def __init__(self, folder: Path, temporary: Path, nombre: int, jobs: int) -> None:
        deposit = folder / "retours"
        if not deposit.exists():
            produce(folder, nombre=nombre, qualites=QUALITES)
        self.folder, self.temporary, self.jobs = folder, temporary, jobs
        self.files = depot_files([deposit])[:nombre]
        step = len(self.files) / min(REGION, len(self.files))
        self.region = [self.files[int(rank * step)] for rank in range(min(REGION, nombre))]
        self.peak = 0

    def print_all(self, memoire: int) -> None:
        """Measure and print."""
        few = self.region[:: max(1, len(self.region) // WITNESSES)][:WITNESSES]
        before = _chacun(check, few)
        region = self.campagne(self.region)
        first, again = self.commande()
        single = mean((before, _chacun(check, few)))
        count = len(self.region)
        print(
            f"{count} retours, {self.jobs} processus, en rapport à la somme des contrôles un par "
            "un, à chaud : horloge, processeur"
        )
        total = Temps(single.clock * count, single.cpu * count)
        _row("un par un, à chaud, dans un seul processus", total, total)
        _row("plancher (décompression et expat)", _chacun(plancher, few), single)
        _row("la façon du pair (openpyxl, pandera avec coercition)",
               _chacun(pair.controler, few[:PAIRS]), single)  # fmt: skip
        _row(f"{self.jobs} processus côte à côte qui ne font que contrôler : ce que permet "
               "la machine", _side_by_side(few, self.jobs), single)  # fmt: skip
        shared = Temps(region.clock, region.cpu / self.jobs)
        _row("campagne : contrôle, journal, règles entre retours", shared, total, but=0.6)
        _row("la commande entière, consolidation et page comprises",
               Temps(first.clock, first.cpu / self.jobs), total)  # fmt: skip
        _row("relance sans changement, en rapport à la première fois", again, first, but=0.05)
        self.france(shared.par(count), single)
        print(
            f"  mémoire la plus haute d'un processus de contrôle : {self.peak / 1024:.0f} Mio "
            f"(but : 256, {_tenu(self.peak / 1024, 256)})"
        )
        print(f"  mémoire la plus haute du processus qui les mène : {peak_memory() / 1024:.0f} Mio")
        if memoire:
            self.memoire(memoire)

    def campagne(self, files: Sequence[CampaignFile]) -> Temps:
        """Time of a campaign, without its outputs."""
        reglement = CampaignSettings(attendus=read_attendus(self.folder / "attendus.csv"))
        moyens = BatchMeans(WorkerSettings(jobs=self.jobs))
        path = self.temporary / f"journal{len(files)}.sqlite"
        with Journal(path) as journal:
            spent = mesure(lambda: check_campaign(files, reglement, journal, moyens=moyens))
        path.unlink()
        self.peak = max(self.peak, moyens.peak)
        return spent

    def commande(self) -> tuple[Temps, Temps]:
        """Time of the command as a user gives it, from its start: the first time, and again."""
        deposit, out = self.temporary / "retours", self.temporary / "sortie"
        deposit.mkdir()
        for file in self.region:
            shutil.copyfile(file.path, deposit / file.path.name)
        attendus = self.temporary / "attendus.csv"
        attendus.write_text(self.attendus(), encoding="utf-8")
        command = [
            sys.executable, "-m", "xl_cpom", "valider", str(deposit), "--attendus",
            str(attendus), "--consolidation", str(out), "--reprendre",
            "-j", str(self.jobs), "--format", "json", "-o", str(self.temporary / "rapport.json"),
        ]  # fmt: skip

        def run() -> None:
            subprocess.run(command, check=False, stderr=subprocess.DEVNULL)

        return mesure(run), mean([mesure(run) for _ in range(3)])

    def attendus(self) -> str:
        """The list of those expected, kept to the organismes of the region."""
        header, *lines = (self.folder / "attendus.csv").read_text("utf-8-sig").splitlines()
        theirs = {finess_in_name(file.name) for file in self.region}
        rank = header.split(";").index("finess_ej")
        return "\n".join((header, *(one for one in lines if one.split(";")[rank] in theirs)))

    def france(self, per_file: Temps, single: Temps) -> None:
        """The whole of the campaign written, and what it says of all France."""
        count = len(self.files)
        if count <= len(self.region):
            return
        spent = self.campagne(self.files)
        each = Temps(spent.clock, spent.cpu / self.jobs).par(count)
        print(f"{number_text(count)} retours réellement contrôlés, {self.jobs} processus")
        _row("un retour, en rapport à un retour de la région", each, per_file)
        _row("un retour, en rapport à un contrôle seul", each, single, but=0.6)
        print(f"  {number_text(FRANCE)} retours au même rythme : {FRANCE * each.clock / 60:.0f} min "  # noqa: E501
              f"ici, {FRANCE * each.cpu / 60:.0f} min sur des cœurs libres")  # fmt: skip

    def memoire(self, total: int) -> None:
        """Resident memory of one worker that is never replaced, all along `total` files."""
        tasks = (
            FileTask(str(f.path), f.name)
            for f in (self.files[rank % len(self.files)] for rank in range(total))
        )
        moyens = BatchMeans(WorkerSettings(jobs=1, recycle_after=10 * total))
        seen: dict[int, float] = {}
        marks = {total // 10, total // 2, total}
        for count, _ in enumerate(answer_tasks(tasks, moyens), 1):
            if count in marks:
                (worker,) = ouvriers(psutil.Process())
                seen[count] = worker.memory_info().rss / 2**20
        said = ", ".join(f"{value:.0f} Mio après {number_text(n)}" for n, value in seen.items())
        print(
            f"  un processus jamais remplacé : {said} ; le plus haut {moyens.peak / 1024:.0f} Mio"
        )


def _side_by_side(few: Sequence[CampaignFile], jobs: int) -> Temps:
    """A warm return, when so many processes control at once and do nothing else.

    Cores share a cache and a clock: two of them are seldom worth twice one.
    """
    with ProcessPoolExecutor(jobs, get_context("spawn")) as executor:
        for _ in range(2):  # the first time, they import
            spent = mesure(lambda: list(executor.map(_serie, [few] * jobs)))
    return Temps(spent.clock, spent.cpu / jobs).par(jobs * len(few))


def _serie(few: Sequence[CampaignFile]) -> None:
    _chacun(check, few)


def _row(name: str, found: Temps, unit: Temps, *, but: float | None = None) -> None:
    clock, spent = found.clock / unit.clock, found.cpu / unit.cpu
    goal = "" if but is None else f"but : {but:.2f}, {_tenu(clock, but)}, {_tenu(spent, but)}"
    print(f"  {name:<56} {clock:7.3f} × {spent:7.3f} ×   {goal}".rstrip())


def _tenu(found: float, goal: float) -> str:
    return "tenu" if found <= goal else "dépassé"


def _chacun(work: Callable[[Path], object], few: Sequence[CampaignFile]) -> Temps:
    """Mean time of a work on a warm return; one that it cannot do is a damaged return."""
    times = []
    for file in (few[0], *few):
        with suppress(BadZipFile, ExpatError, OSError, KeyError, ValueError):
            times.append(mesure(lambda path=file.path: work(path)))  # type: ignore[misc]
    return mean(times[1:])


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"  (mesuré en {(time.perf_counter() - start) / 60:.0f} min)")
