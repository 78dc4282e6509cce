"""A Dask cluster that breaks down: a worker killed, the scheduler restarted; nothing is lost.

Scheduler and workers are processes of their own, started as the guide says. XL_CPOM_DASK says how
many returns are controlled (1,000 for the figure of the issue); the campaign must be that of the
local pool, output for output.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.synthese import DrawnCampaign, produce

pytest.importorskip("distributed", reason="extra « dask » non installé")

RETURNS = int(os.environ.get("XL_CPOM_DASK", "80"))
WAIT = 60 + RETURNS
QUALITIES = {"honnête": 6, "fautif": 3, "abîmé": 1}


class Cluster:
    """A scheduler and two workers on this machine."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.folder = folder
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker(n) for n in (1, 2)]

    def _run(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments], cwd=self.folder,
            env={**os.environ, "PYTHONSAFEPATH": "1",
                 "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        made = self._run("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port",
                         str(self.port), "--no-dashboard")  # fmt: skip
        limit = time.monotonic() + WAIT
        while time.monotonic() < limit:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return made
            time.sleep(0.1)
        raise AssertionError("the scheduler did not start")

    def start_worker(self, number: int) -> subprocess.Popen[bytes]:
        return self._run("distributed.cli.dask_worker", self.address, "--nthreads", "1",
                         "--no-nanny", "--no-dashboard", "--death-timeout", "60",
                         "--local-directory", str(self.folder / f"ouvrier{number}"))  # fmt: skip

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                self.kill(process)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    yield found
    found.close()


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> DrawnCampaign:
    return produce(
        tmp_path_factory.mktemp("dask"), nombre=RETURNS, graine=8, qualites=QUALITIES, jobs=2
    )


def command(campagne: DrawnCampaign, out: Path, *options: object) -> list[str]:
    return [sys.executable, "-m", "xl_cpom", "valider", str(campagne.depot), "--attendus",
            str(campagne.attendus), "--consolidation", str(out), "-j", "2", "--format", "json",
            "-o", str(out.with_suffix(".json")), *map(str, options)]  # fmt: skip


def noted(out: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(out / "journal.sqlite", timeout=0.1) as base:
            return int(base.execute("SELECT count(*) FROM reponses").fetchone()[0])
    except sqlite3.Error:
        return 0


def until(process: subprocess.Popen[bytes], out: Path, count: int) -> None:
    limit = time.monotonic() + WAIT
    while noted(out) < count and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.02)


def outputs(out: Path) -> dict[str, bytes]:
    found = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*")
             if p.is_file() and p.suffix in (".html", ".xlsx", ".parquet")}  # fmt: skip
    found["json"] = out.with_suffix(".json").read_bytes()
    return found


@pytest.mark.long
def test_a_worker_killed_and_a_scheduler_restarted(
    cluster: Cluster, returns: DrawnCampaign, tmp_path: Path
) -> None:
    here, there = tmp_path / "ici", tmp_path / "la"
    local = subprocess.run(command(returns, here), capture_output=True, timeout=10 * WAIT)
    wanted = outputs(here)
    assert len(json.loads(wanted["json"])) == len(returns.retours) == RETURNS

    process = subprocess.Popen(command(returns, there, "--dask", cluster.address),
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    until(process, there, RETURNS // 4)
    cluster.kill(cluster.workers[0])
    until(process, there, RETURNS // 2)
    cluster.kill(cluster.scheduler)
    at_least = noted(there)
    _, stderr = process.communicate(timeout=10 * WAIT)
    assert process.returncode == local.returncode, stderr.decode()
    said = stderr.decode()
    noise = [line for line in said.splitlines() if "Traceback" in line or "distributed" in line]
    assert noise == []
    assert noted(there) >= at_least > 0, "what the journal has noted is never lost"
    assert outputs(there) == wanted

    cluster.scheduler = cluster.start_scheduler()
    cluster.workers.append(cluster.start_worker(3))
    again = subprocess.run(command(returns, there, "--dask", cluster.address, "--reprendre"),
                           capture_output=True, timeout=10 * WAIT)  # fmt: skip
    assert again.returncode == local.returncode, again.stderr.decode()
    assert outputs(there) == wanted
