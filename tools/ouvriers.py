"""The workers of a batch or of a server, found from outside: what tests and benchmarks look at."""

from __future__ import annotations

from contextlib import suppress

import psutil

_ARE = "multiprocessing.spawn"
_COME_FROM = "multiprocessing.forkserver"


def ouvriers(root: psutil.Process) -> list[psutil.Process]:
    """The workers under a process, however the system starts them; none of its other children."""
    found = []
    for one in root.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # ended meanwhile
            parent = one.parent()
            copied = parent is not None and parent.pid != root.pid and _says(parent, _COME_FROM)
            if copied or _says(one, _ARE):
                found.append(one)
    return found


def _says(process: psutil.Process, words: str) -> bool:
    return words in " ".join(process.cmdline())
