"""No Python file lying in the current folder is ever imported by a process of ours.

The command is run from the folder of the returns, where mail leaves anything. `python -m`,
`python -c` and the processes that multiprocessing starts all look for their modules in that folder
first: a file named `pandas.py` among the returns would run. `PYTHONSAFEPATH` forbids it to a
process that starts; this module holds the two places where that variable comes too late.

Only `os` and `sys` are imported here, which Python has loaded before it looks in any folder.
"""

from __future__ import annotations

import os
import sys

VARIABLE = "PYTHONSAFEPATH"


def forget() -> None:
    """Stop importing from the current folder; to be said before anything else is imported."""
    sys.path[:] = safe_path()


def safe_path() -> list[str]:
    """`sys.path` without what stands for the current folder, unless we are installed there.

    That is the empty entry and, under `python -m`, the folder the process was started from. What
    PYTHONPATH names stays: it was asked for.
    """
    main = sys.modules.get("__main__")
    asked_by_module = getattr(main, "__spec__", None) is not None
    here = os.path.realpath(os.curdir) if asked_by_module else None
    ours = os.path.realpath(f"{__file__}/../..")
    return [entry for entry in sys.path if not _is_current(entry, here) or _real(entry) == ours]


def _is_current(entry: str, here: str | None) -> bool:
    return entry == "" or (here is not None and _real(entry) == here)


def _real(entry: str) -> str:
    return os.path.realpath(entry or os.curdir)


class hidden:  # noqa: N801 - reads as a statement: `with hidden():`
    """While it lasts, the processes that start do not import from the current folder.

    Not thread-safe: who starts processes holds a lock.
    """

    def __enter__(self) -> None:
        self._path, self._variable = list(sys.path), os.environ.get(VARIABLE)
        sys.path[:] = safe_path()  # multiprocessing hands it down to the child
        os.environ[VARIABLE] = "1"

    def __exit__(self, *_: object) -> None:
        sys.path[:] = self._path
        if self._variable is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = self._variable
