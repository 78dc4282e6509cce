"""A number is repaired the same way in every column that may hold one, whatever its sheet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.corpus.cas import controler, dit
from tests.corpus.gestes import Gestures
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.interpretation.coercion import CellReading, coerce
from xl_cpom.workbook.model import Column, Kind, Sheet
from xl_cpom.workbook.reader import RawCell
from xl_cpom.workbook.reader.raw_cells import GENERAL
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets import SHEETS

NUMBER = "010000008"
"""A FINESS number of the Ain, its key right."""

DAMAGES: list[tuple[Any, Any, str | None]] = [
    (NUMBER, NUMBER, None),
    (10000008.0, NUMBER, "FMT-003"),
    ("10000008", NUMBER, "FMT-003"),
    ("1,0000008E+07", NUMBER, "FMT-003"),
    ("010000008.0", NUMBER, "FMT-004"),
    (210781456.0, "210781456", "FMT-004"),
    ("01 000 0008", NUMBER, "FMT-006"),
    ("'010000008", NUMBER, "FMT-006"),
    ("O10000008", NON_LU, "FMT-001"),
    ("01000008O", NON_LU, "FMT-001"),
    ("0100000081", NON_LU, "FMT-001"),
    ("010000009", NON_LU, "FMT-002"),
]
"""What is typed or left by another program, what is read of it, and what is said."""


def _columns() -> list[tuple[Sheet, Column]]:
    return [
        (sheet, column)
        for sheet in SHEETS.values()
        for column in sheet.columns
        if column.is_entry
        and (column.kind in (Kind.FINESS, Kind.FINESS_LIST) or column.holds is Kind.FINESS)
    ]


def test_every_sheet_that_names_an_establishment_is_tried() -> None:
    assert {sheet.key for sheet, _ in _columns()} >= {
        "identification", "etablissements", "actions", "fragilites", "si", "has", "mesures",
        "difficulte", "activite",
    }  # fmt: skip


@pytest.mark.parametrize(("sheet", "column"), _columns(), ids=lambda x: x.key)
@pytest.mark.parametrize(("typed", "read", "code"), DAMAGES, ids=lambda x: str(x))
def test_the_same_repair_in_every_column(
    sheet: Sheet, column: Column, typed: Any, read: Any, code: str | None
) -> None:
    kind = "n" if isinstance(typed, float) else "s"
    cell = RawCell(6, 1, kind, str(typed), typed, None, True, GENERAL)
    found = coerce(cell, column, CellReading(load_referentiel()))
    listed = column.kind is Kind.FINESS_LIST and read is not NON_LU
    assert found.value == ((read,) if listed else read)
    assert [remark.code for remark in found.remarks] == ([] if code is None else [code])


@pytest.mark.parametrize("name", ["PFR de Dijon", "PFR de Dijon 210781456", "Dispositif 21", "DAC"])
def test_a_name_beside_numbers_stays_a_name(name: str) -> None:
    cell = RawCell(6, 4, "s", name, name, None, True, GENERAL)
    found = coerce(cell, SHEETS["si"]["entite"], CellReading(load_referentiel()))
    assert (found.value, found.remarks) == (name, ())


@pytest.mark.parametrize(
    ("sheet", "row", "header", "cell"),
    [
        ("Systèmes d'information", "ROR par ET + 210781456", "FINESS ET ou dispositif", "D6"),
        ("Activité et ressources", "210781456 + 2027", "FINESS ET", "A7"),
        ("Évaluation HAS", "710976507", "FINESS ET", "A8"),
        ("Plan d'actions", "A1", "FINESS ET concernés", "F6"),
    ],
)
def test_the_repair_is_the_only_finding(sheet: str, row: str, header: str, cell: str) -> None:
    book = Gestures()
    value = book.valeur(sheet, row, header)
    number = value[0] if isinstance(value, tuple) else value
    book.saisir(sheet, row, header, f"{number[:2]} {number[2:5]} {number[5:]}")
    assert [dit(f) for f in controler(book.octets()).findings] == [f"FMT-006 {sheet}!{cell}"]


@pytest.mark.parametrize("header", ["Département", "Catégorie"])
def test_two_codes_in_a_cell_are_not_one(header: str) -> None:
    text = {"Département": "21 et 71", "Catégorie": "500 ; 202"}[header]
    book = Gestures()
    book.saisir("Établissements", "210781456", header, text)
    found = {f.code for f in controler(book.octets()).findings}
    assert found == {"Département": {"FMT-013"}, "Catégorie": {"IDE-005"}}[header]
