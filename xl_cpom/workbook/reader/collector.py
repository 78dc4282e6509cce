"""The garbage collector held back while many small objects are made.

Reading and judging one workbook makes tens of thousands of objects that all live to the end: each
walk of the collector through them finds nothing. Memory stays bounded by the reader's limits.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let no collection run inside; it may be nested."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
