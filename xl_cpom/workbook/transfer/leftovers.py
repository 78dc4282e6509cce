"""What the rows did not take: cells of unknown columns and sheets, notes, texts beside tables.

Whatever holds something and is not a text of the template is told, with where it stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xl_cpom.typography import fold, visible
from xl_cpom.workbook.interpretation.coercion.texts import plain_number
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader import RawCell, RawSheet, parse_cell
from xl_cpom.workbook.records import Row, Table
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT, VERSIONS
from xl_cpom.workbook.transfer import leftovers_sheet
from xl_cpom.workbook.transfer.blank_texts import SheetDecor
from xl_cpom.workbook.transfer.cell_notes import Note
from xl_cpom.workbook.transfer.cell_values import is_empty_value
from xl_cpom.workbook.transfer.origin import contenu, record_name
from xl_cpom.workbook.transfer.outcome import NotTransferred
from xl_cpom.workbook.transfer.pouring import RowTransfer

UNKNOWN_SHEET = "feuille inconnue du classeur standard"
UNKNOWN_COLUMN = "colonne inconnue du classeur standard"
OUTSIDE_TABLE = "texte ou valeur hors du tableau"
ROW_TOO_MANY = "ligne que le classeur standard ne prévoit pas"
NOTE = "note posée sur la cellule"

_CONTROLES, _LISTS, _MARK = "controles", "listes", "_cpom"


def leftovers(
    retour: Retour,
    versement: RowTransfer,
    decors: Mapping[str, SheetDecor],
    notes: tuple[Note, ...],
) -> Iterator[NotTransferred]:
    """Everything of the old workbook that has no place in the new one, in reading order."""
    keys = {id(tab): key for key, tab in retour.located.tabs.items()}
    for tab in retour.raw.sheets:
        key = keys.get(id(tab))
        if key is not None:
            yield from _of_known_sheet(retour, versement, decors, key, tab)
        elif leftovers_sheet.is_our_sheet(tab):
            yield from leftovers_sheet.read_sheet_again(tab, retour.raw.date1904)
        elif fold(tab.name) in decors:
            yield from _of_template_tab(retour, decors[fold(tab.name)], tab)
        else:
            yield from _of_unknown_sheet(retour, tab)
    yield from versement.formulas
    yield from _notes(retour, notes, decors)


def _of_known_sheet(
    retour: Retour,
    versement: RowTransfer,
    decors: Mapping[str, SheetDecor],
    key: str,
    tab: RawSheet,
) -> Iterator[NotTransferred]:
    table, sheet = retour.classeur[key], SHEETS[key]
    decor = decors[fold(sheet.name)]
    prises, motifs = versement.placed[key], versement.reasons[key]
    fiche = sheet.layout is Layout.FICHE
    values = {parse_cell(address) for address in table.anchors.values()}
    rows = {row.number: row for row in table}
    for place, cell in sorted(tab.cells.items()):
        if place in prises or _holds_nothing(cell):
            continue
        aside = place not in values if fiche else place[0] < table.header_row or not table.present
        if aside and (decor.holds(cell) or _of_earlier_template(retour, table, place)):
            continue
        row = rows.get(place[0]) if not fiche else None
        motif = motifs.get(place) or _motif(table, place[0], place[1], row)
        yield NotTransferred(
            tab.name,
            cell.ref,
            contenu(cell, retour.raw.date1904),
            motif,
            _header(tab, table, place[1]) if place[0] > table.header_row else "",
            record_name(row),
            f"={cell.formula}" if cell.formula else "",
        )


def _of_earlier_template(retour: Retour, table: Table, place: tuple[int, int]) -> bool:
    """Is it where an earlier version of the template wrote words that this one says otherwise?

    The title and purpose of a sheet, the nature of its columns, the help of a line of the fiche.
    """
    if not _is_earlier(retour):
        return False
    row, col = place
    if table.anchors:
        values = (parse_cell(address) for address in table.anchors.values())
        helps = {(value[0], value[1] + 1) for value in values if value is not None}
        return place in helps
    return (col == 1 and row < table.header_row - 1) or row == table.header_row - 1


def _is_earlier(retour: Retour) -> bool:
    return retour.gabarit in VERSIONS[:-1]


def _motif(table: Table, number: int, col: int, row: Row | None) -> str:
    if not table.header_row or number < table.header_row:
        return OUTSIDE_TABLE
    if col not in table.columns.values():
        return UNKNOWN_COLUMN
    return OUTSIDE_TABLE if row is not None or table.sheet.fixed_rows is None else ROW_TOO_MANY


def _header(tab: RawSheet, table: Table, col: int) -> str:
    cell = tab.cells.get((table.header_row, col)) if table.header_row else None
    return visible(cell.value) if cell is not None and isinstance(cell.value, str) else ""


def _holds_nothing(cell: RawCell) -> bool:
    if cell.formula is not None and not cell.cached:
        return False
    return is_empty_value(cell.value)


def _of_template_tab(retour: Retour, decor: SheetDecor, tab: RawSheet) -> Iterator[NotTransferred]:
    """Accueil, Contrôles, Listes, _cpom: only what was typed there by hand."""
    name = fold(tab.name)
    if name == _MARK or (name == _LISTS and retour.gabarit != VERSION_GABARIT):
        return
    names = {fold(sheet.name) for sheet in retour.raw.sheets}  # Accueil lists them
    filled = [table.ref for table in tab.tables] if name == _CONTROLES else []
    for (row, col), cell in sorted(tab.cells.items()):
        text = cell.value if isinstance(cell.value, str) else ""
        ours = (
            decor.holds(cell)
            or fold(text) in names
            or (name == _LISTS and _same_code(cell, decor))
            or any(ref.contains(row, col) for ref in filled)
            or (name == _CONTROLES and text.startswith("Verdict"))
        )
        if not ours and not _holds_nothing(cell):
            yield _aside(retour, tab, cell, OUTSIDE_TABLE)


def _same_code(cell: RawCell, decor: SheetDecor) -> bool:
    """Is it a number of the template, or one of its codes that a program turned into a number?"""
    if not isinstance(cell.value, float):
        return False
    if cell.value in decor.numbers:
        return True
    text = plain_number(cell.value)
    return any(text.zfill(width) in decor.texts for width in (1, 2, 3))


def _of_unknown_sheet(retour: Retour, tab: RawSheet) -> Iterator[NotTransferred]:
    for _, cell in sorted(tab.cells.items()):
        if not _holds_nothing(cell):
            yield _aside(retour, tab, cell, UNKNOWN_SHEET)


def _aside(retour: Retour, tab: RawSheet, cell: RawCell, motif: str) -> NotTransferred:
    formula = f"={cell.formula}" if cell.formula else ""
    content = contenu(cell, retour.raw.date1904)
    return NotTransferred(tab.name, cell.ref, content, motif, formula=formula)


def _notes(
    retour: Retour, notes: tuple[Note, ...], decors: Mapping[str, SheetDecor]
) -> Iterator[NotTransferred]:
    keys = {tab.name: key for key, tab in retour.located.tabs.items()}
    helps = frozenset().union(*(decor.notes for decor in decors.values()))
    for note in notes:
        if fold(note.text) in helps:
            continue
        key = keys.get(note.sheet)
        table = None if key is None else retour.classeur[key]
        if table is not None and _is_earlier(retour) and _on_header(table, note.cell):
            continue  # what an earlier version said of the column
        row = None if table is None else _row_of(table, note.cell)
        yield NotTransferred(
            note.sheet, note.cell, note.text, NOTE,
            record=record_name(row),
        )  # fmt: skip


def _on_header(table: Table, address: str) -> bool:
    place = parse_cell(address)
    return bool(table.header_row) and place is not None and place[0] == table.header_row


def _row_of(table: Table, address: str) -> Row | None:
    place = None if table.anchors else parse_cell(address)
    return next((row for row in table if place and row.number == place[0]), None)
