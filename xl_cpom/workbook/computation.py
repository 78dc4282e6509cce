"""The calculated columns and the indicators of the modules, recomputed from the rows.

The same definitions serve the cells of the workbook: only the data come from elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xl_cpom.indicators import (
    BY_MODULE,
    SANS_OBJET,
    IndicatorResult,
    InvalidInputError,
    ParameterSet,
    parameters_of,
)
from xl_cpom.workbook.model import Column, Sheet
from xl_cpom.workbook.records import NON_LU, Classeur, Row, Table
from xl_cpom.workbook.sheets.indicateurs import (
    INDICATEURS,
    SECTEURS,
    indicateur_columns,
    module_sheet,
)
from xl_cpom.workbook.unread import UnreadPlace, listening, tell

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def parametres(referentiel: Referentiel) -> ParameterSet:
    """The parameters of a référentiel, the same object each time (the trees are cached on it)."""
    return parameters_of(referentiel)


def compute_workbook(classeur: Classeur) -> None:
    """Give every calculated column its value (NON_LU when an input could not be read).

    The indicators come once the rows they count have their périmètre.
    """
    watched = [table.watch() or not table.present for table in classeur.tables.values()]
    classeur.partial = any(watched)
    for table in classeur.tables.values():
        if table.sheet.key == INDICATEURS.key:
            classeur.results = recompute(classeur)
        columns = calculated_columns(table.sheet)
        for row in table.rows:
            for column in columns:
                row.values[column.key] = _calculated(column, row, classeur)
        if classeur.partial:
            table.watch()


@lru_cache(maxsize=64)
def calculated_columns(sheet: Sheet) -> tuple[Column, ...]:
    """The calculated columns of a sheet, those that others read first."""
    pending = [column for column in sheet.columns if column.formula is not None]
    ordered: list[Column] = []
    while pending:
        waiting = {column.key for column in pending}
        ready = [c for c in pending if waiting.isdisjoint(used_keys(c))] or pending
        ordered += ready
        pending = [column for column in pending if column not in ready]
    return tuple(ordered)


def _calculated(column: Column, row: Row, classeur: Classeur) -> Any:
    """What a calculated cell holds; NON_LU when it rests on something unread, here or elsewhere."""
    assert column.formula is not None
    if row.unread(used_keys(column)):
        return NON_LU
    if not classeur.partial:
        return column.formula.compute(row, classeur)
    with listening() as told:
        value = column.formula.compute(row, classeur)
    return NON_LU if any(_is_unread(classeur, place) for place in told) else value


def _is_unread(classeur: Classeur, place: UnreadPlace) -> bool:
    """Was something there that could not be read, rather than nothing?"""
    table, number, key = classeur.tables[place[0]], place[1], place[2]
    if not key:
        return not table.present
    return any(row.values[key] is NON_LU for row in _rows_at(table, number))


def _rows_at(table: Table, number: int) -> list[Row]:
    return table.rows[:1] if not number else [row for row in table.rows if row.number == number]


def origins(classeur: Classeur, places: Iterable[UnreadPlace]) -> frozenset[UnreadPlace]:
    """The entry cells (or the absent sheets) that these places rest on."""
    found: set[UnreadPlace] = set()
    pending, seen = list(places), set(places)
    while pending:
        place = pending.pop()
        below = _below(classeur, place)
        if not below:
            found.add(place)
        pending.extend(below - seen)
        seen |= below
    return frozenset(found)


def _below(classeur: Classeur, place: UnreadPlace) -> set[UnreadPlace]:
    """What a calculated cell that could not be computed asked for in vain."""
    table, number, key = classeur.tables[place[0]], place[1], place[2]
    if not key or (column := table.sheet[key]).formula is None:
        return set()
    with listening() as told:
        for row in _rows_at(table, number):
            tell((place[0], number, used) for used in used_keys(column)
                 if row.values[used] is NON_LU)  # fmt: skip
            if not told:
                column.formula.compute(row, classeur)
    return told - {place}


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=256)
def _placeholders(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def used_keys(column: Column) -> tuple[str, ...]:
    """Columns of the same row that the formula of a calculated column reads."""
    assert column.formula is not None
    if column.formula.reads is not None:
        return column.formula.reads
    text = column.formula.excel
    return _placeholders(text) if isinstance(text, str) else ()


class ModuleResults(dict[tuple[str, str], IndicatorResult]):
    """The result of each (module, secteur); asking for one that could not be computed is told.

    unread: (module, secteur) -> the places that prevent it. Such a result is empty, as a result
    that is sans objet is; only this mapping tells them apart.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unread: dict[tuple[str, str], frozenset[UnreadPlace]] = {}

    def __getitem__(self, key: tuple[str, str]) -> IndicatorResult:
        if (places := self.unread.get(key)) is not None:
            tell(places)
        return super().__getitem__(key)


def recompute(classeur: Classeur) -> ModuleResults:
    """Result of each (module, secteur), computed on the rows that may belong to it.

    A row of another module or secteur that could not be read takes nothing away; one that may
    belong to it makes it « non calculable »: a rate computed on part of the rows would be false.
    """
    results = ModuleResults()
    no_year = classeur.identification.values["annee_suivie"] is NON_LU
    for module in classeur.referentiel.modules:
        for secteur in SECTEURS:
            result, unread = _result(classeur, module, secteur)
            if no_year and (unread or result.value is not None):
                result, unread = SANS_OBJET, {("identification", 0, "annee_suivie")}
            results[module, secteur] = result
            if unread is not None and classeur.peut_etre_actif(module):
                results.unread[module, secteur] = origins(classeur, unread)
    return results


def _result(
    classeur: Classeur, module: str, secteur: str
) -> tuple[IndicatorResult, set[UnreadPlace] | None]:
    """The result, and None; or nothing, and the places that prevent it."""
    indicator = BY_MODULE.get(module)
    if indicator is None:
        return SANS_OBJET, None
    table = classeur.tables[module_sheet(module).key]
    if not table.present:
        expected = secteur in _secteurs(classeur)
        return SANS_OBJET, {(table.sheet.key, 0, "")} if expected else None
    columns = indicateur_columns(module)
    these_values = parametres(classeur.referentiel)
    useful = {
        columns[key]
        for key in indicator.useful_inputs((*columns, "code"), parametres=these_values)
        if key in columns
    }
    rows, unread = _counted(table, f"{module}/{secteur}", useful, classeur)
    if unread:
        return SANS_OBJET, unread
    data: dict[str, Any] = {"code": f"{module}/{secteur}"}
    for key, column in columns.items():
        values = (row.values[column] for row in rows)
        data[key] = [None if value is NON_LU else value for value in values]
    if any(entry.key == "au" for entry in indicator.inputs) and classeur.annee_suivie:
        data["au"] = dt.date(classeur.annee_suivie, 12, 31)
    try:
        result = indicator.compute(data, parametres=classeur.parameters)
    except InvalidInputError:
        return SANS_OBJET, set()  # an entry rule has already named the cell
    strangers = _strangers(table, classeur) if result.value is None else set()
    return (SANS_OBJET, strangers) if strangers else (result, None)


def _counted(
    table: Table, code: str, useful: set[str], classeur: Classeur
) -> tuple[list[Row], set[UnreadPlace]]:
    """The rows an indicator may count, and what could not be read among them."""
    rows: list[Row] = []
    unread: set[UnreadPlace] = set()
    key = table.sheet.key
    for row in table.rows:
        perimetre = row.values["perimetre"]
        if perimetre is NON_LU:
            if not counted_elsewhere(row, code, classeur):
                unread.add((key, row.number, "perimetre"))
        elif perimetre is None and (place := _without_secteur(row, classeur)) is not None:
            unread.add(place)
        elif perimetre is None or perimetre == code:
            rows.append(row)
            if perimetre is not None:
                unread.update((key, row.number, k) for k in useful if row.values[k] is NON_LU)
    return rows, unread


def counted_elsewhere(row: Row, code: str, classeur: Classeur) -> bool:
    """Does what could be read of a row say that another indicator counts it?"""
    module, secteur = code.split("/")
    values = row.values
    if "module" in values and values["module"] not in (None, NON_LU, module):
        return True
    own = values["secteur"] if "secteur" in values else classeur.secteur(values["finess_et"])
    return own in SECTEURS and own != secteur


def _without_secteur(row: Row, classeur: Classeur) -> UnreadPlace | None:
    """The empty cell that keeps a row out of both secteurs: that of its ESMS, when it has one."""
    sheet = row.table.sheet
    if "secteur" in sheet.by_key or "finess_et" not in sheet.by_key:
        return None
    esms = classeur.etablissements.get(row.values["finess_et"])
    if esms is None or esms.values["secteur"] is not None:
        return None
    return ("etablissements", esms.number, "secteur")


def _strangers(table: Table, classeur: Classeur) -> set[UnreadPlace]:
    """Rows about an ESMS that the workbook does not list: they may be the ones to count."""
    if "secteur" in table.sheet.by_key or "finess_et" not in table.sheet.by_key:
        return set()
    return {
        (table.sheet.key, row.number, "finess_et")
        for row in table.rows
        if row.values["finess_et"] and row.values["finess_et"] not in classeur.etablissements
    }


def _secteurs(classeur: Classeur) -> Collection[str]:
    """The secteurs of the organisme, both when nothing says which."""
    declared = classeur.identification.values["secteurs"] or ""
    esms = [row.values["secteur"] for row in classeur.tables["etablissements"].rows]
    found = {secteur for secteur in SECTEURS if secteur in esms or secteur in declared}
    return found or SECTEURS
