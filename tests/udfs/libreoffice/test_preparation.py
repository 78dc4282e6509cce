"""The copy for LibreOffice: long names in the formulas, the rest untouched."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from xl_cpom.udfs.libreoffice.workbook_copy import prepare_for_libreoffice, rename, rename_in
from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook

EXAMPLE = Path(__file__).parents[3] / "workbooks" / "exemple_valide.xlsx"
LONG = "FR.CPOM.CALC.ADDIN.CPOM_TAUX"


@pytest.mark.parametrize(
    "spelling",
    [
        "CPOM_TAUX", "cpom_taux", "_xll.CPOM_TAUX", "_xldudf_CPOM_TAUX", "_xldudf_ARS_CPOM_TAUX",
        "[1]!CPOM_TAUX", "[2]!_xldudf_CPOM_TAUX", r"'C:\Users\moi\CPOM.xlam'!CPOM_TAUX",
    ],
)  # fmt: skip
def test_every_spelling(spelling):
    assert rename(f"1+{spelling}(A1,B1)") == f"1+{LONG}(A1,B1)"


@pytest.mark.parametrize(
    "formula",
    [
        '"CPOM_TAUX("', 'IF(A1="voir CPOM_TAUX(B1)",1,2)', "CPOM_INCONNUE(A1)", "MA_CPOM_TAUX(A1)",
        f"{LONG}(A1)", "CPOM_TAUX+1", "tCPOM_TAUX[Taux]",
    ],
)  # fmt: skip
def test_what_is_no_call_stays(formula):
    assert rename(formula) == formula


def test_only_formulas_of_the_sheet_change():
    sheet = (
        '<c r="A1"><f>CPOM_TAUX("A&amp;B","x""CPOM_SI(",CPOM_SI(B1))&gt;0</f><v>1</v></c>'
        '<c r="A2" t="str"><f t="shared" si="0"/><v>CPOM_TAUX(A1)</v></c>'
        '<is><t>CPOM_TAUX(A1)</t></is><f ca="1">1&lt;2</f>'
    )
    assert rename_in(sheet) == sheet.replace('<f>CPOM_TAUX("A', f'<f>{LONG}("A').replace(
        ",CPOM_SI(B1", ",FR.CPOM.CALC.ADDIN.CPOM_SI(B1"
    )


def test_the_copy_differs_by_its_names_only(tmp_path):
    before = hashlib.sha256(EXAMPLE.read_bytes()).digest()
    copy = prepare_for_libreoffice(EXAMPLE, tmp_path / "copie.xlsx")
    assert hashlib.sha256(EXAMPLE.read_bytes()).digest() == before
    with zipfile.ZipFile(EXAMPLE) as old, zipfile.ZipFile(copy) as new:
        assert new.namelist() == old.namelist()
        changed = {n for n in old.namelist() if new.read(n) != old.read(n)}
    assert changed
    assert all(name.startswith("xl/worksheets/sheet") for name in changed)
    for one, other in zip(read_workbook(EXAMPLE).sheets, read_workbook(copy).sheets, strict=True):
        for place, cell in one.cells.items():
            found = other.cells[place]
            assert found.value == cell.value
            assert found.formula == (cell.formula and rename(cell.formula))


def test_the_copy_stands_next_to_the_workbook(tmp_path):
    book = tmp_path / "retour.xlsx"
    book.write_bytes(EXAMPLE.read_bytes())
    assert prepare_for_libreoffice(book) == tmp_path / "retour (LibreOffice).xlsx"
    with pytest.raises(ValueError, match="autre nom"):
        prepare_for_libreoffice(book, book)


def test_what_the_control_refuses_is_refused(tmp_path):
    book = tmp_path / "retour.xlsx"
    book.write_text("ceci n'est pas un classeur", encoding="utf-8")
    with pytest.raises(UnreadableWorkbookError):
        prepare_for_libreoffice(book)
    assert [p.name for p in tmp_path.iterdir()] == ["retour.xlsx"]
