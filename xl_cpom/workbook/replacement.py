"""May a file that is already there be replaced? Never when it holds what somebody has typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.files.atomic import WriteError
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import typeset
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook

if TYPE_CHECKING:
    from xl_cpom.workbook.interpretation.interpret import Retour


def refuse_if_filled(path: Path) -> None:
    """Raise WriteError when `path` is a workbook CPOM socle with lines in its tables."""
    retour = _retour(path)
    if retour is not None and _filled(retour):
        raise WriteError(
            typeset(
                f"« {path.name} » est un classeur CPOM rempli : il n'est pas remplacé. "
                "Choisissez un autre nom."
            )
        )


def is_blank_workbook(path: Path) -> bool:
    """True for a workbook CPOM socle without any line, and for an empty file."""
    if path.stat().st_size == 0:
        return True
    retour = _retour(path)
    return retour is not None and not _filled(retour)


def _retour(path: Path) -> Retour | None:
    if not path.is_file():
        return None
    try:
        raw = read_workbook(path)
        # Only now: what a report replaces is nearly always another report, and no workbook.
        from xl_cpom.workbook.interpretation.interpret import interpret

        return interpret(raw, load_referentiel())
    except UnreadableWorkbookError:
        return None


def _filled(retour: Retour) -> bool:
    tables = retour.classeur.tables.values()
    return any(len(table) for table in tables if table.sheet.layout is Layout.TABLE)
