"""What the buttons of the ribbon write in the sheets: the findings, values instead of formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import fold, visible
from xl_cpom.workbook.tabs import CONTROLES, CONTROLES_COLUMNS, CONTROLES_TABLE

if TYPE_CHECKING:
    from xl_cpom.validators.model import Finding

HEADERS = tuple(CONTROLES_COLUMNS.values())
SOUGHT_ROWS = 12
CALL = re.compile(r"(?:(?<![A-Z0-9_])|(?<=_XLDUDF_))CPOM_[A-Z0-9_]+\(", re.IGNORECASE)


class RibbonRefusedError(XlCpomError):
    """The button cannot do its work; the message, in French, is shown to the user."""


def write_controles(book: Any, findings: Sequence[Finding]) -> None:
    """Replace the lines of the sheet « Contrôles » (made if absent), gravest first."""
    sheet = _sheet(book, CONTROLES)
    if sheet is None:
        sheet = book.sheets.add(CONTROLES, after=book.sheets[len(book.sheets) - 1])
        sheet.range((1, 1)).value = [list(HEADERS)]
    with _unprotected(sheet):
        head = _header(sheet)
        last = max(head + 1, sheet.used_range.last_cell.row)
        sheet.range((head + 1, 1), (last, len(HEADERS))).clear_contents()
        lines = [_row(f) for f in _ordered(book, findings)]
        if lines:
            sheet.range((head + 1, 1), (head + len(lines), len(HEADERS))).value = lines
        bottom = head + max(1, len(lines))
        for table in sheet.tables:
            if table.name == CONTROLES_TABLE and bottom > last:
                table.resize(sheet.range((head, 1), (bottom, len(HEADERS))))


def controles_lines(findings: Sequence[Finding]) -> list[list[str]]:
    """The lines of « Contrôles », as they are typed in its cells (a formula starts with « = »)."""
    return [_row(finding) for finding in findings]


def go_to_first(book: Any, findings: Sequence[Finding]) -> None:
    """Select the first cell at fault, or « Contrôles » when no finding names a cell."""
    for finding in _ordered(book, findings):
        sheet = _sheet(book, finding.sheet)
        if sheet is not None and finding.cells:
            sheet.activate()
            sheet.range(finding.cells[0]).select()
            return
    sheet = _sheet(book, CONTROLES)
    if sheet is not None:
        sheet.activate()


def freeze_sheet(sheet: Any) -> int:
    """Replace the CPOM formulas of a sheet by their values; how many there were."""
    used = sheet.used_range
    formulas = _grille(used.formula)
    places = [
        (column, row)
        for row, line in enumerate(formulas)
        for column, text in enumerate(line)
        if isinstance(text, str) and text.startswith("=") and CALL.search(text)
    ]
    if not places:
        return 0
    values = used.options(ndim=2, err_to_str=True).value
    with _unprotected(sheet):
        for column, run in _suites(places):
            rows = list(run)
            first = used.row + rows[0]
            there = sheet.range(
                (first, used.column + column), (first + len(rows) - 1, used.column + column)
            )
            there.value = [[values[row][column]] for row in rows]
    return len(places)


@contextmanager
def _unprotected(sheet: Any) -> Iterator[None]:
    """The sheet without its protection (it has no password), put back afterwards."""
    try:
        native = sheet.api
        protected = bool(native.ProtectContents)
    except (AttributeError, NotImplementedError):
        protected = False  # an engine without protection
    if protected:
        native.Unprotect()
    try:
        yield
    finally:
        if protected:
            native.Protect(
                AllowFormattingColumns=True,
                AllowFormattingRows=True,
                AllowSorting=True,
                AllowFiltering=True,
            )


def _sheet(book: Any, name: str) -> Any:
    wanted = fold(name)
    return next((s for s in book.sheets if name and fold(s.name) == wanted), None)


def _header(sheet: Any) -> int:
    """Row of the headers, from 1. Raises RibbonRefusedError when they are gone."""
    block = sheet.range((1, 1), (SOUGHT_ROWS, len(HEADERS))).value
    for row, line in enumerate(block, start=1):
        if [fold(str(cell or "")) for cell in line[:2]] == [fold(h) for h in HEADERS[:2]]:
            return row
    raise RibbonRefusedError(f"la feuille « {CONTROLES} » n'a plus ses en-têtes")


def _ordered(book: Any, findings: Sequence[Finding]) -> list[Finding]:
    ranks = {fold(sheet.name): rank for rank, sheet in enumerate(book.sheets)}
    return sorted(findings, key=lambda f: (f.severity.rank, ranks.get(fold(f.sheet), len(ranks))))


def _row(finding: Finding) -> list[str]:
    return [
        finding.severity.value.capitalize(),
        finding.code,
        _without_formula(finding.sheet),
        _link(finding),
        _without_formula(finding.value),
        _without_formula(finding.message),
        _without_formula(finding.fix),
    ]


def _link(finding: Finding) -> str:
    if not finding.cells:
        return ""
    place = f"#'{finding.sheet.replace(chr(39), chr(39) * 2)}'!{finding.cells[0]}"
    shown = finding.cells[0] + ("…" if len(finding.cells) > 1 else "")
    return f"=HYPERLINK({_constant(place)},{_constant(shown)})"


def _constant(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _without_formula(text: str) -> str:
    """A text Excel will not take for a formula, whatever the workbook put in it."""
    shown = visible(text, 8000)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@", "'") else shown


def _grille(held: Any) -> list[list[Any]]:
    if not isinstance(held, list | tuple):
        return [[held]]
    return [list(line) if isinstance(line, list | tuple) else [line] for line in held]


def _suites(places: list[tuple[int, int]]) -> Iterator[tuple[int, Iterator[int]]]:
    """Runs of neighbouring rows of one column: one write each."""
    numbered = enumerate(sorted(places))
    for (column, _), run in groupby(numbered, key=lambda p: (p[1][0], p[1][1] - p[0])):
        yield column, (row for _, (_, row) in run)
