"""However it is ended, the command leaves no copy of a workbook behind.

Real processes, in a group of their own, with their workers. A signal that can be heard leaves
nothing at all; one that cannot leaves what the next start removes.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ampleur import by

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and groups"),
    pytest.mark.xdist_group("interrupted"),  # one process measures the whole run
]

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
INSTANTS = by(3, 20)


@pytest.fixture(scope="module")
def retours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("depot")
    for rank in range(4):
        shutil.copy(WORKBOOKS / "exemple_fautif.xlsx", folder / f"retour_{rank}.xlsx")
    return folder


def launch(retours: Path, place: Path) -> subprocess.Popen[bytes]:
    """A campaign that writes annotated copies, in its own group of processes."""
    environment = {**os.environ, "TMPDIR": str(place / "tmp"), "XDG_STATE_HOME": str(place)}
    return subprocess.Popen(
        [sys.executable, "-m", "xl_cpom", "valider", str(retours), "-j", "2", "--lots",
         str(place / "lots"), "--consolidation", str(place / "conso")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        start_new_session=True, preexec_fn=_entendre,
    )  # fmt: skip


def _entendre() -> None:
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def leftovers(place: Path) -> list[str]:
    """What is neither an output under its name nor the journal."""
    drafts = [path for path in (place / "tmp").rglob("*") if path.is_file()]
    beside = [path for path in place.rglob("*.tmp*") if path.is_file()]
    return [str(path.relative_to(place)) for path in (*drafts, *beside)]


@pytest.fixture(scope="module")
def duree(retours: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds of a run that nobody ends; it leaves nothing either."""
    place = tmp_path_factory.mktemp("entier")
    (place / "tmp").mkdir()
    start = time.monotonic()
    assert launch(retours, place).wait(120) == 1
    assert list((place / "tmp").glob("xl_cpom-*")) == []
    return time.monotonic() - start


@pytest.mark.parametrize("instant", range(INSTANTS))
def test_a_killed_cluster_leaves_nothing(
    retours: Path, duree: float, tmp_path: Path, instant: int
) -> None:
    (tmp_path / "tmp").mkdir()
    numbers = (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL)
    number = numbers[instant % 3]
    process = launch(retours, tmp_path)
    share = (instant + random.Random(instant).random()) / INSTANTS
    try:
        process.wait(duree * share)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, number)
        process.wait(30)
        assert process.returncode in (-number, 128 + number, 1)  # 1: it had already ended
    if number is not signal.SIGKILL and process.returncode > 0:
        assert leftovers(tmp_path) == []
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", str(WORKBOOKS / "exemple_valide.xlsx")],
        check=True,
        capture_output=True,
        env=environment,
    )
    assert leftovers(tmp_path) == []
    assert list((tmp_path / "tmp").glob("xl_cpom-*")) == []


def test_an_order_to_end_is_obeyed_even_when_the_exception_is_lost() -> None:
    """SystemExit raised inside what swallows it (a `__del__`, a thread waited for) is not the end."""
    code = (
        "import contextlib, time\nfrom xl_cpom.cli import signals\nsignals.GRACE = 0.2\n"
        "signals.end_in_order()\nprint('prêt', flush=True)\n"
        "while True:\n    with contextlib.suppress(SystemExit):\n        time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, preexec_fn=_entendre
    ) as process:
        assert process.stdout is not None and process.stdout.readline()
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM


def test_an_order_lost_in_a_callback_of_the_interpreter_is_given_again() -> None:
    """Raised in the `__del__` of an object, the exception is dropped: the order still stands."""
    code = (
        "import os, signal, time\nfrom xl_cpom.cli import signals\nsignals.end_in_order()\n"
        "class Collected:\n    def __del__(self):\n"
        "        os.kill(os.getpid(), signal.SIGTERM); time.sleep(0.2)\n"
        "try:\n    Collected()\n    time.sleep(60)\nfinally:\n    print('rangé', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, preexec_fn=_entendre, timeout=15
    )
    assert (done.returncode, done.stdout.decode().strip()) == (128 + signal.SIGTERM, "rangé")


def test_a_second_order_does_not_disturb_what_is_being_put_away() -> None:
    code = (
        "import os, signal, time\nfrom xl_cpom.cli import signals\nsignals.end_in_order()\n"
        "try:\n    os.kill(os.getpid(), signal.SIGHUP); time.sleep(60)\n"
        "finally:\n    os.kill(os.getpid(), signal.SIGTERM); time.sleep(0.2)\n"
        "    print('rangé', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, preexec_fn=_entendre, timeout=15
    )
    assert (done.returncode, done.stdout.decode().strip()) == (128 + signal.SIGHUP, "rangé")
