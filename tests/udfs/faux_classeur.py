"""An Excel workbook as xlwings shows it, over openpyxl: what the ribbon uses, nothing more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple


class Last:
    def __init__(self, row: int) -> None:
        self.row = row


class Range:
    def __init__(self, feuille: Feuille, debut: tuple[int, int], fin: tuple[int, int]) -> None:
        self.feuille, self.debut, self.fin = feuille, debut, fin
        self.row, self.column = debut
        self.last_cell = Last(fin[0])

    def _cells(self) -> list[list[Any]]:
        (top, left), (bottom, right) = self.debut, self.fin
        return [
            [self.feuille.tab.cell(row, column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]

    @property
    def value(self) -> list[list[Any]]:
        return [[cell.value for cell in line] for line in self._cells()]

    @value.setter
    def value(self, lines: list[list[Any]]) -> None:
        assert not self.feuille.api.ProtectContents, "Excel refuses to write in a locked sheet"
        top, left = self.debut
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                kept = value[1:] if isinstance(value, str) and value[:1] == "'" else value
                cell = self.feuille.tab.cell(top + row, left + column)
                cell.value = kept
                if kept is not value:
                    cell.data_type = "s"

    @property
    def formula(self) -> tuple[tuple[str, ...], ...]:
        return tuple(
            tuple("" if c.value is None else str(c.value) for c in line) for line in self._cells()
        )

    def options(self, **options: Any) -> Range:
        assert options == {"ndim": 2, "err_to_str": True}
        return Computed(self.feuille, self.debut, self.fin)

    def clear_contents(self) -> None:
        assert not self.feuille.api.ProtectContents
        for line in self._cells():
            for cell in line:
                cell.value = None

    def select(self) -> None:
        self.feuille.book.selection = (self.feuille.name, self.debut)


class Computed(Range):
    """The values Excel shows, from the cached values of the file."""

    @property
    def value(self) -> list[list[Any]]:
        shown = self.feuille.book.shown[self.feuille.name]
        (top, left), (bottom, right) = self.debut, self.fin
        return [
            [shown.cell(row, column).value for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]


class Table:
    def __init__(self, feuille: Feuille, nom: str) -> None:
        self.feuille, self.name = feuille, nom

    def resize(self, this_range: Range) -> None:
        self.feuille.book.tailles[self.name] = (this_range.debut, this_range.fin)


class Protection:
    def __init__(self, *, protegee: bool) -> None:
        self.ProtectContents = protegee
        self.journal: list[str] = []

    def Unprotect(self) -> None:
        self.ProtectContents = False
        self.journal.append("ôtée")

    def Protect(self, **permises: bool) -> None:
        self.ProtectContents = True
        self.journal.append("remise")


class Feuille:
    def __init__(self, book: Classeur, tab: Any) -> None:
        self.book, self.tab, self.name = book, tab, tab.title
        self.api = Protection(protegee=bool(tab.protection.sheet))

    @property
    def tables(self) -> list[Table]:
        return [Table(self, name) for name in self.tab.tables]

    @property
    def used_range(self) -> Range:
        return Range(self, (1, 1), (self.tab.max_row, self.tab.max_column))

    def range(self, debut: Any, fin: Any = None) -> Range:
        if isinstance(debut, str):
            debut = coordinate_to_tuple(debut)
        return Range(self, debut, fin or debut)

    def activate(self) -> None:
        self.book.active = self.name


class Sheets(list):
    def add(self, nom: str, after: Feuille) -> Feuille:
        assert after is self[-1]
        book = after.book
        self.append(Feuille(book, book.contenu.create_sheet(nom)))
        return self[-1]


class Application:
    def __init__(self) -> None:
        self.messages: list[str] = []
        self.ouverts: list[Classeur] = []
        self.books = self

    def alert(self, prompt: str, title: str) -> None:
        assert title == "CPOM"
        self.messages.append(prompt)

    def open(self, chemin: str) -> Classeur:
        self.ouverts.append(Classeur(Path(chemin), self))
        return self.ouverts[-1]


class Classeur:
    def __init__(self, chemin: Path, app: Application | None = None) -> None:
        self.fullname, self.app = str(chemin), app or Application()
        self.contenu = openpyxl.load_workbook(chemin)
        self.shown = openpyxl.load_workbook(chemin, data_only=True)
        self.sheets = Sheets(Feuille(self, tab) for tab in self.contenu.worksheets)
        self.active = self.selection = None
        self.tailles: dict[str, Any] = {}
        self.enregistre = 0

    def save(self) -> None:
        self.enregistre += 1
        if self.enregistre and self.app.ouverts and self is self.app.ouverts[-1]:
            self.contenu.save(self.fullname)
