"""One worker as its parent sees it: how it is started, listened to, and ended."""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import select
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, TypeAlias

from xl_cpom import current_folder
from xl_cpom.files.temporaries import sweep
from xl_cpom.light_dataclass import dataclass
from xl_cpom.workers import worker

ANSWER_MAX = 256 * 1024 * 1024
"""Bytes of one answer; more is no answer."""


@dataclass(eq=False)
class Seat:
    """One worker and what it is doing.

    task: (rank, task) at hand; death: what the system lets us wait on until it is really gone.
    """

    process: Any
    link: Connection
    deadline: float
    task: tuple[int, Any] | None = None
    ready: bool = False
    done: int = 0
    death: int | None = None

    def end(self) -> str:
        """Kill the worker if it is still there; how it ended, in French.

        The line is closed by who listens to it: closing it here would let its number be reused
        under the listener's feet.
        """
        ended = self.process.exitcode
        self.process.kill()
        self.process.join()
        death, self.death = self.death, None
        _wait_until_gone(death)
        _ALIVE.pop(self, None)
        sweep()  # what it was writing
        code = self.process.exitcode if ended is None else ended
        return f"signal {-code}" if code < 0 else f"code {code}"


_ALIVE: dict[Seat, None] = {}
"""Workers that nobody has ended yet."""

_GONE = 5.0
"""Seconds for the system to take away a process that it was told to kill."""


def _wait_until_gone(death: int | None) -> None:
    """Until the process holds no file any more: what it was writing can then be removed.

    `join` asks the process that started it, and answers at once when that one is dead too, as when
    a whole group is killed; the worker may then still hold the lock of its folder.
    """
    if death is None:
        return
    waiting = select.poll()
    waiting.register(death, select.POLLIN)
    try:
        waiting.poll(_GONE * 1000)
    finally:
        os.close(death)


def _death_of(number: int | None) -> int | None:
    """What becomes readable when this process is gone; None where the system has no such thing."""
    if number is None or not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(number)
    except OSError:  # gone already, or an older system
        return None


def _end_all() -> None:
    """At the end of this process, also of one that was told to end in the middle of something."""
    for seat in list(_ALIVE):
        with contextlib.suppress(OSError, ValueError):  # ended already
            seat.end()


Frames: TypeAlias = "queue.Queue[tuple[Seat, bytes | None]]"
"""What workers send, with their seat; None when a line is cut."""


CONTEXT = get_context("forkserver") if sys.platform == "linux" else get_context("spawn")
"""How a worker is started. Never `fork`: a copy of the parent would hold its threads and files.

On Linux workers are copies of a process that has only imported what they need, so that replacing
one costs a few milliseconds, and not the second and a half that those imports take.
"""


def hire(
    work: Callable[[Any], bytes],
    memory: int,
    warm_up: Sequence[str],
    frames: Frames,
    deadline: float,
) -> Seat:
    """Start a worker. work, memory, warm_up: see `worker.main`."""
    if warm_up:  # what the first pool of a process needs is what the next ones will
        CONTEXT.set_forkserver_preload(list(warm_up))
    mine, theirs = CONTEXT.Pipe()
    arguments = (theirs, work, memory, tuple(warm_up))
    process = CONTEXT.Process(target=worker.main, args=arguments, daemon=True)
    with _main_hidden():
        process.start()
    theirs.close()
    seat = Seat(process, mine, deadline, death=_death_of(process.pid))
    _ALIVE[seat] = None
    threading.Thread(target=_listen, args=(seat, frames), daemon=True).start()
    return seat


def _listen(seat: Seat, frames: Frames) -> None:
    """Thread of a seat: hand its frames over, then None when the line is cut."""
    with seat.link:
        while True:
            try:
                frame = seat.link.recv_bytes(ANSWER_MAX)
            except (EOFError, OSError):
                frames.put((seat, None))
                return
            frames.put((seat, frame))


atexit.register(_end_all)

_HIDING = threading.Lock()


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Let a child not run the caller's script again.

    `multiprocessing` imports the parent's `__main__` in the child, in case the target were defined
    there: ours is not, and an unguarded script would otherwise start a batch in each worker. Nor
    may the child import what lies in the current folder.
    """
    with _HIDING, current_folder.hidden():
        real = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = real
