"""Who says which rows of a sheet are at fault: two judges, one set of predicates.

The *direct* judge is the engine itself, which asks each rule of every row, once: standard library
only, for the person who waits for one file. The *pandera* judge passes each sheet to its schema,
which holds the same predicates, and the engine then asks each rule of the rows it accuses only: for
folders, the server and the data team, whose process lasts. `deux` does both, and their disagreement
is a failure of the program.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.judging import Accused
from xl_cpom.validators.model import DIRECT, PANDERA, TWO
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Table

JUDGES = (DIRECT, PANDERA, TWO)
"""Names of the judges, as `--juge` takes them."""


@dataclass(frozen=True)
class Judge:
    """Who is asked before the rules, and whether the rules are asked of every row all the same."""

    accuse: Callable[[Table, RuleContext], Accused] | None = None
    """The rows a schema refuses, by code of the rule; None when no schema is asked."""
    every_row: bool = True
    """Ask each rule of every row; what a schema accused must then be what the rules found."""


def judge_named(name: str) -> Judge:
    """The judge of a name; pandera is imported when it is asked for. Raises ValueError."""
    if name not in JUDGES:
        raise ValueError(f"juge : {name!r} ({', '.join(JUDGES)})")
    if name == DIRECT:
        return Judge()
    by_pandera = import_module(f"{__name__}.by_pandera")
    return Judge(by_pandera.accused, every_row=name == TWO)
