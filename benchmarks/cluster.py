"""`python -m benchmarks.cluster [N]`: a campaign by the local pool, then by a Dask cluster.

The same N returns (1,000 unless told otherwise), two processes on each side, the journal, the
tables and the page included; the rows of both are compared. The two are run in turns, twice, so
that what else the machine does weighs on both. What the ratio says is the price of Dask on one
machine; what a cluster brings is its other machines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from concurrent.futures import Executor
from pathlib import Path

from tools.synthese import produce
from xl_cpom.batch.campagne import CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans
from xl_cpom.batch.consolidation.consolidate import consolidate
from xl_cpom.batch.deposit import CampaignFile, depot_files
from xl_cpom.batch.given_lists import read_attendus
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.situation import situations
from xl_cpom.workers.pool import WorkerSettings

PROCESSES, TURNS = 2, 2
Outputs = dict[str, bytes]


def main() -> None:
    """Print the two times, and whether what was written is the same."""
    from distributed import Client, LocalCluster

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nombre", nargs="?", type=int, default=1000)
    count = parser.parse_args().nombre
    os.environ["PYTHONSAFEPATH"] = "1"  # as the guide says
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = produce(folder / "campagne", nombre=count, jobs=PROCESSES)
        files = depot_files([made.depot])
        settings = CampaignSettings(attendus=read_attendus(made.attendus))
        with (
            LocalCluster(n_workers=PROCESSES, threads_per_worker=1, dashboard_address=None,
                         local_directory=str(folder / "dask")) as cluster,
            Client(cluster) as client, client.get_executor() as executor,
        ):  # fmt: skip
            times: dict[str, list[float]] = {"local": [], "Dask": []}
            outputs: list[Outputs] = []
            for turn in range(TURNS):
                for name, means in (("local", None), ("Dask", executor)):
                    out = folder / f"{name}{turn}"
                    spent, written = _campaign(files, settings, out, means)
                    times[name].append(spent)
                    outputs.append(written)
    same = all(written == outputs[0] for written in outputs)
    print(
        f"{len(files)} retours, {PROCESSES} processus de chaque côté, en rapport au local : horloge"
    )
    unit = statistics.fmean(times["local"])
    for name, spent_each in times.items():
        said = ", ".join(f"{spent:.1f}" for spent in spent_each)
        print(f"  {name:<6} {statistics.fmean(spent_each) / unit:6.2f} ×   ({said} s)")
    print(f"  sorties identiques : {'oui' if same else 'NON'} ({len(outputs[0])} fichiers)")


def _campaign(
    files: list[CampaignFile], settings: CampaignSettings, out: Path, executor: Executor | None
) -> tuple[float, Outputs]:
    """Seconds of a campaign and its tables, and what it wrote."""
    out.mkdir()
    started = time.perf_counter()
    with Journal(out / "journal.sqlite") as journal:
        means = BatchMeans(WorkerSettings(jobs=PROCESSES), executor)
        result = check_campaign(files, settings, journal, moyens=means)
        consolidate(result, situations(result.report), out)
    spent = time.perf_counter() - started
    tables = (path for path in sorted(out.rglob("*")) if path.suffix in (".xlsx", ".parquet"))
    return spent, {path.relative_to(out).as_posix(): path.read_bytes() for path in tables}


if __name__ == "__main__":
    main()
