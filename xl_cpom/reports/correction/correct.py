"""The corrected copy itself: read, patch, read again, publish whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from xl_cpom.light_dataclass import dataclass
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.reports.annotate.book import Book, read_book
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.mark_styles import AnnotationStyles
from xl_cpom.reports.annotate.output import check_new_copy, publish
from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.splice import PartEditor
from xl_cpom.reports.correction.cell_patch import NewValue, write_cells
from xl_cpom.reports.correction.repairs import CellRepair, repairs
from xl_cpom.typography import guillemets
from xl_cpom.workbook.decryption import clear_bytes, open_workbook
from xl_cpom.workbook.interpretation.interpret import Retour, interpret
from xl_cpom.workbook.interpretation.results import same_result
from xl_cpom.workbook.reader import ExcelError, parse_cell, read_workbook
from xl_cpom.workbook.reader.limits import Limits
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.transfer.cell_values import reads_back
from xl_cpom.workbook.transfer.outcome import ReadBackError
from xl_cpom.workbook.transfer.pouring import CellPlace

_BEFORE_CALC = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """The copy written: where, what was repaired in it, and what is read in it now."""

    path: Path
    repairs: tuple[CellRepair, ...]
    read: Retour


def correct(
    source: Path,
    out: Path,
    *,
    referentiel: Referentiel | None = None,
    replace: bool = False,
) -> Correction:
    """Write a copy of a returned workbook with the repairs that the reading made without doubt.

    source: only read; out: the copy, whole or absent. replace: a file already there (never the
    source). Everything else is copied byte for byte.
    Raises UnreadableWorkbookError, AnnotationError (French messages), and ReadBackError, a fault of
    the program, when the copy does not read as the source does: nothing is then written.
    """
    referentiel = referentiel or load_referentiel()
    with source.open("rb") as stream:
        data = clear_bytes(stream.read(Limits().file_bytes + 1))
    retour = interpret(open_workbook(data), referentiel)
    package = Package.open(data)
    book = read_book(package)
    check_new_copy(source, out, macros=book.macros, replace=replace, suffixes=(".xlsx", ".xlsm"))
    found = tuple(repairs(retour))
    copy = patched(package, book, retour, found) if found else data
    after = interpret(read_workbook(copy), referentiel)
    _read_again(retour, after, found)
    publish(copy, out)
    return Correction(out, found, after)


def patched(package: Package, book: Book, retour: Retour, found: Sequence[CellRepair]) -> bytes:
    """The bytes of the workbook once the repairs are in their cells."""
    draft = Draft(package, book)
    styles = AnnotationStyles(draft)
    stale = _stale_results(retour)
    for sheet in book.sheets:
        values = {
            place: NewValue(one.value, one.number_format)
            for one in found
            if one.sheet == sheet.name and (place := parse_cell(one.cell)) is not None
        }
        if values or sheet.name in stale:
            written = {**stale.get(sheet.name, {}), **values}
            date1904 = retour.raw.date1904
            write_cells(draft, sheet.part, written, styles, date1904=date1904)
    styles.finish()
    _compute_on_opening(draft.part(book.part))
    stream = io.BytesIO()
    package.derive(draft.outcome().contents).write(stream)
    return stream.getvalue()


def _stale_results(retour: Retour) -> Mapping[str, Mapping[CellPlace, NewValue]]:
    """The results stored beside formulas that the repaired values change: Excel gives the same.

    A formula that is not the template's keeps its own, and so does one that nothing computes where
    the add-in is absent.
    """
    altered = {
        (n.sheet, cell)
        for n in retour.notices
        if n.code in ("STR-035", "STR-017", "STR-015")
        for cell in n.cells
    }
    found: dict[str, dict[CellPlace, NewValue]] = {}
    for table in retour.classeur.tables.values():
        tab = retour.located.tabs.get(table.sheet.key)
        if tab is None or not table.present:
            continue
        for row in table.rows:
            for column in table.sheet.columns:
                place = parse_cell(row.cell(column.key) or "") if column.formula else None
                cell = None if place is None else tab.cells.get(place)
                value = row.values[column.key]
                if place is None or cell is None or not cell.formula or not cell.cached:
                    continue
                if value in (None, "", NON_LU) or (tab.name, cell.ref) in altered:
                    continue
                absent = isinstance(cell.value, ExcelError) and cell.value.code == "#NAME?"
                if not absent and not same_result(cell, value, retour.raw.date1904):
                    found.setdefault(tab.name, {})[place] = NewValue(value)
    return found


def _compute_on_opening(workbook: PartEditor) -> None:
    """Ask the program that opens the copy to compute every formula again."""
    node = workbook.root.find("calcPr")
    if node is not None:
        workbook.set(node, "fullCalcOnLoad", "1")
        return
    before = [child for child in workbook.root.children if child.local in _BEFORE_CALC]
    workbook.insert(before[-1].end, f'<{workbook.prefix}calcPr fullCalcOnLoad="1"/>')


def _read_again(before: Retour, after: Retour, found: Sequence[CellRepair]) -> None:
    """The copy gives the control the very values that the source gave it, without the remarks."""
    for key, old in before.classeur.tables.items():
        new = after.classeur.tables[key]
        for one, other in zip(old.rows, new.rows, strict=True):
            for column in old.sheet.columns:
                if not reads_back(one.values[column.key], other.values[column.key]):
                    where = one.cell(column.key) or column.header
                    raise ReadBackError(f"{old.name}, {where}")
    left = {(again.sheet, again.cell) for again in repairs(after)}
    for repair in found:
        if (repair.sheet, repair.cell) in left:
            where = f"{repair.sheet}, {repair.cell}"
            raise ReadBackError(f"{where} : {guillemets(repair.written)}")
