"""A call comes back under many spellings: none is an anomaly, none hides one.

Each spelling is given to every call of the valid example at once; the control must answer what it
answers of the example itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.atelier import Workshop, q
from xl_cpom import check
from xl_cpom.functions import FUNCTIONS
from xl_cpom.workbook.formulas.canonical import calls_cpom, canonical

CALL = re.compile(r"(?<![\w.])CPOM_(\w+)(?=\()")
ORTHOGRAPHES = {
    "sans complément, LAMBDA, LibreOffice 25.2": "CPOM_{}",
    "en minuscules": "cpom_{}",
    "complément .xlam": "[1]!CPOM_{}",
    "complément .xlam introuvable": r"'C:\Users\moi\XLSTART\CPOM.xlam'!CPOM_{}",
    "complément .xlam ouvert": "CPOM.xlam!CPOM_{}",
    "XLL": "_xll.CPOM_{}",
    "complément Office": "_xldudf_CPOM_{}",
    "complément Office avec espace de noms": "_xldudf_ARS_CPOM_{}",
    "complément Office par un lien": "[2]!_xldudf_CPOM_{}",
    "LibreOffice": "FR.CPOM.CALC.ADDIN.CPOM_{}",
    "LibreOffice, sans trait bas": "FR.CPOM.CALC.ADDIN.CPOM{}",
}
PLACES = {
    "Établissements": "D6,R6",
    "Évaluation HAS": "F6",
    "Activité et ressources": "AU6",
    "Indicateurs": "E6,F6,G6,T6,U6",
}
"""Some calculated cells of each sheet that call our functions."""


def cellules(shop: Workshop, feuille: str) -> Iterator[tuple[Any, Any]]:
    """(cell, formula) of every formula of a sheet that calls our functions."""
    for cell in shop.feuille(feuille).iter(q("c")):
        formula = cell.find(q("f"))
        if formula is not None and CALL.search(formula.text or ""):
            yield cell, formula


def retour(tmp_path: Path, change: Callable[[Any, Any], None]) -> Any:
    """The report on the valid example, `change` made to each of its cells that call us."""
    shop = Workshop()
    for sheet in PLACES:
        for cell, formula in cellules(shop, sheet):
            change(cell, formula)
    return check(shop.write(tmp_path / "retour.xlsx"))


@pytest.mark.parametrize("orthographe", ORTHOGRAPHES.values(), ids=ORTHOGRAPHES)
def test_a_spelling_changes_nothing(tmp_path: Path, orthographe: str) -> None:
    for name in FUNCTIONS:
        text = f'1+{orthographe.format(name.removeprefix("CPOM_"))}(A1,"CPOM_TAUX(")'
        assert canonical(text) == canonical(f'1+{name}(A1,"CPOM_TAUX(")')
        assert calls_cpom(text)
    seen = 0

    def respell(_: Any, formula: Any) -> None:
        nonlocal seen
        seen += 1
        formula.text = CALL.sub(lambda m: orthographe.format(m[1]), formula.text)

    assert retour(tmp_path, respell).findings == ()
    assert seen > 2000


def test_a_formula_entered_in_excel_365_is_an_array_of_one_cell(tmp_path: Path) -> None:
    def array(cell: Any, formula: Any) -> None:
        formula.set("t", "array")
        formula.set("ref", cell.get("r"))
        cell.set("cm", "1")

    assert retour(tmp_path, array).findings == ()


@pytest.mark.parametrize(
    ("orthographe", "error", "shown"),
    [
        ("CPOM_{}", "#NAME?", "#NOM?"),
        ("[1]!CPOM_{}", "#NAME?", "#NOM?"),
        ("[1]!CPOM_{}", "#REF!", "#REF!"),
        ("_xldudf_CPOM_{}", "#BUSY!", "#BUSY!"),
        ("_xldudf_CPOM_{}", "#CONNECT!", "#CONNECT!"),
        ("FR.CPOM.CALC.ADDIN.CPOM_{}", "#NAME?", "#NOM?"),
    ],
)
def test_what_nothing_computed_is_said_once_a_sheet_as_an_information(
    tmp_path: Path, orthographe: str, error: str, shown: str
) -> None:
    def fail(cell: Any, formula: Any) -> None:
        formula.text = CALL.sub(lambda m: orthographe.format(m[1]), formula.text)
        cell.set("t", "e")
        value = cell.find(q("v"))
        if value is None:
            value = etree.SubElement(cell, q("v"))
        value.text = error

    report = retour(tmp_path, fail)
    assert report.verdict.value == "recevable"
    found = {(f.code, f.severity.value, f.sheet, f.value) for f in report.findings}
    assert found == {("STR-017", "information", sheet, shown) for sheet in PLACES}
    for finding in report.findings:
        assert set(PLACES[finding.sheet].split(",")) <= set(finding.cells)
        assert shown in finding.message


def test_never_calculated_is_said_as_such(tmp_path: Path) -> None:
    def forget(cell: Any, formula: Any) -> None:
        value = cell.find(q("v"))
        if value is not None:
            cell.remove(value)
        cell.attrib.pop("t", None)

    found = {(f.code, f.sheet) for f in retour(tmp_path, forget).findings}
    assert found == {("STR-015", sheet) for sheet in PLACES}


def test_what_follows_from_a_cell_nothing_computed_is_of_the_same_kind(tmp_path: Path) -> None:
    shop = Workshop()
    for address in ("F6", "L6"):  # « Sous le seuil », and the périmètre that reads it
        formula = shop._cell("Évaluation HAS", address).find(q("f")).text
        shop.formule("Évaluation HAS", address, formula, "#BUSY!")
    (finding,) = check(shop.write(tmp_path / "retour.xlsx")).findings
    assert (finding.code, finding.cells) == ("STR-017", ("F6", "L6"))


@pytest.mark.parametrize("error", ["#REF!", "#VALUE!", "#DIV/0!"])
def test_a_broken_formula_is_not_taken_for_a_missing_add_in(tmp_path: Path, error: str) -> None:
    shop = Workshop()
    cell, _ = next(c for c in cellules(shop, "Indicateurs") if c[0].get("r") == "G6")
    shop.formule("Indicateurs", "G6", 'CPOM_TAUX("TRANSFO/PA",#REF!,tActions[Statut])', error)
    assert cell.get("t") == "e"
    (finding,) = check(shop.write(tmp_path / "retour.xlsx")).findings
    assert (finding.code, finding.sheet, finding.cells) == ("STR-034", "Indicateurs", ("G6",))
