"""What the buttons « Vérifier », « Réparer », « Retirer les marques » and « Figer » do.

They work over xlwings' Book.

Ordinary code: any object with the same methods will do. The validator is imported when a button is
pressed, never to compute a cell.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.files.temporaries import private_folder
from xl_cpom.typography import plural, typeset
from xl_cpom.udfs.ribbon_sheets import (
    RibbonRefusedError,
    freeze_sheet,
    go_to_first,
    write_controles,
)

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

TITLE = "CPOM"
FROZEN_SUFFIX = "\u00a0– valeurs figées"
REPAIRED_SUFFIX = "\u00a0– réparé"
UNMARKED_SUFFIX = "\u00a0– sans marques"


def verifier(book: Any = None, control: Callable[[Path], Report] | None = None) -> Report | None:
    """Save the workbook, control it, fill « Contrôles », go to the first cell at fault.

    book: the workbook (the active one if None). controler: `xl_cpom.check` unless given.
    Returns the report, None when the workbook could not be controlled (the user is told).
    """
    book = _actif() if book is None else book
    try:
        book.save()
        with _file(book) as path:
            report = (control or _controle())(path)
        write_controles(book, report.findings)
    except (RibbonRefusedError, OSError) as refusal:
        _dire(book, f"Le classeur n'a pas pu être contrôlé : {refusal}")
        return None
    go_to_first(book, report.findings)
    _dire(book, resume(report))
    return report


def figer(book: Any = None) -> Path | None:
    """Write beside the workbook a copy whose CPOM formulas are replaced by their values.

    Returns the path of the copy, None when it could not be written (the user is told).
    """
    book = _actif() if book is None else book
    try:
        book.save()
        with _file(book) as path:
            source = Path(str(book.fullname))
            target = source.with_name(f"{source.stem}{FROZEN_SUFFIX}{source.suffix}")
            if target.exists():
                raise RibbonRefusedError(
                    f"« {target.name} » existe déjà, supprimez-le ou renommez-le"
                )
            shutil.copyfile(path, target)
        copy = book.app.books.open(str(target))
        count = sum(freeze_sheet(sheet) for sheet in copy.sheets)
        copy.save()
    except (RibbonRefusedError, OSError) as refusal:
        _dire(book, f"La copie n'a pas pu être écrite : {refusal}")
        return None
    said = plural(count, "formule remplacée par sa valeur", "formules remplacées par leur valeur")
    _dire(copy, f"{said} dans « {target.name} ». L'original n'a pas changé.")
    return target


def remove_marks(book: Any = None) -> Path | None:
    """Write beside the workbook a copy without the marks of a control, and open it.

    Returns the path of the copy, None when it could not be written (the user is told).
    """
    from xl_cpom.reports.annotate import remove_marks as written

    def write(path: Path, target: Path) -> str:
        return " ".join(
            (f"« {target.name} » est le classeur sans marques.", *written(path, target).warnings)
        )

    return _copy_beside(book, UNMARKED_SUFFIX, write)


def repair(book: Any = None) -> Path | None:
    """Write beside the workbook a copy with the repairs made without doubt, and open it.

    Returns the path of the copy, None when it could not be written (the user is told).
    """
    from xl_cpom.reports.correction import correct

    def write(path: Path, target: Path) -> str:
        repairs = correct(path, target).repairs
        cells = ", ".join(f"{one.sheet} {one.cell}" for one in repairs[:_CELLS_TOLD])
        more = "…" if len(repairs) > _CELLS_TOLD else ""
        count = plural(len(repairs), "valeur réparée", "valeurs réparées")
        where = f" : {cells}{more}" if repairs else ""
        return f"{count} dans « {target.name} »{where}."

    return _copy_beside(book, REPAIRED_SUFFIX, write)


_CELLS_TOLD = 12
"""Cells that a message box names."""


def _copy_beside(book: Any, suffix: str, write: Callable[[Path, Path], str]) -> Path | None:
    """Save the workbook, write a copy of it beside under another name, open it, say what it is."""
    from xl_cpom.reports.annotate import AnnotationError
    from xl_cpom.workbook.reader import UnreadableWorkbookError

    book = _actif() if book is None else book
    try:
        book.save()
        with _file(book) as path:
            source = Path(str(book.fullname))
            target = source.with_name(f"{source.stem}{suffix}{source.suffix}")
            if target.exists():
                raise RibbonRefusedError(
                    f"« {target.name} » existe déjà, supprimez-le ou renommez-le"
                )
            said = write(path, target)
        copy = book.app.books.open(str(target))
    except (RibbonRefusedError, AnnotationError, UnreadableWorkbookError, OSError) as refusal:
        _dire(book, f"La copie n'a pas pu être écrite : {refusal}")
        return None
    _dire(copy, f"{said} L'original n'a pas changé.")
    return target


def resume(report: Report) -> str:
    """The verdict and the number of findings, in one or two sentences."""
    count = plural(len(report.findings), "anomalie")
    where = " Elles sont dans la feuille « Contrôles »." if len(report.findings) > 1 else ""
    return f"Verdict : {report.verdict.value}. {count}.{where}"


def _controle() -> Callable[[Path], Report]:
    from xl_cpom.validators.check import check

    return check


def _actif() -> Any:
    import xlwings

    return xlwings.Book.caller()


def _dire(book: Any, message: str) -> None:
    book.app.alert(typeset(message), title=TITLE)


@contextmanager
def _file(book: Any) -> Iterator[Path]:
    """The saved file, or a copy of it when Excel keeps it for itself."""
    path = Path(str(book.fullname))
    if not path.is_file():
        raise RibbonRefusedError("enregistrez-le d'abord dans un dossier de cet ordinateur")
    try:
        with path.open("rb"):
            pass
    except PermissionError:
        with private_folder() as folder:
            copy = folder / path.name
            book.api.SaveCopyAs(str(copy))
            yield copy
        return
    yield path
