"""Who says which rows of a sheet may be at fault: two judges, one set of predicates.

The *direct* judge runs the predicates (`validators.judging`) over the typed rows: standard library
only, for the person who waits for one file. The *pandera* judge passes each sheet to its schema,
which holds the same predicates: for folders, the server and the data team, whose process lasts.
`deux` asks both, and their disagreement is a failure of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TypeAlias

from xl_cpom.validators.model import DIRECT, PANDERA, TWO
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row, Table

Judge: TypeAlias = Callable[[Table, RuleContext], Sequence[Row]]
"""The rows of a table that may be at fault, in their order."""

_MODULES = {DIRECT: "direct", PANDERA: "by_pandera", TWO: "both"}
JUDGES = tuple(_MODULES)
"""Names of the judges, as `--juge` takes them."""


def judge_named(name: str) -> Judge:
    """The judge of a name, imported when it is asked for. Raises ValueError for another name."""
    if name not in _MODULES:
        raise ValueError(f"juge : {name!r} ({', '.join(JUDGES)})")
    suspects: Judge = import_module(f"{__name__}.{_MODULES[name]}").suspects
    return suspects
