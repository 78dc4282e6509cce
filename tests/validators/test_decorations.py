"""Honest returns decorated at random: titles, totals, notes, signatures, pasted headers, colours.

Nobody's data change: the verdict and the indicators stay, and nothing is said but for information.
"""

from __future__ import annotations

import random

import pytest
from lxml import etree

from tests.atelier import lettre, q
from tests.corpus.cas import controler
from tests.corpus.gestes import SHEET_NAMES, Gestures, lignes
from xl_cpom.validators.model import INFORMATION, Report, Verdict
from xl_cpom.workbook.model import HEADER_ROW, Kind, Layout, Sheet

TABLES = [sheet for sheet in SHEET_NAMES.values() if sheet.layout is Layout.TABLE]
TITLES = ("SECTEUR PERSONNES ÂGÉES", "Axe 2 : l'offre de répit", "II – Secteur handicap", "PH")
NOTES = (
    ("Source :", "données de l'organisme au 31/12/2027"),
    ("(1) Hors places d'accueil de jour.",),
    ("NB : les montants sont en euros",),
    ("Légende", "PA = personnes âgées ; PH = personnes handicapées"),
    ("* chiffres provisoires",),
)
SIGNATURES = (
    ("Fait à Dijon, le 12/01/2028", "Le directeur général"),
    ("Signature :", "Cachet de l'organisme"),
)


class Decorateur:
    """Adds to a workbook what is no data, as people do."""

    def __init__(self, seed: int) -> None:
        self.hasard = random.Random(seed)
        self.classeur = Gestures()

    def decorate(self) -> None:
        for sheet in self.hasard.sample(TABLES, 4):
            for gesture in self.hasard.sample(
                [self.titre, self.total, self.somme, self.note, self.signature, self.entetes,
                 self.colors, self.panes, self.phantome], 3,
            ):  # fmt: skip
                gesture(sheet)

    def _bas(self, sheet: Sheet) -> int:
        """A row under the data, away from what another gesture wrote."""
        data = self.classeur.feuille(sheet.name).find(q("sheetData"))
        entries = {
            lettre(i) for i, c in enumerate(sheet.columns, start=1) if c.is_entry
        }  # fmt: skip
        used = [
            int(row.get("r"))
            for row in data
            for cell in row
            if cell.get("r").rstrip("0123456789") in entries and len(cell)
        ]
        return max(used) + self.hasard.randint(2, 4)

    def titre(self, sheet: Sheet) -> None:
        ici = HEADER_ROW + 1 + self.hasard.randint(0, max(0, len(lignes(sheet)) - 1))
        self.classeur.insert_rows(sheet.name, ici)
        self.classeur.cellule(sheet.name, f"A{ici}", self.hasard.choice(TITLES[:3]))
        if self.hasard.random() < 0.5:
            self.classeur.merge(sheet.name, f"A{ici}:{lettre(len(sheet.columns))}{ici}")

    def total(self, sheet: Sheet) -> None:
        ici = self._bas(sheet)
        self.classeur.cellule(sheet.name, f"A{ici}", self.hasard.choice(("Total", "TOTAL GÉNÉRAL")))
        self._sums(sheet, ici)

    def somme(self, sheet: Sheet) -> None:
        self._sums(sheet, self._bas(sheet))

    def _sums(self, sheet: Sheet, ici: int) -> None:
        for rank, column in enumerate(sheet.columns, start=1):
            if column.is_entry and column.kind in (Kind.INTEGER, Kind.NUMBER, Kind.MONTANT):
                col = lettre(rank)
                formula = f"SUM({col}{HEADER_ROW + 1}:{col}{ici - 1})"
                self.classeur.formule(sheet.name, f"{col}{ici}", formula, 1234)

    def note(self, sheet: Sheet) -> None:
        ici = self._bas(sheet)
        for rank, text in enumerate(self.hasard.choice(NOTES), start=1):
            self.classeur.cellule(sheet.name, f"{lettre(rank)}{ici}", text)

    def signature(self, sheet: Sheet) -> None:
        ici = self._bas(sheet)
        for rank, text in enumerate(self.hasard.choice(SIGNATURES)):
            self.classeur.cellule(sheet.name, f"A{ici + rank}", text)

    def entetes(self, sheet: Sheet) -> None:
        ici = self._bas(sheet)
        for rank, column in enumerate(sheet.columns, start=1):
            if column.is_entry:
                self.classeur.cellule(sheet.name, f"{lettre(rank)}{ici}", column.header)

    def colors(self, sheet: Sheet) -> None:
        self.classeur.style(sheet.name, f"A{HEADER_ROW + 1}", f"A{HEADER_ROW}")

    def panes(self, sheet: Sheet) -> None:
        view = self.classeur.feuille(sheet.name).find(f"{q('sheetViews')}/{q('sheetView')}")
        for pane in view.findall(q("pane")):
            view.remove(pane)
        view.insert(0, etree.Element(q("pane"), ySplit="3", topLeftCell="A4", state="frozen"))

    def phantome(self, sheet: Sheet) -> None:
        ici = self._bas(sheet)
        numbers = [i for i, c in enumerate(sheet.columns, start=1) if c.is_entry and
                   (c.kind.is_number or c.kind is Kind.TEXT)]  # fmt: skip
        col = lettre(self.hasard.choice(numbers))
        for rank in range(3):
            self.classeur.formule(
                sheet.name, f"{col}{ici + rank}", f"Listes!$EA{ici + rank}", 0
            )  # fmt: skip


@pytest.fixture(scope="module")
def nu() -> Report:
    return controler(Gestures().octets())


@pytest.mark.parametrize("seed", range(6))
def test_a_decorated_return_keeps_its_verdict(seed: int, nu: Report) -> None:
    workshop = Decorateur(seed)
    workshop.decorate()
    report = controler(workshop.classeur.octets())
    told = [(f.code, f.sheet, f.cells, f.message) for f in report.findings
            if f.severity is not INFORMATION]  # fmt: skip
    assert told == []
    assert report.verdict is nu.verdict is Verdict.RECEVABLE
    assert report.indicateurs == nu.indicateurs
    assert {f.code for f in report.findings} <= {"STR-042", "STR-051"}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6, 200))
def test_many_decorated_returns_keep_their_verdict(seed: int, nu: Report) -> None:
    test_a_decorated_return_keeps_its_verdict(seed, nu)
