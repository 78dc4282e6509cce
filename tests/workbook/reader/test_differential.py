"""Our reader against openpyxl, cell by cell, and its two ways against each other."""

from __future__ import annotations

import datetime as dt
import io
import random
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter

from xl_cpom.workbook.reader import ExcelError, RawWorkbook, read_workbook
from xl_cpom.workbook.reader import sheet_part as sheet_part_module
from xl_cpom.workbook.reader import strings as strings_module

from .builders import MAIN, parts, sheet_xml, styles_xml, workbook, zipped

FORMATS = ["General", "@", "0", "0.0%", "#,##0.00", '0 "jours"', "dd/mm/yyyy", "h:mm", "[h]:mm"]
NUMBERS = 6  # the others show dates and times, which openpyxl refuses to numbers beyond 9999
TEXTS = ["En cours", "010780001", "Été « 2026 »\u00a0: oui", "a & b <c>", " bords ", "a\nb", "é",
    "=1+1", "#N/A", "_x000D_", "\t", "1 234,5", "½ ★", "x" * 5000, '"', "nan",
    "ligne 1\r\nligne 2"]  # fmt: skip


def value_of(rng: random.Random, rows: int) -> object:
    """One value among those people enter."""
    return rng.choice(
        [
            rng.choice(TEXTS),
            rng.choice(TEXTS),
            float(rng.randrange(10**9)),
            rng.random() * 10 ** rng.randrange(-10, 10),
            -rng.random(),
            rng.random() < 0.5,
            dt.datetime(2026, 1, 1) + dt.timedelta(hours=rng.randrange(50_000)),
            f'=SUM(A1:B{rng.randrange(1, rows)})&" <é> "',
            None,
        ]
    )


def by_xlsxwriter(seed: int, options: dict[str, object]) -> bytes:
    rng = random.Random(seed)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    formats = [book.add_format({"num_format": code}) for code in FORMATS]
    for name in ("Plan d'actions", "Éts & services"):
        sheet = book.add_worksheet(name)
        for row in range(40):
            for col in range(12):
                value, cell_format = value_of(rng, 40), rng.choice(formats[:NUMBERS])
                if value is None:
                    sheet.write_blank(row, col, None, cell_format)
                elif isinstance(value, str) and value.startswith("=SUM"):
                    result = rng.choice([5, "texte", "", "#DIV/0!", True])
                    sheet.write_formula(row, col, value, cell_format, result)
                elif isinstance(value, dt.datetime):
                    sheet.write_datetime(row, col, value, rng.choice(formats[NUMBERS:]))
                elif isinstance(value, str):
                    sheet.write_string(row, col, value, cell_format)
                else:
                    sheet.write(row, col, value, cell_format)
        sheet.write_rich_string(50, 0, "du ", formats[0], "gras ", "fin")
        sheet.merge_range(52, 0, 53, 3, "fusion")
    book.close()
    return buffer.getvalue()


def by_openpyxl(seed: int) -> bytes:
    rng = random.Random(seed)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 41):
        for col in range(1, 13):
            value = value_of(rng, 40)
            cell = sheet.cell(row, col)
            cell.number_format = rng.choice(FORMATS[:NUMBERS])
            cell.value = value  # a date brings its own format
            if isinstance(value, str) and value == "=1+1":
                cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def compare(data: bytes) -> None:
    """Every cell of ours is openpyxl's, and every cell of openpyxl's that holds a value is ours."""
    ours = read_workbook(data)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert [s.name for s in ours.sheets] == formulas.sheetnames
    assert ours.remarks == ()
    for sheet in ours.sheets:
        theirs, results = formulas[sheet.name], values[sheet.name]
        expected = {
            (cell.row, cell.column): cell
            for row in theirs.iter_rows()
            for cell in row
            if cell.value is not None
        }
        assert set(sheet.cells) == set(expected)
        for place, cell in sheet.cells.items():
            their = expected[place]
            assert cell.number_format == their.number_format or their.number_format == "General"
            assert (cell.format.is_date or cell.format.is_time) == is_date_format(
                cell.number_format
            ), cell.number_format
            if their.data_type == "f":
                assert "=" + (cell.formula or "") == their.value
            else:
                assert cell.formula is None
            check_value(ours, sheet.cells[place], results.cell(*place).value)


def check_value(ours: RawWorkbook, cell, result: object) -> None:
    if isinstance(cell.value, ExcelError):
        assert cell.value.code == result
    elif isinstance(result, dt.datetime):
        moment = ours.datetime_of(cell)
        assert moment is not None
        assert abs(moment - result) < dt.timedelta(milliseconds=2)
    elif isinstance(result, dt.time | dt.timedelta):
        assert isinstance(cell.value, float)
    elif cell.value == "":
        assert result in (None, "")
    elif isinstance(result, str):
        # openpyxl only takes the underscore of `_x005F_x000D_` and of `_x000D_` makes nothing
        assert result in (cell.value, str(cell.value).replace("\r", "_x000D_"))
    else:
        assert cell.value == result
        assert isinstance(cell.value, bool) == isinstance(result, bool)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "options", [{}, {"date_1904": True}, {"constant_memory": True}, {"use_zip64": True}], ids=str
)
def test_xlsxwriter_files(seed: int, options: dict[str, object]) -> None:
    compare(by_xlsxwriter(seed, options))


@pytest.mark.parametrize("seed", range(6))
def test_openpyxl_files(seed: int) -> None:
    compare(by_openpyxl(seed))


# The two ways of reading: by plain text where the text is plain, by expat everywhere


@pytest.fixture
def expat_only(monkeypatch: pytest.MonkeyPatch):
    """A reader that passes everything through expat."""

    def read(data: bytes) -> RawWorkbook:
        with monkeypatch.context() as patch:
            for module in (sheet_part_module, strings_module):
                patch.setattr(module, "skim", lambda chunks, _items, _longest: chunks)
            return read_workbook(data)

    return read


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_read_the_same(expat_only, seed: int) -> None:
    for data in (by_xlsxwriter(seed, {}), by_openpyxl(seed)):
        assert expat_only(data) == read_workbook(data)


def test_the_plain_way_is_really_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file as XlsxWriter writes it no row goes through expat."""
    passed: list[bytes] = []
    original = sheet_part_module.skim

    def spy(*args):
        for piece in original(*args):
            passed.append(piece)
            yield piece

    monkeypatch.setattr(sheet_part_module, "skim", spy)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    blank = book.add_format({"num_format": "@"})
    for row in range(30):
        sheet.write_string(row, 0, f"texte {row % 7}")
        sheet.write_number(row, 1, row / 7)
        sheet.write_formula(row, 2, f'=IF(B{row + 1}<1,"petit & é","grand")', None, "grand")
        sheet.write_blank(row, 3, None, blank)
        sheet.write_boolean(row, 4, True)
        sheet.write_formula(row, 5, "=NA()", None, "#N/A")
    sheet.set_row(9, 20, blank, {"hidden": True, "level": 1})
    book.close()
    raw = read_workbook(buffer.getvalue())
    assert len(raw.sheets[0].cells) == 150
    assert raw.sheets[0].hidden_rows[0].first == 10
    assert b"<row" not in b"".join(passed)


ROW = '<row r="{n}">{cells}</row>'
PIECES = [
    '<c r="{c}{n}"><v>{n}</v></c>',
    '<c r="{c}{n}" s="1"><v>46000</v></c>',
    '<c r="{c}{n}" s="9"><v>1</v></c>',
    '<c r="{c}{n}" t="s"><v>0</v></c>',
    '<c r="{c}{n}" t="s"><v>007</v></c>',
    '<c r="{c}{n}" t="s"><v>1</v></c>',
    '<c r="{c}{n}" t="str"><v>a &amp; b</v></c>',
    '<c r="{c}{n}" t="str"><v>a_x000D_ &lt;</v></c>',
    '<c r="{c}{n}" t="inlineStr"><is><t>x</t></is></c>',
    '<c r="{c}{n}" t="b"><v>1</v></c>',
    '<c r="{c}{n}" t="e"><v>#REF!</v></c>',
    '<c r="{c}{n}" t="e"><v>#BOF!</v></c>',
    '<c r="{c}{n}" s="1"/>',
    '<c r="{c}{n}" s="1"></c>',
    '<c r="{c}{n}"><v></v></c>',
    '<c r="{c}{n}"><v>1_0</v></c>',
    '<c r="{c}{n}"><v>NaN</v></c>',
    '<c r="{c}{n}"><v> 5 </v></c>',
    '<c r="{c}{n}"><v>5&#48;</v></c>',
    '<c r="{c}{n}"><v>5<!-- 6 --></v></c>',
    '<c r="{c}{n}"><f>A1+{n}</f><v>2</v></c>',
    '<c r="{c}{n}"><f aca="false">A1&lt;&gt;"&amp;lt;é"</f><v>2</v></c>',
    '<c r="{c}{n}" t="str"><f>_xlfn.TEXTJOIN("_x0041_",1,B1)</f><v></v></c>',
    '<c r="{c}{n}"><f>A1</f></c>',
    '<c r="{c}{n}"><f>A1</f><v/></c>',
    '<c r="{c}{n}"><f t="shared" ref="A1:A9" si="0">B{n}+1</f><v>2</v></c>',
    '<c r="{c}{n}"><f t="shared" si="0"/><v>2</v></c>',
    '<c s="1" r="{c}{n}"><v>3</v></c>',
    '<c r="{c}{n}" cm="1"><f>A1</f><v>3</v></c>',
    '<c r="A{n}"><v>3</v></c>',
    '<c r="{c}1"><v>3</v></c>',
    "<c><v>3</v></c>",
    '<c r="{c}{n}"> <v>3</v> </c>',
    '<c r="{c}{n}"><v>3</v><v>4</v></c>',
    '<c r="{c}{n}" t="d"><v>2026-01-01</v></c>',
    f'<c r="{{c}}{{n}}"><v>{"1234567890" * 7}</v></c>',
]
ROWS = [
    '<row r="{n}" spans="1:9" ht="15.5" customHeight="1">{cells}</row>',
    '<row r="{n}" hidden="1">{cells}</row>',
    '<row hidden="1" r="{n}">{cells}</row>',
    "<row>{cells}</row>",
    '<row r="3">{cells}</row>',
    '<row r="{n}">{cells}</row>\n',
    '<row r="{n}"/>',
    '<!-- <row r="{n}">{cells}</row> -->',
    '<?x <row r="{n}"></row>?>',
    '<row r="{n}">{cells}<c r="ZZZZ{n}"><v>1</v></c></row>',
    '<row r="{n}"><row r="99"><c r="A99"><v>1</v></c></row>{cells}</row>',
]


def random_sheet(seed: int) -> bytes:
    rng = random.Random(seed)
    rows = []
    for n in range(1, rng.randrange(5, 30)):
        count = rng.choice([0, 1, 3, 8])
        odd = rng.random() < 0.4
        cells = "".join(
            (rng.choice(PIECES) if odd else rng.choice(PIECES[:4])).format(
                c=get_column_letter(c), n=n
            )
            for c in range(1, count + 1)
        )
        rows.append((ROW if rng.random() < 0.8 else rng.choice(ROWS)).format(n=n, cells=cells))
    strings = "".join(
        rng.choice(["<si><t>{}</t></si>", '<si><t xml:space="preserve"> {} </t></si>', "<si/>",
            "<si><r><t>{}</t></r></si>", "<si><t>é&amp;{}</t></si>", "<si><!-- x --><t>{}</t></si>",
            "<si>\n<t>{}</t></si>", "<si><t>_x0041_{}</t></si>"]).format(n)
        for n in range(rng.randrange(1, 12))
    )  # fmt: skip
    return workbook("".join(rows), strings=strings, styles=styles_xml(0, 14))


@pytest.mark.parametrize("block", range(6))
def test_both_ways_read_any_sheet_the_same(expat_only, block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        data = random_sheet(seed)
        assert expat_only(data) == read_workbook(data), seed


def test_both_ways_agree_wherever_the_pieces_are_cut(
    expat_only, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xl_cpom.workbook.reader import container

    data = random_sheet(7)
    expected = expat_only(data)
    for size in (1, 2, 3, 7, 11, 64, 301):
        monkeypatch.setattr(container, "_CHUNK", size)
        assert read_workbook(data) == expected


TRAPS = {
    "rows in a comment": '<worksheet xmlns="{m}"><!--<sheetData>{row}</sheetData>--><sheetData>'
    "{one}</sheetData></worksheet>",
    "rows in a comment of the data": '<worksheet xmlns="{m}"><sheetData ><!--<sheetData>{row}'
    "</sheetData>-->{one}</sheetData></worksheet>",
    "rows in a section": '<worksheet xmlns="{m}"><sheetData ><![CDATA[<sheetData>{row}]]>{one}'
    "</sheetData></worksheet>",
    "rows in an instruction": '<worksheet xmlns="{m}"><sheetData ><?x <sheetData>{row}?>{one}'
    "</sheetData></worksheet>",
    "foreign rows": '<x:worksheet xmlns:x="{m}" xmlns="urn:x"><x:sheetData><sheetData>{row}'
    "</sheetData></x:sheetData></x:worksheet>",
    "foreign data": '<x:worksheet xmlns:x="{m}" xmlns="urn:x"><sheetData>{row}</sheetData>'
    "</x:worksheet>",
    "redeclared": '<worksheet xmlns="{m}"><a xmlns="urn:x"><sheetData>{row}</sheetData></a>'
    "<sheetData>{one}</sheetData></worksheet>",
    "data too deep": '<worksheet xmlns="{m}"><a><sheetData>{row}</sheetData></a></worksheet>',
    "no namespace": "<worksheet><sheetData>{row}</sheetData></worksheet>",
    "data without end": '<worksheet xmlns="{m}"><sheetData>{row}',
    "text between rows": '<worksheet xmlns="{m}"><sheetData>{row}texte{one}</sheetData>'
    "</worksheet>",
    "an entity": '<worksheet xmlns="{m}"><sheetData>{row}&lt;!--{one}</sheetData></worksheet>',
}


@pytest.mark.parametrize("trap", TRAPS)
def test_both_ways_are_fooled_by_nothing(expat_only, trap: str) -> None:
    row = '<row r="7"><c r="A7"><v>7</v></c></row>'
    one = '<row r="8"><c r="A8"><v>8</v></c></row>'
    xml = TRAPS[trap].format(m=MAIN, row=row, one=one)
    data = workbook(sheets={"A": xml, "B": sheet_xml(one)})
    assert expat_only(data) == read_workbook(data)


@pytest.mark.parametrize("encoding", ["UTF8", "utf-8", "UTF_8", "windows-1252", "x", ""])
def test_both_ways_agree_on_the_encoding(expat_only, encoding: str) -> None:
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><v>é</v></c></row>').replace("UTF-8", encoding)
    data = workbook(sheets={"A": xml})
    assert expat_only(data) == read_workbook(data)


def test_rows_written_in_chinese_are_not_rows(expat_only) -> None:
    """In UTF-16 the bytes of `<row …>` are ideograms."""
    ideograms = b'<sheetData><row r="7"><c r="A7"><v>7</v></c></row>'.decode("utf-16-le")
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{ideograms}</sheetData></worksheet>'
    data = workbook(sheets={"A": b"\xff\xfe" + xml.encode("utf-16-le")})
    raw = read_workbook(data)
    assert raw == expat_only(data)
    assert raw.sheets[0].cells == {}


STRING_TRAPS = {
    "foreign strings": '<x:sst xmlns:x="{m}" xmlns="urn:x"><si><t>faux</t></si>'
    "<x:si><x:t>vrai</x:t></x:si></x:sst>",
    "redeclared then foreign": '<x:sst xmlns:x="{m}" xmlns="urn:x"><x:si xmlns="{m}"><t>vrai</t>'
    "</x:si><si><t>faux</t></si></x:sst>",
    "in a comment": '<sst xmlns="{m}"><!--<si><t>faux</t></si>--><si><t>vrai</t></si></sst>',
    "not strings": '<autre xmlns="{m}"><si><t>faux</t></si></autre>',
    "nested": '<sst xmlns="{m}"><si><t>vrai</t></si><a><si><t>faux</t></si></a></sst>',
}


@pytest.mark.parametrize("trap", STRING_TRAPS)
def test_both_ways_read_the_true_strings(expat_only, trap: str) -> None:
    cells = "".join(f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABC"))
    members = parts({"A": sheet_xml(f'<row r="1">{cells}</row>')}, strings="")
    members["xl/sharedStrings.xml"] = STRING_TRAPS[trap].format(m=MAIN)
    data = zipped(members.items())
    raw = read_workbook(data)
    assert raw == expat_only(data)
    if trap != "not strings":
        assert raw.sheets[0].cells[1, 1].value == "vrai"
        assert "faux" not in [cell.value for cell in raw.sheets[0].cells.values()]


def test_both_ways_agree_on_a_long_row_cut_in_the_middle(expat_only) -> None:
    cells = "".join(f'<c r="{get_column_letter(c)}1"><v>{c}</v></c>' for c in range(1, 16_385))
    row = f'<row r="1">{cells}</row>'
    more = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 9000))
    data = zipped(parts({"A": sheet_xml(row + more)}).items())
    raw = read_workbook(data)
    assert len(raw.sheets[0].cells) == 16_384 + 8_998
    assert raw == expat_only(data)


def test_files_of_the_repository_if_any(expat_only) -> None:
    for path in sorted((Path(__file__).parents[3] / "workbooks").glob("*.xlsx")):
        data = path.read_bytes()
        assert expat_only(data) == read_workbook(data), path.name
