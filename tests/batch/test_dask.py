"""The same campaign over a Dask cluster: `Client.get_executor()` is an executor like another."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from xl_cpom import check_batch
from xl_cpom.cli import dask_cluster
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.validators.model import Verdict

distributed = pytest.importorskip("distributed", reason="extra « dask » non installé")

VALIDE = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_valide.xlsx"


def valider(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", *map(str, arguments), "-j", "1",
         "--format", "json"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two workers of one thread on this machine, started as the guide says."""
    with mock.patch.dict(os.environ, {"PYTHONSAFEPATH": "1"}), distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None,
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as found:  # fmt: skip
        yield found


def test_the_command_on_a_dask_cluster(cluster: Any, tmp_path: Path) -> None:
    folder = tmp_path / "retours"
    folder.mkdir()
    for rank in range(4):
        shutil.copy(VALIDE, folder / f"retour_{rank}.xlsx")
    (folder / "retour_2.xlsx").write_bytes(b"abime")
    ours = valider(folder, "--journal", tmp_path / "ici.sqlite")
    theirs = valider(
        folder, "--journal", tmp_path / "la.sqlite", "--dask", cluster.scheduler_address
    )
    assert ours.returncode == 3
    assert (theirs.returncode, theirs.stdout, theirs.stderr) == (3, ours.stdout, ours.stderr)


def test_a_cluster_that_does_not_answer_is_a_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "DELAI", 1)
    for address in ("tcp://127.0.0.1:9", "n'importe quoi"):
        with (
            pytest.raises(CommandRefusedError, match="ne répond pas"),
            dask_cluster.cluster_executor(address),
        ):
            pass


@pytest.mark.long
def test_on_a_local_dask_cluster(cluster: Any, tmp_path: Path) -> None:
    paths = [tmp_path / f"retour_{rank}.xlsx" for rank in range(8)]
    for path in paths:
        shutil.copy(VALIDE, path)
    paths[3].write_bytes(b"abime")
    ours = [pickle.dumps(report) for report in check_batch(paths, jobs=2)]
    with distributed.Client(cluster) as client, client.get_executor() as executor:
        theirs = list(check_batch(paths, executor=executor))
    assert [pickle.dumps(report) for report in theirs] == ours
    assert [report.verdict for report in theirs].count(Verdict.RECEVABLE) == 7
