"""Stable names of the findings of one return: the same in JSON, in SARIF, in the tables."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Protocol


class Placed(Protocol):
    """A finding, by what says where it is."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def sheet(self) -> str: ...  # noqa: D102
    @property
    def record(self) -> str: ...  # noqa: D102
    @property
    def cells(self) -> tuple[str, ...]: ...  # noqa: D102


def fingerprints(findings: Sequence[Placed]) -> tuple[str, ...]:
    """A stable name for each finding of one return, in their order: 16 hexadecimal digits.

    The same fault keeps it from one control to the next, and when rows are inserted above it: it is
    made of the rule, the sheet, the record and the columns, never of the number of the row unless
    nothing else says where it is. What cannot be told apart is numbered.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        columns = sorted({cell.rstrip("0123456789") for cell in finding.cells})
        where = (finding.record, *columns) if finding.record else finding.cells
        name = "|".join((finding.code, finding.sheet, *where))
        seen[name] += 1
        told = f"{name}#{seen[name]}"
        found.append(hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16])
    return tuple(found)
