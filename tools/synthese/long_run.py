"""What lets a run of half an hour be stopped and taken up again: its stamp, its clock, its log.

A run writes under one folder. The stamp says what made it (program, size, seed): under another one
nothing is taken up again. The seconds of each phase are kept on disk, so that a run that was cut
says its whole cost and not that of its end.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from xl_cpom.files.atomic import atomic_write
from xl_cpom.typography import number_text, typeset

STAMP, CLOCK, LOG = "passage.json", "durees.json", "avancement.log"
SAVED_EVERY = 5.0
"""Seconds of work that a kill may leave out of the count."""


class NotOurFolderError(ValueError):
    """The folder holds something that no run of ours wrote."""


class LongRun:
    """A run under `folder`. parts: names of what it writes there, removed when the stamp changes.

    `taken_up`: was something of the same run already there? Raises NotOurFolderError.
    """

    def __init__(self, folder: Path, stamp: dict[str, object], parts: Sequence[str]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        before = _read(folder / STAMP)
        if not before and any((folder / name).exists() for name in parts):
            raise NotOurFolderError(f"{folder} contient autre chose : donnez un dossier vide.")
        self.taken_up = before == stamp
        if not self.taken_up:
            for name in (*parts, CLOCK, LOG):
                _remove(folder / name)
            _save(folder / STAMP, stamp)
        self.seconds = {name: float(str(n)) for name, n in _read(folder / CLOCK).items()}
        self.log: TextIO = (folder / LOG).open("a", encoding="utf-8", buffering=1)
        self.say("Passage repris" if self.taken_up else "Passage commencé")

    def say(self, text: str) -> None:
        """A line of the log, with the hour."""
        now = dt.datetime.now().replace(microsecond=0)
        self.log.write(f"{now.isoformat(' ')} {typeset(text)}\n")

    @contextmanager
    def phase(self, name: str, total: int, *, anew: bool = False) -> Iterator[Phase]:
        """Count the seconds of a phase of `total` items, whatever ends it.

        anew: the phase begins again from nothing each time, and so does its clock.
        """
        if anew:
            self.seconds.pop(name, None)
        phase = Phase(self, name, total)
        try:
            yield phase
            self.say(f"{name} : fini")
        finally:
            phase.save()

    def close(self) -> None:
        """End the log."""
        self.log.close()


class Phase:
    """Told of each item; now and then it saves its seconds and writes a line of the log."""

    def __init__(self, run: LongRun, name: str, total: int) -> None:
        self.run, self.name, self.total = run, name, total
        self.done = 0
        self._before = run.seconds.get(name, 0.0)
        self._start = self._saved = time.monotonic()

    def tick(self, detail: str = "") -> None:
        """One more item."""
        self.done += 1
        now = time.monotonic()
        if now - self._saved < SAVED_EVERY and self.done < self.total:
            return
        self._saved = now
        self.save()
        rate = self.done / max(now - self._start, 1e-9)
        left = (self.total - self.done) / rate
        self.run.say(
            f"{self.name} : {number_text(self.done)} sur {number_text(self.total)}, "
            f"{number_text(rate, 1)} par seconde, reste {number_text(round(left))} s"
            + (f" ; {detail}" if detail else "")
        )

    def save(self) -> None:
        """Keep the seconds spent so far."""
        self.run.seconds[self.name] = self._before + time.monotonic() - self._start
        _save(self.run.folder / CLOCK, dict(self.run.seconds))


def _read(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    found: dict[str, object] = json.loads(path.read_text("utf-8"))
    return found


def _save(path: Path, values: dict[str, object]) -> None:
    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
