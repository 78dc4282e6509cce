"""The findings of a report put in reading order: by sheet, then by rule, the gravest first.

Console, HTML and letter share it, so that they never tell two different stories.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.words import how_many
from xl_cpom.typography import listing
from xl_cpom.validators.model import Severity
from xl_cpom.workbook.reader.refs import col_letters, col_number

if TYPE_CHECKING:
    from xl_cpom.validators.model import Finding, Report

CLASSEUR = "Classeur"
"""Where a finding that belongs to no sheet is shown."""

RANGES_SHOWN = 8
"""Ranges listed for one fault before « et n autres cellules »."""

_ADRESSE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class MessageGroup:
    """One message of a rule, with every cell it speaks of."""

    message: str
    correction: str
    values: tuple[str, ...]
    expected: tuple[str, ...]
    cells: tuple[str, ...]
    derogation: str | None
    justification: str | None
    count: int

    @property
    def ranges(self) -> tuple[str, ...]:
        """The cells as ranges."""
        return cell_ranges(self.cells)

    @property
    def untold(self) -> tuple[str, ...]:
        """What was expected, where neither the message nor the cure says it."""
        return tuple(t for t in self.expected if not is_told(t, self.message, self.correction))


def is_told(expected: str, *sentences: str) -> bool:
    """Do these sentences already say what was expected?"""
    bare = _bare(expected)
    return not bare or any(bare in _bare(sentence) for sentence in sentences)


def _bare(text: str) -> str:
    """The words alone: neither quotes, nor blanks, nor case tell two texts apart."""
    return " ".join(re.sub(r"[«»\s]+", " ", text.casefold()).split()).rstrip(".")


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """What one rule found on one sheet."""

    code: str
    severity: Severity
    source: str
    messages: tuple[MessageGroup, ...]

    @property
    def count(self) -> int:
        """Findings in the group, whatever is shown of them."""
        return sum(fault.count for fault in self.messages)

    @property
    def correction(self) -> str | None:
        """The cure when it is the same for every fault."""
        cures = {fault.correction for fault in self.messages}
        return cures.pop() if len(cures) == 1 else None

    @property
    def expected(self) -> str | None:
        """What was expected when it is the same for every fault."""
        expected = {fault.expected for fault in self.messages}
        return " ; ".join(expected.pop()) if len(expected) == 1 else None

    @property
    def lifted(self) -> bool:
        """True when a waiver lifts every fault of the group."""
        return all(fault.derogation is not None for fault in self.messages)


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """What was found on one sheet."""

    name: str
    groups: tuple[RuleGroup, ...]

    def count(self, gravite: Severity) -> int:
        """Findings of a severity on the sheet that no waiver lifts."""
        return sum(
            fault.count
            for group in self.groups
            if group.severity is gravite
            for fault in group.messages
            if fault.derogation is None
        )


def group_findings(report: Report) -> tuple[SheetGroup, ...]:
    """The findings by sheet, rule and message; sheets and rules with the gravest fault first."""
    sheets: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        sheets[finding.sheet or CLASSEUR].append(finding)
    ordered = sorted(sheets, key=lambda name: (_rank(sheets[name]), _tab(name)))
    return tuple(SheetGroup(ligne(name), _groups(sheets[name])) for name in ordered)


def _rank(findings: Sequence[Finding]) -> int:
    return min((f.severity.rank for f in findings if f.waiver is None), default=len(Severity))


def _tab(name: str) -> int:
    """Place of a sheet in the standard workbook; unknown sheets come last, the file first."""
    from xl_cpom.workbook.sheets import SHEETS

    names = [CLASSEUR, *(sheet.name for sheet in SHEETS.values())]
    return names.index(name) if name in names else len(names)


def _groups(findings: Sequence[Finding]) -> tuple[RuleGroup, ...]:
    groups: dict[tuple[bool, Severity, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.waiver is not None, finding.severity, finding.code].append(finding)
    return tuple(
        RuleGroup(code, severity, ligne(group[0].source), _faults(group))
        for (waived, severity, code), group in sorted(
            groups.items(), key=lambda item: (item[0][0], item[0][1].rank, item[0][2])
        )
    )


def _faults(findings: Sequence[Finding]) -> tuple[MessageGroup, ...]:
    same: dict[tuple[str, str, str | None, str | None], list[Finding]] = defaultdict(list)
    for f in findings:
        same[f.message, f.fix, f.waiver, f.justification].append(f)
    return tuple(
        MessageGroup(
            message=ligne(message),
            correction=ligne(fix),
            values=_distinct(ligne(f.value) for f in group),
            expected=_distinct(ligne(f.expected) for f in group),
            cells=_distinct(cell for f in group for cell in f.cells),
            derogation=None if waiver is None else ligne(waiver),
            justification=None if justification is None else ligne(justification),
            count=len(group),
        )
        for (message, fix, waiver, justification), group in same.items()
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def cell_ranges(cells: Iterable[str]) -> tuple[str, ...]:
    """A1 addresses gathered in rectangles: B2, B3, B4, D7 -> B2:B4, D7.

    Two neighbours stay two addresses; what is not an address is kept as it is, at the end.
    """
    columns: dict[int, set[int]] = defaultdict(set)
    others: list[str] = []
    for cell in dict.fromkeys(cells):
        found = _ADRESSE.fullmatch(cell)
        if found is None:
            others.append(ligne(cell))
        else:
            columns[col_number(found[1])].add(int(found[2]))
    rectangles: dict[tuple[int, int], list[list[int]]] = defaultdict(list)
    for column in sorted(columns):
        for run in _suites(columns[column]):
            bands = rectangles[run]
            if bands and bands[-1][1] == column - 1:
                bands[-1][1] = column
            else:
                bands.append([column, column])
    blocks = sorted(
        (top, left, bottom, right)
        for (top, bottom), bands in rectangles.items()
        for left, right in bands
    )
    return (*(text for block in blocks for text in _bloc(*block)), *others)


def enumerate_cells(cells: Iterable[str], cap: int = RANGES_SHOWN) -> str:
    """« B2:B9, D7 et 12 autres cellules »."""
    ranges = cell_ranges(cells)
    if len(ranges) <= cap:
        return listing(ranges)
    left = sum(range_size(text) for text in ranges[cap:])
    other = how_many(left, "autre cellule", "autres cellules")
    return f"{', '.join(ranges[:cap])} et {other}"


def range_size(this_range: str) -> int:
    """Number of cells of a range written by `plages`."""
    corners = [_ADRESSE.fullmatch(corner) for corner in this_range.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return 1
    (left, top), (right, bottom) = ((col_number(c[1]), int(c[2])) for c in corners if c)
    return (right - left + 1) * (bottom - top + 1)


def _bloc(top: int, left: int, bottom: int, right: int) -> tuple[str, ...]:
    first, last = f"{col_letters(left)}{top}", f"{col_letters(right)}{bottom}"
    if first == last:
        return (first,)
    if (bottom - top + 1) * (right - left + 1) == 2:
        return (first, last)
    return (f"{first}:{last}",)


def _suites(rows: set[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in sorted(rows):
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
