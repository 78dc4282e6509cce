"""The worker process: one file at a time, one answer each, and nothing of it outlives its parent.

Never a copy of its parent; needs no signal and no `resource` module (used only where they exist),
so that it runs on Windows as it is. An answer is one frame: a letter, the peak memory, the bytes.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import struct
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

resource: Any = import_module("resource") if find_spec("resource") else None
"""The module, or None on Windows."""

READY, ANSWER, MEMORY, FAILURE = b"P", b"R", b"M", b"E"
HEADER = struct.Struct("<cQ")
"""Kind of the frame, peak resident memory of the worker in KiB (0 when not known)."""


def main(
    link: Connection, work: Callable[[Any], bytes], memory: int, warm_up: Sequence[str]
) -> None:
    """Loop of a worker: receive a task, answer, until told None or until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    threading.Thread(target=_die_with_parent, daemon=True).start()
    for module in warm_up:
        import_module(module)
    gc.collect()
    gc.freeze()
    _silence()
    _limit(memory)
    _send(link, READY, b"")
    while True:
        try:
            task = link.recv()
        except (EOFError, OSError):
            return
        if task is None:
            return
        try:
            answer = work(task)
        except MemoryError:
            _send(link, MEMORY, b"")
            return
        except BaseException as error:  # noqa: BLE001 - the edge of the worker: told to the parent
            _send(link, FAILURE, f"{type(error).__name__}: {error}".encode())
            return
        _send(link, ANSWER, answer)


def _send(link: Connection, kind: bytes, body: bytes) -> None:
    link.send_bytes(HEADER.pack(kind, peak_memory()) + body)


def peak_memory() -> int:
    """Peak resident memory of this process in KiB, 0 where the system does not say.

    Not `ru_maxrss` on Linux: a spawned process inherits there the peak of its parent.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        status = ""
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    if resource is None:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) // 1024  # bytes on macOS, the only other system met


def _die_with_parent() -> None:
    """End at once when the parent is gone, even in the middle of a file."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _silence() -> None:
    """No library may write over the report or the progress of the parent."""
    void = os.open(os.devnull, os.O_WRONLY)
    os.dup2(void, 1)
    os.dup2(void, 2)
    os.close(void)


def _limit(memory: int) -> None:
    """Second wall, after the counters of the reader: so many bytes more than now (0: no wall)."""
    if resource is None or not memory:
        return
    with contextlib.suppress(OSError, ValueError):  # a system that counts otherwise: no wall
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        ceiling = pages * os.sysconf("SC_PAGE_SIZE") + memory
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or ceiling < hard:
            resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
