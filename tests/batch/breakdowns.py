"""Works that go wrong by the name of the file: handed to real workers by the tests."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from xl_cpom.batch.task import FileTask, control_file, refusal_report
from xl_cpom.workers.codec import encode


def work(this_request: FileTask) -> bytes:
    """Control the file, or break the worker in the way its name says."""
    match Path(this_request.name).stem.split("-")[0]:
        case "tue":
            os.kill(os.getpid(), signal.SIGKILL)
        case "avorte":
            os.abort()
        case "sort":
            os._exit(3)
        case "boucle":
            while True:
                pass
        case "dort":
            time.sleep(3600)
        case "memoire":
            return bytes(bytearray(64 * 1024**3))
        case "charabia":
            return b"\x00\xff charabia"
        case "usurpe":
            return encode(refusal_report(FileTask(this_request.path, "autre.xlsx"), "LEC-VIDE", ""))
        case "leve":
            raise ValueError("une faute du programme")
        case "panique":
            raise BaseException("panic")
        case "une":
            mark = Path(this_request.path).with_suffix(".vu")
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
    return control_file(this_request)


def lent(this_request: FileTask) -> bytes:
    """Control the file, not faster than one tenth of a second."""
    time.sleep(0.1)
    return control_file(this_request)


def pid(_: object) -> bytes:
    """The number of the process."""
    return str(os.getpid()).encode()
