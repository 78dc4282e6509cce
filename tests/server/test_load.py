"""Many uploads at once, one bomb in ten, on the real server; and what is left afterwards."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from tests.ampleur import by
from tests.server.files_sent import FAULTY, VALIDE, XLSX, bombs
from tests.server.real_server import launched
from tools.ouvriers import ouvriers
from xl_cpom.server.settings import ServerSettings

UPLOADS = by(20, 50)


async def _send(
    client: httpx.AsyncClient, rank: int, data: bytes, trials: int = 60
) -> tuple[int, float, int]:
    """(last status, seconds of the last answer, times told to come back)."""
    told = 0
    while True:
        begin = time.monotonic()
        files = {"classeurs": (f"{rank}.xlsx", data, XLSX)}
        answer = await client.post("/controle", files=files)
        elapsed = time.monotonic() - begin
        if answer.status_code != 503 or told == trials:
            return answer.status_code, elapsed, told
        told += 1
        await asyncio.sleep(int(answer.headers["Retry-After"]) / 2)  # harder than we are told


async def _at_once(address: str) -> list[tuple[str, int, float, int]]:
    this_bombs = list(bombs().items())
    jobs = []
    limits = httpx.Limits(max_connections=UPLOADS)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        for rank in range(UPLOADS):
            if rank % 10 == 5:
                jobs.append((this_bombs[rank // 10][0], this_bombs[rank // 10][1]))
            else:
                jobs.append(("bon", FAULTY if rank % 2 else VALIDE))
        found = await asyncio.gather(
            *(_send(client, rank, data) for rank, (_, data) in enumerate(jobs))
        )
    return [(kind, *one) for (kind, _), one in zip(jobs, found, strict=True)]


def _single(address: str) -> float:
    """Seconds of a faulty workbook sent alone: what this machine can do at this moment."""
    times = []
    for _ in range(4):
        begin = time.monotonic()
        files = {"classeurs": ("a.xlsx", FAULTY, XLSX)}
        assert httpx.post(f"{address}/controle", files=files, timeout=120).status_code == 200
        times.append(time.monotonic() - begin)
    return statistics.median(times[1:])


def _cpu(pid: int) -> float:
    """Seconds of processor taken so far by the server and its workers."""
    root = psutil.Process(pid)
    times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
    return sum(one.user + one.system for one in times)


@pytest.mark.slow
def test_uploads_at_once_of_which_one_in_ten_is_a_bomb(
    tmp_path: Path, record_property: pytest.RecordProperty, capsys: pytest.CaptureFixture[str]
) -> None:
    with launched(tmp_path, "--ouvriers", "2") as (address, process):
        alone = _single(address)
        most = 0

        async def scene() -> list[tuple[str, int, float, int]]:
            nonlocal most
            work = asyncio.create_task(_at_once(address))
            while not work.done():
                await asyncio.sleep(0.05)
                most = max(most, len(ouvriers(psutil.Process(process.pid))))
            return await work

        cpu = -_cpu(process.pid)
        begin = time.monotonic()
        with ThreadPoolExecutor(1) as thread:  # playwright may hold the loop of this one
            found = thread.submit(asyncio.run, scene()).result()
        total = time.monotonic() - begin
        cpu += _cpu(process.pid)
        health = httpx.get(f"{address}/sante").json()
        left = [p for p in tmp_path.rglob("*") if p.is_file() and p.name != "verrou"]
        folder = next(tmp_path.rglob("serveur-*"))
        assert folder.stat().st_mode & 0o077 == 0
    good = sorted(seconds for kind, _, seconds, _ in found if kind == "bon")
    bad = sorted(seconds for kind, _, seconds, _ in found if kind != "bon")
    assert {status for kind, status, _, _ in found if kind == "bon"} == {200}
    assert {status for kind, status, _, _ in found if kind != "bon"} == {422}
    p95 = statistics.quantiles(good, n=20)[-1]
    told = sum(times for *_, times in found)
    line = (
        f"{UPLOADS} envois, dont {len(bad)} bombes : {total:.1f} s en tout, "
        f"{cpu:.1f} s de processeur ; un envoi seul {alone:.2f} s ; "
        f"bons : p50 {statistics.median(good):.2f} s, p95 {p95:.2f} s ; "
        f"bombes : {bad[-1]:.2f} s au plus ; 503 : {told} ; ouvriers : {most} au plus ; charge de "
        f"la machine : {os.getloadavg()[0]:.0f} pour {os.cpu_count()} cœurs"
    )
    record_property("charge", line)
    with capsys.disabled():
        print(f"\n{line}")
    assert most <= 2
    assert left == []
    assert health["places_prises"] == health["au_travail"] == 0
    assert health["places"] == ServerSettings(workers=2).places
    assert list(tmp_path.rglob("serveur-*")) == []  # the folder left with the server
    rounds = ServerSettings(workers=2).places / 2
    assert p95 < 3 * rounds * alone  # who is let in waits for those before, and for nobody else
