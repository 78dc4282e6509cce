"""Workbooks as other programs write them: prefixes, Strict, encodings, missing or odd parts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import xlsxwriter

from tests.reports.annotate.rich_workbook import (
    ANOMALIES,
    anomalie,
    contents,
    replace,
    rewrite,
    rich,
)
from tests.reports.annotate.test_members import entrees
from xl_cpom.reports.annotate import AnnotationError, annotate, listing_lines, remove_marks
from xl_cpom.validators.model import AVERTISSEMENT
from xl_cpom.workbook.reader import read_workbook

Contents = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def prefix(parts: Contents) -> Contents:
    """`<x:worksheet>` and the like, everywhere."""
    for name in parts:
        if re.fullmatch(r"xl/(worksheets/\w+|workbook|styles|comments1|tables/\w+)\.xml", name):
            text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", parts[name].decode())
            text = re.sub(r'(<x:\w+(?: xmlns:\w+="[^"]*")*) xmlns="', r'\1 xmlns:x="', text)
            parts[name] = text.encode()
        elif name.endswith(".rels") or name == "[Content_Types].xml":
            text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1p:\2", parts[name].decode())
            parts[name] = text.replace(" xmlns=", " xmlns:p=").encode()
    return parts


def strict(parts: Contents) -> Contents:
    """Strict Open XML namespaces."""
    old, new = "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/"
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            text = data.decode()
            text = text.replace(f"{old}spreadsheetml/2006/main", f"{new}spreadsheetml/main")
            text = text.replace(R, f"{new}officeDocument/relationships")
            parts[name] = text.encode()
    return parts


def absolu(parts: Contents) -> Contents:
    """Absolute relationship targets, in another case, percent-encoded."""
    rels = "xl/_rels/workbook.xml.rels"
    text = parts[rels].decode().replace('Target="worksheets/', 'Target="/XL/Worksheets/')
    parts[rels] = text.replace("sheet1.xml", "sheet%31.xml").encode()
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    parts[name] = parts[name].replace(b'Target="../', b'Target="/xl/')
    return parts


def utf16(parts: Contents) -> Contents:
    """A sheet in UTF-16, the notes in windows-1252, the styles with a byte order mark."""
    sheet = parts[SHEET].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    parts[SHEET] = sheet.encode("utf-16")
    notes = parts["xl/comments1.xml"].decode().replace("UTF-8", "windows-1252")
    parts["xl/comments1.xml"] = notes.encode("cp1252")
    parts["xl/styles.xml"] = b"\xef\xbb\xbf" + parts["xl/styles.xml"]
    return parts


def xml_comments(parts: Contents) -> Contents:
    """XML comments and CDATA that look like tags."""
    replace(parts, SHEET, "</sheetData>", "<!-- </sheetData> --></sheetData>")
    replace(parts, SHEET, "</worksheet>", "<!-- <sheetData> </worksheet> --></worksheet>")
    return parts


def without_prefix_r(parts: Contents) -> Contents:
    """A sheet whose root does not declare the namespace of relationships."""
    name = "xl/worksheets/sheet4.xml"
    replace(parts, name, f' xmlns:r="{R}"', "")
    return parts


def without_styles(parts: Contents) -> Contents:
    """No styles part at all."""
    del parts["xl/styles.xml"]
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = re.sub(rb"<Relationship [^>]*styles.xml\"/>", b"", parts[rels])
    types = "[Content_Types].xml"
    parts[types] = re.sub(rb"<Override [^>]*styles.xml\"[^>]*/>", b"", parts[types])
    parts[SHEET] = re.sub(rb' (?:s|dxfId)="\d+"', b"", parts[SHEET])
    return parts


def empty(parts: Contents) -> Contents:
    """Self-closing containers, no extension for xml in the content types."""
    styles = parts["xl/styles.xml"].decode()
    parts["xl/styles.xml"] = re.sub(r"<dxfs.*</dxfs>", "<dxfs  count='0' />", styles).encode()
    parts[SHEET] = re.sub(rb' dxfId="\d+"', b"", parts[SHEET])
    rels = "xl/worksheets/_rels/sheet4.xml.rels"
    package = b"http://schemas.openxmlformats.org/package/2006/relationships"
    parts[rels] = b'<Relationships xmlns="' + package + b'"/>'
    return parts


VARIANTES: list[Callable[[Contents], Contents]] = [
    prefix, strict, absolu, utf16, xml_comments, without_prefix_r, without_styles, empty,
]  # fmt: skip


@pytest.mark.parametrize("variante", VARIANTES, ids=lambda v: v.__name__)
def test_annotated_re_read_and_given_back(
    variante: Callable[[Contents], Mapping[str, bytes]], tmp_path: Path
) -> None:
    original = rewrite(rich(), variante)
    copy, again, clean = (tmp_path / f"{name}.xlsx" for name in ("copie", "encore", "propre"))
    result = annotate(original, ANOMALIES, copy)
    assert (result.notes, result.cells) == (8, 9)
    before, after = read_workbook(original), read_workbook(copy)
    assert [s.name for s in after.sheets] == [*(s.name for s in before.sheets), "Contrôles"]
    for old, new in zip(before.sheets, after.sheets, strict=False):
        assert (old.unreadable, new.unreadable) == (None, None)
        assert new.cells == old.cells
        assert (new.validations, new.merges, new.tables) == (
            old.validations,
            old.merges,
            old.tables,
        )
    assert [s.comments for s in after.sheets] == [5, 1, 0, 2, 1, 0]
    lines = after.sheets[-1].cells
    assert [lines[row, 2].value for row in range(5, 16)] == [
        "INS-002", "IND-002", "IDE-001", "STR-002", "STR-003", "FMT-010", "IND-001", "FMT-001",
        "STR-009", "STR-001", "STR-004",
    ]  # fmt: skip
    annotate(copy, ANOMALIES, again)
    assert again.read_bytes() == copy.read_bytes()
    assert remove_marks(copy, clean).exact
    assert contents(clean) == contents(original)


def regles(path: Path, sheet: str = SHEET) -> dict[str, int]:
    """Priority of the first rule of each conditional format, by range."""
    text = contents(path)[sheet].decode()
    blocks = re.findall(r'sqref="([^"]*)"[^>]*><cfRule[^>]* priority="(\d+)"', text)
    return {ref: int(priority) for ref, priority in blocks}


def test_rules_of_a_pivot_table_keep_the_priority_it_knows(tmp_path: Path) -> None:
    def pivot(parts: Contents) -> Contents:
        replace(parts, SHEET, 'Formatting sqref="C2:C9"', 'Formatting pivot="1" sqref="C2:C9"')
        return parts

    original, copy = rewrite(rich(), pivot), tmp_path / "copie.xlsx"
    (tmp_path / "original.xlsx").write_bytes(original)
    annotate(original, ANOMALIES[:1], copy)
    assert regles(copy) == regles(tmp_path / "original.xlsx") | {"E2": 5}


def test_room_already_left_above_is_used_without_renumbering(tmp_path: Path) -> None:
    def haut(parts: Contents) -> Contents:
        parts[SHEET] = re.sub(rb'priority="(\d)"', rb'priority="1\1"', parts[SHEET])
        return parts

    copy = tmp_path / "copie.xlsx"
    annotate(rewrite(rich(), haut), ANOMALIES[:1], copy)
    assert regles(copy) == {"E2": 1, "B2:B9": 11, "C2:C9": 12, "D2:D9": 13}


def test_a_merged_cell_is_shown_on_its_corner(tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    annotate(rich(), [anomalie("Saisie", "B15")], copy)
    assert regles(copy) == {"A14:C15": 1, "B2:B9": 2, "C2:C9": 3, "D2:D9": 4}
    notes = contents(copy)["xl/comments1.xml"].decode()
    assert re.findall(r'ref="(\w+)"', notes) == ["B3", "C6", "A14"]


def test_a_conversation_gets_no_note(tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    result = annotate(rich(), [anomalie("Saisie", "C6")], copy)
    assert result.notes == 0 and regles(copy)["C6"] == 1
    assert "conversation" in result.warnings[1]
    for name in ("xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"):
        before, after = (
            next(one for one in entrees(data) if one[0] == name)
            for data in (rich(), copy.read_bytes())
        )
        assert after == before  # not even written again


def test_a_thousand_findings_are_all_listed_and_the_notes_capped(tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    many = [anomalie("Vierge", f"{'ABCD'[k % 4]}{k // 4 + 1}") for k in range(1000)]
    many += [anomalie("Vierge", f"G{k}", gravite=AVERTISSEMENT) for k in range(2, 402, 2)]
    result = annotate(rich(), many, copy, verdict_line="Verdict : non recevable")
    assert (result.notes, result.cells) == (500, 1200)
    raw = read_workbook(copy)
    assert (raw.sheets[3].comments, raw.sheets[-1].max_row) == (500, 1204)
    told = raw.sheets[-1].cells[2, 1].value
    assert isinstance(told, str)
    assert told.startswith("Verdict\u00a0: non recevable. 1\u202f200 anomalies au total")
    assert "Notes limitées à 500 par feuille" in told
    sheet = contents(copy)["xl/worksheets/sheet4.xml"].decode()
    assert re.findall(r'sqref="([^"]{0,23})', sheet)[0] == "A1:A250 B1:B250 C1:C250"
    ids = [
        number
        for name, data in contents(copy).items()
        if name.endswith(".vml")
        for number in re.findall(rb'id="_x0000_s(\d+)"', data)
    ]
    assert len(ids) == len(set(ids)) == 503


def test_excel_is_given_no_more_links_than_it_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_lines, "MAX_LINKS", 3)
    copy = tmp_path / "copie.xlsx"
    annotate(rich(), [anomalie("Vierge", f"A{k}") for k in range(1, 9)], copy)
    sheet = contents(copy)["xl/worksheets/sheet6.xml"].decode()
    assert re.findall(r'hyperlink ref="(D\d+)"', sheet) == ["D5", "D6", "D7"]
    assert read_workbook(copy).sheets[-1].max_row == 12  # every finding has its line all the same


def test_a_finding_on_many_cells_has_one_note(tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    result = annotate(rich(), [anomalie("Vierge", *(f"A{k}" for k in range(1, 40)))], copy)
    assert (result.notes, result.cells) == (1, 39)


def test_links_lead_to_the_cell_whatever_the_name_of_the_sheet(tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    annotate(rich(), ANOMALIES, copy)
    sheet = contents(copy)["xl/worksheets/sheet6.xml"].decode()
    links = dict(re.findall(r'hyperlink ref="D(\d+)" location="([^"]*)"', sheet))
    assert links["12"] == "'L'équipe'!B4".replace("L'é", "L''é")
    assert links["8"] == "'Graphe'!A1"
    assert "9" not in links  # the sheet does not exist


def test_a_workbook_without_any_note_declares_its_first_drawings_once(tmp_path: Path) -> None:
    stream, copy = io.BytesIO(), tmp_path / "copie.xlsx"
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("A")
        book.add_worksheet("B")
    annotate(stream.getvalue(), [anomalie("A", "A1"), anomalie("B", "A1")], copy)
    types = contents(copy)["[Content_Types].xml"].decode()
    assert types.count('Extension="vml"') == 1
    assert [s.comments for s in read_workbook(copy).sheets] == [1, 1, 0]


def test_a_text_that_looks_like_an_escape_is_shown_as_it_is(tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    annotate(rich(), [anomalie("Saisie", "E2", message="valeur _x0041_ lue")], copy)
    assert read_workbook(copy).sheets[-1].cells[5, 6].value == "valeur _x0041_ lue"
    assert "valeur _x005F_x0041_ lue" in contents(copy)["xl/comments1.xml"].decode()


def test_a_text_is_never_a_formula(tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    annotate(rich(), [anomalie("Saisie", "E2", message='=HYPERLINK("http://x")\x00\x0b&<')], copy)
    cells = read_workbook(copy).sheets[-1].cells
    assert cells[5, 6].value == '=HYPERLINK("http://x")��&<'
    assert all(cell.formula is None for cell in cells.values())


def test_a_sheet_of_the_user_called_controles_is_left_alone(tmp_path: Path) -> None:
    def renamed(parts: Contents) -> Contents:
        replace(parts, "xl/workbook.xml", 'name="Vierge"', 'name="contrôles"')
        return parts

    copy = tmp_path / "copie.xlsx"
    result = annotate(rewrite(rich(), renamed), ANOMALIES[:1], copy)
    assert [s.name for s in read_workbook(copy).sheets][-1] == "Contrôles (2)"
    assert "«\u00a0Contrôles (2)\u00a0»" in result.warnings[0]


def test_protected_structure_and_signature_are_told(tmp_path: Path) -> None:
    def scelle(parts: Contents) -> Contents:
        replace(
            parts,
            "xl/workbook.xml",
            "<bookViews>",
            '<workbookProtection lockStructure="1"/><bookViews>',
        )
        parts["_xmlsignatures/origin.sigs"] = b""
        return parts

    original = rewrite(rich(), scelle)
    result = annotate(original, ANOMALIES[:1], tmp_path / "copie.xlsx")
    assert [w.split("\u00a0:")[0][:24] for w in result.warnings] == [
        "Le classeur n’a pas de f",
        "La structure du classeur",
        "Le classeur est signé",
    ]
    assert contents(tmp_path / "copie.xlsx")["_xmlsignatures/origin.sigs"] == b""


def test_a_drawing_that_cannot_be_read_costs_the_notes_only(tmp_path: Path) -> None:
    def damaged(parts: Contents) -> Contents:
        parts["xl/drawings/vmlDrawing1.vml"] = b"illisible"
        return parts

    copy = tmp_path / "copie.xlsx"
    result = annotate(rewrite(rich(), damaged), ANOMALIES[:3], copy)
    assert result.notes == 1  # appended to the note that stands on B3
    assert "le dessin de la feuille est illisible" in result.warnings[-1]
    assert set(regles(copy)) >= {"E2", "B3 C3"}


@pytest.mark.parametrize(
    ("name", "data", "notes"),
    [
        (SHEET, b"<worksheet", 4),
        ("xl/worksheets/_rels/sheet1.xml.rels", b"<a", 4),
        ("xl/threadedComments/threadedComment1.xml", b"", 4),
        ("xl/comments1.xml", b"<comments>&x;</comments>", 4),
        ("xl/worksheets/_rels/sheet3.xml.rels", b"<a", 8),
        ("xl/tables/table1.xml", b"<table", 8),
    ],
)
def test_a_broken_part_costs_its_own_marks_only(
    name: str, data: bytes, notes: int, tmp_path: Path
) -> None:
    def casse(parts: Contents) -> Contents:
        return parts | {name: data}

    copy, clean = tmp_path / "copie.xlsx", tmp_path / "propre.xlsx"
    original = rewrite(rich(), casse)
    result = annotate(original, ANOMALIES, copy)
    assert result.notes == notes
    assert ("illisible" in result.warnings[-1]) is (notes == 4)
    assert read_workbook(copy).sheets[-1].max_row == 15
    assert contents(copy)[name] == data
    assert remove_marks(copy, clean).exact
    assert contents(clean) == contents(original)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("xl/workbook.xml", b""),
        ("xl/styles.xml", b"<a"),
        ("[Content_Types].xml", b"<!DOCTYPE a><a/>"),
    ],
)
def test_a_broken_main_part_is_one_sentence(name: str, data: bytes, tmp_path: Path) -> None:
    def casse(parts: Contents) -> Contents:
        return parts | {name: data}

    with pytest.raises(AnnotationError, match="mal formé"):
        annotate(rewrite(rich(), casse), ANOMALIES, tmp_path / "copie.xlsx")
    assert list(tmp_path.iterdir()) == []
