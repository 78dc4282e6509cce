"""A closed window or a plain `kill` ends the command as an error does: nothing is left behind.

By default these signals end a process on the spot, with its drafts in the middle of a write and its
workers still at work. Here the first of them raises SystemExit, so that every `finally` on the way
is run; the next ones (a window that closes sends several) no longer disturb what is being put away.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

ORDERS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Asked to end, terminal or window closed (Unix), window closed (Windows)."""

GRACE = 20.0
"""Seconds left to end in order; what is left behind then is swept at the next start."""

_AGAIN = 0.05
"""Seconds before an order that was lost is given again."""


def end_in_order() -> None:
    """Have these signals end the process in order; one that was ignored (nohup) stays so."""
    if threading.current_thread() is not threading.main_thread():  # not ours to decide
        return
    for name in ORDERS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end if name == "SIGTERM" else _as_terminated)


def let_the_end_be() -> None:
    """From here on the command is ending by itself: an order only bounds the time it takes."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ORDERS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (_end, _as_terminated):
            signal.signal(number, _bound)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    let_the_end_be()
    _bound(number, frame)
    sys.unraisablehook = _given_again(number, sys.unraisablehook)
    raise SystemExit(128 + number)


def _as_terminated(number: int, frame: FrameType | None) -> None:
    """The same as SIGTERM, which a server hears in its own way while it serves."""
    if signal.getsignal(signal.SIGTERM) is _end:
        _end(number, frame)
    signal.raise_signal(signal.SIGTERM)


def _bound(number: int, frame: FrameType | None) -> None:
    late = threading.Timer(GRACE, os._exit, (128 + number,))
    late.daemon = True  # an end in order does not wait for it
    late.start()


def _given_again(number: int, before: Callable[[Any], object]) -> Callable[[Any], None]:
    """A hook for exceptions that the interpreter drops: an order to end is not one of them.

    Raised while a callback of the interpreter runs (an object collected, an import let go of), the
    exception is dropped; the order then has to be given again, outside of it.
    """

    def once_more(number: int, frame: FrameType | None) -> NoReturn:
        signal.signal(number, _bound)
        raise SystemExit(128 + number)

    def hook(dropped: Any) -> None:
        if not isinstance(dropped.exc_value, SystemExit):
            before(dropped)
        elif threading.current_thread() is threading.main_thread():
            signal.signal(number, once_more)
            again = threading.Timer(_AGAIN, _give, (number,))
            again.daemon = True
            again.start()

    return hook


def _give(number: int) -> None:
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:  # to the thread that may be waiting: the others hear nothing
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, number)
