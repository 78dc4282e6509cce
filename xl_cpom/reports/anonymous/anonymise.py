"""The anonymous copy: every text and identifier replaced, then both controlled and compared."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from xl_cpom.light_dataclass import dataclass
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.reports.annotate.book import read_book
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.mark_styles import AnnotationStyles
from xl_cpom.reports.annotate.output import check_new_copy, publish
from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.anonymous.false_numbers import FalseNumbers
from xl_cpom.reports.anonymous.false_texts import FalseTexts
from xl_cpom.reports.anonymous.package_texts import refuse_what_cannot_be_replaced, replaced_parts
from xl_cpom.reports.anonymous.vocabulary import is_public, public_words
from xl_cpom.reports.correction.cell_patch import NewValue, write_cells
from xl_cpom.validators.check import check_retour
from xl_cpom.validators.model import Report
from xl_cpom.validators.personal_data import names_professionals
from xl_cpom.workbook.decryption import clear_bytes, open_workbook
from xl_cpom.workbook.interpretation.coercion.texts import plain_number
from xl_cpom.workbook.interpretation.interpret import Retour, interpret
from xl_cpom.workbook.model import Kind
from xl_cpom.workbook.reader import parse_cell, read_workbook
from xl_cpom.workbook.reader.limits import Limits
from xl_cpom.workbook.transfer.pouring import CellPlace

Where = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Anonymised:
    """The copy written. lost, added: (code, sheet, cells) of the findings that differ (none).

    tabs: names of sheets that the template does not have, left as they are.
    """

    path: Path
    report: Report
    lost: tuple[Where, ...]
    added: tuple[Where, ...]
    tabs: tuple[str, ...]


def anonymise(
    source: Path, out: Path, *, referentiel: Referentiel | None = None, replace: bool = False
) -> Anonymised:
    """Write a copy of a return that can be shown: other names, other texts, other numbers.

    source: only read; out: the copy, whole or absent. replace: a file already there (never the
    source). Amounts, dates, counts, codes, lists and formulas stay: the findings are the same.
    Raises UnreadableWorkbookError and AnnotationError (French messages); nothing is then written.
    """
    referentiel = referentiel or load_referentiel()
    with source.open("rb") as stream:
        data = clear_bytes(stream.read(Limits().file_bytes + 1))
    retour = interpret(open_workbook(data), referentiel)
    package = Package.open(data)
    refuse_what_cannot_be_replaced(package)
    macros = read_book(package).macros
    check_new_copy(source, out, macros=macros, replace=replace, suffixes=(".xlsx",))
    numbers = FalseNumbers(secrets.token_bytes(32))
    copy = _copied(package, retour, numbers, referentiel)
    after = interpret(read_workbook(copy), referentiel)
    name = "copie.xlsx"
    old, new = check_retour(name, retour), check_retour(name, after)
    before, now = set(_places(old)), set(_places(new))
    publish(copy, out)
    known = {tab.name for tab in retour.located.tabs.values()}
    tabs = tuple(
        sheet.name
        for sheet in retour.raw.sheets
        if sheet.name not in known and sheet.name not in _OURS
    )
    return Anonymised(out, new, tuple(sorted(before - now)), tuple(sorted(now - before)), tabs)


_OURS = frozenset(("Accueil", "Contrôles", "Aide aux actions", "Listes", "_cpom"))


def _places(report: Report) -> Iterator[Where]:
    for finding in report.findings:
        yield finding.code, finding.sheet, finding.cells


def _copied(
    package: Package, retour: Retour, numbers: FalseNumbers, referentiel: Referentiel
) -> bytes:
    public = partial(is_public, referentiel=referentiel)
    texts = FalseTexts(numbers, public_words(referentiel), public)
    texts.names.update(_names(retour))
    package = package.derive(dict(replaced_parts(package, texts.of)))
    book = read_book(package)
    draft = Draft(package, book)
    styles = AnnotationStyles(draft)
    stored = dict(_numeric_identifiers(retour, numbers))
    for sheet in book.sheets:
        values = {place: value for (tab, place), value in stored.items() if tab == sheet.name}
        if values:
            write_cells(draft, sheet.part, values, styles)
    styles.finish()
    stream = io.BytesIO()
    package.derive(draft.outcome().contents).write(stream)
    return stream.getvalue()


def _names(retour: Retour) -> Iterator[str]:
    """What stands in the columns of names: replaced whole, whatever its words."""
    for table in retour.classeur.tables.values():
        for row in table.rows:
            for column in table.sheet.columns:
                value = row.values[column.key]
                if names_professionals(column.key) and isinstance(value, str):
                    yield " ".join(value.split())


def _numeric_identifiers(
    retour: Retour, numbers: FalseNumbers
) -> Iterator[tuple[tuple[str, CellPlace], NewValue]]:
    """The identifiers stored as numbers: the texts of the package do not hold them."""
    for table in retour.classeur.tables.values():
        tab = retour.located.tabs.get(table.sheet.key)
        if tab is None or not table.present:
            continue
        keys = [c for c in table.sheet.columns if c.kind.is_identifier or c.holds is not None]
        for row in table.rows:
            for column in keys:
                place = parse_cell(row.cell(column.key) or "")
                cell = None if place is None else tab.cells.get(place)
                if place is None or cell is None or not isinstance(cell.value, float):
                    continue
                digits = plain_number(cell.value)
                length = 14 if column.kind is Kind.SIRET else 9
                if not digits.isdigit() or not length - 3 <= len(digits) <= length:
                    continue
                padded = digits.zfill(length)
                new = numbers.of_nine(padded) if length == 9 else numbers.of_fourteen(padded)
                yield (tab.name, place), NewValue(float(new))
