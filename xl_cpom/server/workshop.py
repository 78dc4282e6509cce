"""The workshop: a bounded number of worker processes, a bounded queue, and a place asked first.

Each worker process has a thread that holds it through a `batch.Pool` of one, which already knows
how to limit, replace and outlive it. A request asks for its places before its body is read: when
there are none, it is told at once to come back.
"""

from __future__ import annotations

import asyncio
import itertools
import queue
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from xl_cpom.files.temporaries import private_folder
from xl_cpom.server.http_refusals import HttpRefusalError
from xl_cpom.server.settings import ServerSettings
from xl_cpom.server.tasks import WARM_UP, ControlTask, HttpAnswer, PageTask, serve_task, unpack
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerStartError
from xl_cpom.workers.pool import WorkerSettings as WorkersSettings

ServerTask = ControlTask | PageTask

_ASSEMBLER, _CONTROL, _CLOSE = 0, 1, 2
"""Order of the tasks: a page whose workbooks are read comes first."""


@dataclass(order=True, slots=True)
class _Order:
    rank: tuple[int, int]
    task: Callable[[], ServerTask] | None = field(compare=False)
    """Makes the task when a worker is free: until then, no workbook is in memory."""

    answer: Future[bytes | TaskFailure] = field(compare=False, default_factory=Future)


class Workshop:
    """The workers of a server. `ouvrir` before use, `fermer` after."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._file: queue.PriorityQueue[_Order] = queue.PriorityQueue()
        self._numeros = itertools.count()
        self._fils: list[threading.Thread] = []
        self._pools: dict[int, Pool] = {}
        self._ouvert = False
        self.places_prises = 0
        self.bytes_held = 0
        self._occupes: set[int] = set()
        self._pile = ExitStack()
        self.dossier = Path()

    def set_up(self) -> None:
        """Make the private folder and start the workers."""
        self.dossier = self._pile.enter_context(private_folder("serveur-"))
        self._ouvert = True
        for rank in range(self._settings.worker_count):
            thread = threading.Thread(target=self._hold, args=(rank,), daemon=True)
            self._fils.append(thread)
            thread.start()

    def close(self) -> None:
        """End the workers at once, and leave nothing behind."""
        self._ouvert = False
        for _ in self._fils:
            self._put(_CLOSE, None)
        for pool in list(self._pools.values()):
            pool.close()
        for thread in self._fils:
            thread.join(10)
        self._fils.clear()
        self._pile.close()

    @contextmanager
    def place(self, combien: int = 1) -> Iterator[None]:
        """Hold as many places as a request has workbooks. Raises HttpRefusalError (503).

        One place left is enough: what the page announces is accepted, however few the cores.
        """
        self.refuse_if_full()
        self.places_prises += combien
        try:
            yield
        finally:
            self.places_prises -= combien

    def refuse_if_full(self) -> None:
        """Raise HttpRefusalError (503) when no place is left."""
        if self.places_prises >= self._settings.places:
            raise HttpRefusalError("SRV-OCCUPE")

    def hold_bytes(self, count: int) -> None:
        """Note bytes that have come. Raises HttpRefusalError (503) when too many wait already."""
        if self.bytes_held + count > self._settings.bytes_held:
            raise HttpRefusalError("SRV-OCCUPE")
        self.bytes_held += count

    def release_bytes(self, count: int) -> None:
        """They have left."""
        self.bytes_held -= count

    async def controler(self, nom: str, flux: IO[bytes], output: str) -> HttpAnswer:
        """Have a workbook controlled."""
        folder = Path(tempfile.mkdtemp(dir=self.dossier))

        def task() -> ControlTask:
            asked = self._settings
            return ControlTask(
                nom, flux.read(), output, str(folder), asked.max_copy, asked.second_reading
            )

        try:
            return unpack(await asyncio.wrap_future(self._put(_CONTROL, task)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def assembler(self, pieces: tuple[bytes, ...], theme: str) -> HttpAnswer:
        """Have the page of several pieces made."""
        task = PageTask(pieces, theme)
        return unpack(await asyncio.wrap_future(self._put(_ASSEMBLER, lambda: task)))

    @property
    def at_work(self) -> int:
        """Workers that have a task."""
        return len(self._occupes)

    # --- one thread per worker

    def _put(
        self, order: int, task: Callable[[], ServerTask] | None
    ) -> Future[bytes | TaskFailure]:
        command = _Order((order, next(self._numeros)), task)
        self._file.put(command)
        return command.answer

    def _hold(self, rank: int) -> None:
        """Hold one worker for as long as the house is open."""
        while self._ouvert:
            current: list[_Order] = []
            settings = WorkersSettings(jobs=1, time_limit=self._settings.time_limit)
            pool = self._pools[rank] = Pool(serve_task, settings, warm_up=WARM_UP)
            try:
                for _, answer in pool.run(self._tasks(rank, current)):
                    self._occupes.discard(rank)
                    current.pop().answer.set_result(answer)
            except WorkerStartError as failure:
                lost = TaskFailure(None, str(failure))
            else:
                lost = TaskFailure(None, "arrêt du serveur")
            for command in current:  # nobody waits for ever
                command.answer.set_result(lost)
            self._occupes.discard(rank)

    def _tasks(self, rank: int, current: list[_Order]) -> Iterator[ServerTask]:
        """The tasks of one worker, as they come; what nobody waits for any more is skipped."""
        while self._ouvert:
            command = self._file.get()
            if command.task is None:
                return
            if command.answer.set_running_or_notify_cancel():
                try:
                    task = command.task()
                except (OSError, ValueError) as failure:  # the request left with its bytes
                    command.answer.set_exception(failure)
                    continue
                current.append(command)
                self._occupes.add(rank)
                yield task
