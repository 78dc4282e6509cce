"""A formula prepared once is stored as XlsxWriter stores it each time."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from xl_cpom.workbook.safe_sheet import SafeSheet
from xl_cpom.workbook.template.cell_writing import TemplateSheet

FORMULAS = ("=A1+1", "=IFERROR(XLOOKUP(A1,B:B,C:C),0)", "{=SUM(A1:A3*2)}", "=SUM(A1:A3)",
            "=CONCAT(A1,B1)", "=_xlfn.CONCAT(A1,B1)", "=LET(x,1,x)", "=A1&\"<&>\"",
            "=SORT(A1:A9)")  # fmt: skip


def sheet_xml(kind: type[Worksheet]) -> bytes:
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    book.worksheet_class = kind
    sheet = book.add_worksheet()
    for row, formula in enumerate(FORMULAS * 2):
        sheet.write_formula(row, 0, formula, None, row)
        sheet.conditional_format(row, 0, row, 0, {"type": "formula", "criteria": formula})
    assert sheet.write_formula(2**20, 0, "=A1") == -1
    book.close()
    return zipfile.ZipFile(made).read("xl/worksheets/sheet1.xml")


@pytest.mark.filterwarnings("ignore")
def test_the_same_xml_as_without_memory() -> None:
    made = formulas(sheet_xml(TemplateSheet))
    assert len(made) == len(FORMULAS) * 4 and made == formulas(sheet_xml(SafeSheet))


def formulas(xml: bytes) -> list[str]:
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [f"{e.tag} {e.text}" for e in etree.fromstring(xml).iter(f"{space}f", f"{space}formula")]
