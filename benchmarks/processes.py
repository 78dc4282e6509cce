"""Whole processes, timed in processor seconds and in memory, and compared pair by pair."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WITHOUT_HYPOTHESIS = "import sys; sys.modules['hypothesis'] = None; "
"""A user has no test library: pandera would import hypothesis, which only our tests install."""


@dataclass(frozen=True)
class Run:
    """What a process took: processor seconds (its children included), peak memory in MiB."""

    seconds: float
    memory: float


def run(command: Sequence[str], *, cwd: Path | None = None) -> Run:
    """Run a process to its end, whatever its exit code (a workbook may be refused)."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise RuntimeError(f"{command}: code {process.returncode}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def python(code: str, executable: str = sys.executable) -> list[str]:
    """The command of a Python text."""
    return [executable, "-c", WITHOUT_HYPOTHESIS + code]


def ours(*arguments: str, executable: str = sys.executable) -> list[str]:
    """The command of xl-cpom, with the Python of a checkout."""
    return python(f"from xl_cpom.cli import main; main({list(arguments)!r})", executable)


def paired(
    commands: Mapping[str, Sequence[str]], subject: str, turns: int, *, cwd: Path | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """Median of subject ÷ other, taken turn by turn, and peak memory, by name of the command."""
    for command in commands.values():
        run(command, cwd=cwd)  # what is compiled once is compiled
    runs = [
        {name: run(command, cwd=cwd) for name, command in commands.items()} for _ in range(turns)
    ]
    ratios = {
        name: statistics.median(turn[subject].seconds / turn[name].seconds for turn in runs)
        for name in commands
    }
    memory = {name: statistics.median(turn[name].memory for turn in runs) for name in commands}
    return ratios, memory
