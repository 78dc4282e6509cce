"""Where the batch is: counts, rate, time left; plain lines in a pipe, a live line on a terminal."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.synthese import DrawnCampaign
from xl_cpom.batch import progress as module
from xl_cpom.batch.progress import ProgressCounter, avancement, duree, progress
from xl_cpom.validators.model import Verdict


def blancs(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_counter_says_the_pace_and_the_rest() -> None:
    times: Iterator[float] = iter([0.0, *[10.0] * 10])
    count = ProgressCounter(100, ("recevable", "illisible"), clock=lambda: next(times))
    for _ in range(15):
        count.count("recevable", True)
    assert count.pace == "", "what comes from the journal says nothing of the rate"
    for _ in range(4):
        count.count("illisible", False)
    assert count.pace == "", "four files are not enough to tell"
    count.count("recevable", False)
    assert count.detail == "16 recevables, 4 illisibles"
    assert blancs(count.pace) == "0,5 par seconde, reste 2 min 40 s"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 00 s"), (3599, "59 min 59 s"), (4000, "1 h 06 min")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duree(seconds) == said


def test_in_a_pipe_lines_at_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    with progress(25, out) as told:
        for rank in range(25):
            told(f"{rank}.xlsx", Verdict.RECEVABLE if rank else Verdict.ILLISIBLE, False)
    (line,) = blancs(out.getvalue()).splitlines()
    assert line.startswith("Contrôle : 25 classeurs sur 25 (24 recevables, 1 illisible) ; ")
    assert line.endswith(" par seconde")
    monkeypatch.setattr(module, "INTERVAL", 0.0)
    with avancement(21, "Écriture", (), out) as wrote:
        for _ in range(21):
            wrote("écrit", False)
    assert len(out.getvalue().splitlines()) == 22


def test_a_handful_of_files_says_nothing() -> None:
    out = io.StringIO()
    with progress(module.SMALL - 1, out) as told:
        for rank in range(module.SMALL - 1):
            told(f"{rank}.xlsx", Verdict.RECEVABLE, False)
    assert out.getvalue() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_on_a_terminal_a_live_line(campagne: DrawnCampaign, tmp_path: Path) -> None:
    """The real command on a real pseudo-terminal."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the child becomes the command
        os.environ.update(COLUMNS="150", TERM="xterm", XDG_STATE_HOME=str(tmp_path))
        os.execv(sys.executable, [
            sys.executable, "-m", "xl_cpom", "valider", str(campagne.depot), "--format", "csv",
            "-o", str(tmp_path / "rapport.csv")])  # fmt: skip
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    text = blancs(shown.decode("utf-8", "replace"))
    total = len(campagne.retours)
    assert os.waitstatus_to_exitcode(status) == 3
    assert f"{total}/{total}" in text and "par seconde, reste" in text
    assert "recevables" in text and "illisibles" in text
