"""What an adversary may ask for: each limit ends in its own refusal, quickly, in little memory."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from xl_cpom.workbook.reader import Limits, Rect, UnreadableWorkbookError, read_workbook
from xl_cpom.workbook.reader.limits import MIB

from .builders import DECL, MAIN, forged, parts, relationships, sheet_xml, workbook, zipped

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def refusal(data: bytes, **limits: int) -> str:
    with pytest.raises(UnreadableWorkbookError) as caught:
        read_workbook(data, Limits(**limits))
    return caught.value.code


@contextmanager
def bounded(seconds: float, mib: float) -> Iterator[None]:
    """Generous bounds: what they catch is a quadratic loop or an expanded range."""
    tracemalloc.start()
    begin = time.process_time()
    try:
        yield
        elapsed, peak = time.process_time() - begin, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert elapsed < seconds
    assert peak < mib * MIB


# Inflation


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_bomb_is_stopped_by_its_ratio(part: str) -> None:
    members = parts({"A": sheet_xml(ONE)}, strings="<si/>")
    members[part] = str(members[part]) + " " * (300 * MIB)
    data = zipped(members.items())
    with bounded(5, 30):
        assert refusal(data) == "LEC-BOMBE"


def test_a_bomb_that_nobody_reads_is_refused_without_being_inflated() -> None:
    data = workbook(ONE, extra={"xl/media/image1.png": b"\0" * (50 * MIB)})
    with bounded(5, 5):
        assert refusal(data) == "LEC-BOMBE"
    image = random.Random(1).randbytes(2 * MIB)
    assert read_workbook(workbook(ONE, extra={"xl/media/image1.png": image})).sheets[0].cells


def test_a_part_that_is_too_long() -> None:
    filler = f"<!--{random.Random(1).randbytes(700_000).hex()}-->"
    data = workbook(ONE, after=filler)
    assert refusal(data, part_bytes=MIB) == "LEC-LIM-PARTIE"
    assert refusal(data, total_bytes=MIB) == "LEC-LIM-CONTENU"
    assert read_workbook(data, Limits(token_bytes=2 * MIB)).sheets[0].cells


def test_one_part_read_many_times_counts_each_time() -> None:
    members = parts({f"F{n}": "" for n in range(200)})
    same = relationships([(f"rId{n}", "worksheet", "worksheets/sheet1.xml") for n in range(1, 201)])
    members = {k: v for k, v in members.items() if "sheet" not in k.split("/")[-1]}
    members["xl/worksheets/sheet1.xml"] = sheet_xml(ONE * 1000)
    members["xl/_rels/workbook.xml.rels"] = same
    assert refusal(zipped(members.items()), total_bytes=2 * MIB) == "LEC-LIM-CONTENU"


def test_the_size_of_the_file() -> None:
    data = workbook(ONE)
    assert refusal(data, file_bytes=len(data) - 1) == "LEC-LIM-FICHIER"
    assert read_workbook(data, Limits(file_bytes=len(data))).sheets


def test_the_size_of_the_file_is_checked_while_reading_it(tmp_path) -> None:
    path = tmp_path / "gros.xlsx"
    with path.open("wb") as file:
        file.truncate(3 * 1024 * MIB)  # sparse
    with bounded(5, 200), pytest.raises(UnreadableWorkbookError) as caught:
        read_workbook(path)
    assert caught.value.code == "LEC-LIM-FICHIER"


def test_the_number_of_members() -> None:
    data = zipped([*parts({"A": sheet_xml(ONE)}).items(), *((f"x{n}", "") for n in range(4000))])
    assert refusal(data) == "LEC-LIM-MEMBRES"


def test_a_directory_of_a_million_members_builds_nothing() -> None:
    archive = forged(parts({"A": sheet_xml(ONE)}))
    archive.directory += archive.directory[-46 - len("xl/worksheets/sheet1.xml") :] * 300_000
    data = archive.close(archive.count)  # the count lies
    with bounded(5, 20):
        assert refusal(data) in ("LEC-LIM-MEMBRES", "LEC-ZIP-DOUBLON")


# XML

ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:18999/x.dtd">'
PARTS = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/_rels/sheet1.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/tables/table1.xml",
    "xl/comments1.xml",
    "xl/externalLinks/externalLink1.xml",
    "docProps/app.xml",
    "docProps/custom.xml",
    "xl/theme/theme1.xml",  # nobody here parses it
]


def complete() -> dict[str, str | bytes]:
    """A workbook that has every kind of part we read."""
    app = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    custom = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    return parts(
        {"A": sheet_xml(ONE)},
        strings="<si><t>a</t></si>",
        styles="<cellXfs><xf/></cellXfs>",
        book_relations=[("rIdX", "externalLink", "externalLinks/externalLink1.xml")],
        package_relations=[
            ("rId2", "extended-properties", "docProps/app.xml"),
            ("rId3", "custom-properties", "docProps/custom.xml"),
        ],
        extra={
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                [
                    ("rId1", "table", "../tables/table1.xml"),
                    ("rId2", "comments", "../comments1.xml"),
                ]
            ),
            "xl/tables/table1.xml": f'{DECL}<table xmlns="{MAIN}" name="t" ref="A1:A2"/>',
            "xl/comments1.xml": f'{DECL}<comments xmlns="{MAIN}"/>',
            "xl/externalLinks/externalLink1.xml": f'{DECL}<externalLink xmlns="{MAIN}"/>',
            "xl/theme/theme1.xml": f"{DECL}<theme/>",
            "docProps/app.xml": f'{DECL}<Properties xmlns="{app}"/>',
            "docProps/custom.xml": f'{DECL}<Properties xmlns="{custom}"/>',
        },
    )


def test_the_complete_workbook_is_read_without_remark() -> None:
    assert set(complete()) == set(PARTS)
    assert read_workbook(zipped(complete().items())).remarks == ()


@pytest.mark.parametrize("doctype", [ENTITY, EXTERNAL, REMOTE, "<!DOCTYPE x>"])
@pytest.mark.parametrize("part", PARTS)
def test_every_doctype_is_refused_in_every_part(part: str, doctype: str) -> None:
    members = complete()
    members[part] = str(members[part]).replace(DECL, DECL + doctype, 1)
    assert refusal(zipped(members.items())) == "LEC-DTD"


def test_a_doctype_in_utf_16_is_a_doctype() -> None:
    members = complete()
    xml = sheet_xml(ONE).replace("UTF-8", "UTF-16").replace(DECL[-2:], DECL[-2:] + ENTITY, 1)
    members["xl/worksheets/sheet1.xml"] = xml.encode("utf-16")
    assert refusal(zipped(members.items())) == "LEC-DTD"


def test_entities_without_dtd_are_malformed() -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>&xxe;</v></c></row>'
    raw = read_workbook(workbook(rows))
    assert raw.sheets[0].unreadable is not None


@pytest.mark.parametrize("where", ["before", "rows", "after"])
def test_depth(where: str) -> None:
    deep = "<a>" * 300 + "</a>" * 300
    cell = f'<row r="1"><c r="A1">{deep}</c></row>'
    options = {"rows": cell} if where == "rows" else {where: deep}
    assert refusal(workbook(**options)) == "LEC-LIM-PROFONDEUR"


def test_bottomless_depth_is_stopped_early() -> None:
    noise = random.Random(2)
    deep = "".join(f"<a{noise.randrange(10**9)}>" for _ in range(300_000))
    with bounded(5, 30):
        assert refusal(workbook(before=deep)) == "LEC-LIM-PROFONDEUR"


def test_a_namespace_is_not_repeated_without_end() -> None:
    """Expat gives every name with its namespace: a long one makes each element heavy."""
    children = "".join(f"<a{n}/>" for n in range(50_000))
    after = f'<x xmlns="urn:{_noise(900_000)}">{children}</x>'
    with bounded(3, 30):
        assert refusal(workbook(ONE, after=after)) == "LEC-LIM-JETON"


@pytest.mark.parametrize("name", ["<a{}/>", "<a b{}=''/>"], ids=["elements", "attributes"])
def test_distinct_names_without_end(name: str) -> None:
    after = "".join(name.format(n) for n in range(400_000))
    with bounded(5, 60):
        assert refusal(workbook(ONE, after=after)) == "LEC-LIM-JETON"


def test_elements_without_end() -> None:
    data = workbook(ONE, after="<a/>" * 50_000)
    assert refusal(data, elements=40_000) == "LEC-LIM-JETON"
    data = workbook('<row r="1"><c r="A1">' + "<v/>" * 200_000 + "</c></row>")
    assert refusal(data, elements=40_000) == "LEC-LIM-CELLULES"


def test_relationships_without_end() -> None:
    def data(kind: str) -> bytes:
        rels = relationships([(f"r{n}", kind, f"../x/{n}.xml") for n in range(30_000)])
        return workbook(ONE, extra={"xl/worksheets/_rels/sheet1.xml.rels": rels})

    assert refusal(data("table")) == "LEC-LIM-LIENS"
    assert read_workbook(data("hyperlink")).sheets[0].cells


def test_an_array_formula_written_many_times() -> None:
    cell = '<c r="A1"><f t="array" ref="A1:A2">B1</f><v>1</v></c>'
    assert refusal(workbook(f'<row r="1">{cell * 2000}</row>'), ranges=1000) == "LEC-LIM-PLAGES"


@pytest.mark.parametrize("odd", ['"', "'", "[", "]", "$", "A", "1", "A1", "A1:", "[[", "é", "'[\""])
def test_the_translation_of_a_long_formula_is_linear(odd: str) -> None:
    text = (odd * 100_000)[:100_000].replace('"', "&quot;")
    rows = (
        f'<row r="1"><c r="A1"><f t="shared" ref="A1:A9" si="0">{text}</f></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
    )
    with bounded(5, 80):
        assert len(read_workbook(workbook(rows)).sheets[0].cells) == 2


def _noise(size: int) -> str:
    """Text that hardly compresses, so that it is not the ratio that stops it."""
    return random.Random(3).randbytes(size // 2).hex()


@pytest.mark.parametrize(
    "after",
    ["<a b='{}'/>", "<!--{}-->", "<?pi {}?>", "<a{}/>", "<a b='>>{}>>'/>"],
    ids=["attribute", "comment", "instruction", "name", "attribute-with-brackets"],
)
def test_one_endless_token(after: str) -> None:
    """Expat before 2.6 scans such a token again at every piece it is fed (CVE-2023-52425)."""
    data = workbook(ONE, after=after.format(_noise(24 * MIB)))
    with bounded(5, 60):
        assert refusal(data) == "LEC-LIM-JETON"


def test_an_attribute_full_of_brackets_is_one_token_too() -> None:
    data = workbook(ONE, after="<a b='" + _noise(24 * MIB).replace("a", ">") + "'/>")
    with bounded(5, 60):
        assert refusal(data) == "LEC-LIM-JETON"


@pytest.mark.parametrize(
    "rows",
    ['<row r="1"><c r="A1"><v>{}</v></c></row>', '<row r="1"><c r="A1" t="inlineStr"><is><t>{}'
        '</t></is></c></row>', '<row r="1"><c r="A1"><f>{}</f></c></row>', "{}"],
    ids=["value", "inline", "formula", "between"],
)  # fmt: skip
def test_one_endless_text(rows: str) -> None:
    with bounded(5, 60):
        assert refusal(workbook(rows.format(_noise(6 * MIB)))) == "LEC-LIM-JETON"


@pytest.mark.long
def test_an_inline_string_of_many_pieces() -> None:
    pieces = "".join(f"<r><t>{n}</t></r>" for n in range(400_000))
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is>{pieces}</is></c></row>'
    with bounded(10, 60):
        assert refusal(workbook(rows)) == "LEC-LIM-JETON"


def test_shared_strings_without_end() -> None:
    strings = "".join(f"<si><t>{_noise(30_000)}{n}</t></si>" for n in range(40))
    assert refusal(workbook(ONE, strings=strings), text_bytes=MIB) == "LEC-LIM-TEXTE"


def test_a_string_cannot_be_multiplied_by_a_shared_formula() -> None:
    formula = "A1+" * 2000 + "A1"
    rows = [f'<row r="1"><c r="A1"><f t="shared" ref="A1:A9" si="0">{formula}</f></c></row>']
    rows += [f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/></c></row>' for n in range(2, 2000)]
    assert refusal(workbook("".join(rows)), text_bytes=4 * MIB) == "LEC-LIM-TEXTE"


# Numbers of things


def test_the_number_of_sheets() -> None:
    assert (
        refusal(workbook(sheets={f"F{n}": sheet_xml() for n in range(256)})) == "LEC-LIM-FEUILLES"
    )


def test_ten_thousand_sheets() -> None:
    members = parts({"A": sheet_xml(ONE)})
    many = "".join(f'<sheet name="F{n}" r:id="rId1"/>' for n in range(10_000))
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).replace(
        "<sheets>", "<sheets>" + many
    )
    with bounded(2, 20):
        assert refusal(zipped(members.items())) == "LEC-LIM-FEUILLES"


@pytest.mark.long
def test_seven_million_tiny_cells() -> None:
    row = "<row>" + "<c><v>1</v></c>" * 10_000 + "</row>"
    begin = time.process_time()
    assert refusal(workbook(row * 700)) == "LEC-LIM-CELLULES"
    assert time.process_time() - begin < 20


@pytest.mark.parametrize("row", ["<row>{}</row>", '<row r="{n}">{}</row>'], ids=["expat", "text"])
def test_the_number_of_cells(row: str) -> None:
    def rows(cell: str) -> str:
        return "".join(
            row.format("".join(cell.format(c=c, n=n) for c in "ABCDE"), n=n) for n in range(1, 400)
        )

    filled = workbook(rows('<c r="{c}{n}"><v>{n}</v></c>' if "{n}" in row else "<c><v>1</v></c>"))
    blank = workbook(rows('<c r="{c}{n}" s="0"/>' if "{n}" in row else '<c s="0"/>'))
    assert refusal(filled, cells=1000) == "LEC-LIM-CELLULES"
    assert refusal(filled, elements=1000) == "LEC-LIM-CELLULES"
    assert refusal(blank, elements=1000) == "LEC-LIM-CELLULES"
    assert len(read_workbook(filled, Limits(cells=1995)).sheets[0].cells) == 1995
    assert read_workbook(blank, Limits(cells=0)).sheets[0].cells == {}


def test_rows_that_are_only_formatted_keep_no_memory() -> None:
    """People format whole columns: hundreds of thousands of rows with nothing in them."""
    row = '<row r="{n}" spans="1:9" s="1" customFormat="1" ht="15.75" customHeight="1">{c}</row>'
    for cells in ("", '<c r="A{n}" s="0"/><c r="B{n}" s="0"/>'):
        rows = "".join(row.format(n=n, c=cells.format(n=n)) for n in range(1, 20_001))
        sheet = read_workbook(workbook(rows), Limits(text_bytes=10_000)).sheets[0]
        assert sheet.cells == {}


def test_the_cells_of_all_sheets_count_together() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 11))
    data = workbook(sheets={name: sheet_xml(rows) for name in "ABC"})
    assert refusal(data, cells=29) == "LEC-LIM-CELLULES"
    assert refusal(data, elements=59) == "LEC-LIM-CELLULES"
    assert len(read_workbook(data, Limits(cells=30)).sheets) == 3


@pytest.mark.long
def test_a_hundred_and_twenty_thousand_merges() -> None:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 120_001))
    with bounded(10, 60):
        assert (
            refusal(workbook(ONE, after=f"<mergeCells>{merges}</mergeCells>")) == "LEC-LIM-FUSIONS"
        )


@pytest.mark.parametrize("ref", ["D1:D1048576", "D1:XFD1048576", "A1:XFD1048576"])
def test_huge_ranges_cost_nothing(ref: str) -> None:
    after = (
        f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>'
        f'<dataValidations><dataValidation sqref="{ref}"/></dataValidations>'
        f'<hyperlinks><hyperlink ref="{ref}"/></hyperlinks>'
    )
    with bounded(1, 5):
        sheet = read_workbook(workbook(ONE, after=after)).sheets[0]
    assert isinstance(sheet.merges[0], Rect)
    assert str(sheet.merges[0]) == ref
    assert sheet.validations[0].ranges == sheet.merges


def test_validations_of_endless_ranges() -> None:
    sqref = " ".join(f"A{n}" for n in range(1, 100_000))
    after = f'<dataValidation sqref="{sqref}"/>' * 3
    assert (
        refusal(workbook(ONE, after=f"<dataValidations>{after}</dataValidations>"))
        == "LEC-LIM-PLAGES"
    )


def test_rows_hidden_one_in_two() -> None:
    rows = "".join(f'<row r="{n}" hidden="1"/>' for n in range(1, 4000, 2))
    assert refusal(workbook(rows), ranges=1000) == "LEC-LIM-PLAGES"
    assert len(read_workbook(workbook(rows)).sheets[0].hidden_rows) == 2000


def test_the_number_of_cell_formats() -> None:
    styles = f"<cellXfs>{'<xf/>' * 65_491}</cellXfs>"
    with bounded(5, 30):
        assert refusal(workbook(ONE, styles=styles)) == "LEC-LIM-STYLES"


def test_the_number_of_defined_names() -> None:
    names = "".join(f'<definedName name="n{n}">1</definedName>' for n in range(50))
    data = workbook(ONE, book=f"<definedNames>{names}</definedNames>")
    assert refusal(data, names=49) == "LEC-LIM-NOMS"
    assert len(read_workbook(data, Limits(names=50)).defined_names) == 50
