"""`python -m benchmarks.campagne [N]`: a campaign of N returns against the sum of single runs.

Everything is a ratio taken in one run, since milliseconds mean nothing on a shared machine. The
synthetic campaign is kept under the folder given, so that a second run does not write it again.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.mesure import duree, plancher
from xl_cpom.batch.campagne import Reglement, controler_campagne
from xl_cpom.batch.consolidation import consolider
from xl_cpom.batch.controle import Moyens
from xl_cpom.batch.depot import Fichier, fichiers
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.listes import lire_attendus
from xl_cpom.batch.pool import Reglages
from xl_cpom.batch.situation import situations
from xl_cpom.batch.synthese import produire
from xl_cpom.validators.check import check

TEMOINS = 60
"""Returns controlled one by one to know what a single warm run costs."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nombre", nargs="?", type=int, default=363)
    parser.add_argument("--dossier", type=Path, help="où garder la campagne")
    parser.add_argument("-j", type=int, default=2, dest="jobs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.dossier or Path(temporary)
        _mesurer(folder, Path(temporary), asked.nombre, asked.jobs)


def _mesurer(folder: Path, temporary: Path, nombre: int, jobs: int) -> None:
    files = _fichiers(folder, nombre)
    reglement = Reglement(attendus=lire_attendus(folder / "attendus.csv"))
    one = _un_par_un(files)
    moyens = Moyens(Reglages(jobs=jobs))
    with Journal(temporary / "journal.sqlite") as journal:
        start = time.perf_counter()
        result = controler_campagne(files, reglement, journal, moyens=moyens)
        first = time.perf_counter() - start
        again = replace(reglement, reprendre=True)
        rerun = duree(lambda: controler_campagne(files, again, journal))
        known = situations(result.rapport)
        written = duree(lambda: consolider(result, known, temporary / "conso"))
    floor = sum(duree(lambda path=f.chemin: _plancher(path)) for f in files[:TEMOINS])
    floor *= len(files) / min(TEMOINS, len(files))
    total = one * len(files)
    rows = (
        ("plancher, un par un (décompression et expat)", floor),
        ("un par un, à chaud, dans un seul processus", total),
        (f"campagne, {jobs} processus, journal compris", first),
        ("relance, rien n'a changé", rerun),
        ("consolidation (xlsx et Parquet)", written),
    )
    print(f"{len(files)} retours, {jobs} processus")
    for name, spent in rows:
        print(f"  {name:<48} {spent:8.1f} s   {spent / total:6.3f} × un par un")
    print(f"  mémoire la plus haute d'un processus : {moyens.peak / 1024:.0f} Mio")
    rate = first / len(files)
    print(f"  6 500 retours au même rythme : {6500 * rate / 60:.1f} min")


def _fichiers(folder: Path, nombre: int) -> list[Fichier]:
    """The returns of a campaign, written if they are not there; copies beyond 363 organismes."""
    depot = folder / "retours"
    if not depot.exists():
        produire(folder, nombre=min(nombre, 363))
    files = fichiers([depot])
    for rank in range(max(0, nombre - len(files))):
        source = files[rank].chemin
        copy = depot / f"n{rank:05}_{source.name}"
        if not copy.exists():
            shutil.copyfile(source, copy)
    return fichiers([depot])[:nombre]


def _un_par_un(files: Sequence[Fichier]) -> float:
    """Seconds of one warm run: mean over returns spread through the campaign."""
    chosen = files[:: max(1, len(files) // TEMOINS)][:TEMOINS]
    check(chosen[0].chemin)
    return statistics.fmean(duree(lambda path=f.chemin: check(path)) for f in chosen)


def _plancher(path: Path) -> None:
    try:
        plancher(path)
    except (ValueError, OSError, KeyError):  # a damaged return has no floor
        return
    except Exception as error:
        if type(error).__name__ not in {"BadZipFile", "ExpatError"}:
            raise


if __name__ == "__main__":
    main()
