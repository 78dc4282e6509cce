"""The deposit of forty organismes when something goes wrong around it: its outputs end the same.

Two runs at once, the whole group killed with -9, a full disk, a disk that became read-only, a clock
set back between two weeks.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.synthese.deposit import Deposit, weeks

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX processes and mounts"),
]

PATIENCE = 600


@pytest.fixture(scope="module")
def deposit(tmp_path_factory: pytest.TempPathFactory) -> Deposit:
    return next(weeks(tmp_path_factory.mktemp("depot")))


def command(deposit: Deposit, out: Path) -> list[str]:
    return [sys.executable, "-m", "xl_cpom", "valider", str(deposit.returns), *deposit.options(),
            "--consolidation", str(out / "conso"), "--lots", str(out / "lots"), "--reprendre",
            "-j", "2", "--format", "json", "-o", str(out / "r.json")]  # fmt: skip


def start(deposit: Deposit, out: Path) -> subprocess.Popen[str]:
    out.mkdir(exist_ok=True)
    return subprocess.Popen(command(deposit, out), stdout=subprocess.DEVNULL, text=True,
                            stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, stderr = process.communicate(timeout=PATIENCE)
    assert "Traceback (most recent call last)" not in stderr
    return process.returncode, stderr


def outputs(out: Path) -> dict[str, str]:
    """Fingerprint of each output, what a killed run was writing left out."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
        and ".tmp" not in path.suffixes
        and ".sqlite" not in path.name
        and "lost+found" not in path.parts
    }


@pytest.fixture(scope="module")
def wanted(deposit: Deposit, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("propre")
    code, stderr = end(start(deposit, out))
    assert code == 3, stderr
    found = outputs(out)
    assert len(found) > 200
    return found


def test_two_runs_at_once(deposit: Deposit, wanted: dict[str, str], tmp_path: Path) -> None:
    runs = [start(deposit, tmp_path) for _ in range(2)]
    assert [end(run)[0] for run in runs] == [3, 3]
    assert outputs(tmp_path) == wanted


def test_the_whole_group_killed(deposit: Deposit, wanted: dict[str, str], tmp_path: Path) -> None:
    chance = random.Random(9)
    for _ in range(4):
        process = start(deposit, tmp_path)
        time.sleep(chance.uniform(1.0, 12.0))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert end(start(deposit, tmp_path))[0] == 3
    assert outputs(tmp_path) == wanted


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs to mount a tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk(deposit: Deposit, wanted: dict[str, str], tmp_path: Path) -> None:
    disk = tmp_path / "disque"
    with small_disk(disk, "600k"):
        code, stderr = end(start(deposit, disk))
        assert code == 2 and "plus de place" in stderr, stderr
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        assert end(start(deposit, disk))[0] == 3
        assert outputs(disk) == wanted


def test_a_disk_that_becomes_read_only(
    deposit: Deposit, wanted: dict[str, str], tmp_path: Path
) -> None:
    disk = tmp_path / "disque"
    with small_disk(disk, "64m"):
        assert end(start(deposit, disk))[0] == 3
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        code, stderr = end(start(deposit, disk))
        assert code == 2 and len(stderr.strip().splitlines()) < 12, stderr
        assert outputs(disk) == wanted
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert end(start(deposit, disk))[0] == 3
        assert outputs(disk) == wanted


def test_a_clock_set_back(tmp_path: Path) -> None:
    """The run of last week says a day that has not come: it is still last week's."""
    each = weeks(tmp_path / "depot")
    (tmp_path / "depot").mkdir()
    assert end(start(next(each), tmp_path))[0] == 3
    with sqlite3.connect(tmp_path / "conso" / "historique.sqlite") as base:
        base.execute("UPDATE passages SET jour = '2031-06-30'")
    code, stderr = end(start(next(each), tmp_path))
    assert code == 3 and "Depuis le passage du 30/06/2031" in stderr
    assert "anomalies corrigées" in stderr.replace("\u00a0", " ").replace("\u202f", " ")
