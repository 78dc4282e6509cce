"""How much of the same proof a run of the tests does.

Proofs that repeat one gesture on many inputs take a fixed share of them, and tests marked `long`
are left out, so that a run stays about a quarter of an hour on two cores; `make complet`
(XL_CPOM_COMPLET=1) takes them all, and draws other random inputs each time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

COMPLETE = bool(os.environ.get("XL_CPOM_COMPLET"))

T = TypeVar("T")


def by(short: T, complete: T) -> T:
    """The size for an ordinary run, or for a complete one."""
    return complete if COMPLETE else short


def une_sur(pas: int, choses: Sequence[T], premiere: int = 0) -> list[T]:
    """One thing out of so many, the same at each run; all of them in a complete run."""
    return list(choses if COMPLETE else choses[premiere % pas :: pas])
