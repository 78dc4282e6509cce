"""What the « Accueil » calls « à compléter », the control says too, of the same sheet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.atelier import lettre
from tests.corpus.cas import controler
from tests.corpus.gestes import SHEET_NAMES, Gestures, lignes
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.model import HEADER_ROW, Layout, Sheet
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.template.completeness import FILLED, TO_COMPLETE, etat

DUE = ("etablissements", "modules", "actions", "fragilites", "si", "has", "mesures", "difficulte",
       "activite", "indicateurs")  # fmt: skip
"""The sheets that the valid example fills and that a return always owes."""

TABLES = [sheet for sheet in SHEET_NAMES.values() if sheet.key in DUE]


def state(raw_bytes: bytes, sheet: Sheet) -> str:
    classeur = interpret(read_workbook(raw_bytes), load_referentiel()).classeur
    return etat(sheet, classeur, ("C1", "D1", "E1")).state[1]


def emptied(sheet: Sheet) -> bytes:
    """The valid example, every entry of one sheet emptied."""
    book = Gestures()
    for rank in range(len(lignes(sheet))):
        for index, column in enumerate(sheet.columns, start=1):
            if column.is_entry:
                book.cellule(sheet.name, f"{lettre(index)}{HEADER_ROW + 1 + rank}", None)
    return book.octets()


@pytest.mark.parametrize("sheet", TABLES, ids=lambda s: s.key)
def test_an_empty_sheet_is_said_in_the_same_words(sheet: Sheet) -> None:
    assert state(Gestures().octets(), sheet) == FILLED
    raw_bytes = emptied(sheet)
    assert state(raw_bytes, sheet) == TO_COMPLETE
    messages = [finding.message.replace("\u00a0", " ") for finding in controler(raw_bytes).findings]
    named = f"La feuille « {sheet.name} » est à compléter"
    assert [m for m in messages if m.startswith(named)] or sheet.key == "modules", messages


@pytest.mark.parametrize("sheet", SHEET_NAMES.values(), ids=lambda s: s.key)
def test_a_compulsory_cell_left_empty_is_said_at_its_place(sheet: Sheet) -> None:
    """The first record loses its first compulsory entry."""
    column = next((c for c in sheet.columns if c.required and c.is_entry), None)
    if column is None:
        pytest.skip("nothing compulsory to type")
    book = Gestures()
    key = next(c for c in sheet.columns if c.required and c.is_entry and c is not sheet.columns[0])
    row: Any = "" if sheet.layout is Layout.FICHE else _first(sheet)
    address = book.adresse(sheet.name, row, key.header)
    book.cellule(sheet.name, address, None)
    raw_bytes = book.octets()
    assert state(raw_bytes, sheet) == TO_COMPLETE
    found = [(f.sheet, f.cells) for f in controler(raw_bytes).findings]
    assert any(name == sheet.name and address in cells for name, cells in found), found


def _first(sheet: Sheet) -> str:
    row = lignes(sheet)[0]
    return " + ".join(str(row[key]) for key in sheet.identity)
