"""Many workbooks: isolation, progress, journal, resumption, rules across returns, consolidation.

`check_batch` streams reports; `campagne.check_campaign` makes a whole campaign. The parent
process never opens a workbook: each file is read in a worker that may die without taking anything
else down.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_cpom.batch.check_files import check_batch

__all__ = ["check_batch"]

_HOMES = {"check_batch": "check_files"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
