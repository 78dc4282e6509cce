"""Partial losses: what a return may lose on the way, made on the workbook as read.

Each loss is small and named: a sheet, a column, a header, a line of the fiche, the value of a cell.
They are made on the raw cells, so that thousands can be tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.atelier import VALIDE, place
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import fold
from xl_cpom.validators.check import check_retour
from xl_cpom.validators.model import Report, Verdict
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.model import HEADER_ROW, Kind, Layout
from xl_cpom.workbook.reader import RawCell, RawSheet, RawWorkbook, read_workbook
from xl_cpom.workbook.sheets import SHEETS

RANKS = {
    Verdict.RECEVABLE: 0,
    Verdict.WITH_RESERVES: 1,
    Verdict.NON_RECEVABLE: 2,
    Verdict.NON_CONTROLE: 2,
    Verdict.ILLISIBLE: 3,
}
"""How severe a verdict is: a loss never lowers it."""

TYPES = frozenset(
    {Kind.DATE, Kind.LISTING, Kind.TAUX, Kind.MONTANT, Kind.INTEGER, Kind.ANNEE, Kind.FINESS}
)
"""Kinds in which « ?? » cannot be read."""


@dataclass(frozen=True)
class Loss:
    """A loss: where it strikes, and the workbook after it."""

    nom: str
    feuille: str
    colonne: str
    apply: Callable[[RawWorkbook], RawWorkbook]


@cache
def lu(chemin: Path = VALIDE) -> RawWorkbook:
    """A workbook as read, shared: losses copy what they change."""
    return read_workbook(chemin.read_bytes())


def controle(raw: RawWorkbook) -> Report:
    """The report of a workbook as read."""
    return check_retour("retour.xlsx", interpret(raw, load_referentiel()))


def pertes() -> Iterator[Loss]:
    """Every loss of a sheet, a column, a header or a label of the template."""
    for sheet in SHEETS.values():
        yield Loss("feuille ôtée", sheet.name, "", _without_sheet(sheet.name))
        for rank, column in enumerate(sheet.columns, start=1):
            if sheet.layout is Layout.FICHE:
                yield Loss(
                    "libellé ôté", sheet.name, column.key, _libelle(sheet.name, column.header, None)
                )
                continue
            yield Loss("en-tête changé", sheet.name, column.key,
                        _cells(sheet.name, {(HEADER_ROW, rank): "Xyz"}))  # fmt: skip
            yield Loss("en-tête vidé", sheet.name, column.key,
                        _cells(sheet.name, {(HEADER_ROW, rank): None}))  # fmt: skip
            yield Loss("colonne perdue", sheet.name, column.key, _column(sheet.name, rank))


def emptied(feuille: str) -> Loss:
    """A sheet without any of its rows: its headers stay."""

    def change(tab: RawSheet) -> RawSheet:
        kept = {where: cell for where, cell in tab.cells.items() if where[0] <= HEADER_ROW}
        return replace(tab, cells=kept)

    return Loss("lignes vidées", feuille, "", _changed(feuille, change))


def cell_losses(feuille: str, cellules: tuple[str, ...]) -> Iterator[Loss]:
    """What may happen to these cells, their columns and their sheet."""
    sheet = next(s for s in SHEETS.values() if s.name == feuille)
    yield Loss("feuille ôtée", feuille, "", _without_sheet(feuille))
    if sheet.key in ("has", "mesures", "difficulte"):
        yield emptied(feuille)
    for adresse in cellules:
        row, col = place(adresse)
        if sheet.layout is not Layout.FICHE:
            column = sheet.columns[col - 1]
            yield Loss("colonne perdue", feuille, column.key, _column(feuille, col))
            if column.kind in TYPES and column.is_entry:
                yield Loss("illisible", feuille, column.key, _cells(feuille, {(row, col): "??"}))
        else:
            yield Loss("illisible", feuille, "", _row_libelle(feuille, row))


def _changed(
    feuille: str, change: Callable[[RawSheet], RawSheet | None]
) -> Callable[[RawWorkbook], RawWorkbook]:
    def apply(raw: RawWorkbook) -> RawWorkbook:
        tabs = [change(tab) if tab.name == feuille else tab for tab in raw.sheets]
        return replace(raw, sheets=type(raw.sheets)(tab for tab in tabs if tab is not None))

    return apply


def _without_sheet(feuille: str) -> Callable[[RawWorkbook], RawWorkbook]:
    return _changed(feuille, lambda tab: None)


def _cells(
    feuille: str, valeurs: dict[tuple[int, int], str | None]
) -> Callable[[RawWorkbook], RawWorkbook]:
    def change(tab: RawSheet) -> RawSheet:
        cells = dict(tab.cells)
        for where, value in valeurs.items():
            cells.pop(where, None)
            if value is not None:
                cells[where] = _text(where, value)
        return replace(tab, cells=cells)

    return _changed(feuille, change)


def _text(where: tuple[int, int], value: str) -> RawCell:
    from xl_cpom.workbook.reader.raw_cells import GENERAL

    return RawCell(where[0], where[1], "s", value, value, None, True, GENERAL)


def _column(feuille: str, col: int) -> Callable[[RawWorkbook], RawWorkbook]:
    """A column of the table without its header nor its cells."""

    def change(tab: RawSheet) -> RawSheet:
        kept = {w: cell for w, cell in tab.cells.items() if w[0] < HEADER_ROW or w[1] != col}
        return replace(tab, cells=kept)

    return _changed(feuille, change)


def _libelle(feuille: str, ancien: str, new: str | None) -> Callable[[RawWorkbook], RawWorkbook]:
    def change(tab: RawSheet) -> RawSheet:
        cells = dict(tab.cells)
        for where, cell in tab.cells.items():
            if where[1] == 1 and fold(str(cell.value)).removesuffix(" *") == fold(ancien):
                del cells[where]
                if new is not None:
                    cells[where] = _text(where, new)
        return replace(tab, cells=cells)

    return _changed(feuille, change)


def _row_libelle(feuille: str, row: int) -> Callable[[RawWorkbook], RawWorkbook]:
    return _cells(feuille, {(row, 1): None})
