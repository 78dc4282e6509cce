"""What people add to an honest return and that is no data, kind by kind.

Each gesture takes the workshop and a table of it; none touches a cell that holds data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lxml import etree

from tests.atelier import lettre, q
from tests.corpus.gestes import SHEET_NAMES, Gestures, lignes
from xl_cpom.workbook.model import HEADER_ROW, Column, Kind, Layout, Sheet

Gesture = Callable[[Gestures, Sheet], None]
TABLES = [sheet for sheet in SHEET_NAMES.values() if sheet.layout is Layout.TABLE]
FIRST = HEADER_ROW + 1
DECORATIONS: dict[str, Gesture] = {}


def _columns(sheet: Sheet, *kinds: Kind) -> list[tuple[str, Column]]:
    """The entry columns of these kinds (of all when none is named), with their letters."""
    return [
        (lettre(rank), column)
        for rank, column in enumerate(sheet.columns, start=1)
        if column.is_entry and (not kinds or column.kind in kinds)
    ]


def _added_up(sheet: Sheet) -> list[str]:
    return [col for col, _ in _columns(sheet, Kind.INTEGER, Kind.NUMBER, Kind.MONTANT)]


def below(workshop: Gestures, sheet: Sheet, gap: int) -> int:
    """A row under everything typed on the sheet, this far from it."""
    entries = {col for col, _ in _columns(sheet)}
    return gap + max(
        int(row.get("r"))
        for row in workshop.feuille(sheet.name).find(q("sheetData"))
        for cell in row
        if cell.get("r").rstrip("0123456789") in entries and len(cell)
    )


def between(workshop: Gestures, sheet: Sheet, count: int = 1, after: int | None = None) -> int:
    """The first of rows inserted among the data."""
    at = FIRST + max(1, len(lignes(sheet)) // 2) if after is None else FIRST + after
    workshop.insert_rows(sheet.name, at, count)
    return at


def write(workshop: Gestures, sheet: Sheet, row: int, **cells: Any) -> None:
    for col, value in cells.items():
        workshop.cellule(sheet.name, f"{col}{row}", value)


def _sums(
    workshop: Gestures, sheet: Sheet, row: int, function: str = "SUM({})", value: Any = 123
) -> None:
    for col in _added_up(sheet):
        text = function.format(f"{col}{FIRST}:{col}{row - 1}")
        workshop.formule(sheet.name, f"{col}{row}", text, value)


def _decoration(name: str, gesture: Gesture) -> None:
    DECORATIONS[name] = gesture


def _texts(name: str, lines: Sequence[dict[str, Any]], gap: int = 2) -> None:
    """Lines of texts under the table: {column: text} each, {} for a blank one."""

    def gesture(workshop: Gestures, sheet: Sheet) -> None:
        at = below(workshop, sheet, gap)
        for rank, cells in enumerate(lines):
            write(workshop, sheet, at + rank, **cells)

    _decoration(name, gesture)


def _title(
    name: str, *texts: dict[str, Any], merged: bool = False, after: int | None = None
) -> None:
    """Lines of titles between two records."""

    def gesture(workshop: Gestures, sheet: Sheet) -> None:
        at = between(workshop, sheet, len(texts), after)
        for rank, cells in enumerate(texts):
            write(workshop, sheet, at + rank, **cells)
            if merged:
                last = lettre(len(sheet.columns))
                workshop.merge(sheet.name, f"A{at + rank}:{last}{at + rank}")

    _decoration(name, gesture)


def _total(
    name: str, label: dict[str, Any], function: str | None = "SUM({})", *, inside: bool = False
) -> None:
    """A line of totals, by formulas or pasted as values, among the records or under them."""

    def gesture(workshop: Gestures, sheet: Sheet) -> None:
        if function is None and not _added_up(sheet):
            return
        at = between(workshop, sheet) if inside else below(workshop, sheet, 2)
        write(workshop, sheet, at, **label)
        if function is None:
            write(workshop, sheet, at, **dict.fromkeys(_added_up(sheet), 4567))
        else:
            _sums(workshop, sheet, at, function)

    _decoration(name, gesture)


_total("sous-total au milieu", {"A": "Sous-total EHPAD Les Tilleuls"}, inside=True)
_total("sous-total collé en valeurs", {"B": "Sous total IME"}, None, inside=True)
_total("sous-totaux d'Excel", {"A": "210099016 Somme"}, "SUBTOTAL(9,{})", inside=True)
_total("total d'un établissement", {"A": "Total 210099016"}, "SUBTOTAL(9,{})", inside=True)
_total("total général", {"A": "Total général"}, None)
_total("total en deuxième colonne", {"B": "TOTAL GENERAL :"})
_total("moyenne", {"A": "Moyenne"}, "AVERAGE({})")
_total("sommes sans un mot", {})
_total("rappel", {"A": "Rappel 2026"}, None)
_total("contrôle", {"A": "Vérification"}, 'IF(SUM({})>0,"OK","KO")')
_title("titre fusionné", {"A": "ESMS du secteur handicap"}, merged=True)
_title("titre au nom d'un établissement", {"A": "EHPAD Les Tilleuls"}, after=0)
_title("titre et numéro", {"A": "EHPAD Les Tilleuls (210099016)"}, after=0)
_title("titre en deuxième colonne", {"B": "Pôle domicile"})
_title("titre numéroté", {"A": "1. Transformation de l'offre"})
_title("titre d'une année", {"A": "Année 2027"})
_title("année seule", {"A": 2027})
_title("titre de deux lignes", {}, {"A": "PARTIE II"}, {"A": "Établissements pour enfants"})
_title("exemple laissé", {"A": "Exemple :", "B": "à supprimer"}, after=0)
_title("consigne sous les en-têtes", {"A": "(9 chiffres)", "B": "(en toutes lettres)"}, after=0)
_title("dont", {"B": "dont hébergement temporaire"})
_texts("source", [{"A": "Source : comptes administratifs 2027 – direction financière"}])
_texts("source sans deux-points", [{"B": "Données extraites de Netsoins le 12/01/2028"}])
_texts("légende", [{"A": "Légende"}, {"B": "réalisé"}, {"B": "en retard"}, {"B": "non commencé"}])
_texts("légende de couleurs", [{"A": "Légende :", "B": "vert = fait"}])
_texts("signature", [{"A": "Fait à Beaune", "C": "le 12/01/2028"},
                     {"B": "La directrice"}, {"D": "Mme Claire Martin"}], gap=3)  # fmt: skip
_texts("signature datée", [{"A": "Dijon", "B": dt.date(2028, 1, 12)}, {"B": "Le Président,"},
                           {"B": "Jean DUPONT"}], gap=3)  # fmt: skip
_texts("tampon", [{"C": "ASSOCIATION LES TILLEULS"}, {"C": "12 rue des Lilas"},
                  {"C": "21000 DIJON"}, {"C": "Tél. 03 80 00 00 00"},
                  {"C": "SIRET 356 000 000 00048"}])  # fmt: skip
_texts("lieu et date", [{"A": "Dijon, le 12 janvier 2028"}])
_texts("pied de page", [{"A": "Page 1 sur 3", "D": "Document de travail"}])
_texts("appels de note", [{"A": "(1)", "B": "hors accueil de jour"},
                          {"A": "(2)", "B": "dont 3 places d'hébergement temporaire"}])  # fmt: skip
_texts("contact", [{"A": "Contact : Mme Martin, 03 80 00 00 00", "C": "contact@tilleuls.fr"}])
_texts("fin du tableau", [{"A": "FIN"}, {"A": "*** fin du tableau ***"}])
_texts("à compléter", [{"A": "à compléter"}, {"A": "ajouter des lignes si besoin"}], gap=1)
_texts("néant", [{"A": "Néant"}], gap=1)
_texts("points de suite", [{"A": "…"}, {"A": "..."}], gap=1)
_texts("pourcentage", [{"A": "% réalisé", "C": 0.75}])
_texts("petit tableau dessous", [{"A": "Secteur", "B": "Nombre"}, {"A": "PA", "B": 3},
                                 {"A": "PH", "B": 4}, {"A": "Total", "B": 7}], gap=3)  # fmt: skip


def _pasted_headers(*, capitals: bool) -> Gesture:
    def gesture(workshop: Gestures, sheet: Sheet) -> None:
        at = between(workshop, sheet)
        for rank, column in enumerate(sheet.columns, start=1):
            if not capitals or rank % 2:
                text = column.header.upper() if capitals else column.header
                write(workshop, sheet, at, **{lettre(rank): text})

    return gesture


_decoration("en-têtes recopiés", _pasted_headers(capitals=False))
_decoration("en-têtes en capitales", _pasted_headers(capitals=True))


def _everywhere(name: str, text: Callable[[int, Column], Any], *, after: int | None = None) -> None:
    """A line among the data, with a text in each entry column: units, numbers, dashes."""

    def gesture(workshop: Gestures, sheet: Sheet) -> None:
        at = between(workshop, sheet, after=after)
        for rank, (col, column) in enumerate(_columns(sheet), start=1):
            write(workshop, sheet, at, **{col: text(rank, column)})

    _decoration(name, gesture)


_UNITES = {Kind.MONTANT: "en €", Kind.DATE: "jj/mm/aaaa", Kind.TAUX: "en %"}
_everywhere("unités", lambda _, column: _UNITES.get(column.kind, "texte"), after=0)
_everywhere("numéros des colonnes", lambda rank, _: f"({rank})", after=0)
_everywhere("tirets", lambda *_: "-----")


def _ghosts(name: str, formula: str, value: Any, count: int, kinds: Iterable[Kind] = ()) -> None:
    """Formulas copied down under the data, where there is nothing to calculate."""
    wanted = tuple(kinds)

    def gesture(workshop: Gestures, sheet: Sheet) -> None:
        at = below(workshop, sheet, 1)
        for row in range(at, at + count):
            for col, _ in _columns(sheet, *wanted):
                text = formula.format(col=col, row=row)
                workshop.formule(sheet.name, f"{col}{row}", text, value)

    _decoration(name, gesture)


_NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.MONTANT, Kind.ANNEE, Kind.TAUX)
_ghosts("zéros fantômes", "Feuil9!{col}{row}", 0, 12, (*_NUMBERS, Kind.TEXT, Kind.DATE))
_ghosts("vides fantômes", 'IF(Feuil9!{col}{row}="","",Feuil9!{col}{row})', "", 6)
_ghosts("recherches sans objet", "VLOOKUP(A{row},Feuil9!A:B,2,FALSE)", "#N/A", 5, _NUMBERS)


def _above(workshop: Gestures, sheet: Sheet) -> None:
    workshop.insert_rows(sheet.name, HEADER_ROW, 2)
    write(workshop, sheet, HEADER_ROW, A="Merci de ne remplir que les cellules jaunes")
    write(workshop, sheet, HEADER_ROW + 1, C="Version du 12/01/2028 – validée en CODIR")


def _help_column(workshop: Gestures, sheet: Sheet) -> None:
    col = lettre(len(sheet.columns) + 2)
    write(workshop, sheet, HEADER_ROW, **{col: "Écart calculé"})
    for row in range(FIRST, FIRST + len(lignes(sheet))):
        workshop.formule(sheet.name, f"{col}{row}", f"LEN(A{row})*2", 18)


def _blank_column(workshop: Gestures, sheet: Sheet) -> None:
    workshop.insert_columns(sheet.name, 3)


def _own_column(workshop: Gestures, sheet: Sheet) -> None:
    workshop.insert_columns(sheet.name, 3)
    write(workshop, sheet, HEADER_ROW, C="Pôle")
    for row in range(FIRST, FIRST + len(lignes(sheet))):
        write(workshop, sheet, row, C="Pôle Est")


def _numbered_lines(workshop: Gestures, sheet: Sheet) -> None:
    workshop.insert_columns(sheet.name, 1)
    write(workshop, sheet, HEADER_ROW, A="Ligne")
    for rank in range(len(lignes(sheet))):
        write(workshop, sheet, FIRST + rank, A=rank + 1)


def _table_beside(workshop: Gestures, sheet: Sheet) -> None:
    col = len(sheet.columns) + 3
    for rank, (name, value) in enumerate((("Synthèse", "Nombre"), ("PA", 3), ("Total", 7))):
        write(workshop, sheet, HEADER_ROW + rank, **{lettre(col): name, lettre(col + 1): value})


def _grouped_lines(workshop: Gestures, sheet: Sheet) -> None:
    at = below(workshop, sheet, 2)
    workshop.hide_row(sheet.name, at)
    workshop._row(workshop.feuille(sheet.name), at + 1).set("outlineLevel", "1")


def _long_note(workshop: Gestures, sheet: Sheet) -> None:
    at = below(workshop, sheet, 2)
    note = (
        "Les données de l'EHPAD Les Tilleuls ont été arrêtées au 31/12/2027 et restent "
        "provisoires dans l'attente de la clôture des comptes."
    )
    write(workshop, sheet, at, A=note)
    workshop.merge(sheet.name, f"A{at}:H{at + 1}")


def _typed_zeros(workshop: Gestures, sheet: Sheet) -> None:
    at = below(workshop, sheet, 1)
    for row in range(at, at + 3):
        write(workshop, sheet, row, **dict.fromkeys(_added_up(sheet), 0))


def _colours(workshop: Gestures, sheet: Sheet) -> None:
    workshop.style(sheet.name, f"A{FIRST}", f"A{HEADER_ROW}")


def _panes(workshop: Gestures, sheet: Sheet) -> None:
    view = workshop.feuille(sheet.name).find(f"{q('sheetViews')}/{q('sheetView')}")
    for pane in view.findall(q("pane")):
        view.remove(pane)
    view.insert(0, etree.Element(q("pane"), ySplit="3", topLeftCell="A4", state="frozen"))


DECORATIONS |= {
    "consigne au-dessus des en-têtes": _above, "colonne d'aide": _help_column,
    "colonne vide insérée": _blank_column, "colonne à soi insérée": _own_column,
    "numéros de ligne": _numbered_lines, "petit tableau à côté": _table_beside,
    "lignes groupées": _grouped_lines, "note longue fusionnée": _long_note,
    "zéros saisis": _typed_zeros, "couleurs": _colours, "volets": _panes,
}  # fmt: skip

DEPLACENT = {"consigne au-dessus des en-têtes", "colonne vide insérée", "colonne à soi insérée",
             "numéros de ligne"}  # fmt: skip
"""Those that move the table: they are not mixed with others at random."""
