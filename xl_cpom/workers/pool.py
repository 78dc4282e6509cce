"""The parent's side: a few workers, one task each, and a sentence for whatever happens.

Silence, a signal, an abort, a bad frame or a time-out costs the task at hand and the worker that
had it, nothing else. `concurrent.futures` gives up on every pending task when one worker dies;
this does not.
"""

from __future__ import annotations

import os
import queue
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import number_text, typeset
from xl_cpom.workers import worker
from xl_cpom.workers.seat import Frames, Seat, hire

MIB = 1024 * 1024
RECYCLE_AFTER = 200
"""Tasks of one worker before it is replaced: what leaks does not pile up."""

RECYCLE_ABOVE = 240 * 1024
"""Peak memory (KiB) above which a worker is replaced after its task."""

START_TIME = 180.0
"""Seconds a worker has to import what it needs, on the slowest shared drive."""

_START_ATTEMPTS = 3


class WorkerStartError(XlCpomError, RuntimeError):
    """Workers do not start: the installation is at fault, not the files. French message."""


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """A task without answer: the code of the refusal (None: the program failed), and why."""

    code: str | None
    detail: str


@dataclass(frozen=True)
class WorkerSettings:
    """How workers are run.

    jobs: workers at once (as many as cores by default); time_limit: seconds for one task; memoire:
    bytes a worker may take beyond its start, where the system can hold it to it (0: no limit).
    """

    jobs: int | None = None
    time_limit: float = 60.0
    memory: int = 1024 * MIB
    recycle_after: int = RECYCLE_AFTER
    here: bool = False
    """Do the work in this very process: for files of ours only, since nothing then stops one that
    hangs or exhausts the memory. A worker takes a second to start, thirty workbooks to write."""

    @property
    def worker_count(self) -> int:
        """Number of workers."""
        return max(1, self.jobs if self.jobs is not None else cores())


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def seconds_text(duree: float) -> str:
    """« 60 secondes »."""
    return f"{number_text(duree)} seconde{'s' if duree >= 2 else ''}"


class Pool:
    """Workers that turn tasks into bytes. `peak` is the highest memory seen in a worker (KiB)."""

    def __init__(
        self,
        work: Callable[[Any], bytes],
        settings: WorkerSettings | None = None,
        *,
        warm_up: Sequence[str] = (),
    ) -> None:
        self._work = work
        self._settings = settings or WorkerSettings()
        self._warm_up = tuple(warm_up)
        self._seats: list[Seat] = []
        self._frames: Frames = queue.Queue()
        self._again: deque[tuple[int, Any]] = deque()
        self._deaths: dict[int, int] = {}
        self._failed_starts = 0
        self._effectif = 0
        self._drained = True
        self.peak = 0

    def run(self, tasks: Iterable[Any]) -> Iterator[tuple[int, bytes | TaskFailure]]:
        """(rank of the task, answer) as they come; tasks are drawn when a worker is free.

        When they are all known beforehand (a sequence), a free worker has its next task before the
        caller has the answer. Drawn from elsewhere, a task may have to wait for that very answer.
        A worker that dies without a word has its task tried once more, in another one. Raises
        WorkerStartError when no worker can be started.
        """
        pending = enumerate(tasks)
        if self._settings.here:
            yield from ((rank, self._work(task)) for rank, task in pending)
            return
        known = isinstance(tasks, Sequence)
        self._effectif = self._settings.worker_count
        if isinstance(tasks, Sequence):
            self._effectif = min(self._effectif, len(tasks))
        self._drained = self._effectif == 0
        try:
            while self._fill(pending) or any(seat.task for seat in self._seats):
                answers = tuple(self._wait())
                if known:
                    self._fill(pending)
                yield from answers
        finally:
            self.close()

    def _fill(self, pending: Iterator[tuple[int, Any]]) -> bool:
        """Give every free worker a task; is there perhaps one more to give?

        Workers come before tasks: they are warm when the first one arrives.
        """
        while self._again or not self._drained:
            seat = self._free_seat()
            if seat is None:
                return True
            task = self._again.popleft() if self._again else next(pending, None)
            if task is None:
                self._drained = True
            else:
                self._give(seat, task)
        return False

    def close(self) -> None:
        """End every worker at once."""
        for seat in list(self._seats):
            self._drop(seat)

    # --- seats

    def _free_seat(self) -> Seat | None:
        for seat in self._seats:
            if seat.task is None:
                return seat
        return self._hire() if len(self._seats) < self._effectif else None

    def _hire(self) -> Seat:
        seat = hire(
            self._work,
            self._settings.memory,
            self._warm_up,
            self._frames,
            time.monotonic() + START_TIME,
        )
        self._seats.append(seat)
        return seat

    def _drop(self, seat: Seat) -> str:
        """Take a worker away; how it ended, in French."""
        self._seats.remove(seat)
        return seat.end()

    def _give(self, seat: Seat, task: tuple[int, Any]) -> None:
        seat.task = task
        if seat.ready:
            self._start_task(seat)

    def _start_task(self, seat: Seat) -> None:
        assert seat.task is not None
        seat.deadline = time.monotonic() + self._settings.time_limit
        try:
            seat.link.send(seat.task[1])
        except OSError:  # already dead: its end of file is on its way
            return

    # --- what comes back

    def _wait(self) -> Iterator[tuple[int, bytes | TaskFailure]]:
        busy = [seat for seat in self._seats if seat.task is not None]
        left = min(seat.deadline for seat in busy) - time.monotonic()
        try:
            seat, frame = self._frames.get(timeout=max(0.0, left))
        except queue.Empty:
            yield from self._late(busy)
            return
        if seat not in self._seats:
            return
        yield from self._gone(seat) if frame is None else self._received(seat, frame)

    def _late(self, busy: Sequence[Seat]) -> Iterator[tuple[int, bytes | TaskFailure]]:
        now = time.monotonic()
        for seat in busy:
            if seat.deadline > now or seat.task is None:
                continue
            rank = seat.task[0]
            self._drop(seat)
            if not seat.ready:
                self._start_failed("délai de démarrage dépassé")
                self._again.appendleft(seat.task)
                continue
            yield rank, TaskFailure("LEC-DELAI", seconds_text(self._settings.time_limit))

    def _gone(self, seat: Seat) -> Iterator[tuple[int, bytes | TaskFailure]]:
        """The worker died, or closed the line: its task is tried once more, elsewhere."""
        seat.process.join(1.0)
        how = self._drop(seat)
        if not seat.ready:
            self._start_failed(how)
        if seat.task is None:
            return
        rank = seat.task[0]
        if not seat.ready:
            self._again.appendleft(seat.task)
            return
        self._deaths[rank] = self._deaths.get(rank, 0) + 1
        if self._deaths[rank] == 1:
            self._again.appendleft(seat.task)
        else:
            yield rank, TaskFailure("LEC-INTERROMPU", how)

    def _received(self, seat: Seat, frame: bytes) -> Iterator[tuple[int, bytes | TaskFailure]]:
        try:
            kind, peak = worker.HEADER.unpack_from(frame)
        except struct.error:
            kind, peak = b"?", 0
        self.peak = max(self.peak, peak)
        body = frame[worker.HEADER.size :]
        if kind == worker.READY and not seat.ready:
            seat.ready, self._failed_starts = True, 0
            if seat.task is not None:
                self._start_task(seat)
            return
        task, seat.task = seat.task, None
        seat.done += 1
        if (
            kind != worker.ANSWER
            or seat.done >= self._settings.recycle_after
            or peak > RECYCLE_ABOVE
        ):
            self._drop(seat)
        if task is not None:
            yield task[0], self._outcome(kind, body)

    def _outcome(self, kind: bytes, body: bytes) -> bytes | TaskFailure:
        if kind == worker.ANSWER:
            return body
        if kind == worker.MEMORY:
            return TaskFailure("LEC-MEMOIRE", f"{number_text(self._settings.memory // MIB)} Mio")
        if kind == worker.FAILURE:
            return TaskFailure(None, body.decode("utf-8", "replace"))
        return TaskFailure("LEC-INTERROMPU", "réponse incompréhensible")

    def _start_failed(self, how: str) -> None:
        self._failed_starts += 1
        if self._failed_starts >= _START_ATTEMPTS:
            raise WorkerStartError(
                typeset(
                    f"Les processus de contrôle ne démarrent pas ({how}) : réinstallez xl_cpom, ou "
                    "libérez de la mémoire, puis recommencez avec « --reprendre »."
                )
            )
