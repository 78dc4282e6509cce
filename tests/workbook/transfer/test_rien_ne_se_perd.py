"""Whatever was done to a workbook, each of its contents is in the new one or on « Non repris »."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.ampleur import selon
from tests.atelier import Atelier, lettre
from xl_cpom.workbook.model import HEADER_ROW, Layout
from xl_cpom.workbook.reader import RawCell, RawWorkbook, parse_cell, read_workbook
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.transfer import TransferReport, transfer

TABLES = [sheet for sheet in SHEETS.values() if sheet.layout is not Layout.FICHE]
FEUILLES = [sheet.name for sheet in SHEETS.values()]
ENTETES = {column.header.upper() for sheet in TABLES for column in sheet.columns}
"""Headers in another case are recognised: the new workbook has them as the template writes them."""

Operation = Callable[[Atelier], object]


def contenus(raw: RawWorkbook) -> Counter[str]:
    """Every content of the workbook that no formula gives, counted."""
    found: Counter[str] = Counter()
    for sheet in raw.sheets:
        if sheet.name not in ("Listes", "_cpom"):
            found.update(_texte(cell) for cell in sheet.cells.values() if _tape(cell))
    return found


def _tape(cell: RawCell) -> bool:
    return cell.formula is None and cell.value is not None and str(cell.value).strip() != ""


def _texte(cell: RawCell) -> str:
    return " ".join(str(cell.value).split())


def _entete(table: int, colonne: int, mot: str) -> Operation:
    sheet = TABLES[table]
    col = colonne % len(sheet.columns) + 1
    header = sheet.columns[col - 1].header

    def apply(atelier: Atelier) -> object:
        text = {"majuscules": header.upper(), "inconnu": f"{header[::-1]} {col}"}[mot]
        return atelier.cellule(sheet.name, f"{lettre(col)}{HEADER_ROW}", text)

    return apply


def _permuter(table: int, colonne: int) -> Operation:
    sheet = TABLES[table]
    col = colonne % (len(sheet.columns) - 1) + 1
    order = {col: col + 1, col + 1: col}
    return lambda atelier: atelier.permuter_colonnes(sheet.name, order, HEADER_ROW)


def _lignes(feuille: int, avant: int, combien: int) -> Operation:
    return lambda atelier: atelier.inserer_lignes(FEUILLES[feuille], avant, combien)


def _colonnes(feuille: int, avant: int) -> Operation:
    return lambda atelier: atelier.inserer_colonnes(FEUILLES[feuille], avant)


def _fusion(table: int, ligne: int, colonne: int, hauteur: int, largeur: int) -> Operation:
    first = f"{lettre(colonne)}{ligne}"
    last = f"{lettre(colonne + largeur)}{ligne + hauteur}"
    return lambda atelier: atelier.fusionner(TABLES[table].name, f"{first}:{last}")


def _sous_la_fusion(table: int, ligne: int, colonne: int) -> Operation:
    """A value that stays hidden under a merged range, as some programs leave it."""
    name = TABLES[table].name

    def apply(atelier: Atelier) -> object:
        first, second = (f"{lettre(c)}{ligne}" for c in (colonne, colonne + 1))
        atelier.fusionner(name, f"{first}:{second}")
        return atelier.cellule(name, second, "sous la fusion")

    return apply


def _valeur(feuille: int, ligne: int, colonne: int, valeur: object) -> Operation:
    address = f"{lettre(colonne)}{ligne}"
    return lambda atelier: atelier.cellule(FEUILLES[feuille], address, valeur)


def _onglet(nom: str, valeur: object) -> Operation:
    def apply(atelier: Atelier) -> object:
        if any(s.get("name") == nom for s in atelier.classeur.iter("{*}sheet")):
            return None
        return atelier.ajouter_feuille(nom).cellule(nom, "C4", valeur)

    return apply


tables = st.integers(0, len(TABLES) - 1)
feuilles = st.integers(0, len(FEUILLES) - 1)
lignes = st.integers(1, 40)
colonnes = st.integers(1, 16)
valeurs = st.sampled_from(
    ["à voir", "fin 2029", "1.234", "oui", 3, 0.5, -2.25, 46_500, True, "210 099 008 ?",
     "deux\nlignes", "=1+1", "9,99E+13", "x" * 300]
)  # fmt: skip
operations = st.one_of(
    st.builds(_entete, tables, colonnes, st.sampled_from(["majuscules", "inconnu"])),
    st.builds(_permuter, tables, colonnes),
    st.builds(_lignes, feuilles, lignes, st.integers(1, 3)),
    st.builds(_colonnes, feuilles, colonnes),
    st.builds(_fusion, tables, st.integers(6, 30), colonnes, st.integers(0, 2), st.integers(0, 2)),
    st.builds(_sous_la_fusion, tables, st.integers(6, 12), colonnes),
    st.builds(_valeur, feuilles, lignes, st.integers(1, 40), valeurs),
    st.builds(_valeur, feuilles, st.integers(100, 130), st.integers(1, 5), valeurs),
    st.builds(_onglet, st.sampled_from(["Feuil1", "Plan d'actions (2)", "Brouillon"]), valeurs),
)


ACTIONS = [sheet.key for sheet in TABLES].index("actions")
TOUS_LES_GESTES = [
    _entete(ACTIONS, 4, "inconnu"), _entete(ACTIONS, 6, "majuscules"), _permuter(ACTIONS, 8),
    _entete(0, 6, "inconnu"), _lignes(3, 3, 2), _colonnes(5, 2), _fusion(4, 7, 2, 2, 0),
    _fusion(6, 7, 3, 0, 2), _sous_la_fusion(7, 8, 4), _valeur(0, 12, 2, "fin 2029"),
    _valeur(4, 120, 2, "note sous le tableau"), _valeur(9, 30, 30, 46_500),
    _onglet("Feuil1", "brouillon"), _onglet("Plan d'actions (2)", 3),
]  # fmt: skip


@settings(max_examples=selon(3, 60))
@example(TOUS_LES_GESTES, [(7, "{} (2)"), (10, "Divers {}")])
@given(
    st.lists(operations, min_size=1, max_size=8),
    st.lists(
        st.tuples(feuilles, st.sampled_from(["{} (2)", "{}x", "Divers {}"])),
        max_size=3, unique_by=lambda pair: pair[0],
    ),
)  # fmt: skip
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    gestes: list[Operation],
    noms: list[tuple[int, str]],
) -> None:
    atelier = Atelier()
    for geste in gestes:
        geste(atelier)
    for feuille, patron in noms:
        atelier.renommer(FEUILLES[feuille], patron.format(FEUILLES[feuille])[:31])
    folder = tmp_path_factory.mktemp("transvaser")
    old = atelier.ecrire(folder / "ancien.xlsx")
    done = transfer(old, folder / "nouveau.xlsx")
    before, after = read_workbook(old), read_workbook(done.path)
    given_back = contenus(after)
    given_back.update(_repares(before, done))
    assert contenus(before) - given_back - Counter(dict.fromkeys(ENTETES, 9)) == Counter()


def _repares(before: RawWorkbook, done: TransferReport) -> Counter[str]:
    """The contents that were repaired, as the old file held them: the list tells each of them."""
    found: Counter[str] = Counter()
    for repair in done.reparations:
        sheet, place = before.sheet(repair.feuille), parse_cell(repair.cellule)
        assert sheet is not None and place is not None
        cell = sheet.cells.get(place)
        if cell is not None and _tape(cell):
            found[_texte(cell)] += 1
    return found
