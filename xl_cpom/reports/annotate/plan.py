"""What each sheet is given: which cells in which colour, which findings on which note."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.reports.annotate.book import Book
from xl_cpom.reports.annotate.notes import Cell, note_text
from xl_cpom.validators.model import Finding, Severity
from xl_cpom.workbook.reader.refs import Rect, parse_rect

NOTES_PER_FINDING = 10
"""A finding on more cells than this has its note on the first one only."""
_TALL = 32  # rows of a merged range that are indexed one by one


@dataclass(slots=True)
class MarksPlan:
    """What one sheet is given: its marked ranges by severity, its findings by cell."""

    marked: dict[Severity, list[Rect]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[Cell, list[Finding]] = field(default_factory=lambda: defaultdict(list))

    @property
    def cells(self) -> int:
        """How many cells or ranges are marked."""
        return len({rect for rects in self.marked.values() for rect in rects})

    def texts(self, limit: int) -> dict[Cell, str]:
        """The notes to write, the gravest first when there are too many."""
        ranked = sorted(
            self.notes.items(), key=lambda item: (min(f.severity.rank for f in item[1]), item[0])
        )
        return {cell: note_text(findings) for cell, findings in ranked[:limit]}


def plan_of(findings: Sequence[Finding], book: Book) -> Mapping[str, MarksPlan]:
    """What each sheet is given. A cell takes the colour of its gravest finding."""
    gravest: dict[tuple[str, Rect], Severity] = {}
    plans: dict[str, MarksPlan] = defaultdict(MarksPlan)
    for finding in sorted(findings, key=lambda f: f.severity.rank):
        sheet = book.sheet(finding.sheet)
        rects = [rect for rect in map(parse_rect, finding.cells) if rect is not None]
        if sheet is None or not sheet.is_worksheet or finding.waiver is not None:
            continue
        for rank, rect in enumerate(rects):
            if gravest.setdefault((sheet.name, rect), finding.severity) is finding.severity:
                plans[sheet.name].marked[finding.severity].append(rect)
            if rank == 0 or len(rects) <= NOTES_PER_FINDING:
                notes = plans[sheet.name].notes[rect.row1, rect.col1]
                if finding not in notes:
                    notes.append(finding)
    return plans


def shown(plan: MarksPlan, merges: Sequence[Rect]) -> MarksPlan:
    """The same plan where what hides under a merged range is shown on its corner."""
    if not merges:
        return plan
    by_row: dict[int, list[Rect]] = defaultdict(list)
    tall = [merge for merge in merges if merge.row2 - merge.row1 > _TALL]
    for merge in merges:
        for row in range(merge.row1, min(merge.row2, merge.row1 + _TALL) + 1):
            by_row[row].append(merge)

    def corner(rect: Rect) -> Rect:
        """The merged range a cell lies in, or the cell itself."""
        if (rect.row1, rect.col1) != (rect.row2, rect.col2):
            return rect
        near = (*by_row.get(rect.row1, ()), *tall)
        return next((m for m in near if m.contains(rect.row1, rect.col1)), rect)

    moved = MarksPlan()
    for severity, rects in plan.marked.items():
        moved.marked[severity] = [corner(rect) for rect in rects]
    for (row, col), findings in plan.notes.items():
        place = corner(Rect(row, col, row, col))
        moved.notes[place.row1, place.col1] += findings
    return moved
