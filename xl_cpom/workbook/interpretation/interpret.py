"""A returned file becomes a typed workbook: tabs, headers, rows, then the calculated columns.

Nothing here judges: what departs from the template is told as notices, which the catalogue of
rules turns into findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import visible
from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.formulas.equivalence import Places
from xl_cpom.workbook.formulas.expected import recorded_variante
from xl_cpom.workbook.interpretation.citations import match_citations
from xl_cpom.workbook.interpretation.coercion import CellReading
from xl_cpom.workbook.interpretation.extent import extent_of
from xl_cpom.workbook.interpretation.file_remarks import intrusions
from xl_cpom.workbook.interpretation.former_marks import former_marks
from xl_cpom.workbook.interpretation.formula_remarks import drops_empty_results, formula_remarks
from xl_cpom.workbook.interpretation.location import RECOGNISED, Located, are_foreign, locate
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.program_losses import group_losses
from xl_cpom.workbook.interpretation.rows import TabReading, missing_table, read_tab
from xl_cpom.workbook.interpretation.sheet_remarks import alterations
from xl_cpom.workbook.interpretation.year_followed import understand_year
from xl_cpom.workbook.mark import VERSION_KEY, read_mark
from xl_cpom.workbook.reader import RawWorkbook, UnreadableWorkbookError
from xl_cpom.workbook.records import Classeur, Table
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT, VERSIONS
from xl_cpom.workbook.template_versions import (
    bring_up,
    judged_version,
    later_table,
    sheets_of,
    up_to,
)

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


@dataclass(frozen=True)
class Retour:
    """A returned workbook: the file as it is, its typed content, what the reading has to say."""

    raw: RawWorkbook
    located: Located
    classeur: Classeur
    notices: tuple[Notice, ...]
    gabarit: str | None


def say_foreign(refusal: UnreadableWorkbookError) -> None:
    """Say of a workbook over the limits that it is no CPOM socle, when its tabs tell it."""
    over = refusal.code.startswith("LEC-LIM-")
    if over and refusal.sheets and are_foreign(refusal.sheets, SHEETS.values()):
        refusal.say_foreign()


def interpret(raw: RawWorkbook, referentiel: Referentiel) -> Retour:
    """Type the content of a workbook already read.

    Raises UnreadableWorkbookError (LEC-GABARIT) when the file is a workbook but not a CPOM socle.
    """
    gabarit = version_of(raw)
    version = judged_version(gabarit, raw)
    sheets = sheets_of(version)
    located = locate(raw, sheets.values())
    if len(located.tabs) < RECOGNISED:
        raise UnreadableWorkbookError("LEC-GABARIT")
    reading = CellReading(referentiel, raw.date1904)
    tabs = {
        key: read_tab(found, sheet, reading)
        if (found := located.tabs.get(key)) is not None and found.unreadable is None
        else None
        for key, sheet in sheets.items()
    }
    understand_year(tabs["identification"], located.tabs.get("identification"), reading)
    classeur = Classeur(referentiel, _tables(tabs), versions=up_to(version))
    notices = [*intrusions(raw), *former_marks(raw), *located.notices, *match_citations(classeur)]
    compute_workbook(classeur)
    variante = recorded_variante(raw)
    read = {key: tab for key, tab in tabs.items() if tab is not None}
    drops_empty = drops_empty_results(read.values())
    for tab in read.values():
        notices.extend(tab.notices)
        notices.extend(formula_remarks(tab, variante, raw.application, drops_empty=drops_empty))
    places = Places(classeur.tables, dict(_ends(located, read)))
    notices.extend(alterations(raw, located, read, variante, places))
    notices = list(group_losses(raw, located, read, notices))
    notices.extend(_version_notices(gabarit))
    if raw.date1904:
        notices.append(Notice("STR-016", ""))
    return Retour(raw, located, classeur, tuple(notices), gabarit)


def _tables(tabs: Mapping[str, TabReading | None]) -> dict[str, Table]:
    """The tables as the rules know them, whatever the version they were read against."""
    tables = {}
    for key, sheet in SHEETS.items():
        if key not in tabs:
            tables[key] = later_table(sheet)
            continue
        tab = tabs[key]
        tables[key] = missing_table(sheet) if tab is None else tab.table
        if tab is not None and tab.table.sheet is not sheet:
            bring_up(tab.table)
    return tables


def _ends(located: Located, tabs: Mapping[str, TabReading]) -> Iterable[tuple[str, int]]:
    """The last row of each table, where the file says it."""
    for key, tab in tabs.items():
        table = tab.table
        extent = extent_of(located.tabs[key], table.sheet, table.header_row, table.columns)
        if extent.certain:
            yield key, extent.last


def version_of(raw: RawWorkbook) -> str | None:
    """Version of the template the file was made from, None when it does not say."""
    return read_mark(raw, VERSION_KEY)


def _version_notices(gabarit: str | None) -> Iterable[Notice]:
    if gabarit is None:
        yield Notice("STR-003", "", values={"attendu": VERSION_GABARIT})
    elif gabarit in VERSIONS:
        if gabarit != VERSION_GABARIT:
            values = {"lu": gabarit, "attendu": VERSION_GABARIT}
            yield Notice("STR-070", "", value=gabarit, values=values)
    else:
        values = {"lu": visible(gabarit), "attendu": VERSION_GABARIT}
        yield Notice("STR-036", "", value=visible(gabarit), values=values)
