"""The annotated copy: the user's own workbook, whole, with what is to be mended shown in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.book import BookSheet, read_book
from xl_cpom.reports.annotate.controles_sheet import write_controles
from xl_cpom.reports.annotate.copy_summary import summary, warnings_of
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.highlight import highlight
from xl_cpom.reports.annotate.listing_lines import lines_of
from xl_cpom.reports.annotate.mark_styles import AnnotationStyles
from xl_cpom.reports.annotate.marks import seal
from xl_cpom.reports.annotate.notes import Written, write_notes
from xl_cpom.reports.annotate.output import FAST, check_target, write_package
from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.plan import MarksPlan, plan_of, shown
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.annotate.sheetscan import SheetPartEditor
from xl_cpom.reports.annotate.stripping import strip
from xl_cpom.reports.annotate.vml import ShapeIds
from xl_cpom.typography import typeset
from xl_cpom.validators.model import Finding
from xl_cpom.workbook.reader.collector import collector_paused
from xl_cpom.workbook.reader.limits import Limits

NOTES_PER_SHEET = 500
"""Notes written on one sheet at most; every finding is on the sheet « Contrôles » all the same."""

OLD_MARKS = "STR-065"
"""Said of the marks of a previous control: those of this one replace them."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """The copy written: where, notes and cells marked, what the reader must know (French)."""

    path: Path
    notes: int
    warnings: tuple[str, ...] = ()
    cells: int = 0


def annotate(
    source: Path | bytes,
    findings: Sequence[Finding],
    out: Path,
    *,
    verdict_line: str = "",
    limits: Limits | None = None,
    notes_per_sheet: int = NOTES_PER_SHEET,
) -> Annotation:
    """Write a copy of a workbook with its faulty cells highlighted, commented and listed.

    source: the returned workbook (.xlsx or .xlsm), never modified; out: the copy, replaced if
    there. The marks of a former annotation are replaced. verdict_line: French sentence shown
    above the list. Everything not touched is copied byte for byte.
    Raises AnnotationError; nothing is then written.
    """
    with collector_paused():
        return _annotate(source, findings, out, verdict_line, limits, notes_per_sheet)


def _annotate(
    source: Path | bytes,
    findings: Sequence[Finding],
    out: Path,
    verdict_line: str,
    limits: Limits | None,
    notes_per_sheet: int,
) -> Annotation:
    findings = [finding for finding in findings if finding.code != OLD_MARKS]
    package = Package.open(source, limits)
    book = read_book(package)
    check_target(source, out, macros=book.macros)
    package = strip(package, book).package
    book = read_book(package)
    draft = Draft(package, book)
    plans = plan_of(findings, book)
    styles, ids = AnnotationStyles(draft), ShapeIds(package)
    verdict = summary(verdict_line, findings, plans, notes_per_sheet)
    tab = write_controles(draft, lines_of(findings, book), verdict, styles)
    written = {
        sheet.name: _mark(draft, sheet, plans[sheet.name], styles, ids, notes_per_sheet)
        for sheet in book.sheets
        if sheet.name in plans
    }
    styles.finish()
    outcome = seal(draft)
    write_package(package.derive(outcome.contents), out, level=FAST)
    return Annotation(
        out,
        sum(one.notes for one in written.values()),
        warnings_of(draft, tab, written),
        sum(plan.cells for plan in plans.values()),
    )


@dataclass(frozen=True, slots=True)
class Removal:
    """The clean copy: `exact` when every part is the original byte for byte."""

    path: Path
    exact: bool
    warnings: tuple[str, ...] = ()


def remove_marks(source: Path | bytes, out: Path, *, limits: Limits | None = None) -> Removal:
    """Write the workbook without the marks of `annotate`.

    Parts come back byte for byte unless a spreadsheet program saved the copy in between: then
    highlights, notes and lines are taken out one by one, and unused formats may stay.
    Raises AnnotationError; nothing is then written.
    """
    package = Package.open(source, limits)
    book = read_book(package)
    check_target(source, out, macros=book.macros)
    stripped = strip(package, book, empty_table=True)
    write_package(stripped.package, out)
    warnings: tuple[str, ...] = ()
    if not stripped.found:
        warnings = ("Le classeur ne porte aucune marque des contrôles : il est copié tel quel.",)
    elif not stripped.exact:
        warnings = (
            "Le classeur a été enregistré depuis son annotation : les surlignages, les notes et "
            "le contenu de la feuille « Contrôles » ont été retirés un à un ; la feuille elle-même "
            "et des formats inutilisés peuvent rester.",
        )
    return Removal(out, stripped.exact, tuple(map(typeset, warnings)))


def is_our_copy(path: Path, *, limits: Limits | None = None) -> bool:
    """Is this file an annotated copy that nobody has saved since? Then it may be replaced."""
    try:
        package = Package.open(path, limits)
        stripped = strip(package, read_book(package))
    except AnnotationError:
        return False
    return stripped.found and stripped.exact


def _mark(
    draft: Draft,
    sheet: BookSheet,
    plan: MarksPlan,
    styles: AnnotationStyles,
    ids: ShapeIds,
    limit: int,
) -> Written:
    """Highlight and comment one sheet; what is malformed in it costs its own marks only."""
    try:
        editor = SheetPartEditor(draft, sheet.part)
    except AnnotationError:
        return Written(unreadable=True)
    plan = shown(plan, editor.merges())
    highlight(editor, plan.marked, styles)
    texts = plan.texts(limit)
    try:
        return write_notes(draft, editor, texts, ids)
    except AnnotationError:
        return Written(refused=len(texts))


__all__ = [
    "Annotation",
    "AnnotationError",
    "Removal",
    "annotate",
    "is_our_copy",
    "remove_marks",
]
