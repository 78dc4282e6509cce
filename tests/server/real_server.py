"""« xl-cpom serveur » run as a user would, on a free port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path


class launched:
    """Run the command; (address, process). Stopped with Ctrl+C; what is left is for the tests."""

    def __init__(self, tmp: Path, *arguments: str) -> None:
        self.tmp, self.arguments = tmp, arguments

    def __enter__(self) -> tuple[str, subprocess.Popen[str]]:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xl_cpom", "serveur", "--port", "0", *self.arguments],
            stderr=subprocess.PIPE,
            text=True,
            env=_env(self.tmp),
        )
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        found = re.search(r"http://\S+?(?=/ )", line)
        assert found, line
        _wait(found[0])
        return found[0], self.process

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        assert self.process.wait(20) is not None
        assert self.process.stderr is not None
        self.errors = self.process.stderr.read()
        self.process.stderr.close()


def _env(tmp: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(tmp), "TEMP": str(tmp), "PYTHONIOENCODING": "utf-8"}


def _wait(address: str) -> None:
    import httpx

    for _ in range(100):
        try:
            httpx.get(f"{address}/sante")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")
