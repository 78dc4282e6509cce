"""Whatever was done to a workbook, each of its contents is in the new one or on « Non repris »."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.ampleur import by
from tests.atelier import Workshop, lettre
from xl_cpom.workbook.model import HEADER_ROW, Layout
from xl_cpom.workbook.reader import RawCell, RawWorkbook, parse_cell, read_workbook
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.transfer import TransferReport, transfer

TABLES = [sheet for sheet in SHEETS.values() if sheet.layout is not Layout.FICHE]
SHEET_NAMES = [sheet.name for sheet in SHEETS.values()]
HEADERS = {column.header.upper() for sheet in TABLES for column in sheet.columns}
"""Headers in another case are recognised: the new workbook has them as the template writes them."""

Operation = Callable[[Workshop], object]


def contents(raw: RawWorkbook) -> Counter[str]:
    """Every content of the workbook that no formula gives, counted."""
    found: Counter[str] = Counter()
    for sheet in raw.sheets:
        if sheet.name not in ("Listes", "_cpom"):
            found.update(_text(cell) for cell in sheet.cells.values() if _tape(cell))
    return found


def _tape(cell: RawCell) -> bool:
    return cell.formula is None and cell.value is not None and str(cell.value).strip() != ""


def _text(cell: RawCell) -> str:
    return " ".join(str(cell.value).split())


def _header(table: int, colonne: int, word: str) -> Operation:
    sheet = TABLES[table]
    col = colonne % len(sheet.columns) + 1
    header = sheet.columns[col - 1].header

    def apply(workshop: Workshop) -> object:
        text = {"majuscules": header.upper(), "inconnu": f"{header[::-1]} {col}"}[word]
        return workshop.cellule(sheet.name, f"{lettre(col)}{HEADER_ROW}", text)

    return apply


def _swap(table: int, colonne: int) -> Operation:
    sheet = TABLES[table]
    col = colonne % (len(sheet.columns) - 1) + 1
    order = {col: col + 1, col + 1: col}
    return lambda workshop: workshop.swap_columns(sheet.name, order, HEADER_ROW)


def _rows_of(feuille: int, avant: int, combien: int) -> Operation:
    return lambda workshop: workshop.insert_rows(SHEET_NAMES[feuille], avant, combien)


def _columns(feuille: int, avant: int) -> Operation:
    return lambda workshop: workshop.insert_columns(SHEET_NAMES[feuille], avant)


def _merge(table: int, row: int, colonne: int, height: int, largeur: int) -> Operation:
    first = f"{lettre(colonne)}{row}"
    last = f"{lettre(colonne + largeur)}{row + height}"
    return lambda workshop: workshop.merge(TABLES[table].name, f"{first}:{last}")


def _under_merge(table: int, row: int, colonne: int) -> Operation:
    """A value that stays hidden under a merged range, as some programs leave it."""
    name = TABLES[table].name

    def apply(workshop: Workshop) -> object:
        first, second = (f"{lettre(c)}{row}" for c in (colonne, colonne + 1))
        workshop.merge(name, f"{first}:{second}")
        return workshop.cellule(name, second, "sous la fusion")

    return apply


def _value(feuille: int, row: int, colonne: int, valeur: object) -> Operation:
    address = f"{lettre(colonne)}{row}"
    return lambda workshop: workshop.cellule(SHEET_NAMES[feuille], address, valeur)


def _tab(nom: str, valeur: object) -> Operation:
    def apply(workshop: Workshop) -> object:
        if any(s.get("name") == nom for s in workshop.classeur.iter("{*}sheet")):
            return None
        return workshop.add_sheet(nom).cellule(nom, "C4", valeur)

    return apply


tables = st.integers(0, len(TABLES) - 1)
feuilles = st.integers(0, len(SHEET_NAMES) - 1)
lignes = st.integers(1, 40)
colonnes = st.integers(1, 16)
valeurs = st.sampled_from(
    ["à voir", "fin 2029", "1.234", "oui", 3, 0.5, -2.25, 46_500, True, "210 099 008 ?",
     "deux\nlignes", "=1+1", "9,99E+13", "x" * 300]
)  # fmt: skip
operations = st.one_of(
    st.builds(_header, tables, colonnes, st.sampled_from(["majuscules", "inconnu"])),
    st.builds(_swap, tables, colonnes),
    st.builds(_rows_of, feuilles, lignes, st.integers(1, 3)),
    st.builds(_columns, feuilles, colonnes),
    st.builds(_merge, tables, st.integers(6, 30), colonnes, st.integers(0, 2), st.integers(0, 2)),
    st.builds(_under_merge, tables, st.integers(6, 12), colonnes),
    st.builds(_value, feuilles, lignes, st.integers(1, 40), valeurs),
    st.builds(_value, feuilles, st.integers(100, 130), st.integers(1, 5), valeurs),
    st.builds(_tab, st.sampled_from(["Feuil1", "Plan d'actions (2)", "Brouillon"]), valeurs),
)


ACTIONS = [sheet.key for sheet in TABLES].index("actions")
ALL_GESTURES = [
    _header(ACTIONS, 4, "inconnu"), _header(ACTIONS, 6, "majuscules"), _swap(ACTIONS, 8),
    _header(0, 6, "inconnu"), _rows_of(3, 3, 2), _columns(5, 2), _merge(4, 7, 2, 2, 0),
    _merge(6, 7, 3, 0, 2), _under_merge(7, 8, 4), _value(0, 12, 2, "fin 2029"),
    _value(4, 120, 2, "note sous le tableau"), _value(9, 30, 30, 46_500),
    _tab("Feuil1", "brouillon"), _tab("Plan d'actions (2)", 3),
]  # fmt: skip


@settings(max_examples=by(3, 60))
@example(ALL_GESTURES, [(7, "{} (2)"), (10, "Divers {}")])
@given(
    st.lists(operations, min_size=1, max_size=8),
    st.lists(
        st.tuples(feuilles, st.sampled_from(["{} (2)", "{}x", "Divers {}"])),
        max_size=3,
        unique_by=lambda pair: pair[0],
    ),
)
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    gestures: list[Operation],
    names: list[tuple[int, str]],
) -> None:
    workshop = Workshop()
    for gesture in gestures:
        gesture(workshop)
    for sheet, patron in names:
        workshop.rename(SHEET_NAMES[sheet], patron.format(SHEET_NAMES[sheet])[:31])
    folder = tmp_path_factory.mktemp("transvaser")
    old = workshop.write(folder / "ancien.xlsx")
    done = transfer(old, folder / "nouveau.xlsx")
    before, after = read_workbook(old), read_workbook(done.path)
    given_back = contents(after)
    given_back.update(_repares(before, done))
    assert contents(before) - given_back - Counter(dict.fromkeys(HEADERS, 9)) == Counter()


def _repares(before: RawWorkbook, done: TransferReport) -> Counter[str]:
    """The contents that were repaired, as the old file held them: the list tells each of them."""
    found: Counter[str] = Counter()
    for repair in done.repairs:
        sheet, place = before.sheet(repair.sheet), parse_cell(repair.cell)
        assert sheet is not None and place is not None
        cell = sheet.cells.get(place)
        if cell is not None and _tape(cell):
            found[_text(cell)] += 1
    return found
