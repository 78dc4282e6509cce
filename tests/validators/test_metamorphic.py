"""What must not change the findings, or must move them with the cells.

The workbook below has faults of several kinds on several sheets. Rows inserted, columns inserted,
rows and sheets permuted, headers re-cased or without accents: the same findings, at the moved
cells, plus exactly what is said of the change itself.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.atelier import Atelier, lettre, place
from xl_cpom import check
from xl_cpom.workbook.model import HEADER_ROW, Layout
from xl_cpom.workbook.sheets import ACTIONS, MESURES, SHEETS

Trouvees = set[tuple[str, str, str]]


def fautif() -> Atelier:
    """Faults in three sheets; the cells are those of the valid example."""
    return (
        Atelier()
        .cellule("Plan d'actions", "J6", "Terminée")
        .cellule("Plan d'actions", "K7", "80 %")
        .cellule("Inspection-contrôle", "B6", "210000023")
        .cellule("Inspection-contrôle", "F7", "31/02/2026")
        .cellule("Établissements", "N7", 80.5)
    )


def trouvees(atelier: Atelier, dossier: Path) -> Trouvees:
    report = check(atelier.ecrire(dossier / "retour.xlsx"))
    assert report.count_rules(_panne()) == 0
    return {(f.code, f.sheet, cell) for f in report.findings for cell in f.cells or ("",)}


def _panne() -> Any:
    from xl_cpom.validators.model import Status

    return Status.EN_PANNE


@pytest.fixture(scope="module")
def avant(tmp_path_factory: pytest.TempPathFactory) -> Trouvees:
    found = trouvees(fautif(), tmp_path_factory.mktemp("avant"))
    assert {code for code, _, _ in found} >= {"FMT-013", "FMT-018", "FMT-002", "FMT-007", "FMT-023"}
    return found


def deplacees(found: Trouvees, feuille: str, move: Any) -> Trouvees:
    return {
        (code, sheet, move(cell) if sheet == feuille and cell else cell)
        for code, sheet, cell in found
    }


@pytest.mark.parametrize("rang", [HEADER_ROW + 1, HEADER_ROW + 3])
@pytest.mark.parametrize("feuille", ["Plan d'actions", "Inspection-contrôle"])
def test_blank_rows_inside_the_table(
    feuille: str, rang: int, avant: Trouvees, tmp_path: Path
) -> None:
    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col)}{row + 2 if row >= rang else row}"

    after = trouvees(fautif().inserer_lignes(feuille, rang, 2), tmp_path)
    assert after == deplacees(avant, feuille, move)


def test_rows_above_the_headers_are_said(avant: Trouvees, tmp_path: Path) -> None:
    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col)}{row + 1}"

    after = trouvees(fautif().inserer_lignes(ACTIONS.name, 2), tmp_path)
    said = {("STR-007", ACTIONS.name, f"A{HEADER_ROW + 1}")}
    assert after == deplacees(avant, ACTIONS.name, move) | said


@pytest.mark.parametrize("colonne", [1, 5, 12])
def test_blank_columns(colonne: int, avant: Trouvees, tmp_path: Path) -> None:
    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col + 1 if col >= colonne else col)}{row}"

    after = trouvees(fautif().inserer_colonnes(MESURES.name, colonne), tmp_path)
    assert after == deplacees(avant, MESURES.name, move)


@settings(max_examples=8)
@given(st.permutations(range(HEADER_ROW + 1, HEADER_ROW + 7)))
def test_permuted_rows(
    avant: Trouvees, tmp_path_factory: pytest.TempPathFactory, ordre: list[int]
) -> None:
    moves = dict(zip(range(HEADER_ROW + 1, HEADER_ROW + 7), ordre, strict=True))

    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col)}{moves.get(row, row)}"

    folder = tmp_path_factory.mktemp("ordre")
    after = trouvees(fautif().permuter_lignes(ACTIONS.name, moves), folder)
    assert after == deplacees(avant, ACTIONS.name, move)


def test_sheets_in_another_order(avant: Trouvees, tmp_path: Path) -> None:
    order = [sheet.name for sheet in reversed(SHEETS.values())]
    assert trouvees(fautif().reordonner(order), tmp_path) == avant


def test_columns_in_another_order_are_read_and_said(avant: Trouvees, tmp_path: Path) -> None:
    """Two neighbours change places: one finding names the one that moved."""
    swap = {10: 11, 11: 10}

    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(swap.get(col, col))}{row}" if row > HEADER_ROW else cell

    altered = fautif().permuter_colonnes(ACTIONS.name, swap, HEADER_ROW)
    after = trouvees(altered, tmp_path)
    moved = {item for item in after if item[0] == "STR-031"}
    assert len(moved) == 1 and next(iter(moved))[1] == ACTIONS.name
    assert after - moved == deplacees(avant, ACTIONS.name, move)


def sans_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize("change", [str.upper, str.lower, sans_accents,
                                    lambda t: unicodedata.normalize("NFD", t),
                                    lambda t: t.replace(" ", "\u00a0") + " "],
                         ids=["upper", "lower", "accents", "nfd", "blanks"])  # fmt: skip
def test_headers_spelled_otherwise_read_the_same(
    change: Any, avant: Trouvees, tmp_path: Path
) -> None:
    altered = fautif()
    for sheet in SHEETS.values():
        if sheet.layout is not Layout.FICHE:
            for index, column in enumerate(sheet.columns, start=1):
                address = f"{lettre(index)}{HEADER_ROW}"
                altered.cellule(sheet.name, address, change(column.header))
    assert trouvees(altered, tmp_path) == avant


def test_a_missing_column_raises_one_finding_and_no_cascade(tmp_path: Path) -> None:
    """Column « Statut » of the actions emptied, header included."""
    index = [c.key for c in ACTIONS.columns].index("statut") + 1
    altered = Atelier().supprimer_colonne(ACTIONS.name, index, HEADER_ROW)
    report = check(altered.ecrire(tmp_path / "retour.xlsx"))
    assert {f.code for f in report.findings} == {"STR-005"}
    assert [f.expected for f in report.findings] == ["Statut"]
    skipped = {o.code for o in report.outcomes if "Statut" in o.reason}
    assert skipped and all(code[:3] in ("SUI", "MOD", "IND") for code in skipped)


def test_a_missing_sheet_does_not_hide_the_rest(avant: Trouvees, tmp_path: Path) -> None:
    after = trouvees(fautif().supprimer("Évaluation HAS"), tmp_path)
    assert after >= {item for item in avant if item[1] != "Évaluation HAS"}
    assert ("STR-002", "Évaluation HAS", "") in after
