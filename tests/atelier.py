"""A workshop for altered workbooks: a shipped workbook, edited at the level of its XML.

openpyxl would lose the cached values and the x14 lists of what it saves; here only what is asked
changes. `Atelier(base).cellule("Plan d'actions", "K7", 0.6).octets()` is the altered file.
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
    texte = ""
    while colonne:
        colonne, reste = divmod(colonne - 1, 26)
        texte = chr(65 + reste) + texte
    return texte


def numero(lettres: str) -> int:
    total = 0
    for char in lettres:
        total = total * 26 + ord(char) - 64
    return total


def place(adresse: str) -> tuple[int, int]:
    lettres, ligne = re.fullmatch(r"([A-Z]+)(\d+)", adresse).groups()  # type: ignore[union-attr]
    return int(ligne), numero(lettres)


@cache
def _membres(chemin: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(chemin) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Atelier:
    """One workbook being altered; every operation returns the workshop itself."""

    def __init__(self, base: Path = VALIDE) -> None:
        self.membres = dict(_membres(base))
        self.arbres: dict[str, Any] = {}

    # --- parts

    def arbre(self, partie: str) -> Any:
        if partie not in self.arbres:
            self.arbres[partie] = etree.fromstring(self.membres[partie])
        return self.arbres[partie]

    @property
    def classeur(self) -> Any:
        return self.arbre("xl/workbook.xml")

    def partie(self, feuille: str) -> str:
        liens = {e.get("Id"): e.get("Target") for e in self.arbre("xl/_rels/workbook.xml.rels")}
        for sheet in self.classeur.find(q("sheets")):
            if sheet.get("name") == feuille:
                cible = liens[sheet.get(f"{{{R}}}id")]
                return cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}"
        raise KeyError(feuille)

    def feuille(self, nom: str) -> Any:
        return self.arbre(self.partie(nom))

    def tables(self, nom: str) -> list[Any]:
        partie = self.partie(nom)
        liens = partie.replace("worksheets/", "worksheets/_rels/") + ".rels"
        if liens not in self.membres:
            return []
        return [
            self.arbre("xl/" + e.get("Target").removeprefix("../"))
            for e in self.arbre(liens)
            if e.get("Type").endswith("/table")
        ]

    def octets(self) -> bytes:
        sortie = io.BytesIO()
        with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as archive:
            for name, data in self.membres.items():
                if name in self.arbres:
                    data = etree.tostring(
                        self.arbres[name], xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                archive.writestr(name, data)
        return sortie.getvalue()

    def ecrire(self, chemin: Path) -> Path:
        chemin.write_bytes(self.octets())
        return chemin

    # --- cells

    def _ligne(self, racine: Any, ligne: int) -> Any:
        data = racine.find(q("sheetData"))
        for row in data:
            if int(row.get("r")) == ligne:
                return row
            if int(row.get("r")) > ligne:
                new = etree.Element(q("row"), r=str(ligne))
                row.addprevious(new)
                return new
        return etree.SubElement(data, q("row"), r=str(ligne))

    def _cellule(self, feuille: str, adresse: str) -> Any:
        ligne, colonne = place(adresse)
        row = self._ligne(self.feuille(feuille), ligne)
        for cell in row:
            here = place(cell.get("r"))[1]
            if here == colonne:
                return cell
            if here > colonne:
                new = etree.Element(q("c"), r=adresse)
                cell.addprevious(new)
                return new
        return etree.SubElement(row, q("c"), r=adresse)

    def cellule(self, feuille: str, adresse: str, valeur: Any) -> Atelier:
        """Set a value: str, number, bool, date (serial number), None (emptied), "#REF!" (error)."""
        cell = self._cellule(feuille, adresse)
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

    def style(self, feuille: str, adresse: str, modele: str) -> Atelier:
        """Give a cell the style of another one of the sheet."""
        self._cellule(feuille, adresse).set("s", self._cellule(feuille, modele).get("s", "0"))
        return self

    def formule(self, feuille: str, adresse: str, texte: str, valeur: Any = None) -> Atelier:
        """Set a formula, with or without its cached value."""
        self.cellule(feuille, adresse, valeur)
        cell = self._cellule(feuille, adresse)
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

    def sans_cache(self, feuille: str) -> Atelier:
        """Remove the cached value of every formula of a sheet."""
        for cell in self.feuille(feuille).iter(q("c")):
            if cell.find(q("f")) is not None and cell.find(q("v")) is not None:
                cell.remove(cell.find(q("v")))
                cell.attrib.pop("t", None)
        return self

    # --- rows and columns

    def _deplacer(self, feuille: str, lignes: Any, colonnes: Any) -> None:
        """Rewrite every reference of a sheet through two functions of a number."""

        def neuve(match: re.Match[str]) -> str:
            col = lettre(colonnes(numero(match[2])))
            return f"{match[1]}{col}{match[3]}{lignes(int(match[4]))}"

        racine = self.feuille(feuille)
        for row in racine.find(q("sheetData")):
            row.set("r", str(lignes(int(row.get("r")))))
            row.attrib.pop("spans", None)
            for cell in row:
                cell.set("r", _REF.sub(neuve, cell.get("r")))
            row[:] = sorted(row, key=lambda c: place(c.get("r"))[1])
        data = racine.find(q("sheetData"))
        data[:] = sorted(data, key=lambda r: int(r.get("r")))
        for element in racine.iter():
            if isinstance(element.tag, str):
                for attribut in ("ref", "sqref"):
                    if element.tag != q("c") and element.get(attribut):
                        element.set(attribut, _REF.sub(neuve, element.get(attribut)))
        for table in self.tables(feuille):
            for element in table.iter():
                if element.get("ref"):
                    element.set("ref", _REF.sub(neuve, element.get("ref")))

    def inserer_lignes(self, feuille: str, avant: int, combien: int = 1) -> Atelier:
        """Insert blank rows before a row."""
        self._deplacer(feuille, lambda n: n + combien if n >= avant else n, lambda c: c)
        return self

    def inserer_colonnes(self, feuille: str, avant: int, combien: int = 1) -> Atelier:
        """Insert blank columns before a column (1-based)."""
        self._deplacer(feuille, lambda n: n, lambda c: c + combien if c >= avant else c)
        return self

    def permuter_lignes(self, feuille: str, ordre: dict[int, int]) -> Atelier:
        """Move rows: old number -> new number (a permutation of the same numbers)."""
        racine = self.feuille(feuille)
        for row in racine.find(q("sheetData")):
            old = int(row.get("r"))
            new = ordre.get(old, old)
            row.set("r", str(new))
            for cell in row:
                cell.set("r", _REF.sub(lambda m, n=new: f"{m[2]}{n}", cell.get("r")))  # type: ignore[misc]
        data = racine.find(q("sheetData"))
        data[:] = sorted(data, key=lambda r: int(r.get("r")))
        return self

    def permuter_colonnes(self, feuille: str, ordre: dict[int, int], entetes: int) -> Atelier:
        """Move the columns of a table: old index -> new index, from the header row down."""
        racine = self.feuille(feuille)
        for row in racine.find(q("sheetData")):
            if int(row.get("r")) < entetes:
                continue
            for cell in row:
                ligne, colonne = place(cell.get("r"))
                cell.set("r", f"{lettre(ordre.get(colonne, colonne))}{ligne}")
            row[:] = sorted(row, key=lambda c: place(c.get("r"))[1])
        for element in racine.iter(q("dataValidation")):
            element.set("sqref", _REF.sub(
                lambda m: f"{m[1]}{lettre(ordre.get(numero(m[2]), numero(m[2])))}{m[3]}{m[4]}",
                element.get("sqref")))  # fmt: skip
        for table in self.tables(feuille):
            columns = table.find(q("tableColumns"))
            names = [c.get("name") for c in columns]
            for index, element in enumerate(columns, start=1):
                source = next((old for old, new in ordre.items() if new == index), index)
                element.set("name", names[source - 1])
        return self

    def supprimer_colonne(self, feuille: str, colonne: int, entetes: int) -> Atelier:
        """Empty a column of a table, header included (its place stays)."""
        for row in self.feuille(feuille).find(q("sheetData")):
            if int(row.get("r")) >= entetes:
                for cell in list(row):
                    if place(cell.get("r"))[1] == colonne:
                        row.remove(cell)
        return self

    def fusionner(self, feuille: str, plage: str) -> Atelier:
        """Merge a range, as Excel does: only the first cell keeps its value."""
        racine = self.feuille(feuille)
        merges = racine.find(q("mergeCells"))
        if merges is None:
            merges = etree.Element(q("mergeCells"))
            racine.find(q("sheetData")).addnext(merges)
            protection = racine.find(q("sheetProtection"))
            if protection is not None:
                protection.addnext(merges)
        etree.SubElement(merges, q("mergeCell"), ref=plage)
        debut, fin = plage.split(":")
        (r1, c1), (r2, c2) = place(debut), place(fin)
        for ligne in range(r1, r2 + 1):
            for colonne in range(c1, c2 + 1):
                if (ligne, colonne) != (r1, c1):
                    self.cellule(feuille, f"{lettre(colonne)}{ligne}", None)
        return self

    def masquer_ligne(self, feuille: str, ligne: int) -> Atelier:
        self._ligne(self.feuille(feuille), ligne).set("hidden", "1")
        return self

    def sans_listes(self, feuille: str) -> Atelier:
        """Remove every data validation of a sheet."""
        racine = self.feuille(feuille)
        for element in racine.findall(q("dataValidations")):
            racine.remove(element)
        return self

    # --- sheets

    def renommer(self, feuille: str, nouveau: str) -> Atelier:
        for sheet in self.classeur.find(q("sheets")):
            if sheet.get("name") == feuille:
                sheet.set("name", nouveau)
                return self
        raise KeyError(feuille)

    def masquer(self, feuille: str, etat: str = "hidden") -> Atelier:
        for sheet in self.classeur.find(q("sheets")):
            if sheet.get("name") == feuille:
                sheet.set("state", etat)
        return self

    def supprimer(self, feuille: str) -> Atelier:
        sheets = self.classeur.find(q("sheets"))
        for sheet in list(sheets):
            if sheet.get("name") == feuille:
                sheets.remove(sheet)
        return self

    def reordonner(self, ordre: list[str]) -> Atelier:
        sheets = self.classeur.find(q("sheets"))
        rang = {name: index for index, name in enumerate(ordre)}
        sheets[:] = sorted(sheets, key=lambda s: rang.get(s.get("name"), len(rang)))
        return self

    def ajouter_feuille(self, nom: str, copie_de: str | None = None) -> Atelier:
        """Add a sheet: blank, or with the content of another one."""
        number = 1 + sum(name.startswith("xl/worksheets/sheet") for name in self.membres)
        partie = f"xl/worksheets/sheet{number}.xml"
        if copie_de is None:
            root = etree.fromstring(f'<worksheet xmlns="{M}"><sheetData/></worksheet>')
        else:
            root = deepcopy(self.feuille(copie_de))
            for tag in ("legacyDrawing", "drawing", "tableParts", "hyperlinks"):
                for element in root.findall(q(tag)):
                    root.remove(element)
        self.membres[partie] = b""
        self.arbres[partie] = root
        rels = self.arbre("xl/_rels/workbook.xml.rels")
        etree.SubElement(rels, f"{{{PR}}}Relationship", Id=f"rIdAtelier{number}",
                         Type=f"{R}/worksheet", Target=f"worksheets/sheet{number}.xml")  # fmt: skip
        types = self.arbre("[Content_Types].xml")
        etree.SubElement(
            types, f"{{{CT}}}Override", PartName=f"/{partie}",
            ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
        )  # fmt: skip
        sheets = self.classeur.find(q("sheets"))
        identifiant = str(1 + max(int(s.get("sheetId")) for s in sheets))
        sheet = etree.SubElement(sheets, q("sheet"), name=nom, sheetId=identifiant)
        sheet.set(f"{{{R}}}id", f"rIdAtelier{number}")
        return self

    # --- the workbook

    def propriete(self, nom: str, valeur: str | None) -> Atelier:
        """Change or remove a custom property of the document, and its twin on the hidden sheet."""
        root = self.arbre("docProps/custom.xml")
        for element in list(root):
            if element.get("name") == nom:
                if valeur is None:
                    root.remove(element)
                else:
                    element[0].text = valeur
        return self

    def calendrier_1904(self) -> Atelier:
        properties = self.classeur.find(q("workbookPr"))
        properties.set("date1904", "1")
        return self

    def application(self, nom: str) -> Atelier:
        root = self.arbre("docProps/app.xml")
        for element in root:
            if element.tag.endswith("}Application"):
                element.text = nom
        return self
