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
from xl_cpom.workbook.calculees import remarques_des_calculs
from xl_cpom.workbook.calculs import calculer
from xl_cpom.workbook.coercion import Reading
from xl_cpom.workbook.formules import variante_de
from xl_cpom.workbook.intrusions import intrusions
from xl_cpom.workbook.location import Located, locate
from xl_cpom.workbook.notices import Notice
from xl_cpom.workbook.reader import RawWorkbook, UnreadableWorkbook
from xl_cpom.workbook.records import Classeur
from xl_cpom.workbook.rows import missing_table, read_tab
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT
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
            notices.extend(remarques_des_calculs(tab, variante, raw.application))
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
