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

from tests.atelier import Workshop, lettre, place
from xl_cpom import check
from xl_cpom.workbook.model import HEADER_ROW, Layout
from xl_cpom.workbook.sheets import ACTIONS, MESURES, SHEETS

Found = set[tuple[str, str, str]]


def fautif() -> Workshop:
    """Faults in three sheets; the cells are those of the valid example."""
    return (
        Workshop()
        .cellule("Plan d'actions", "J6", "Terminée")
        .cellule("Plan d'actions", "K7", "80 %")
        .cellule("Inspection-contrôle", "B6", "210000023")
        .cellule("Inspection-contrôle", "F7", "31/02/2026")
        .cellule("Établissements", "N7", 80.5)
    )


def found(workshop: Workshop, dossier: Path) -> Found:
    report = check(workshop.write(dossier / "retour.xlsx"))
    assert report.count_rules(_failure()) == 0
    return {(f.code, f.sheet, cell) for f in report.findings for cell in f.cells or ("",)}


def _failure() -> Any:
    from xl_cpom.validators.model import Status

    return Status.EN_PANNE


@pytest.fixture(scope="module")
def avant(tmp_path_factory: pytest.TempPathFactory) -> Found:
    this_found = found(fautif(), tmp_path_factory.mktemp("avant"))
    assert {code for code, _, _ in this_found} >= {
        "FMT-013",
        "FMT-018",
        "FMT-002",
        "FMT-007",
        "FMT-023",
    }
    return this_found


def deplacees(found: Found, feuille: str, move: Any) -> Found:
    return {
        (code, sheet, move(cell) if sheet == feuille and cell else cell)
        for code, sheet, cell in found
    }


@pytest.mark.parametrize("rank", [HEADER_ROW + 1, HEADER_ROW + 3])
@pytest.mark.parametrize("sheet", ["Plan d'actions", "Inspection-contrôle"])
def test_blank_rows_inside_the_table(sheet: str, rank: int, avant: Found, tmp_path: Path) -> None:
    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col)}{row + 2 if row >= rank else row}"

    after = found(fautif().insert_rows(sheet, rank, 2), tmp_path)
    assert after == deplacees(avant, sheet, move)


def test_rows_above_the_headers_are_said(avant: Found, tmp_path: Path) -> None:
    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col)}{row + 1}"

    after = found(fautif().insert_rows(ACTIONS.name, 2), tmp_path)
    said = {("STR-007", ACTIONS.name, f"A{HEADER_ROW + 1}")}
    assert after == deplacees(avant, ACTIONS.name, move) | said


@pytest.mark.parametrize("column", [1, 5, 12])
def test_blank_columns(column: int, avant: Found, tmp_path: Path) -> None:
    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col + 1 if col >= column else col)}{row}"

    after = found(fautif().insert_columns(MESURES.name, column), tmp_path)
    assert after == deplacees(avant, MESURES.name, move)


@settings(max_examples=8)
@given(st.permutations(range(HEADER_ROW + 1, HEADER_ROW + 7)))
def test_permuted_rows(
    avant: Found, tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    moves = dict(zip(range(HEADER_ROW + 1, HEADER_ROW + 7), order, strict=True))

    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(col)}{moves.get(row, row)}"

    folder = tmp_path_factory.mktemp("ordre")
    after = found(fautif().swap_rows(ACTIONS.name, moves), folder)
    assert after == deplacees(avant, ACTIONS.name, move)


def test_sheets_in_another_order(avant: Found, tmp_path: Path) -> None:
    order = [sheet.name for sheet in reversed(SHEETS.values())]
    assert found(fautif().reorder(order), tmp_path) == avant


def test_columns_in_another_order_are_read_and_said(avant: Found, tmp_path: Path) -> None:
    """Two neighbours change places: one finding names the one that moved."""
    swap = {10: 11, 11: 10}

    def move(cell: str) -> str:
        row, col = place(cell)
        return f"{lettre(swap.get(col, col))}{row}" if row > HEADER_ROW else cell

    altered = fautif().swap_columns(ACTIONS.name, swap, HEADER_ROW)
    after = found(altered, tmp_path)
    moved = {item for item in after if item[0] == "STR-031"}
    assert len(moved) == 1 and next(iter(moved))[1] == ACTIONS.name
    assert after - moved == deplacees(avant, ACTIONS.name, move)


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@pytest.mark.parametrize("change", [str.upper, str.lower, without_accents,
                                    lambda t: unicodedata.normalize("NFD", t),
                                    lambda t: t.replace(" ", "\u00a0") + " "],
                         ids=["upper", "lower", "accents", "nfd", "blanks"])  # fmt: skip
def test_headers_spelled_otherwise_read_the_same(change: Any, avant: Found, tmp_path: Path) -> None:
    altered = fautif()
    for sheet in SHEETS.values():
        if sheet.layout is not Layout.FICHE:
            for index, column in enumerate(sheet.columns, start=1):
                address = f"{lettre(index)}{HEADER_ROW}"
                altered.cellule(sheet.name, address, change(column.header))
    assert found(altered, tmp_path) == avant


def test_a_missing_column_raises_one_finding_and_no_cascade(tmp_path: Path) -> None:
    """Column « Statut » of the actions emptied, header included."""
    index = [c.key for c in ACTIONS.columns].index("statut") + 1
    altered = Workshop().remove_column(ACTIONS.name, index, HEADER_ROW)
    report = check(altered.write(tmp_path / "retour.xlsx"))
    assert {f.code for f in report.findings} == {"STR-005"}
    assert [f.expected for f in report.findings] == ["Statut"]
    skipped = {o.code for o in report.outcomes if "Statut" in o.reason}
    assert skipped and all(code[:3] in ("SUI", "MOD", "IND", "BIL") for code in skipped)


def test_a_missing_sheet_does_not_hide_the_rest(avant: Found, tmp_path: Path) -> None:
    after = found(fautif().remove("Évaluation HAS"), tmp_path)
    assert after >= {item for item in avant if item[1] != "Évaluation HAS"}
    assert ("STR-002", "Évaluation HAS", "") in after
