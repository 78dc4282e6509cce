"""What each kind of stored cell becomes."""

from __future__ import annotations

import math

import pytest

from xl_cpom.workbook.reader import (
    ExcelError,
    Malformed,
    NonFinite,
    RawCell,
    RawWorkbook,
    read_workbook,
)
from xl_cpom.workbook.reader.raw_cells import KNOWN_ERRORS

from .builders import MAIN, parts, sheet_xml, styles_xml, workbook, zipped


def one(cell: str, **options: object) -> tuple[RawCell, RawWorkbook]:
    raw = read_workbook(workbook(f'<row r="1">{cell}</row>', **options))
    (found,) = raw.sheets[0].cells.values()
    return found, raw


def codes(raw: RawWorkbook) -> list[str]:
    return [remark.code for remark in raw.remarks]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1.0), ("-2.5", -2.5), ("1E3", 1000.0), ("1.0780001E7", 10780001.0), (".5", 0.5),
     ("+3", 3.0), (" 7 ", 7.0), ("010780001", 10780001.0), ("1e-400", 0.0)],
)  # fmt: skip
def test_a_number_keeps_its_spelling(text: str, value: float) -> None:
    cell, raw = one(f'<c r="A1"><v>{text}</v></c>')
    assert (cell.type, cell.raw, cell.value, codes(raw)) == ("n", text, value, [])
    assert type(cell.value) is float


@pytest.mark.parametrize("text", ["1E+309", "-1e999", "NaN", "nan", "INF", "-Infinity"])
def test_a_non_finite_number_is_never_a_float(text: str) -> None:
    cell, raw = one(f'<c r="A1"><v>{text}</v></c>')
    assert cell.value == NonFinite(text)
    assert codes(raw) == ["CEL-NON-FINI"]
    assert not isinstance(cell.value, float)


@pytest.mark.parametrize("text", ["1,5", "1_000", "0x10", "abc", "1 000", "٣", "1.2.3", "--1"])
def test_a_number_that_is_none_is_said(text: str) -> None:
    cell, raw = one(f'<c r="A1"><v>{text}</v></c>')
    assert (cell.value, cell.raw) == (Malformed(text), text)
    assert [(r.code, r.sheet, r.cell) for r in raw.remarks] == [("CEL-VALEUR", "Feuil1", "A1")]


@pytest.mark.parametrize("code", sorted(KNOWN_ERRORS))
def test_every_error_value_stays_an_error(code: str) -> None:
    cell, raw = one(f'<c r="A1" t="e"><v>{code}</v></c>')
    assert (cell.value, cell.raw, codes(raw)) == (ExcelError(code), code, [])


def test_an_error_is_no_text_and_no_other_kind_of_error() -> None:
    assert ExcelError("#N/A") != "#N/A"
    assert ExcelError("#N/A") != Malformed("#N/A")
    assert ExcelError("#NAME?").display == "#NOM?"


def test_an_unknown_error_is_kept_and_said() -> None:
    cell, raw = one('<c r="A1" t="e"><v>#QUOI!</v></c>')
    assert cell.value == ExcelError("#QUOI!")
    assert codes(raw) == ["CEL-ERREUR"]


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("0", False), ("true", True), ("FALSE", False)]
)
def test_booleans(text: str, value: bool) -> None:
    cell, raw = one(f'<c r="A1" t="b"><v>{text}</v></c>')
    assert cell.value is value
    assert codes(raw) == []


def test_a_boolean_that_is_none_is_said() -> None:
    cell, raw = one('<c r="A1" t="b"><v>2</v></c>')
    assert cell.value == Malformed("2")
    assert codes(raw) == ["CEL-VALEUR"]


STRINGS = (
    "<si><t>simple</t></si>"
    '<si><t xml:space="preserve">  bords  </t></si>'
    "<si><r><rPr><b/></rPr><t>ri</t></r><r><t>che</t></r></si>"
    '<si><t>課</t><rPh sb="0" eb="1"><t>か</t></rPh><phoneticPr fontId="1"/></si>'
    "<si><t>a_x000D_\nb_x005F_x000D_</t></si>"
    "<si><t>a &amp; b &lt;c&gt; &quot;d&quot; &#233;&apos;</t></si>"
    "<si><t/></si>"
    "<si/>"
    "<si><t><![CDATA[<brut>&]]></t></si>"
    "<si><t>_xD83D__xDE00_ _xD83D_</t></si>"
    "<si><t>  sans preserve </t></si>"
)
TEXTS = ["simple", "  bords  ", "riche", "課", "a\r\nb_x000D_", "a & b <c> \"d\" é'", "", "",
    "<brut>&", "😀 \ufffd", "  sans preserve "]  # fmt: skip


@pytest.mark.parametrize(("index", "text"), list(enumerate(TEXTS)))
def test_shared_strings(index: int, text: str) -> None:
    cell, raw = one(f'<c r="A1" t="s"><v>{index}</v></c>', strings=STRINGS)
    assert (cell.type, cell.value, cell.raw, codes(raw)) == ("s", text, text, [])


@pytest.mark.parametrize("index", ["11", "-1", "1.0", "x", "99999999999", "1" * 5000])
def test_a_shared_string_that_does_not_exist_is_said(index: str) -> None:
    cell, raw = one(f'<c r="A1" t="s"><v>{index}</v></c>', strings=STRINGS)
    assert (cell.value, codes(raw)) == (Malformed(index), ["CEL-VALEUR"])


def test_the_counts_of_shared_strings_are_not_believed() -> None:
    members = parts(
        {"F": sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')}, strings="<si/>"
    )
    members["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>ici</t></si></sst>'
    )
    raw = read_workbook(zipped(members.items()))
    assert raw.sheets[0].cells[1, 1].value == "ici"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A1" t="inlineStr"><is><t>ici</t></is></c>', "ici"),
        ('<c r="A1" t="inlineStr"><is><r><t>ri</t></r><r><rPr/><t>che</t></r></is></c>', "riche"),
        ('<c r="A1" t="inlineStr"><is><t>課</t><rPh sb="0" eb="1"><t>か</t></rPh></is></c>', "課"),
        ('<c r="A1" t="inlineStr"><is><t>a_x000D_b</t></is></c>', "a\rb"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>', " x "),
        ('<c r="A1" t="inlineStr"><is><t/></is></c>', ""),
        ('<c r="A1"><is><t>sans type</t></is></c>', "sans type"),
        (
            '<c r="A1" t="inlineStr"><extLst><ext><t>non</t></ext></extLst><is><t>oui</t></is></c>',
            "oui",
        ),
    ],
)
def test_inline_strings(cell: str, text: str) -> None:
    found, raw = one(cell)
    assert (found.type, found.value, found.raw, codes(raw)) == ("inlineStr", text, text, [])


def test_formula_text_is_decoded() -> None:
    cell, _ = one('<c r="A1" t="str"><f>A2&amp;"é"</f><v>x_x000D_y &lt;</v></c>')
    assert (cell.formula, cell.value) == ('A2&"é"', "x\ry <")


@pytest.mark.parametrize(
    ("text", "serial"),
    [("2026-01-15", 46037.0), ("2026-01-15T12:00:00", 46037.5), ("2026-01-15T12:00:00Z", 46037.5),
     ("1900-01-01", 1.0), ("1900-02-28", 59.0), ("1900-03-01", 61.0)],
)  # fmt: skip
def test_iso_dates_become_serials(text: str, serial: float) -> None:
    cell, raw = one(f'<c r="A1" t="d"><v>{text}</v></c>')
    assert (cell.value, cell.raw, cell.is_date, codes(raw)) == (serial, text, True, [])


def test_iso_dates_follow_the_1904_system() -> None:
    cell, raw = one('<c r="A1" t="d"><v>2026-01-15</v></c>', book='<workbookPr date1904="1"/>')
    assert cell.value == 46037.0 - 1462
    moment = raw.datetime_of(cell)
    assert moment is not None
    assert moment.isoformat() == "2026-01-15T00:00:00"


@pytest.mark.parametrize("text", ["hier", "2026-13-01", "-5", "1899-01-01"])
def test_an_iso_date_that_is_none_is_said(text: str) -> None:
    cell, raw = one(f'<c r="A1" t="d"><v>{text}</v></c>')
    assert (cell.value, codes(raw)) == (Malformed(text), ["CEL-VALEUR"])


def test_an_unknown_type_is_said() -> None:
    cell, raw = one('<c r="A1" t="zz"><v>5</v></c>')
    assert (cell.value, codes(raw)) == (Malformed("5"), ["CEL-TYPE"])


@pytest.mark.parametrize(
    "cell",
    ['<c r="A1"/>', '<c r="A1" s="0"/>', '<c r="A1"></c>', '<c r="A1"><v/></c>',
     '<c r="A1"><v></v></c>', '<c r="A1" t="s"><v></v></c>', '<c r="A1"><v>  </v></c>',
     '<c r="A1"><extLst/></c>'],
)  # fmt: skip
def test_a_cell_that_holds_nothing_is_not_kept(cell: str) -> None:
    raw = read_workbook(workbook(f'<row r="1">{cell}</row>'))
    assert raw.sheets[0].cells == {}
    assert raw.remarks == ()


@pytest.mark.parametrize("style", ["7", "-1", "x", "1_0", "", " 0"])
def test_a_style_that_does_not_exist_is_general(style: str) -> None:
    cell, raw = one(f'<c r="A1" s="{style}"><v>1</v></c>', styles=styles_xml(14))
    assert (cell.value, cell.number_format, codes(raw)) == (1.0, "General", ["CEL-STYLE"])


def test_the_format_makes_the_date() -> None:
    options = {"styles": styles_xml(0, 14, 20, "0.0%")}
    cells = [one(f'<c r="A1" s="{s}"><v>46037.5</v></c>', **options)[0] for s in range(4)]
    assert [(c.number_format, c.is_date, c.is_time) for c in cells] == [
        ("General", False, False),
        ("dd/mm/yyyy", True, False),
        ("h:mm", False, True),
        ("0.0%", False, False),
    ]


def test_a_text_is_never_a_date() -> None:
    cell, _ = one('<c r="A1" s="0" t="str"><v>x</v></c>', styles=styles_xml(14))
    assert not cell.is_date


def test_no_value_is_ever_infinite_or_nan() -> None:
    cell, _ = one("<c><v>1e308</v></c>")
    assert isinstance(cell.value, float)
    assert math.isfinite(cell.value)
