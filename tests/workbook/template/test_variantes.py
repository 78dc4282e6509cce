"""The three variants: calls kept, plain formulas, LAMBDA names; LibreOffice recalculates."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from tools.bureau import SOFFICE, XLSX, conversion, profil
from xl_cpom import check
from xl_cpom.functions import native
from xl_cpom.referentiel import Referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.formulas.variants import calls, expand_calls, resolve
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import Variante, write_template


def test_calls_are_kept_where_something_computes_them() -> None:
    text = 'IF({a}="","",CPOM_TAUX({code},{actions.statut}))'
    assert expand_calls(text, Variante.XLWINGS) == expand_calls(text, Variante.LAMBDA) == text
    assert calls(text) == ("CPOM_TAUX",)


def test_mixte_falls_back_on_the_plain_formula() -> None:
    text = 'IF({a}="","CPOM_X(",CPOM_ECART(CPOM_CIBLE(1,{b},5),2)&CPOM_TAUX("A",{c}))'
    ecart = "CPOM_ECART(CPOM_CIBLE(1,{b},5),2)"
    assert expand_calls(text, Variante.MIXTE) == (
        'IF({a}="","CPOM_X(",'
        f"IFERROR({ecart},{expand_calls(ecart, Variante.NATIVE)})"
        f"""&IFERROR(CPOM_TAUX("A",{{c}}),{native("CPOM_TAUX", ('"A"', "{c}"))}))"""
    )


def test_native_replaces_the_innermost_call_first() -> None:
    text = 'IF(CPOM_FINESS_VALIDE({a}),"CPOM_X(",CPOM_ECART(CPOM_CIBLE(1,{b},5),IF({c}=",",1,2)))'
    inner = native("CPOM_CIBLE", ("1", "{b}", "5"))
    outer = native("CPOM_ECART", (inner, 'IF({c}=",",1,2)'))
    assert expand_calls(text, Variante.NATIVE) == (
        f'IF({native("CPOM_FINESS_VALIDE", ("{a}",))},"CPOM_X(",{outer})'
    )


def test_references_are_resolved_or_refused() -> None:
    sheet = SHEETS["actions"]
    text = "{type_action}&{etablissements.finess_et}&{identification.annee_n1}"
    assert resolve(text, sheet, SHEETS) == (
        "tActions[[#This Row],[Type d''action]]&tEtablissements[FINESS ET]&id_annee_n1"
    )
    with pytest.raises(KeyError):
        resolve("{inconnue}", sheet, SHEETS)


@pytest.fixture(scope="module")
def natif(dossier: Path, ref: Referentiel) -> Path:
    path = dossier / "natif.xlsx"
    write_template(path, ref, contenu=valid_content(), variante=Variante.NATIVE)
    return path


def test_the_native_variant_calls_no_function_of_ours(natif: Path) -> None:
    book = load_workbook(natif)
    formulas = [
        cell.value
        for tab in book
        for row in tab.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    assert len(formulas) > 3000
    assert [text for text in formulas if "CPOM_" in text] == []
    assert max(map(len, formulas)) <= 8192


def test_the_lambda_variant_defines_what_it_calls(tmp_path: Path, ref: Referentiel) -> None:
    path = tmp_path / "lambda.xlsx"
    write_template(path, ref, variante=Variante.LAMBDA)
    book = load_workbook(path)
    called = {
        name
        for tab in book
        for row in tab.iter_rows()
        for cell in row
        if isinstance(cell.value, ArrayFormula)
        for name in re.findall(r"CPOM_\w+", cell.value.text)
    }
    assert called and called <= set(book.defined_names)
    for name in called:
        assert book.defined_names[name].attr_text.startswith("_xlfn.LAMBDA(")


@pytest.fixture(scope="module")
def mixte(dossier: Path, ref: Referentiel) -> Path:
    path = dossier / "mixte.xlsx"
    write_template(path, ref, contenu=valid_content())
    return path


@pytest.mark.soffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("variante", ["mixte", pytest.param("natif", marks=pytest.mark.long)])
def test_libreoffice_recalculates_every_cell_to_the_stored_value(
    variante: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Without any add-in: « mixte » falls back, and holds the plain formulas of « native »."""
    natif: Path = request.getfixturevalue(variante)
    command = conversion(profil(tmp_path), tmp_path / "lo", XLSX, natif)
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=180)
    formulas, stored = load_workbook(natif), load_workbook(natif, data_only=True)
    recalculated = load_workbook(tmp_path / "lo" / natif.name, data_only=True)
    compared, different = 0, []
    for tab in formulas:
        for row in tab.iter_rows():
            for cell in row:
                if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                    continue
                ours = stored[tab.title][cell.coordinate].value or ""
                theirs = recalculated[tab.title][cell.coordinate].value or ""
                compared += 1
                same = ours == theirs
                if isinstance(ours, int | float) and isinstance(theirs, int | float):
                    same = ours == pytest.approx(theirs, rel=1e-12)
                if not same:
                    different.append((tab.title, cell.coordinate, ours, theirs))
    assert different == []
    assert compared > 3000
    found = check(tmp_path / "lo" / natif.name)
    assert [f.code for f in found.findings] == ["STR-028"], "only: saved by LibreOffice"
