"""« <r>…</r> » typed in a cell: XlsxWriter writes it as XML, unless it is told that it is a text."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.atelier import Workshop
from tests.corpus.cas import controler
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.workbook.cell_limits import cut_text
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.transfer import transfer

RICH = ["<r>a & b</r>", "<r><t>x</t></r>", "<r></r>", "<r>" + "\U0001f600" * 16_384 + "</r>"]


@pytest.mark.parametrize("text", RICH, ids=["broken", "rich", "empty", "long"])
def test_it_is_shown_in_the_report(text: str) -> None:
    report = controler(Workshop().cellule("Plan d'actions", "B6", "x").octets())
    findings = (replace(report.findings[0], value=text),)
    data = FORMATS["xlsx"].content([replace(report, findings=findings)])
    header, row = openpyxl.load_workbook(io.BytesIO(data))["Anomalies"].iter_rows(values_only=True)
    shown = row[header.index("Valeur lue")]
    assert shown == text if len(text) < 100 else shown.endswith("… [texte coupé]")
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize("text", RICH[:3], ids=["broken", "rich", "empty"])
def test_it_is_carried_over_and_pre_filled(text: str, tmp_path: Path) -> None:
    before = Workshop().cellule("Plan d'actions", "Q6", text).write(tmp_path / "avant.xlsx")
    transfer(before, tmp_path / "apres.xlsx")
    filled = tmp_path / "rempli.xlsx"
    write_template(filled, load_referentiel(), contenu={"actions": ({"commentaire": text},)})
    for path in (tmp_path / "apres.xlsx", filled):
        tab = read_workbook(path).sheet("Plan d'actions")
        assert tab is not None
        assert text in {cell.value for cell in tab.cells.values()}


def test_no_character_is_cut_in_two() -> None:
    assert cut_text("a" * 40_000) == "a" * 32_767
    assert cut_text("\U0001f600" * 40_000) == "\U0001f600" * 16_383
    assert cut_text("abc", 2) == "ab" and cut_text("é\U0001f600", 2) == "é"
