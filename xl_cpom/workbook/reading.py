"""A returned file becomes a typed workbook: tabs, headers, rows, then the calculated columns.

Nothing here judges: what departs from the template is told as notices, which the catalogue of
rules turns into findings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_cpom.typographie import visible
from xl_cpom.workbook.alterations import alterations
from xl_cpom.workbook.calculs import calculer
from xl_cpom.workbook.coercion import Reading, shown
from xl_cpom.workbook.formules import formule_a_remettre, variante_de
from xl_cpom.workbook.intrusions import intrusions
from xl_cpom.workbook.location import Located, locate
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.notices import Notice
from xl_cpom.workbook.reader import ExcelError, RawCell, RawWorkbook, UnreadableWorkbook
from xl_cpom.workbook.records import Classeur, Row
from xl_cpom.workbook.rows import TabReading, missing_table, read_tab
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT
from xl_cpom.workbook.template.formulas import Variante
from xl_cpom.workbook.template.marque import CLE_VERSION, lire_marque

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

_RECOGNISED = 3


@dataclass(frozen=True)
class Retour:
    """A returned workbook: the file as it is, its typed content, what the reading has to say."""

    raw: RawWorkbook
    located: Located
    classeur: Classeur
    notices: tuple[Notice, ...]
    gabarit: str | None


def interpret(raw: RawWorkbook, referentiel: Referentiel) -> Retour:
    """Type the content of a workbook already read.

    Raises UnreadableWorkbook (LEC-GABARIT) when the file is a workbook but not a CPOM socle.
    """
    located = locate(raw, SHEETS.values())
    if len(located.tabs) < _RECOGNISED:
        raise UnreadableWorkbook("LEC-GABARIT")
    reading = Reading(referentiel, raw.date1904)
    tabs = {
        key: read_tab(found, sheet, reading)
        if (found := located.tabs.get(key)) is not None and found.unreadable is None
        else None
        for key, sheet in SHEETS.items()
    }
    classeur = Classeur(
        referentiel,
        {
            key: missing_table(SHEETS[key]) if tab is None else tab.table
            for key, tab in tabs.items()
        },
    )
    notices = [*intrusions(raw), *located.notices]
    calculer(classeur)
    variante = variante_de(raw)
    for tab in tabs.values():
        if tab is not None:
            notices.extend(tab.notices)
            notices.extend(_calculated_notices(tab, variante))
    read = {key: tab for key, tab in tabs.items() if tab is not None}
    notices.extend(alterations(raw, located, read, variante))
    gabarit = version_of(raw)
    notices.extend(_version_notices(gabarit))
    if raw.date1904:
        notices.append(Notice("STR-016", ""))
    return Retour(raw, located, classeur, tuple(notices), gabarit)


def version_of(raw: RawWorkbook) -> str | None:
    """Version of the template the file was made from, None when it does not say."""
    return lire_marque(raw, CLE_VERSION)


def _version_notices(gabarit: str | None) -> Iterable[Notice]:
    if gabarit is None:
        yield Notice("STR-003", "", values={"attendu": VERSION_GABARIT})
    elif gabarit != VERSION_GABARIT:
        values = {"lu": visible(gabarit), "attendu": VERSION_GABARIT}
        yield Notice("STR-036", "", value=visible(gabarit), values=values)


def _calculated_notices(tab: TabReading, variante: Variante) -> Iterable[Notice]:
    """What happened to the formulas: overwritten, never calculated, in error."""
    name = tab.table.name
    uncached: list[str] = []
    unknown_name: list[str] = []
    for row, column, cell in tab.calculated:
        if cell is None:
            continue
        if cell.formula is None:
            if cell.value is not None:
                yield _overwritten(name, cell, row, column, variante)
        elif not cell.cached:
            uncached.append(cell.ref)
        elif isinstance(cell.value, ExcelError):
            if cell.value.code == "#NAME?":
                unknown_name.append(cell.ref)
            elif cell.value.code != "#N/A":
                yield _in_error(name, cell.ref, row, column, cell)
    if uncached:
        yield Notice("STR-015", name, tuple(uncached), values={"feuille": name})
    if unknown_name:
        yield Notice("STR-017", name, tuple(unknown_name), "#NOM?", {"feuille": name})


def _overwritten(name: str, cell: RawCell, row: Row, column: Column, variante: Variante) -> Notice:
    attendu = formule_a_remettre(column, row, variante)
    values = {"colonne": column.header, "lu": shown(cell), "attendu": attendu}
    return Notice("STR-008", name, (cell.ref,), shown(cell), values)


def _in_error(name: str, address: str, row: Row, column: Column, cell: RawCell) -> Notice:
    values = {"colonne": column.header, "erreur": visible(str(cell.value)), "ligne": row.number}
    return Notice("STR-034", name, (address,), visible(str(cell.value)), values)
