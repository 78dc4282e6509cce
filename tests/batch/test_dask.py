"""The same campaign over a Dask cluster: `Client.get_executor()` is an executor like another."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from xl_cpom import check_batch
from xl_cpom.validators.model import Verdict

distributed = pytest.importorskip("distributed", reason="extra « dask » non installé")

VALIDE = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_valide.xlsx"


def test_sur_un_groupe_dask_local(tmp_path: Path) -> None:
    paths = [tmp_path / f"retour_{rank}.xlsx" for rank in range(8)]
    for path in paths:
        shutil.copy(VALIDE, path)
    paths[3].write_bytes(b"abime")
    ours = [pickle.dumps(report) for report in check_batch(paths, jobs=2)]
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None,
                                 local_directory=str(tmp_path)) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):  # fmt: skip
        theirs = list(check_batch(paths, executor=executor))
    assert [pickle.dumps(report) for report in theirs] == ours
    assert [report.verdict for report in theirs].count(Verdict.RECEVABLE) == 7
