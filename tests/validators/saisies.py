"""What can be typed in a cell of the valid example, and what must be said of it.

The expectation is derived from the declaration of the column alone (kind, required, list, bounds,
codes), never from the coercion it judges.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook import lists
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import HEADER_ROW, Column, Kind, Layout, Sheet
from xl_cpom.workbook.reader import ExcelError, RawCell, RawWorkbook
from xl_cpom.workbook.reader.raw_cells import GENERAL
from xl_cpom.workbook.sheets import SHEETS

TEXT, NEGATIVE, ENORME = "à voir", -1.0, 9e15
UNBREAKABLE = "\u00a0"
NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.MONTANT, Kind.ANNEE)

ILLISIBLE: Mapping[Kind, str] = {
    Kind.FINESS: "FMT-001", Kind.FINESS_LIST: "FMT-001", Kind.SIREN: "FMT-005",
    Kind.SIRET: "FMT-005", Kind.DATE: "FMT-007", Kind.TAUX: "FMT-009", Kind.EMAIL: "FMT-014",
    Kind.COTATION: "HAS-005", **dict.fromkeys(NUMBERS, "FMT-020"),
}  # fmt: skip
"""Code of a text that means nothing in a column of this kind (none: any text is a value)."""


class Place_(NamedTuple):
    """The cell a column is tried on: its position, and the value it holds."""

    row: int
    col: int
    valeur: Any


class Saisie(NamedTuple):
    """A mutation of one cell: what is typed (None: nothing), and the code expected there."""

    contenu: Any
    code: str | None


def colonnes() -> list[tuple[Sheet, Column]]:
    """Every column that the gestionnaire fills in."""
    return [(s, c) for s in SHEETS.values() for c in s.columns if c.is_entry]


def lignes(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows of the valid example, in the order of the file."""
    given = valid_content()[sheet.key]
    if sheet.fixed_rows is None:
        return given
    identity = sheet.identity[0]
    values = {row[identity]: row for row in given}
    return [
        {**values.get(row[identity], {}), **row} for row in sheet.fixed_rows(load_referentiel())
    ]


def place_de(sheet: Sheet, column: Column) -> Place_:
    """The row tried: the first where the column is filled, with an accent if one has any."""
    rows = lignes(sheet)
    filled = [i for i, row in enumerate(rows) if row.get(column.key) is not None]
    accented = [i for i in filled if decompose(rows[i][column.key]) != rows[i][column.key]]
    index = next(iter(accented or filled), 0)
    place = Place(sheet, len(rows))
    value = rows[index].get(column.key)
    if sheet.layout is Layout.FICHE:
        return Place_(place.fiche_rows[column.key], 2, value)
    return Place_(HEADER_ROW + 1 + index, place.columns[column.key], value)


def decompose(value: Any) -> Any:
    return unicodedata.normalize("NFD", value) if isinstance(value, str) else value


# --- the eight mutations -------------------------------------------------------------------------


def vide(column: Column, valeur: Any) -> Saisie:
    return Saisie(None, column.blank_code if column.required else None)


def texte(column: Column, valeur: Any) -> Saisie:
    return Saisie(TEXT, _in_list(column) or ILLISIBLE.get(column.kind))


def negative(column: Column, valeur: Any) -> Saisie:
    return Saisie(NEGATIVE, _number(column, NEGATIVE))


def erreur(column: Column, valeur: Any) -> Saisie:
    return Saisie(ExcelError("#REF!"), "STR-010")


def enorme(column: Column, valeur: Any) -> Saisie:
    return Saisie(ENORME, _number(column, ENORME))


def unbreakable(column: Column, valeur: Any) -> Saisie | None:
    """The same value typed as a text, with insecable blanks in it."""
    if valeur is None:
        return None
    if isinstance(valeur, tuple):
        valeur = " ; ".join(valeur)
    if isinstance(valeur, dt.date):
        return Saisie(_in_words(valeur).replace(" ", UNBREAKABLE), "FMT-016")
    if column.kind is Kind.TAUX:
        return Saisie(f"{valeur * 100:g}".replace(".", ",") + f"{UNBREAKABLE}%", "FMT-018")
    if isinstance(valeur, int | float):
        text = f"{valeur:,}".replace(",", UNBREAKABLE).replace(".", ",")
        return Saisie(text + UNBREAKABLE, "FMT-021")
    if column.holds is not None:
        return Saisie(valeur + UNBREAKABLE, "FMT-006")
    if column.kind in (Kind.TEXT, Kind.EMAIL) or (
        column.kind is Kind.CODE and not column.list_name
    ):
        return Saisie(valeur + UNBREAKABLE, None)
    if column.kind is Kind.FINESS_LIST:
        return Saisie(valeur.replace(" ", UNBREAKABLE), None)
    return Saisie(valeur + UNBREAKABLE, "FMT-006")


def accents(column: Column, valeur: Any) -> Saisie | None:
    """The same value, its accents apart from their letters, as a Mac writes them."""
    if column.kind is Kind.DATE:
        return Saisie(decompose(_in_words(valeur or dt.date(2027, 8, 1))), "FMT-016")
    if decompose(valeur) == valeur:
        return None
    return Saisie(decompose(valeur), "FMT-019" if column.kind is Kind.LISTING else None)


def voisin(column: Column, valeur: Any) -> Saisie | None:
    """A value close to a right one: never taken for it."""
    if column.list_name is not None:
        value = str(valeur if valeur is not None else admis(column)[-1])
        if (near := value[:-1] + "§") in admis(column):
            return None
        return Saisie(near, column.list_code)
    match column.holds or column.kind:
        case Kind.FINESS | Kind.FINESS_LIST:
            return Saisie("210099009", "FMT-002")
        case Kind.SIREN:
            return Saisie("999000269", "FMT-005")
        case Kind.SIRET:
            return Saisie("99900026800023", "FMT-005")
        case Kind.DATE:
            return Saisie("31/02/2027", "FMT-007")
        case Kind.TAUX:
            return Saisie("1.234", "FMT-009")
        case Kind.EMAIL:
            return Saisie("direction@exemple", "FMT-014")
        case Kind.COTATION:
            return Saisie(4.5, "HAS-005")
        case kind if kind in NUMBERS:
            return Saisie("1.234", "FMT-020")
        case _:
            return None


MUTATIONS: Mapping[str, Callable[[Column, Any], Saisie | None]] = {
    "vide": vide, "texte": texte, "négatif": negative, "erreur": erreur, "énorme": enorme,
    "insécables": unbreakable, "accents": accents, "voisin": voisin,
}  # fmt: skip

_MONTH = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def _in_words(day: dt.date) -> str:
    return f"{day.day} {_MONTH[day.month - 1]} {day.year}"


def admis(column: Column) -> tuple[str, ...]:
    return lists.admitted(column, load_referentiel())


def _in_list(column: Column) -> str | None:
    return column.list_code if column.list_name is not None else None


def _number(column: Column, value: float) -> str | None:
    """Code of a number typed in the column (None: it is a value like another)."""
    if (code := _in_list(column)) is not None:
        return code
    if column.holds is not None and value > 0:
        return ILLISIBLE[column.holds]
    if column.kind in (Kind.TEXT, Kind.CODE):
        return None
    if column.kind in (*NUMBERS, Kind.TAUX):
        low, high = column.bounds(load_referentiel())
        out = (low is not None and value < low) or (high is not None and value > high)
        return "FMT-022" if out else None
    return ILLISIBLE[column.kind]


# --- on the file ---------------------------------------------------------------------------------


def mutate(raw: RawWorkbook, sheet: Sheet, place: Place_, contenu: Any) -> RawWorkbook:
    """The workbook with this content in this cell, the rest shared."""
    tabs = list(raw.sheets)
    index = next(i for i, tab in enumerate(tabs) if tab.name == sheet.name)
    cells = dict(tabs[index].cells)
    key = (place.row, place.col)
    old = cells.pop(key, None)
    if contenu is not None:
        kind = {str: "s", ExcelError: "e"}.get(type(contenu), "n")
        look = old.format if old is not None and kind == "n" else GENERAL
        cells[key] = RawCell(*key, kind, str(contenu), contenu, None, True, look)
        cells = dict(sorted(cells.items()))
    tabs[index] = dataclasses.replace(tabs[index], cells=cells)
    return dataclasses.replace(raw, sheets=tuple(tabs))
