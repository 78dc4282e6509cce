"""Works that go wrong by the name of the workbook: handed to the real workers by the tests."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from xl_cpom.server.tasks import ControlTask, PageTask, serve_task


def work(task: ControlTask | PageTask) -> bytes:
    """The work, or the failure that the name asks for."""
    if isinstance(task, PageTask):
        return serve_task(task)
    match task.name.partition("-")[0]:
        case "tue":
            Path(task.folder, "reste.xlsx").write_bytes(task.data)
            os.kill(os.getpid(), signal.SIGKILL)
        case "dort":
            time.sleep(3600)
        case "lent":
            time.sleep(1.0)
        case "leve":
            raise ValueError("une faute du programme")
        case "charabia":
            return b"\x00\xff charabia"
        case "memoire":
            return bytes(bytearray(64 * 1024**3))
    return serve_task(task)
