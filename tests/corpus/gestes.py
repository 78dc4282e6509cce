"""What a case of the corpus may do to the base workbook: the gestures, by their French name.

A gesture names a sheet, a row by its identity (« A1 », « 2026-BFC-0142 + 210099016 + P1 », "" on
the fiche) and a column by its header, so that a case stays true when columns are added.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree

from tests.atelier import CT, PR, R, lettre, q
from tests.corpus.programmes import Programmes
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import HEADER_ROW, Kind, Layout, Sheet
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.tabs import MARK

SHEET_NAMES = {sheet.name: sheet for sheet in SHEETS.values()}
ABSENT = "(absent)"
FIRST = Path(__file__).parents[1] / "data" / "gabarits" / "2026.1" / "exemple_valide.xlsx"
VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
SINCE_1904 = 1462
"""Days between the two calendars of Excel."""


class Gestures(Programmes):
    """The workshop, with addresses by row and column, and the rest of what people do."""

    # --- where

    def adresse(self, feuille: str, row: str, colonne: str) -> str:
        """Address of a cell of the base workbook."""
        sheet = SHEET_NAMES[feuille]
        key = next(c.key for c in sheet.columns if c.header == colonne)
        rank = 0 if sheet.layout is Layout.FICHE else self.numero(feuille, row) - HEADER_ROW - 1
        return Place(sheet, len(lignes(sheet))).address(key, rank)

    def numero(self, feuille: str, this_row: str) -> int:
        """Number of the row whose identity holds each of these parts."""
        sheet, parts = SHEET_NAMES[feuille], this_row.split(" + ")
        rows = lignes(sheet)
        found = [
            index
            for index, row in enumerate(rows)
            if all(part in {str(row.get(key)) for key in sheet.identity} for part in parts)
        ]
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows of {feuille} are {this_row!r}")
        return HEADER_ROW + 1 + found[0]

    # --- cells

    def saisir(self, feuille: str, row: str, colonne: str, valeur: Any) -> None:
        self.cellule(feuille, self.adresse(feuille, row, colonne), valeur)

    def empty(self, feuille: str, row: str, colonne: str) -> None:
        self.saisir(feuille, row, colonne, None)

    def dater(self, feuille: str, row: str, colonne: str, jour: dt.date) -> None:
        """Type what Excel turns into a date: the cell takes the format of a date."""
        sheet = SHEET_NAMES[feuille]
        template = next(c.header for c in sheet.columns if c.kind is Kind.DATE and c.is_entry)
        ici = self.adresse(feuille, row, colonne)
        self.cellule(feuille, ici, jour)
        self.style(feuille, ici, self.adresse(feuille, row, template))

    def decompose(self, feuille: str, row: str, colonne: str) -> None:
        """The same text with its accents apart from their letters, as a Mac writes it."""
        text = self.valeur(feuille, row, colonne)
        self.saisir(feuille, row, colonne, unicodedata.normalize("NFD", text))

    def desormater(self, feuille: str, row: str, colonne: str, valeur: float) -> None:
        """Type a number in a cell that lost its format."""
        self.saisir(feuille, row, colonne, valeur)
        self._cell(feuille, self.adresse(feuille, row, colonne)).attrib.pop("s", None)

    def abimer(self, feuille: str, row: str, colonne: str, texte: str) -> None:
        """A numeric cell holds what no number is."""
        self.saisir(feuille, row, colonne, 0)
        cell = self._cell(feuille, self.adresse(feuille, row, colonne))
        cell.find(q("v")).text = texte

    def clear_cell(self, feuille: str, adresse: str) -> None:
        self.cellule(feuille, adresse, None)

    def valeur(self, feuille: str, row: str, colonne: str) -> Any:
        sheet = SHEET_NAMES[feuille]
        key = next(c.key for c in sheet.columns if c.header == colonne)
        if sheet.layout is Layout.FICHE:
            return valid_content()[sheet.key][0][key]
        return lignes(sheet)[self.numero(feuille, row) - HEADER_ROW - 1].get(key)

    def compute(self, feuille: str, row: str, colonne: str, texte: str, valeur: Any) -> None:
        """Put a formula in a cell, with its cached value ("" : none)."""
        self.formule(feuille, self.adresse(feuille, row, colonne), texte, valeur or None)

    def error(self, feuille: str, row: str, colonne: str, texte: str) -> None:
        """Leave the formula of a cell, and show an error as its result."""
        cell = self._cell(feuille, self.adresse(feuille, row, colonne))
        cell.set("t", "e")
        result = cell.find(q("v"))
        if result is None:
            result = etree.SubElement(cell, q("v"))
        result.text = texte

    # --- rows

    def add(self, feuille: str, valeurs: dict[str, Any]) -> None:
        """Fill the first free row of a table: header -> value."""
        self._put(feuille, len(valid_content()[SHEET_NAMES[feuille].key]), valeurs)

    def add_under(self, feuille: str, valeurs: dict[str, Any]) -> None:
        """Fill the first row under a table."""
        self._put(feuille, SHEET_NAMES[feuille].capacity, valeurs)

    def _put(self, feuille: str, rang: int, valeurs: dict[str, Any]) -> None:
        headers = [c.header for c in SHEET_NAMES[feuille].columns]
        for header, value in valeurs.items():
            column = lettre(headers.index(header) + 1)
            self.cellule(feuille, f"{column}{HEADER_ROW + 1 + rang}", value)

    def copy(self, feuille: str, this_row: str, valeurs: dict[str, Any]) -> None:
        """Add a copy of a row, some values changed (ABSENT: emptied)."""
        sheet = SHEET_NAMES[feuille]
        row = lignes(sheet)[self.numero(feuille, this_row) - HEADER_ROW - 1]
        entries = {c.header: row.get(c.key) for c in sheet.columns if c.is_entry}
        entries = {h: " ; ".join(v) if isinstance(v, tuple) else v for h, v in entries.items()}
        changed = {**entries, **valeurs}
        self.add(feuille, {h: v for h, v in changed.items() if v not in (None, ABSENT)})

    def clear(self, feuille: str, row: str) -> None:
        """Empty the entry cells of a row."""
        for column in SHEET_NAMES[feuille].columns:
            if column.is_entry:
                self.empty(feuille, row, column.header)

    def hide_the_row(self, feuille: str, row: str) -> None:
        self.hide_row(feuille, self.numero(feuille, row))

    # --- headers and columns

    def head(self, feuille: str, colonne: str, new: str) -> None:
        """Change a header, or the label of the fiche."""
        sheet = SHEET_NAMES[feuille]
        if sheet.layout is Layout.FICHE:
            ici = self.adresse(feuille, "", colonne).replace("B", "A")
        else:
            ici = f"{self.lettre(feuille, colonne)}{HEADER_ROW}"
        self.cellule(feuille, ici, None if new == ABSENT else new)

    def clear_headers(self, feuille: str) -> None:
        for column in SHEET_NAMES[feuille].columns:
            self.head(feuille, column.header, ABSENT)

    def lettre(self, feuille: str, colonne: str) -> str:
        return lettre([c.header for c in SHEET_NAMES[feuille].columns].index(colonne) + 1)

    def remove_the_column(self, feuille: str, colonne: str) -> None:
        index = [c.header for c in SHEET_NAMES[feuille].columns].index(colonne) + 1
        self.remove_column(feuille, index, HEADER_ROW)

    def swap(self, feuille: str, une: str, autre: str) -> None:
        """Two columns change places."""
        headers = [c.header for c in SHEET_NAMES[feuille].columns]
        a, b = headers.index(une) + 1, headers.index(autre) + 1
        self.swap_columns(feuille, {a: b, b: a}, HEADER_ROW)

    def annexer(self, feuille: str, titre: str, row: str, valeur: Any) -> None:
        """Add a column on the right of the table."""
        column = lettre(len(SHEET_NAMES[feuille].columns) + 1)
        self.cellule(feuille, f"{column}{HEADER_ROW}", titre)
        self.cellule(feuille, f"{column}{self.numero(feuille, row)}", valeur)

    def hide_column(self, feuille: str, colonne: str) -> None:
        index = [c.header for c in SHEET_NAMES[feuille].columns].index(colonne) + 1
        cols = self.feuille(feuille).find(q("cols"))
        for element in list(cols):
            if int(element.get("min")) <= index <= int(element.get("max")):
                cols.remove(element)
        new = etree.Element(q("col"), min=str(index), max=str(index), width="9", hidden="1")
        later = next((e for e in cols if int(e.get("min")) > index), None)
        cols.append(new) if later is None else later.addprevious(new)

    def restrict_lists(self, feuille: str, colonne: str, this_row: str) -> None:
        """A paste over one cell: its drop-down is lost, the others stay."""
        ici = self.adresse(feuille, this_row, colonne)
        col, row = "".join(c for c in ici if c.isalpha()), int("".join(filter(str.isdigit, ici)))
        for element in self.feuille(feuille).iter(q("dataValidation")):
            ranges = element.get("sqref").split()
            kept: list[str] = []
            for this_range in ranges:
                start, _, end = this_range.partition(":")
                end = end or start
                if start.rstrip("0123456789") != col:
                    kept.append(this_range)
                    continue
                first, last = int(start[len(col) :]), int(end[len(col) :])
                kept += [f"{col}{first}:{col}{row - 1}"] if row > first else []
                kept += [f"{col}{row + 1}:{col}{last}"] if row < last else []
            element.set("sqref", " ".join(kept))

    def filtrer(self, feuille: str, colonne: str, valeur: str) -> None:
        """Leave a filter on, which hides the rows that do not hold the value."""
        index = [c.header for c in SHEET_NAMES[feuille].columns].index(colonne)
        (table,) = self.tables(feuille)
        sieve = table.find(q("autoFilter"))
        choices = etree.SubElement(sieve, q("filterColumn"), colId=str(index))
        etree.SubElement(etree.SubElement(choices, q("filters")), q("filter"), val=valeur)
        for number, row in enumerate(lignes(SHEET_NAMES[feuille]), start=HEADER_ROW + 1):
            if str(row.get(SHEET_NAMES[feuille].columns[index].key)) != valeur:
                self.hide_row(feuille, number)

    # --- what a previous control leaves

    def annoter(self) -> None:
        """A copy annotated then corrected: the lines of « Contrôles » stay."""
        self.cellule("Contrôles", "A6", "Bloquant")
        self.cellule("Contrôles", "B6", "FMT-013")
        self.cellule("Contrôles", "C6", "Plan d'actions")

    # --- the file

    def on_the_first_template(self) -> None:
        """The same return, made on the first version of the template."""
        Programmes.__init__(self, FIRST)

    def link(self, cible: str) -> None:
        """Add a link to another file, as a formula pointing to it leaves one."""
        self.membres["xl/externalLinks/externalLink1.xml"] = (
            f'<externalLink xmlns="{q("x")[1:-2]}"><externalBook xmlns:r="{R}" r:id="rId1"/>'
            "</externalLink>"
        ).encode()
        self.membres["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
            f'<Relationships xmlns="{PR}"><Relationship Id="rId1" Type="{R}/externalLinkPath" '
            f'Target="{cible}" TargetMode="External"/></Relationships>'
        ).encode()
        rels = self.tree("xl/_rels/workbook.xml.rels")
        etree.SubElement(rels, f"{{{PR}}}Relationship", Id="rIdLien", Type=f"{R}/externalLink",
                         Target="externalLinks/externalLink1.xml")  # fmt: skip
        references = etree.Element(q("externalReferences"))
        etree.SubElement(references, q("externalReference")).set(f"{{{R}}}id", "rIdLien")
        self.classeur.find(q("sheets")).addnext(references)

    def switch_to_1904(self) -> None:
        """The workbook counts its days from 1904; every date stays the day it was."""
        self.calendar_1904()
        for this_sheet, sheet in SHEET_NAMES.items():
            columns = [c for c in sheet.columns if c.kind is Kind.DATE]
            place = Place(sheet, len(lignes(sheet)))
            for rank in range(len(lignes(sheet))):
                for column in columns:
                    value = self._cell(this_sheet, place.address(column.key, rank)).find(q("v"))
                    if value is not None and value.text and value.text.isdigit():
                        value.text = str(int(value.text) - SINCE_1904)

    def cut_sheet(self, feuille: str) -> None:
        """The part of a sheet is cut in the middle, as by a broken transfer."""
        part = self.partie(feuille)
        self.membres[part] = self.membres[part][: len(self.membres[part]) // 2]

    def duplicate_cell(self, feuille: str, row: str, colonne: str) -> None:
        """The same cell is written twice on its row."""
        cell = self._cell(feuille, self.adresse(feuille, row, colonne))
        cell.addnext(deepcopy(cell))

    def add_macros(self) -> None:
        self.membres["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
        types = self.tree("[Content_Types].xml")
        etree.SubElement(types, f"{{{CT}}}Override", PartName="/xl/vbaProject.bin",
                         ContentType="application/vnd.ms-office.vbaProject")  # fmt: skip
        rels = self.tree("xl/_rels/workbook.xml.rels")
        etree.SubElement(
            rels, f"{{{PR}}}Relationship", Id="rIdMacros", Target="vbaProject.bin", Type=VBA
        )

    def embed_an_object(self) -> None:
        self.membres["xl/embeddings/oleObject1.bin"] = b"\xd0\xcf\x11\xe0"

    def name(self, nom: str, formule: str) -> None:
        """Define a name of the workbook."""
        names = self.classeur.find(q("definedNames"))
        etree.SubElement(names, q("definedName"), name=nom).text = formule

    def version(self, valeur: str) -> None:
        """Change the version of the template wherever it is written (ABSENT: lose it)."""
        self.property_text("cpom_gabarit", None if valeur == ABSENT else valeur)
        if valeur == ABSENT:
            self.remove(MARK)

    def lose_properties(self) -> None:
        """The custom properties are lost, the hidden sheet stays (Google Sheets)."""
        self.property_text("cpom_gabarit", None)


def lignes(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows of the base workbook, in the order of the file."""
    given = valid_content()[sheet.key]
    if sheet.fixed_rows is None:
        return given
    identity = sheet.identity[0]
    values = {row[identity]: row for row in given}
    return [
        {**values.get(row[identity], {}), **row} for row in sheet.fixed_rows(load_referentiel())
    ]
