"""A workshop for altered workbooks: a shipped workbook, edited at the level of its XML.

openpyxl would lose the cached values and the x14 lists of what it saves; here only what is asked
changes. `Workshop(base).cellule("Plan d'actions", "K7", 0.6).octets()` is the altered file.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

WORKBOOKS = Path(__file__).resolve().parent.parent / "workbooks"
VALIDE = WORKBOOKS / "exemple_valide.xlsx"

M = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PR = "http://schemas.openxmlformats.org/package/2006/relationships"
CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_REF = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)")


def q(tag: str) -> str:
    return f"{{{M}}}{tag}"


def lettre(colonne: int) -> str:
    text = ""
    while colonne:
        colonne, rest = divmod(colonne - 1, 26)
        text = chr(65 + rest) + text
    return text


def numero(letters: str) -> int:
    total = 0
    for char in letters:
        total = total * 26 + ord(char) - 64
    return total


def place(adresse: str) -> tuple[int, int]:
    letters, row = re.fullmatch(r"([A-Z]+)(\d+)", adresse).groups()  # type: ignore[union-attr]
    return int(row), numero(letters)


@cache
def _members(chemin: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(chemin) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Workshop:
    """One workbook being altered; every operation returns the workshop itself."""

    def __init__(self, base: Path = VALIDE) -> None:
        self.membres = dict(_members(base))
        self.trees: dict[str, Any] = {}

    # --- parts

    def tree(self, part: str) -> Any:
        if part not in self.trees:
            self.trees[part] = etree.fromstring(self.membres[part])
        return self.trees[part]

    @property
    def classeur(self) -> Any:
        return self.tree("xl/workbook.xml")

    def partie(self, feuille: str) -> str:
        links = {e.get("Id"): e.get("Target") for e in self.tree("xl/_rels/workbook.xml.rels")}
        for sheet in self.classeur.find(q("sheets")):
            if sheet.get("name") == feuille:
                cible = links[sheet.get(f"{{{R}}}id")]
                return cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}"
        raise KeyError(feuille)

    def feuille(self, nom: str) -> Any:
        return self.tree(self.partie(nom))

    def tables(self, nom: str) -> list[Any]:
        part = self.partie(nom)
        links = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        if links not in self.membres:
            return []
        return [
            self.tree("xl/" + e.get("Target").removeprefix("../"))
            for e in self.tree(links)
            if e.get("Type").endswith("/table")
        ]

    def octets(self) -> bytes:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
            for name, data in self.membres.items():
                if name in self.trees:
                    data = etree.tostring(
                        self.trees[name], xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                archive.writestr(name, data)
        return output.getvalue()

    def write(self, chemin: Path) -> Path:
        chemin.write_bytes(self.octets())
        return chemin

    # --- cells

    def _row(self, root: Any, this_row: int) -> Any:
        data = root.find(q("sheetData"))
        for row in data:
            if int(row.get("r")) == this_row:
                return row
            if int(row.get("r")) > this_row:
                new = etree.Element(q("row"), r=str(this_row))
                row.addprevious(new)
                return new
        return etree.SubElement(data, q("row"), r=str(this_row))

    def _cell(self, feuille: str, adresse: str) -> Any:
        this_row, column = place(adresse)
        row = self._row(self.feuille(feuille), this_row)
        for cell in row:
            here = place(cell.get("r"))[1]
            if here == column:
                return cell
            if here > column:
                new = etree.Element(q("c"), r=adresse)
                cell.addprevious(new)
                return new
        return etree.SubElement(row, q("c"), r=adresse)

    def cellule(self, feuille: str, adresse: str, valeur: Any) -> Workshop:
        """Set a value: str, number, bool, date (serial number), None (emptied), "#REF!" (error)."""
        cell = self._cell(feuille, adresse)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        cell.attrib.pop("cm", None)
        if valeur is None:
            return self
        if isinstance(valeur, dt.date):
            valeur = (valeur - dt.date(1899, 12, 30)).days
        if isinstance(valeur, bool):
            cell.set("t", "b")
            etree.SubElement(cell, q("v")).text = str(int(valeur))
        elif isinstance(valeur, int | float):
            etree.SubElement(cell, q("v")).text = repr(valeur)
        elif re.fullmatch(r"#[A-Z/0-9]+[!?]?", valeur) and valeur != "#":
            cell.set("t", "e")
            etree.SubElement(cell, q("v")).text = valeur
        else:
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, q("is")), q("t"))
            text.text = valeur
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return self

    def style(self, feuille: str, adresse: str, template: str) -> Workshop:
        """Give a cell the style of another one of the sheet."""
        self._cell(feuille, adresse).set("s", self._cell(feuille, template).get("s", "0"))
        return self

    def formule(self, feuille: str, adresse: str, texte: str, valeur: Any = None) -> Workshop:
        """Set a formula, with or without its cached value."""
        self.cellule(feuille, adresse, valeur)
        cell = self._cell(feuille, adresse)
        if cell.get("t") == "inlineStr":
            cell.set("t", "str")
            value = cell.find(f".//{q('t')}").text
            for child in list(cell):
                cell.remove(child)
            etree.SubElement(cell, q("v")).text = value
        formula = etree.Element(q("f"))
        formula.text = texte
        cell.insert(0, formula)
        return self

    def without_cache(self, feuille: str) -> Workshop:
        """Remove the cached value of every formula of a sheet."""
        for cell in self.feuille(feuille).iter(q("c")):
            if cell.find(q("f")) is not None and cell.find(q("v")) is not None:
                cell.remove(cell.find(q("v")))
                cell.attrib.pop("t", None)
        return self

    # --- rows and columns

    def _move(self, feuille: str, lignes: Any, colonnes: Any) -> None:
        """Rewrite every reference of a sheet through two functions of a number."""

        def new(match: re.Match[str]) -> str:
            col = lettre(colonnes(numero(match[2])))
            return f"{match[1]}{col}{match[3]}{lignes(int(match[4]))}"

        root = self.feuille(feuille)
        for row in root.find(q("sheetData")):
            row.set("r", str(lignes(int(row.get("r")))))
            row.attrib.pop("spans", None)
            for cell in row:
                cell.set("r", _REF.sub(new, cell.get("r")))
            row[:] = sorted(row, key=lambda c: place(c.get("r"))[1])
        data = root.find(q("sheetData"))
        data[:] = sorted(data, key=lambda r: int(r.get("r")))
        for element in root.iter():
            if isinstance(element.tag, str):
                for attribut in ("ref", "sqref"):
                    if element.tag != q("c") and element.get(attribut):
                        element.set(attribut, _REF.sub(new, element.get(attribut)))
        for table in self.tables(feuille):
            for element in table.iter():
                if element.get("ref"):
                    element.set("ref", _REF.sub(new, element.get("ref")))

    def insert_rows(self, feuille: str, avant: int, combien: int = 1) -> Workshop:
        """Insert blank rows before a row."""
        self._move(feuille, lambda n: n + combien if n >= avant else n, lambda c: c)
        return self

    def insert_columns(self, feuille: str, avant: int, combien: int = 1) -> Workshop:
        """Insert blank columns before a column (1-based)."""
        self._move(feuille, lambda n: n, lambda c: c + combien if c >= avant else c)
        return self

    def swap_rows(self, feuille: str, order: dict[int, int]) -> Workshop:
        """Move rows: old number -> new number (a permutation of the same numbers)."""
        root = self.feuille(feuille)
        for row in root.find(q("sheetData")):
            old = int(row.get("r"))
            new = order.get(old, old)
            row.set("r", str(new))
            for cell in row:
                cell.set("r", _REF.sub(lambda m, n=new: f"{m[2]}{n}", cell.get("r")))  # type: ignore[misc]
        data = root.find(q("sheetData"))
        data[:] = sorted(data, key=lambda r: int(r.get("r")))
        return self

    def swap_columns(self, feuille: str, order: dict[int, int], headers: int) -> Workshop:
        """Move the columns of a table: old index -> new index, from the header row down."""
        root = self.feuille(feuille)
        for row in root.find(q("sheetData")):
            if int(row.get("r")) < headers:
                continue
            for cell in row:
                this_row, column = place(cell.get("r"))
                cell.set("r", f"{lettre(order.get(column, column))}{this_row}")
            row[:] = sorted(row, key=lambda c: place(c.get("r"))[1])
        for element in root.iter(q("dataValidation")):
            element.set("sqref", _REF.sub(
                lambda m: f"{m[1]}{lettre(order.get(numero(m[2]), numero(m[2])))}{m[3]}{m[4]}",
                element.get("sqref")))  # fmt: skip
        for table in self.tables(feuille):
            columns = table.find(q("tableColumns"))
            names = [c.get("name") for c in columns]
            for index, element in enumerate(columns, start=1):
                source = next((old for old, new in order.items() if new == index), index)
                element.set("name", names[source - 1])
        return self

    def remove_column(self, feuille: str, colonne: int, headers: int) -> Workshop:
        """Empty a column of a table, header included (its place stays)."""
        for row in self.feuille(feuille).find(q("sheetData")):
            if int(row.get("r")) >= headers:
                for cell in list(row):
                    if place(cell.get("r"))[1] == colonne:
                        row.remove(cell)
        return self

    def merge(self, feuille: str, this_range: str) -> Workshop:
        """Merge a range, as Excel does: only the first cell keeps its value."""
        root = self.feuille(feuille)
        merges = root.find(q("mergeCells"))
        if merges is None:
            merges = etree.Element(q("mergeCells"))
            root.find(q("sheetData")).addnext(merges)
            protection = root.find(q("sheetProtection"))
            if protection is not None:
                protection.addnext(merges)
        etree.SubElement(merges, q("mergeCell"), ref=this_range)
        start, end = this_range.split(":")
        (r1, c1), (r2, c2) = place(start), place(end)
        for row in range(r1, r2 + 1):
            for column in range(c1, c2 + 1):
                if (row, column) != (r1, c1):
                    self.cellule(feuille, f"{lettre(column)}{row}", None)
        return self

    def hide_row(self, feuille: str, row: int) -> Workshop:
        self._row(self.feuille(feuille), row).set("hidden", "1")
        return self

    def without_lists(self, feuille: str) -> Workshop:
        """Remove every data validation of a sheet."""
        root = self.feuille(feuille)
        for element in root.findall(q("dataValidations")):
            root.remove(element)
        return self

    # --- sheets

    def rename(self, feuille: str, new: str) -> Workshop:
        for sheet in self.classeur.find(q("sheets")):
            if sheet.get("name") == feuille:
                sheet.set("name", new)
                return self
        raise KeyError(feuille)

    def hide(self, feuille: str, etat: str = "hidden") -> Workshop:
        for sheet in self.classeur.find(q("sheets")):
            if sheet.get("name") == feuille:
                sheet.set("state", etat)
        return self

    def remove(self, feuille: str) -> Workshop:
        sheets = self.classeur.find(q("sheets"))
        for sheet in list(sheets):
            if sheet.get("name") == feuille:
                sheets.remove(sheet)
        return self

    def reorder(self, order: list[str]) -> Workshop:
        sheets = self.classeur.find(q("sheets"))
        rank = {name: index for index, name in enumerate(order)}
        sheets[:] = sorted(sheets, key=lambda s: rank.get(s.get("name"), len(rank)))
        return self

    def add_sheet(self, nom: str, copy_of: str | None = None) -> Workshop:
        """Add a sheet: blank, or with the content of another one."""
        number = 1 + sum(name.startswith("xl/worksheets/sheet") for name in self.membres)
        part = f"xl/worksheets/sheet{number}.xml"
        if copy_of is None:
            root = etree.fromstring(f'<worksheet xmlns="{M}"><sheetData/></worksheet>')
        else:
            root = deepcopy(self.feuille(copy_of))
            for tag in ("legacyDrawing", "drawing", "tableParts", "hyperlinks"):
                for element in root.findall(q(tag)):
                    root.remove(element)
        self.membres[part] = b""
        self.trees[part] = root
        rels = self.tree("xl/_rels/workbook.xml.rels")
        etree.SubElement(rels, f"{{{PR}}}Relationship", Id=f"rIdAtelier{number}",
                         Type=f"{R}/worksheet", Target=f"worksheets/sheet{number}.xml")  # fmt: skip
        types = self.tree("[Content_Types].xml")
        etree.SubElement(
            types,
            f"{{{CT}}}Override",
            PartName=f"/{part}",
            ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
        )
        sheets = self.classeur.find(q("sheets"))
        identifiant = str(1 + max(int(s.get("sheetId")) for s in sheets))
        sheet = etree.SubElement(sheets, q("sheet"), name=nom, sheetId=identifiant)
        sheet.set(f"{{{R}}}id", f"rIdAtelier{number}")
        return self

    # --- the workbook

    def property_text(self, nom: str, valeur: str | None) -> Workshop:
        """Change or remove a custom property of the document, and its twin on the hidden sheet."""
        root = self.tree("docProps/custom.xml")
        for element in list(root):
            if element.get("name") == nom:
                if valeur is None:
                    root.remove(element)
                else:
                    element[0].text = valeur
        return self

    def calendar_1904(self) -> Workshop:
        properties = self.classeur.find(q("workbookPr"))
        properties.set("date1904", "1")
        return self

    def application(self, nom: str) -> Workshop:
        root = self.tree("docProps/app.xml")
        for element in root:
            if element.tag.endswith("}Application"):
                element.text = nom
        return self
