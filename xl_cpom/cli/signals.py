"""A closed window or a plain `kill` ends the command as an error does: nothing is left behind.

By default these signals end a process on the spot, with its drafts in the middle of a write and its
workers still at work. Here they raise SystemExit, so that every `finally` on the way is run.
"""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import NoReturn

ORDERS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Asked to end, terminal or window closed (Unix), window closed (Windows)."""


def end_in_order() -> None:
    """Have these signals end the process in order; one that was ignored (nohup) stays so."""
    if threading.current_thread() is not threading.main_thread():  # not ours to decide
        return
    for name in ORDERS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end if name == "SIGTERM" else _as_terminated)


GRACE = 20.0
"""Seconds left to end in order; what is left behind then is swept at the next start."""


def _end(number: int, frame: FrameType | None) -> NoReturn:
    late = threading.Timer(GRACE, os._exit, (128 + number,))
    late.daemon = True  # an end in order does not wait for it
    late.start()
    raise SystemExit(128 + number)


def _as_terminated(number: int, frame: FrameType | None) -> None:
    """The same as SIGTERM, which a server hears in its own way while it serves."""
    if signal.getsignal(signal.SIGTERM) is _end:
        _end(number, frame)
    signal.raise_signal(signal.SIGTERM)
