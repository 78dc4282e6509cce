"""Formulas: normal, shared, array, never calculated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from xl_cpom.workbook.reader import ArrayFormula, Malformed, RawSheet, Rect, read_workbook
from xl_cpom.workbook.reader.refs import cell_name
from xl_cpom.workbook.reader.shared_formulas import SharedFormula

from .builders import sheet_xml, workbook


def sheet(rows: str) -> RawSheet:
    return read_workbook(workbook(rows)).sheets[0]


def test_a_formula_and_its_result() -> None:
    cell = sheet('<row r="1"><c r="A1"><f>SUM(B1:B3)</f><v>6</v></c></row>').cells[1, 1]
    assert (cell.formula, cell.value, cell.cached) == ("SUM(B1:B3)", 6.0, True)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><f>1+1</f></c>',
        '<c r="A1"><f>1+1</f><v/></c>',
        '<c r="A1"><f>1+1</f><v></v></c>',
        '<c r="A1" t="e"><f>1+1</f><v></v></c>',
    ],
)
def test_never_calculated_is_not_empty(cell: str) -> None:
    found = sheet(f'<row r="1">{cell}</row>').cells[1, 1]
    assert (found.formula, found.value, found.raw, found.cached) == ("1+1", None, None, False)


def test_an_empty_text_is_a_result() -> None:
    found = sheet('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>').cells[1, 1]
    assert (found.formula, found.value, found.cached) == ('""', "", True)


def test_results_of_every_type() -> None:
    rows = (
        '<row r="1"><c r="A1" t="b"><f>TRUE()</f><v>1</v></c>'
        '<c r="B1" t="e"><f>NA()</f><v>#N/A</v></c><c r="C1" t="str"><f>"a"</f><v>a</v></c>'
        '<c r="D1"><f>1/3</f><v>0,33</v></c></row>'
    )
    cells = sheet(rows).cells
    assert [c.formula for c in cells.values()] == ["TRUE()", "NA()", '"a"', "1/3"]
    assert cells[1, 1].value is True
    assert str(cells[1, 2].value) == "#N/A"
    assert cells[1, 4].value == Malformed("0,33")


def test_shared_formulas_are_translated_to_each_cell() -> None:
    rows = (
        '<row r="2"><c r="C2"><f t="shared" ref="C2:C4" si="0">A2*$B$1+SUM(A$2:A2)</f><v>1</v></c>'
        '</row><row r="3"><c r="C3"><f t="shared" si="0"/><v>2</v></c>'
        '<c r="D3"><f t="shared" si="0"/><v>3</v></c></row>'
        '<row r="4"><c r="C4"><f t="shared" si="0"></f><v>4</v></c></row>'
    )
    formulas = {place: cell.formula for place, cell in sheet(rows).cells.items()}
    assert formulas == {
        (2, 3): "A2*$B$1+SUM(A$2:A2)",
        (3, 3): "A3*$B$1+SUM(A$2:A3)",
        (3, 4): "B3*$B$1+SUM(B$2:B3)",
        (4, 3): "A4*$B$1+SUM(A$2:A4)",
    }


def test_a_shared_formula_may_come_after_its_users() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" si="3"/><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" ref="A1:A2" si="3">B2+1</f><v>2</v></c></row>'
    )
    assert sheet(rows).cells[1, 1].formula == "B1+1"


def test_a_shared_formula_that_is_nowhere_is_said() -> None:
    raw = read_workbook(workbook('<row r="1"><c r="A1"><f t="shared" si="3"/><v>1</v></c></row>'))
    cell = raw.sheets[0].cells[1, 1]
    assert (cell.formula, cell.value) == ("", 1.0)
    assert [(r.code, r.cell) for r in raw.remarks] == [("CEL-FORMULE", "A1")]


def test_shared_formulas_of_two_sheets_do_not_mix() -> None:
    def rows(formula: str) -> str:
        return (
            f'<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">{formula}</f></c></row>'
            '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
        )

    raw = read_workbook(workbook(sheets={"A": sheet_xml(rows("B1")), "B": sheet_xml(rows("C1"))}))
    assert [s.cells[2, 1].formula for s in raw.sheets] == ["B2", "C2"]


def test_array_formulas_keep_their_range() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>4</v></c></row>'
    )
    found = sheet(rows)
    assert found.arrays == (ArrayFormula(1, 1, Rect(1, 1, 2, 1)),)
    assert (found.cells[1, 1].formula, found.cells[2, 1].formula) == ("B1:B2*2", None)


def test_a_data_table_is_a_formula() -> None:
    rows = '<row r="1"><c r="A1"><f t="dataTable" ref="A1:A3" r1="B1" r2="C1"/><v>2</v></c></row>'
    assert sheet(rows).cells[1, 1].formula == "TABLE(B1,C1)"


def test_attributes_without_meaning_change_nothing() -> None:
    rows = '<row r="1"><c r="A1"><f ca="1" aca="false">NOW()</f><v>2</v></c></row>'
    assert sheet(rows).cells[1, 1].formula == "NOW()"


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("A1", "C4"),
        ("$A1", "$A4"),
        ("A$1", "C$1"),
        ("$A$1", "$A$1"),
        ("A1:B2", "C4:D5"),
        ("A:A", "C:C"),
        ("$A:B", "$A:D"),
        ("1:3", "4:6"),
        ("$1:3", "$1:6"),
        ("Feuil1!A1", "Feuil1!C4"),
        ("'Plan d''actions A1'!A1", "'Plan d''actions A1'!C4"),
        ("[1]Feuil1!A1", "[1]Feuil1!C4"),
        ('"A1"&A1', '"A1"&C4'),
        ('"dit ""A1"" "&A1', '"dit ""A1"" "&C4'),
        ("LOG10(A1)", "LOG10(C4)"),
        ("tMesures[A1]", "tMesures[A1]"),
        ("tMesures[[#This Row],[A1]]+A1", "tMesures[[#This Row],[A1]]+C4"),
        ("CPOM_TAUX(A1,B1)", "CPOM_TAUX(C4,D4)"),
        ("_xlfn.XLOOKUP(A1,B:B,C:C)", "_xlfn.XLOOKUP(C4,D:D,E:E)"),
        ("TVAX2026+A1", "TVAX2026+C4"),
        ("A1_taux+A1", "A1_taux+C4"),
        ("étéA1", "étéA1"),
        ("1E5+A1", "1E5+C4"),
        ("XFD1", "#REF!"),
        ("A1048576", "#REF!"),
        ("Feuil1!XFD1+A1", "Feuil1!#REF!+C4"),
        ("#REF!+A1", "#REF!+C4"),
        ("A1%", "C4%"),
        ("-A1", "-C4"),
        ("A1#", "C4#"),
        ("@A1", "@C4"),
        ("{1,2}", "{1,2}"),
        ("", ""),
    ],
)
def test_translation(formula: str, moved: str) -> None:
    assert SharedFormula(formula, 1, 1).at(4, 3) == moved


def test_no_move_changes_nothing() -> None:
    assert SharedFormula("A1+B$2+C:C+3:4", 5, 5).at(5, 5) == "A1+B$2+C:C+3:4"


reference = st.builds(
    lambda c, r, dc, dr: f"{dc}{cell_name(1, c)[:-1]}{dr}{r}",
    st.integers(5, 200),
    st.integers(5, 5000),
    st.sampled_from(["", "$"]),
    st.sampled_from(["", "$"]),
)
piece = st.one_of(
    reference,
    st.builds("{}:{}".format, reference, reference),
    st.builds("SUM({})".format, reference),
    st.builds("Feuil1!{}".format, reference),
    st.builds("'Plan d''actions'!{}".format, reference),
    st.sampled_from(['"texte A1"', "12.5", "TRUE", "#N/A"]),
)


@given(st.lists(piece, min_size=1, max_size=5), st.integers(-3, 9), st.integers(-3, 9))
def test_translation_agrees_with_openpyxl(pieces: list[str], down: int, right: int) -> None:
    formula = "+".join(pieces)
    expected = Translator("=" + formula, origin="J10").translate_formula(
        dest=cell_name(10 + down, 10 + right)
    )
    assert "=" + SharedFormula(formula, 10, 10).at(10 + down, 10 + right) == expected


@given(st.text(alphabet="A1$:!'\"[](),.+#é_ ", max_size=60))
def test_translation_never_fails(formula: str) -> None:
    shared = SharedFormula(formula, 3, 3)
    assert shared.at(3, 3) == formula or ":" in formula
    shared.at(1, 1)
