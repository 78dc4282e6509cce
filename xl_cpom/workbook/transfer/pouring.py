"""From the typed rows of the old workbook to the content of the new one, cell by cell.

Every cell of a row is accounted for: placed, made again by a formula, equal to a fixed text of the
template, or left to the sheet « Non repris ».
"""

from __future__ import annotations

from typing import Any

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import fold
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.lists import says
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.reader import RawCell, RawSheet, parse_cell
from xl_cpom.workbook.reader.refs import cell_name
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.transfer import cell_values
from xl_cpom.workbook.transfer.cell_values import ErrorValue
from xl_cpom.workbook.transfer.origin import contenu, record_name
from xl_cpom.workbook.transfer.outcome import NotTransferred, RepairedCell

CellPlace = tuple[int, int]

TYPED_FORMULA = "formule saisie dans une cellule de saisie : sa valeur est reprise"
CHANGED_FORMULA = "formule modifiée : celle du classeur standard est rétablie"
OVERWRITTEN_FORMULA = "valeur saisie à la place d'une formule : la formule est rétablie"
NEVER_COMPUTED = "formule jamais calculée : sa valeur n'est pas connue"
LIBELLE_CHANGE = "texte fixe du classeur standard modifié : il est rétabli"
INECRIVABLE = "contenu qui ne peut pas être écrit dans sa cellule"


@dataclass
class RowTransfer:
    """The content to write, and what became of each old cell.

    placed: by sheet key, the places that need nothing more; reasons: places left aside, and why;
    erreurs: (sheet key, index of the row, column key) -> error value to write.
    """

    content: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    placed: dict[str, set[CellPlace]] = field(default_factory=dict)
    reasons: dict[str, dict[CellPlace, str]] = field(default_factory=dict)
    errors: dict[tuple[str, int, str], str] = field(default_factory=dict)
    repairs: list[RepairedCell] = field(default_factory=list)
    formulas: list[NotTransferred] = field(default_factory=list)
    taken: int = 0


def for_tables(retour: Retour) -> RowTransfer:
    """The content of a workbook, ready for `write_template`."""
    versement = RowTransfer()
    changees = {
        (notice.sheet, cell)
        for notice in retour.notices
        if notice.code == "STR-035"
        for cell in notice.cells
    }
    for key, sheet in SHEETS.items():
        tab = retour.located.tabs.get(key)
        if tab is None:
            versement.content[key] = [_blank(sheet)] if sheet.layout is Layout.FICHE else []
            continue
        this_sheet = _SheetTransfer(versement, retour, sheet, tab, changees)
        versement.placed[key] = this_sheet.prises
        versement.reasons[key] = this_sheet.motifs
        versement.content[key] = [
            this_sheet.row(index, row) for index, row in enumerate(retour.classeur[key])
        ]
        this_sheet.take_headers()
    return versement


def _blank(sheet: Sheet) -> dict[str, Any]:
    """Every entry said to be empty: nothing takes a default value."""
    return {column.key: None for column in sheet.columns if column.is_entry}


class _SheetTransfer:
    """The pouring of one sheet."""

    def __init__(
        self,
        versement: RowTransfer,
        retour: Retour,
        sheet: Sheet,
        tab: RawSheet,
        changees: set[tuple[str, str]],
    ) -> None:
        self.versement = versement
        self.sheet, self.tab = sheet, tab
        self.table = retour.classeur[sheet.key]
        self.date1904 = retour.raw.date1904
        self.referentiel = retour.classeur.referentiel
        self.changees = {cell for name, cell in changees if name == tab.name}
        self.prises: set[CellPlace] = set()
        self.motifs: dict[CellPlace, str] = {}

    def take_headers(self) -> None:
        """The headers and labels that were recognised, and the formulas of the blank rows."""
        table = self.table
        self.prises.update(map(_place, table.labels.values()))
        for key, col in table.columns.items():
            self._header((table.header_row, col), self.sheet[key])
        calculated = {
            table.columns[c.key]
            for c in self.sheet.columns
            if c.formula is not None and c.key in table.columns
        }
        self.prises.update(
            place
            for place, cell in self.tab.cells.items()
            if place[0] > table.header_row and place[1] in calculated and cell.formula is not None
        )

    def _header(self, place: CellPlace, column: Column) -> None:
        """A header that only its place or its likeness made known is told: its words go."""
        self.prises.add(place)
        cell = self.tab.cells.get(place)
        if cell is None or cell.formula is not None or cell_values.is_empty_value(cell.value):
            return
        if fold(str(cell.value)) not in map(fold, (column.header, *column.synonyms)):
            self.versement.repairs.append(
                RepairedCell(self.tab.name, cell.ref, "en-tête", str(cell.value), column.header)
            )

    def row(self, index: int, row: Row) -> dict[str, Any]:
        """The values to write for one record; absent columns and blank cells are None."""
        fixed = self.sheet.layout is Layout.FIXED
        values: dict[str, Any] = {}
        for column in self.sheet.columns:
            address = row.cell(column.key)
            place = None if address is None else _place(address)
            cell = None if place is None else self.tab.cells.get(place)
            if column.formula is not None:
                if place is not None and cell is not None:
                    self._calculated(row, column, place, cell)
            elif column.locked and fixed:
                self._fixed(row, column, place, cell)
                if column.key in self.sheet.identity:
                    values[column.key] = row.values[column.key]
            elif place is None:
                values[column.key] = None
            else:
                values[column.key] = self._entry(index, row, column, place, cell)
        return values

    def _entry(
        self, index: int, row: Row, column: Column, place: CellPlace, cell: RawCell | None
    ) -> Any:
        source = cell
        if cell is None or (cell_values.is_empty_value(cell.value) and cell.formula is None):
            source = self._merged(place)
        if source is None:
            return None
        written = cell_values.value_to_write(source, row.values[column.key], column, self.date1904)
        if written is None:
            if cell is not None and cell.formula is not None and not cell.cached:
                self.motifs[place] = NEVER_COMPUTED
            elif cell is not None:
                self.motifs[place] = INECRIVABLE
            return None
        if cell is not None:
            self.prises.add(place)
            if cell.formula is not None:
                self._keep_formula(row, column, cell, TYPED_FORMULA)
        same = cell_values.is_identical(source, written, self.date1904) or says(
            source.value, written, column, self.referentiel
        )
        if not same or source is not cell:
            self._repaired(source, column, cell_values.shown_value(written, column), place)
        self.versement.taken += 1
        if isinstance(written, ErrorValue):
            self.versement.errors[self.sheet.key, index, column.key] = written.code
            return None
        return written

    def _merged(self, place: CellPlace) -> RawCell | None:
        """The cell whose value is merged over this one."""
        for merge in self.tab.merges:
            if merge.contains(*place) and merge.col1 == merge.col2:
                return self.tab.cells.get((merge.row1, merge.col1))
        return None

    def _calculated(self, row: Row, column: Column, place: CellPlace, cell: RawCell) -> None:
        if cell.formula is not None:
            self.prises.add(place)
            if cell.ref in self.changees:
                self._keep_formula(row, column, cell, CHANGED_FORMULA)
                self._repaired(cell, column, "formule rétablie", place)
        elif not cell_values.is_empty_value(cell.value):
            self._repaired(cell, column, "formule rétablie", place)
            if _same_result(cell, row.values[column.key], self.date1904):
                self.prises.add(place)
            else:
                self.motifs[place] = OVERWRITTEN_FORMULA

    def _fixed(
        self, row: Row, column: Column, place: CellPlace | None, cell: RawCell | None
    ) -> None:
        if place is None or cell is None:
            return
        if fold(str(cell.value)) == fold(str(row.values[column.key])):
            self.prises.add(place)
        else:
            self.motifs[place] = LIBELLE_CHANGE

    def _keep_formula(self, row: Row, column: Column, cell: RawCell, motif: str) -> None:
        formula = f"={cell.formula}" if cell.formula else ""
        self.versement.formulas.append(
            NotTransferred(
                self.tab.name, cell.ref, contenu(cell, self.date1904), motif,
                column.header, record_name(row), formula,
            )
        )  # fmt: skip

    def _repaired(self, cell: RawCell, column: Column, written: str, place: CellPlace) -> None:
        read = cell_values.read_value(cell, column)
        if cell.formula:
            read = f"{read} (={cell.formula})" if read else f"={cell.formula}"
        elif (cell.row, cell.col) != place:
            read = f"{read} (cellule fusionnée)"
        elif read == written:
            kinds = ("texte", "nombre") if isinstance(cell.value, str) else ("nombre", "texte")
            read, written = f"{read} ({kinds[0]})", f"{written} ({kinds[1]})"
        address = cell_name(*place)
        self.versement.repairs.append(
            RepairedCell(self.tab.name, address, column.header, read, written)
        )


def _place(address: str) -> CellPlace:
    place = parse_cell(address)
    assert place is not None, address
    return place


def _same_result(cell: RawCell, computed: Any, date1904: bool) -> bool:
    if isinstance(cell.value, float) and isinstance(computed, int | float):
        return abs(cell.value - computed) <= 1e-9 * max(1.0, abs(computed))
    return cell_values.is_identical(cell, computed, date1904)
