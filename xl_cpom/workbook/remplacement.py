"""May a file that is already there be replaced? Never when it holds what somebody has typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.referentiel import charger
from xl_cpom.typographie import typographie
from xl_cpom.workbook.atomic import EcritureImpossible
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader import UnreadableWorkbook, read_workbook

if TYPE_CHECKING:
    from xl_cpom.workbook.reading import Retour


def refuser_si_rempli(path: Path) -> None:
    """Raise EcritureImpossible when `path` is a workbook CPOM socle with lines in its tables."""
    retour = _retour(path)
    if retour is not None and _filled(retour):
        raise EcritureImpossible(
            typographie(
                f"« {path.name} » est un classeur CPOM rempli : il n'est pas remplacé. "
                "Choisissez un autre nom."
            )
        )


def est_vierge(path: Path) -> bool:
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
        from xl_cpom.workbook.reading import interpret

        return interpret(raw, charger())
    except UnreadableWorkbook:
        return None


def _filled(retour: Retour) -> bool:
    tables = retour.classeur.tables.values()
    return any(len(table) for table in tables if table.sheet.layout is Layout.TABLE)
