"""The page under load, on this machine only: connections, rates, places, memory.

A real server of two workers is started on a free port of the loopback; what is asked of it is
bounded. The figures are said, not judged against a clock; the counts are judged.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from xl_cpom.typography import number_text

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
WORKBOOK = WORKBOOKS / "exemple_fautif.xlsx"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE, IDLE, SLOW = 20, 200, 20


@dataclass(frozen=True)
class Load:
    """What was seen. accepted: of the uploads sent at once; p95: seconds; memory: MiB."""

    accepted: int
    p95: float
    memory: float
    idle_survived: bool
    places_held_by_slow: int
    places_left: int

    @property
    def faults(self) -> int:
        """How many promises were not kept."""
        kept = (
            self.accepted == AT_ONCE,
            self.idle_survived,
            self.places_held_by_slow == 0,
            self.places_left == 0,
        )
        return kept.count(False)

    def __str__(self) -> str:
        return (
            f"  {AT_ONCE} classeurs en une fois, deux ouvriers   {self.accepted} acceptés, "
            f"p95 {number_text(self.p95, 1)} s\n"
            f"  mémoire la plus haute (serveur et ouvriers)    {number_text(self.memory, 0)} Mio\n"
            f"  {IDLE} connexions muettes                       "
            f"{'le service continue' if self.idle_survived else 'SERVICE PERDU'}\n"
            f"  {SLOW} envois qui n'arrivent pas                 "
            f"{self.places_held_by_slow} place tenue\n"
            f"  places prises à la fin                         {self.places_left}"
        )


@contextlib.contextmanager
def served(workers: int = 2) -> Iterator[tuple[str, psutil.Process]]:
    """A server of so many workers: its address, its process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "xl_cpom", "serveur", "--port", "0", "--ouvriers", str(workers)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        found = re.search(r"http://\S+?(?=/ )", process.stderr.readline())
        assert found is not None
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{found[0]}/sante")
                break
            time.sleep(0.1)
        yield found[0], psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)
        assert process.stderr is not None
        process.stderr.close()


async def _at_once(address: str) -> list[tuple[int, float]]:
    data = WORKBOOK.read_bytes()

    async def send(client: httpx.AsyncClient, rank: int) -> tuple[int, float]:
        begin = time.monotonic()
        while True:
            files = {"classeurs": (f"{rank}.xlsx", data, TYPE)}
            answer = await client.post("/controle", files=files)
            if answer.status_code != 503 or time.monotonic() - begin > 120:
                return answer.status_code, time.monotonic() - begin
            await asyncio.sleep(int(answer.headers["Retry-After"]) / 5)

    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        return await asyncio.gather(*(send(client, rank) for rank in range(AT_ONCE)))


def _family(process: psutil.Process) -> float:
    """Resident memory of a process and of its children, MiB."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            total += one.memory_info().rss
    return total / 2**20


def _places(address: str) -> int:
    return int(httpx.get(f"{address}/sante", timeout=30).json()["places_prises"])


def measure() -> Load:
    """Put the server under load, and say what became of it."""
    with served() as (address, process):
        host, _, port = address.rpartition("//")[2].rpartition(":")
        found = asyncio.run(_at_once(address))
        memory = _family(process)
        times = sorted(seconds for _, seconds in found)
        with contextlib.ExitStack() as stack:
            for _ in range(IDLE):
                stack.enter_context(socket.create_connection((host, int(port))))
            answer = httpx.post(
                f"{address}/controle",
                files={"classeurs": ("a.xlsx", WORKBOOK.read_bytes(), TYPE)},
                timeout=60,
            )
            idle = answer.status_code == 200
        with contextlib.ExitStack() as stack:
            for _ in range(SLOW):
                slow = stack.enter_context(socket.create_connection((host, int(port))))
                slow.sendall(
                    b"POST /controle HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
                    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
                )
            time.sleep(0.3)
            held = _places(address)
        return Load(
            accepted=sum(status == 200 for status, _ in found),
            p95=statistics.quantiles(times, n=20)[-1],
            memory=max(memory, _family(process)),
            idle_survived=idle,
            places_held_by_slow=held,
            places_left=_places(address),
        )
