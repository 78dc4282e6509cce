"""What a comparison holds, ready for any rendering, and the two ways it can be refused."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xl_cpom.validators.model import Finding, Report
    from xl_cpom.validators.recomputed import ComputedIndicator


class ComparisonRefusedError(XlCpomError):
    """The two workbooks cannot be compared: not the same organisme. Message in French."""


class UnreadableSideError(XlCpomError):
    """One of the two files cannot be read: `report` says which one, why, and what to do."""

    def __init__(self, report: Report) -> None:
        finding = report.findings[0]
        super().__init__(f"{report.file}\u00a0: {finding.message} {finding.fix}".strip())
        self.report = report


class Nature(Enum):
    """What the two workbooks are to each other."""

    CORRECTIONS = "corrections"  # two versions of one return
    EVOLUTION = "évolution"  # the returns of two years


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value as the gestionnaire reads it, and the cell it stands in ("" when there is none).

    type: « texte », « nombre » or « date », when that is what changed.
    """

    value: str
    cell: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell of a record found in both files.

    nature: « valeur » when what it says changed, « écriture » when the same value is written
    otherwise (a text that became a date, a number that became a text).
    """

    sheet: str
    record: str
    column: str
    nature: str
    before: ReadValue
    after: ReadValue


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A record that only one file has. way: « ajoutée » or « retirée »; values: what it says."""

    sheet: str
    record: str
    way: str
    row: int
    values: tuple[tuple[str, ReadValue], ...]


@dataclass(frozen=True, slots=True)
class ChangedStructure:
    """A sheet or a column that only one file has. column: "" for the whole sheet."""

    sheet: str
    column: str
    way: str


@dataclass(frozen=True, slots=True)
class TrackedFinding:
    """A finding followed from one file to the other; one of the two may be missing."""

    before: Finding | None
    after: Finding | None

    @property
    def finding(self) -> Finding:
        """The finding as it stands now, or as it stood."""
        found = self.after or self.before
        assert found is not None
        return found


class SameFindings(NamedTuple):
    """Findings that say the same of one sheet: one of them, and the cells of all."""

    finding: Finding
    cells: tuple[str, ...]


def grouped(followed: Sequence[TrackedFinding]) -> list[SameFindings]:
    """The findings, those that say the same told once, the gravest first."""
    same: dict[tuple[int, str, str, str], list[Finding]] = {}
    for one in followed:
        found = one.finding
        key = (found.severity.rank, found.code, found.sheet, found.message)
        same.setdefault(key, []).append(found)
    return [
        SameFindings(group[0], tuple(cell for one in group for cell in one.cells))
        for group in (same[key] for key in sorted(same, key=lambda key: key[0]))
    ]


@dataclass(frozen=True, slots=True)
class ComparedIndicator:
    """An indicator in both files; one side is None where it was sans objet and not declared."""

    code: str
    module: str
    libelle: str
    secteur: str
    before: ComputedIndicator | None
    after: ComputedIndicator | None

    @property
    def ecart(self) -> float | None:
        """Rate after minus rate before, None when one is unknown."""
        before = None if self.before is None else self.before.taux
        after = None if self.after is None else self.after.taux
        return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the comparison found. The verdict is the one of `apres`."""

    nature: Nature
    before: Report
    after: Report
    indicateurs: tuple[ComparedIndicator, ...]
    remarks: tuple[str, ...] = ()
    cells: tuple[ChangedCell, ...] = ()
    rows: tuple[ChangedRow, ...] = ()
    structure: tuple[ChangedStructure, ...] = ()
    findings: tuple[TrackedFinding, ...] = ()

    @property
    def fixed(self) -> tuple[TrackedFinding, ...]:
        """The findings of the first file that the second one no longer has."""
        return tuple(c for c in self.findings if c.after is None)

    @property
    def new(self) -> tuple[TrackedFinding, ...]:
        """The findings that only the second file has."""
        return tuple(c for c in self.findings if c.before is None)

    @property
    def remaining(self) -> tuple[TrackedFinding, ...]:
        """The findings that both files have."""
        return tuple(c for c in self.findings if c.before is not None and c.after is not None)
