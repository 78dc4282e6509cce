"""What other programs do to a whole workbook when they save it, as gestures of the corpus."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from tests.atelier import R, Workshop, lettre, q
from xl_cpom.typography import fold
from xl_cpom.workbook.geometry import escape_header
from xl_cpom.workbook.model import HEADER_ROW
from xl_cpom.workbook.sheets import SHEETS

_ROW = re.compile(r"(\w+)\[\[#This Row\],\[((?:[^\[\]']|'.)+)\]\]")
_COLUMN = re.compile(r"(\bt[A-Z]\w*)\[((?:[^\[\]']|'.)+)\]")


class Programmes(Workshop):
    """The losses and the rewritings of programs that do not know all of Excel."""

    def lose_types(self) -> None:
        """Every number, dates among them, becomes a text (polars)."""
        styles = self.tree("xl/styles.xml")
        codes = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(q("numFmt"))}
        dated = [
            "yy" in codes.get(xf.get("numFmtId"), "").lower() or xf.get("numFmtId") == "14"
            for xf in styles.find(q("cellXfs"))
        ]
        for sheet in SHEETS.values():
            for cell in self.feuille(sheet.name).iter(q("c")):
                value = cell.find(q("v"))
                if cell.get("t", "n") == "n" and value is not None and cell.find(q("f")) is None:
                    text = value.text or ""
                    if dated[int(cell.get("s", "0"))]:
                        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(float(text)))
                        text = f"{day} 00:00:00"
                    cell.set("t", "str")
                    value.text = text

    def lose_tables(self) -> None:
        """Every table becomes a plain range (Gnumeric, .xls, « Convertir en plage »)."""
        for sheet in SHEETS.values():
            root = self.feuille(sheet.name)
            for parts in root.findall(q("tableParts")):
                root.remove(parts)
            part = self.partie(sheet.name)
            rels = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
            if rels in self.membres:
                tree = self.tree(rels)
                for relation in list(tree):
                    if relation.get("Type") == f"{R}/table":
                        tree.remove(relation)

    def write_simple_references(self) -> None:
        """The references to tables become addresses (.ods, IronCalc)."""
        places = {
            (sheet.table, escape_header(column.header)): (sheet, lettre(index))
            for sheet in SHEETS.values()
            for index, column in enumerate(sheet.columns, start=1)
        }
        last = {sheet.table: HEADER_ROW + sheet.capacity for sheet in SHEETS.values()}

        def tab(name: str) -> str:
            return "'" + name.replace("'", "''") + "'"

        for sheet in SHEETS.values():
            for cell in self.feuille(sheet.name).iter(q("c")):
                formula = cell.find(q("f"))
                if formula is None or not formula.text:
                    continue
                row = re.sub(r"[A-Z]+", "", cell.get("r"))

                def one(match: re.Match[str], row: str = row) -> str:
                    here, col = places[match[1], match[2]]
                    return f"{tab(here.name)}!${col}{row}"

                def area(match: re.Match[str]) -> str:
                    here, col = places[match[1], match[2]]
                    return f"{tab(here.name)}!${col}${HEADER_ROW + 1}:${col}${last[match[1]]}"

                text = _COLUMN.sub(area, _ROW.sub(one, formula.text))
                formula.text = text.replace("CPOM_", "cpom_")

    def keep_values_only(self) -> None:
        """Every formula becomes its value (pandas, « Collage spécial, Valeurs »)."""
        self._formulas(lambda cell, formula: cell.remove(formula))

    def lose_formulas(self, texte: str) -> None:
        """Every formula becomes what a program writes when it cannot read it."""

        def lose(cell: Any, formula: Any) -> None:
            formula.text = texte
            cell.set("t", "e")
            cell.find(q("v")).text = "#N/A"

        self._formulas(lose)

    def _formulas(self, change: Any) -> None:
        for sheet in SHEETS.values():
            for cell in self.feuille(sheet.name).iter(q("c")):
                formula = cell.find(q("f"))
                above = int(re.sub(r"[A-Z]+", "", cell.get("r"))) <= HEADER_ROW
                if formula is not None and not above:
                    change(cell, formula)

    def lose_lists(self) -> None:
        for sheet in SHEETS.values():
            self.without_lists(sheet.name)

    def break_names(self) -> None:
        """Every defined name becomes #REF! (an online spreadsheet)."""
        for name in self.classeur.find(q("definedNames")):
            name.text = "#REF!"

    def hide_filter_buttons(self) -> None:
        """A hidden button on a column that filters nothing (ExcelJS)."""
        for sheet in SHEETS.values():
            for table in self.tables(sheet.name):
                button = table.makeelement(q("filterColumn"), colId="0", hiddenButton="1")
                table.find(q("autoFilter")).append(button)

    def remove_empty_results_and_types(self) -> None:
        self.remove_empty_results(types_too=True)

    def empty_result(self, feuille: str, adresse: str) -> None:
        """The formula stays, its result is gone."""
        cell = self._cell(feuille, adresse)
        cell.remove(cell.find(q("v")))
        cell.attrib.pop("t", None)

    def remove_empty_results(self, *, types_too: bool = False) -> None:
        """An empty text is written without its value, or without its type either."""
        for sheet in SHEETS.values():
            for cell in self.feuille(sheet.name).iter(q("c")):
                value = cell.find(q("v"))
                if cell.get("t") == "str" and value is not None and not value.text:
                    cell.remove(value)
                    if types_too:
                        cell.attrib.pop("t")

    def indent_properties(self) -> None:
        root = self.tree("docProps/custom.xml")
        for element in root:
            element.text, element[0].tail = "\n    ", "\n  "

    def put_an_unknown_error(self, feuille: str, colonne: str) -> None:
        """A program writes an error code that Excel does not know."""
        sheet = next(s for s in SHEETS.values() if s.name == feuille)
        headers = [fold(column.header) for column in sheet.columns]
        col = lettre(headers.index(fold(colonne)) + 1)
        for cell in self.feuille(feuille).iter(q("c")):
            if cell.find(q("f")) is not None and cell.get("r").rstrip("0123456789") == col:
                cell.set("t", "e")
                cell.find(q("v")).text = "#INCONNU!"
