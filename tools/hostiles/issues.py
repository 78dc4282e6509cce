"""What becomes of each file: the outcome of the real control, and the table of those expected."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.hostiles.modele import Cas

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

TABLE = Path(__file__).resolve().parents[2] / "tests" / "data" / "issues_hostiles.csv"
HEADERS = ("nom", "issue", "codes", "pourquoi")
FAMILIES = ("LEC", "STR")
"""Families of codes kept in the table: those that speak of the file, not of what is typed in it."""


@dataclass(frozen=True, slots=True)
class Issue:
    """verdict: of the report; codes: what was said of the file, sorted, each once."""

    verdict: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.verdict} {' '.join(self.codes)}".strip()


def issue(report: Report) -> Issue:
    """The outcome of a report."""
    codes = {f.code for f in report.findings if f.code.split("-")[0] in FAMILIES}
    return Issue(report.verdict.value, tuple(sorted(codes)))


def deposit(case: Cas, folder: Path) -> Path | None:
    """Write a trap under its name; None when this system cannot have such a name."""
    path = folder / case.fichier
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
            file.write(case.fabrique())
    except (OSError, ValueError):
        return None
    return path


def play(case: Cas, folder: Path) -> tuple[Path, Report] | None:
    """Write a trap and control it in this process, both judges being asked."""
    from xl_cpom.validators.check import check
    from xl_cpom.validators.model import TWO

    path = deposit(case, folder)
    return None if path is None else (path, check(path, juge=TWO))


def expected() -> dict[str, Issue]:
    """The table of the expected outcomes, by name."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["nom"]: Issue(row["issue"], tuple(row["codes"].split()))
            for row in csv.DictReader(file, delimiter=";")
        }


def lignes(found: Iterable[tuple[Cas, Issue]]) -> Iterator[tuple[str, ...]]:
    """The rows of the table."""
    yield HEADERS
    for case, outcome in found:
        yield case.nom, outcome.verdict, " ".join(outcome.codes), case.pourquoi


def write_table(found: Iterable[tuple[Cas, Issue]]) -> None:
    """Write the table anew: to be read line by line before it is committed."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(lignes(found))
