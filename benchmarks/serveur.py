"""The server under load: seconds per upload, what the workers take, at several crowds.

`python -m benchmarks.serveur [--ouvriers N]` runs « xl-cpom serveur » as a user would and sends it
the two shipped examples, with 1, 4 and 16 people at once. A 503 is counted, and tried again after
the time it asks for. The load of the machine is printed: on a busy one, read the processor time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

WORKBOOKS = Path(__file__).resolve().parent.parent / "workbooks"
CLASSEURS = [(WORKBOOKS / f"exemple_{name}.xlsx").read_bytes() for name in ("valide", "fautif")]
UPLOADS = 32


async def un(client: httpx.AsyncClient, rank: int, gate: asyncio.Semaphore) -> tuple[float, int]:
    """Seconds of the answer that came, and how many times we were told to come back."""
    told = 0
    async with gate:
        while True:
            begin = time.perf_counter()
            files = {"classeurs": ("a.xlsx", CLASSEURS[rank % 2])}
            answer = await client.post("/controle", files=files)
            if answer.status_code != 503:
                assert answer.status_code == 200
                return time.perf_counter() - begin, told
            told += 1
            await asyncio.sleep(int(answer.headers["Retry-After"]))


async def crowd(address: str, people: int) -> list[tuple[float, int]]:
    """ENVOIS uploads, so many at once."""
    gate = asyncio.Semaphore(people)
    async with httpx.AsyncClient(base_url=address, timeout=300) as client:
        return await asyncio.gather(*(un(client, rank, gate) for rank in range(UPLOADS)))


def cpu(root: psutil.Process) -> float:
    """Seconds of processor of the server and its workers."""
    times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def main() -> None:
    """Print one line per crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ouvriers", default="2")
    arguments = parser.parse_args()
    begin = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "xl_cpom", "serveur", "--port", "0",
         "--ouvriers", arguments.ouvriers],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stderr is not None
        found = re.search(r"http://\S+?(?=/ )", server.stderr.readline())
        assert found
        root = psutil.Process(server.pid)
        asyncio.run(crowd(found[0], 1))
        print(f"premier passage : {time.perf_counter() - begin:.1f} s, démarrage compris")
        for people in (1, 4, 16):
            this_cpu, begin = -cpu(root), time.perf_counter()
            answers = asyncio.run(crowd(found[0], people))
            total, this_cpu = time.perf_counter() - begin, this_cpu + cpu(root)
            times = [seconds for seconds, _ in answers]
            memory = max(c.memory_info().rss for c in root.children(recursive=True)) // 2**20
            print(
                f"{people:>3} à la fois : p50 {statistics.median(times):.2f} s, p95 "
                f"{statistics.quantiles(times, n=20)[-1]:.2f} s, {UPLOADS / total:.1f} classeurs/s, "  # noqa: E501
                f"{1000 * this_cpu / UPLOADS:.0f} ms de processeur par classeur, 503 : "
                f"{sum(told for _, told in answers)}, ouvrier le plus gros {memory} Mio, serveur "
                f"{root.memory_info().rss // 2**20} Mio, charge {os.getloadavg()[0]:.1f}"
            )
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
