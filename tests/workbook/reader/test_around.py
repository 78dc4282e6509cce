"""What stands around the cells: merges, hiding, tables, filters, validations, links, properties."""

from __future__ import annotations

import hashlib
import io
import random
import zipfile

import openpyxl
import pytest
import xlsxwriter

from xl_cpom.workbook.reader import (
    DefinedName,
    RawAutoFilter,
    RawTable,
    RawValidation,
    RawWorkbook,
    Rect,
    Span,
    UnreadableWorkbookError,
    read_workbook,
)

from .builders import (
    DECL,
    MAIN,
    STRICT,
    STRICT_REL,
    X14,
    XM,
    parts,
    relationships,
    sheet_xml,
    styles_xml,
    workbook,
    zipped,
)

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def codes(raw: RawWorkbook) -> list[tuple[str, str | None]]:
    return [(r.code, r.sheet) for r in raw.remarks]


def test_values_under_a_merge_are_kept() -> None:
    raw = read_workbook(
        workbook(
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>500</v></c></row>',
            after='<mergeCells count="9"><mergeCell ref="A1:B1"/><mergeCell ref="D1:D1048576"/>'
            '<mergeCell ref="B7:A6"/><mergeCell ref="quoi"/><mergeCell/></mergeCells>',
        )
    )
    sheet = raw.sheets[0]
    assert sheet.cells[1, 2].value == 500.0
    assert sheet.merges == (Rect(1, 1, 1, 2), Rect(1, 4, 1048576, 4), Rect(6, 1, 7, 2))
    assert codes(raw) == [("PLAGE", "Feuil1"), ("PLAGE", "Feuil1")]


def test_hidden_rows_and_columns_are_spans() -> None:
    rows = "".join(
        f'<row r="{n}"{" hidden=" + chr(34) + "1" + chr(34) if n in (2, 3, 5) else ""}/>'
        for n in range(1, 7)
    )
    before = (
        '<sheetFormatPr zeroHeight="1"/>'
        '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="true"/>'
        '<col min="4" max="4"/><col min="0" max="99999" hidden="1"/></cols>'
    )
    raw = read_workbook(workbook(rows, before=before))
    sheet = raw.sheets[0]
    assert sheet.hidden_rows == (Span(2, 3), Span(5, 5))
    assert sheet.hidden_cols == (Span(2, 3), Span(5, 16384))
    assert sheet.rows_hidden_by_default
    assert codes(raw) == [("PLAGE", "Feuil1")]


def test_hidden_rows_with_cells_are_told_too() -> None:
    row = '<row r="{0}" hidden="{1}"><c r="A{0}"><v>1</v></c></row>'
    rows = row.format(2, 1) + row.format(3, 0)
    assert read_workbook(workbook(rows)).sheets[0].hidden_rows == (Span(2, 2),)


def test_states_protection_and_workbook_settings() -> None:
    data = workbook(
        sheets={
            "Vue": sheet_xml(ONE, after='<sheetProtection sheet="1" objects="1"/>'),
            "Cachée": sheet_xml(ONE, after='<sheetProtection sheet="0"/>'),
            "_cpom": sheet_xml(ONE),
        },
        states={"Cachée": "hidden", "_cpom": "veryHidden"},
        book='<workbookPr date1904="true"/><workbookProtection lockStructure="1"/>'
        '<calcPr fullCalcOnLoad="1"/>',
    )
    raw = read_workbook(data)
    assert [(s.name, s.state, s.protected) for s in raw.sheets] == [
        ("Vue", "visible", True),
        ("Cachée", "hidden", False),
        ("_cpom", "veryHidden", False),
    ]
    assert (raw.date1904, raw.structure_locked, raw.full_calc_on_load) == (True, True, True)
    assert raw.sheet("CACHÉE") is raw.sheets[1]
    assert raw.sheet("absente") is None


def test_tables() -> None:
    table = (
        f'{DECL}<table xmlns="{MAIN}" id="1" name="t" displayName="tMesures" ref="A1:B4" '
        'totalsRowCount="1"><autoFilter ref="A1:B3"><filterColumn colId="0"/></autoFilter>'
        '<tableColumns count="2"><tableColumn id="1" name="N°"/>'
        '<tableColumn id="2" name="Libellé_x000a_long"/></tableColumns></table>'
    )
    plain = (
        f'{DECL}<table xmlns="{MAIN}" id="2" name="seul" ref="D1:D2" headerRowCount="0">'
        '<tableColumns><tableColumn name="x"/></tableColumns></table>'
    )
    wrong = f'{DECL}<table xmlns="{MAIN}" name="faux" ref="nulle part"/>'
    data = workbook(
        ONE,
        extra={
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                [
                    ("rId1", "table", "../tables/table1.xml"),
                    ("rId2", "table", "/xl/tables/TABLE2.xml"),
                    ("rId3", "table", "../tables/table3.xml"),
                    ("rId4", "table", "../tables/absente.xml"),
                ]
            ),
            "xl/tables/table1.xml": table,
            "xl/tables/table2.xml": plain,
            "xl/tables/table3.xml": wrong,
        },
    )
    raw = read_workbook(data)
    assert raw.sheets[0].tables == (
        RawTable("tMesures", Rect(1, 1, 4, 2), ("N°", "Libellé\nlong"), 1, 1, True),
        RawTable("seul", Rect(1, 4, 2, 4), ("x",), 0, 0, False),
    )
    assert codes(raw) == [("PLAGE", "Feuil1")]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("", None),
        ('<autoFilter ref="A1:B9"/>', RawAutoFilter(Rect(1, 1, 9, 2), active=False)),
        (
            '<autoFilter ref="A1:B9"><filterColumn colId="1"><filters><filter val="x"/></filters>'
            "</filterColumn></autoFilter>",
            RawAutoFilter(Rect(1, 1, 9, 2), active=True),
        ),
    ],
)
def test_autofilter(xml: str, expected: RawAutoFilter | None) -> None:
    assert read_workbook(workbook(ONE, after=xml)).sheets[0].autofilter == expected


def test_validations_of_both_kinds() -> None:
    after = (
        '<dataValidations count="3">'
        '<dataValidation type="list" sqref="A1:A9 C1:C1048576"><formula1>"Oui,Non"</formula1>'
        "<formula2>ignorée</formula2></dataValidation>"
        '<dataValidation type="whole" sqref="B1"><formula1>0</formula1><formula2>9</formula2>'
        '</dataValidation><dataValidation sqref="E1 quoi"/></dataValidations>'
        f'<extLst><ext xmlns:x14="{X14}" xmlns:xm="{XM}"><x14:dataValidations>'
        '<x14:dataValidation type="list"><x14:formula1><xm:f>Listes!$A$1:$A$3</xm:f>'
        "</x14:formula1><xm:sqref>D2:D9</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext></extLst>"
    )
    raw = read_workbook(workbook(ONE, after=after))
    assert raw.sheets[0].validations == (
        RawValidation((Rect(1, 1, 9, 1), Rect(1, 3, 1048576, 3)), "list", '"Oui,Non"', False),
        RawValidation((Rect(1, 2, 1, 2),), "whole", "0", False),
        RawValidation((Rect(1, 5, 1, 5),), "none", None, False),
        RawValidation((Rect(2, 4, 9, 4),), "list", "Listes!$A$1:$A$3", True),
    )
    assert codes(raw) == [("PLAGE", "Feuil1")]


def test_names_links_and_dde() -> None:
    link = (
        f'{DECL}<externalLink xmlns="{MAIN}"><externalBook/></externalLink>',
        f'{DECL}<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/>'
        "</externalLink>",
    )
    data = workbook(
        ONE,
        book='<definedNames><definedName name="Taux">Feuil1!$A$1</definedName>'
        '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Feuil1!$A$1:$B$2'
        '</definedName><definedName name="loin" localSheetId="99">1</definedName></definedNames>',
        book_relations=[
            ("rIdX", "externalLink", "externalLinks/externalLink1.xml"),
            ("rIdY", "externalLink", "externalLinks/externalLink2.xml"),
            ("rIdZ", "externalLink", "externalLinks/absent.xml"),
        ],
        extra={
            "xl/externalLinks/externalLink1.xml": link[0],
            "xl/externalLinks/_rels/externalLink1.xml.rels": relationships(
                [("rId1", "externalLinkPath", "file:///C:/Users/moi/cpom.xlam")]
            ),
            "xl/externalLinks/externalLink2.xml": link[1],
        },
    )
    raw = read_workbook(data)
    assert raw.defined_names == (
        DefinedName("Taux", "Feuil1!$A$1", None, False),
        DefinedName("_xlnm._FilterDatabase", "Feuil1!$A$1:$B$2", "Feuil1", True),
        DefinedName("loin", "1", None, False),
    )
    assert raw.external_links == (
        "file:///C:/Users/moi/cpom.xlam",
        "DDE:cmd|/c calc",
        "xl/externalLinks/absent.xml",
    )
    assert codes(raw) == [("LIEN-DDE", None)]


def test_document_properties_and_macros() -> None:
    app = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    custom = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    types = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    data = workbook(
        ONE,
        package_relations=[
            ("rId2", "extended-properties", "docProps/app.xml"),
            ("rId3", "custom-properties", "docProps/custom.xml"),
        ],
        extra={
            "docProps/app.xml": f'<Properties xmlns="{app}"><Application>Microsoft Excel'
            "</Application><AppVersion>16.0300</AppVersion></Properties>",
            "docProps/custom.xml": f'<Properties xmlns="{custom}" xmlns:vt="{types}">'
            '<property name="cpom_gabarit" pid="2"><vt:lpwstr>2026.1</vt:lpwstr></property>'
            '<property name="n" pid="3"><vt:i4> 5 </vt:i4></property></Properties>',
            "xl/vbaProject.bin": b"\0\1",
        },
    )
    raw = read_workbook(data)
    assert (raw.application, raw.app_version) == ("Microsoft Excel", "16.0300")
    assert dict(raw.properties) == {"cpom_gabarit": "2026.1", "n": " 5 "}
    assert raw.has_macros
    assert not read_workbook(workbook(ONE)).has_macros


@pytest.mark.parametrize(
    ("said", "read"),
    [("2028-01-15T10:22:00Z", "2028-01-15T10:22:00Z"), (" 2028-01-15T10:22:00Z\n",
      "2028-01-15T10:22:00Z"), ("15/01/2028", ""), ("2028-01-15T10:22:00+99:99", ""), ("", "")],
)  # fmt: skip
def test_when_it_was_saved(said: str, read: str) -> None:
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    data = workbook(
        ONE,
        package_relations=[("rId2", "core-properties", "docProps/core.xml")],
        extra={
            "docProps/core.xml": f'<coreProperties xmlns="{core}" '
            'xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:created>2026-01-01T00:00:00Z'
            f"</dcterms:created><dcterms:modified>{said}</dcterms:modified></coreProperties>",
        },
    )
    assert read_workbook(data).saved == read
    assert read_workbook(workbook(ONE)).saved == ""


def test_counts_of_links_and_comments() -> None:
    comments = (
        f'{DECL}<comments xmlns="{MAIN}"><commentList>{"<comment/>" * 3}</commentList></comments>'
    )
    data = workbook(
        ONE,
        after='<hyperlinks><hyperlink ref="A1:XFD1048576"/><hyperlink ref="B2"/></hyperlinks>',
        extra={
            "xl/comments1.xml": comments,
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                [("rId1", "comments", "../comments1.xml")]
            ),
        },
    )
    sheet = read_workbook(data).sheets[0]
    assert (sheet.hyperlinks, sheet.comments) == (2, 3)


@pytest.mark.parametrize("part", ["styles", "table", "comments", "app", "custom", "links", "rels"])
def test_a_malformed_accessory_never_refuses_the_file(part: str) -> None:
    broken = "<pas du XML"
    rels = relationships(
        [("rId1", "table", "../tables/t.xml"), ("rId2", "comments", "../comments1.xml")]
    )
    data = workbook(
        ONE,
        styles=styles_xml(14),
        book_relations=[("rIdX", "externalLink", "link.xml")],
        package_relations=[
            ("rId2", "extended-properties", "app.xml"),
            ("rId3", "custom-properties", "custom.xml"),
        ],
        extra={
            "xl/worksheets/_rels/sheet1.xml.rels": broken if part == "rels" else rels,
            **({"xl/styles.xml": broken} if part == "styles" else {}),
            **({"xl/tables/t.xml": broken} if part == "table" else {}),
            **({"xl/comments1.xml": broken} if part == "comments" else {}),
            **({"app.xml": broken} if part == "app" else {}),
            **({"custom.xml": broken} if part == "custom" else {}),
            **({"xl/link.xml": broken} if part == "links" else {}),
        },
    )
    raw = read_workbook(data)
    assert raw.sheets[0].cells[1, 1].value == 1.0
    assert [code for code, _ in codes(raw)] == ["PARTIE"]


def test_a_broken_sheet_leaves_the_others() -> None:
    raw = read_workbook(workbook(sheets={"Bonne": sheet_xml(ONE), "Abîmée": sheet_xml(ONE)[:-20]}))
    assert [(s.name, len(s.cells), s.unreadable is None) for s in raw.sheets] == [
        ("Bonne", 1, True),
        ("Abîmée", 0, False),
    ]
    assert codes(raw) == [("FEU-ILLISIBLE", "Abîmée")]


def test_sheets_that_are_not_there_or_not_sheets_are_said() -> None:
    members = parts({"A": sheet_xml(ONE), "Sans": sheet_xml(), "Graphe": sheet_xml()})
    del members["xl/worksheets/sheet2.xml"]
    members["xl/worksheets/sheet3.xml"] = f'<chartsheet xmlns="{MAIN}"/>'
    raw = read_workbook(zipped(members.items()))
    assert [s.name for s in raw.sheets] == ["A"]
    assert codes(raw) == [("FEU-ABSENTE", "Sans"), ("FEU-GENRE", "Graphe")]


def test_chart_sheets_by_relation() -> None:
    members = parts({"A": sheet_xml(ONE), "B": sheet_xml(ONE)})
    rels = str(members["xl/_rels/workbook.xml.rels"])
    before, _, after = rels.rpartition("/worksheet")
    members["xl/_rels/workbook.xml.rels"] = f"{before}/chartsheet{after}"
    raw = read_workbook(zipped(members.items()))
    assert [s.name for s in raw.sheets] == ["A"]
    assert codes(raw) == [("FEU-GENRE", "B")]


def test_an_external_sheet_is_not_followed() -> None:
    members = parts({"A": sheet_xml(ONE), "B": sheet_xml(ONE)})
    rels = str(members["xl/_rels/workbook.xml.rels"])
    members["xl/_rels/workbook.xml.rels"] = rels.replace(
        'Target="worksheets/sheet2.xml"', 'Target="http://127.0.0.1/x" TargetMode="External"'
    )
    raw = read_workbook(zipped(members.items()))
    assert codes(raw) == [("FEU-ABSENTE", "B")]


def test_two_sheets_of_one_name_are_both_read_and_said() -> None:
    members = parts({"A": sheet_xml(ONE), "B": sheet_xml(ONE)})
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).replace('"B"', '"a"')
    raw = read_workbook(zipped(members.items()))
    assert [s.name for s in raw.sheets] == ["A", "a"]
    assert codes(raw) == [("FEU-NOM", "a")]


@pytest.mark.parametrize("kept", [0, 1])
def test_no_sheet_at_all_is_a_refusal(kept: int) -> None:
    members = parts({"A": sheet_xml(ONE)} if kept else {})
    members.pop("xl/worksheets/sheet1.xml", None)
    with pytest.raises(UnreadableWorkbookError) as refusal:
        read_workbook(zipped(members.items()))
    assert refusal.value.code == "LEC-SANS-FEUILLE"


def test_strict_open_xml() -> None:
    raw = read_workbook(
        workbook(
            '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="0"><v>2</v></c></row>',
            strings="<si><t>strict</t></si>",
            styles=styles_xml(14),
            main=STRICT,
            rel=STRICT_REL,
        )
    )
    assert raw.strict
    assert [c.value for c in raw.sheets[0].cells.values()] == ["strict", 2.0]
    assert raw.sheets[0].cells[1, 2].is_date


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("xl/", "XL/"),
        ("xl/", "xl\\"),
        ("xl/worksheets/", "/xl/worksheets/"),
        ("xl/worksheets/sheet1.xml", "xl/./worksheets//sheet1.xml"),
        ("xl/worksheets/sheet1.xml", "xl/Worksheets/Sheet1.XML"),
    ],
)
def test_part_names_are_normalised(old: str, new: str) -> None:
    members = [
        (name.replace(old, new), text) for name, text in parts({"A": sheet_xml(ONE)}).items()
    ]
    assert read_workbook(zipped(members)).sheets[0].cells[1, 1].value == 1.0


@pytest.mark.parametrize(
    "target",
    ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml",
     "worksheets\\sheet1.xml", "./worksheets/x/../sheet1.xml", "WORKSHEETS/SHEET1.XML",
     "worksheets/sheet%31.xml"],
)  # fmt: skip
def test_targets_are_normalised(target: str) -> None:
    members = parts({"A": sheet_xml(ONE)})
    members["xl/_rels/workbook.xml.rels"] = relationships([("rId1", "worksheet", target)])
    assert read_workbook(zipped(members.items())).sheets[0].cells[1, 1].value == 1.0


def test_a_workbook_at_the_root_of_the_package() -> None:
    members = parts({"A": sheet_xml(ONE)})
    moved = {
        name.removeprefix("xl/"): text for name, text in members.items() if name != "_rels/.rels"
    }
    moved["_rels/.rels"] = relationships([("rId1", "officeDocument", "workbook.xml")])
    assert read_workbook(zipped(moved.items())).sheets[0].cells[1, 1].value == 1.0


def test_without_relationships_the_usual_place_is_tried() -> None:
    members = parts({"A": sheet_xml(ONE)})
    del members["_rels/.rels"], members["[Content_Types].xml"]
    assert read_workbook(zipped(members.items())).sheets[0].cells[1, 1].value == 1.0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le-bom", "windows-1252"])
def test_other_encodings(encoding: str) -> None:
    name = {"utf-8-sig": "UTF-8", "windows-1252": "windows-1252"}.get(encoding, "UTF-16")
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><v>été</v></c></row>').replace("UTF-8", name)
    if encoding == "utf-16-le-bom":
        data = b"\xff\xfe" + xml.encode("utf-16-le")
    else:
        data = xml.encode(encoding)
    members = parts({"A": ""})
    members["xl/worksheets/sheet1.xml"] = data
    assert read_workbook(zipped(members.items())).sheets[0].cells[1, 1].value == "été"


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-1", "us-ascii", "utf-8"])
def test_bytes_mean_what_the_declared_encoding_says(encoding: str) -> None:
    """« é » in UTF-8 is two other characters in the encodings of one byte."""
    xml = sheet_xml('<row r="1"><c r="A1" t="str"><v>é</v></c></row>').replace("UTF-8", encoding)
    strings = f'{DECL}<sst xmlns="{MAIN}"><si><t>é</t></si></sst>'.replace("UTF-8", encoding)
    members = parts({"A": "", "B": sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')})
    members["xl/worksheets/sheet1.xml"] = xml
    members["xl/sharedStrings.xml"] = strings
    members["xl/_rels/workbook.xml.rels"] = str(members["xl/_rels/workbook.xml.rels"]).replace(
        "</R",
        f'<Relationship Id="s" Type="{STRICT_REL}/sharedStrings" Target="sharedStrings.xml"/></R',
    )
    data = zipped(members.items())
    if encoding == "us-ascii":
        with pytest.raises(UnreadableWorkbookError) as refusal:
            read_workbook(data)
        assert refusal.value.code == "LEC-PARTIE-XML"
        return
    expected = "é" if encoding == "utf-8" else "Ã©"
    assert [s.cells[1, 1].value for s in read_workbook(data).sheets] == [expected, expected]


def test_identity_of_the_file(tmp_path) -> None:
    data = workbook(ONE)
    path = tmp_path / "classeur.xlsx"
    path.write_bytes(data)
    path.chmod(0o444)
    before = path.stat()
    raw = read_workbook(path)
    after = path.stat()
    assert (raw.sha256, raw.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)
    assert read_workbook(str(path)) == raw == read_workbook(data)


def test_a_real_xlsxwriter_workbook_is_read_without_remark(tmp_path) -> None:
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Données")
    sheet.add_table("B2:C4", {"name": "tEssai", "data": [["a", 1], ["b", 2]]})
    sheet.data_validation("A1", {"validate": "list", "source": ["x", "y"]})
    sheet.write_comment("A1", "aide")
    sheet.write_rich_string("A9", "du ", book.add_format({"bold": True}), "gras")
    sheet.protect()
    sheet.set_row(6, None, None, {"hidden": True})
    sheet.set_column(5, 7, None, None, {"hidden": True})
    book.set_custom_property("cpom", "1")
    book.define_name("Nom", "=Données!$A$1")
    book.close()
    raw = read_workbook(path)
    (found,) = raw.sheets
    assert raw.remarks == ()
    assert found.tables == (
        RawTable("tEssai", Rect(2, 2, 4, 3), ("Column1", "Column2"), 1, 0, False),
    )
    assert (found.comments, found.protected) == (1, True)
    assert found.cells[9, 1].value == "du gras"
    assert (found.hidden_rows, found.hidden_cols) == ((Span(7, 7),), (Span(6, 8),))
    assert dict(raw.properties) == {"cpom": "1"}
    assert [n.name for n in raw.defined_names] == ["Nom"]


def test_openpyxl_opens_what_the_builders_make() -> None:
    """The hand-made packages are honest ones, or the tests above would prove little."""
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    data = workbook(rows, strings="<si><t>x</t></si>")
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    assert openpyxl.load_workbook(io.BytesIO(data))["Feuil1"]["A1"].value == "x"


def test_order_of_members_does_not_matter() -> None:
    members = list(parts({"A": sheet_xml(ONE)}, strings="<si><t>x</t></si>").items())
    expected = read_workbook(zipped(members)).sheets
    for seed in range(5):
        random.Random(seed).shuffle(members)
        assert read_workbook(zipped(members)).sheets == expected
