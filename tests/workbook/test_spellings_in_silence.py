"""A code and what its drop-down writes for it are one value: nothing repaired, nothing changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.atelier import VALIDE, Workshop
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.comparison import comparer
from xl_cpom.workbook.lists import says
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.transfer import transfer

SPOKEN = (
    ("Identification", "B10", "60 – Association Loi 1901 non Reconnue d'Utilité Publique", "60"),
    ("Identification", "B13", "21 – Côte-d'Or", "21"),
    ("Identification", "B27", "N2 (2027)", "N2"),
    ("Établissements", "C6", "500 – EHPAD", "500"),
    ("Établissements", "L6", "ARS+CD", "ARS + CD"),
)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workshop = Workshop()
    for sheet, cell, written, _ in SPOKEN:
        workshop = workshop.cellule(sheet, cell, written)
    path = tmp_path_factory.mktemp("parle") / "retour.xlsx"
    workshop.write(path)
    return path


def test_it_is_poured_as_codes_without_a_repair(spoken: Path, tmp_path: Path) -> None:
    done = transfer(spoken, tmp_path / "neuf.xlsx")
    assert (done.repairs, done.not_taken) == ((), ())
    tabs = {tab.name: tab for tab in read_workbook(tmp_path / "neuf.xlsx").sheets}
    found = {
        (name, cell.ref): cell.value for name, tab in tabs.items() for cell in tab.cells.values()
    }
    assert [found[sheet, cell] for sheet, cell, _, _ in SPOKEN] == [code for *_, code in SPOKEN]


def test_nothing_changed_between_both(spoken: Path) -> None:
    compared = comparer(VALIDE, spoken)
    assert (compared.cells, compared.rows) == ((), ())


def test_another_label_is_no_spelling_of_a_code() -> None:
    column, referentiel = SHEETS["etablissements"]["categorie"], load_referentiel()
    assert says("500 – EHPAD", "500", column, referentiel)
    assert not says("500 – EHPAD", "501", column, referentiel)
    assert not says("500 - EHPAD", "500", column, referentiel)
    assert not says(500.0, "500", column, referentiel)
