"""The marks after somebody worked in the copy, and a journal that must not be believed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.sax.saxutils import escape, unescape

import pytest

from tests.reports.annotate.rich_workbook import ANOMALIES, contents, replace, rewrite, rich
from xl_cpom.reports.annotate import annotate, remove_marks
from xl_cpom.workbook.reader import read_workbook

JOURNAL = "customXml/item2.xml"
NOTES = "xl/comments1.xml"


@pytest.fixture(scope="module")
def copie(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The rich workbook, annotated."""
    out = tmp_path_factory.mktemp("marques") / "copie.xlsx"
    annotate(rich(), ANOMALIES, out)
    return out.read_bytes()


def travaille(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The user mended a cell, answered inside a note of ours, and Excel gave the journal props."""
    replace(parts, "xl/worksheets/sheet1.xml", '<c r="A12"', '<c r="A11"><v>7</v></c><c r="A12"')
    parts["xl/worksheets/sheet1.xml"] = re.sub(
        rb'(<row r="12"[^>]*>)<c r="A11"><v>7</v></c>',
        rb'<row r="11"><c r="A11"><v>7</v></c></row>\1',
        parts["xl/worksheets/sheet1.xml"],
    )
    text = parts[NOTES].decode()
    parts[NOTES] = re.sub(
        r'(ref="E2".*?――――――――)', r"\1\nVu avec le siège : corrigé lundi", text, flags=re.DOTALL
    ).encode()
    parts["customXml/itemProps2.xml"] = b'<ds:datastoreItem xmlns:ds="urn:x" ds:itemID="{1}"/>'
    parts["customXml/_rels/item2.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Target="itemProps2.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/customXmlProps"/></Relationships>'
    )
    replace(
        parts,
        "[Content_Types].xml",
        "</Types>",
        '<Override PartName="/customXml/itemProps2.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>'
        "</Types>",
    )
    return parts


def test_what_the_user_wrote_since_is_kept(copie: bytes, tmp_path: Path) -> None:
    clean = tmp_path / "propre.xlsx"
    removal = remove_marks(rewrite(copie, travaille), clean)
    assert not removal.exact and "enregistré depuis son annotation" in removal.warnings[0]
    parts = contents(clean)
    notes = parts[NOTES].decode()
    kept = dict(re.findall(r'<comment ref="(\w+)".*?(<t.*?)</comment>', notes, flags=re.DOTALL))
    assert set(kept) == {"B3", "C6", "E2"}
    assert "Vu avec le siège : corrigé lundi" in kept["E2"] and "Contrôles" not in kept["E2"]
    assert "Note de l'utilisateur" in kept["B3"] and "Contrôles" not in kept["B3"]
    boxes = re.findall(r"<x:Row>(\d+)</x:Row>", parts["xl/drawings/vmlDrawing1.vml"].decode())
    assert boxes == ["2", "5", "1"]
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert '<c r="A11"><v>7</v></c>' in sheet and "CPOM" not in sheet
    assert not [name for name in parts if re.search(r"item(Props)?2", name)]
    assert b"item2" not in parts["xl/_rels/workbook.xml.rels"] + parts["[Content_Types].xml"]
    raw = read_workbook(clean)
    assert raw.sheets[-1].name == "Contrôles" and raw.sheets[-1].max_row == 4


def test_a_next_round_replaces_the_marks_of_the_first(copie: bytes, tmp_path: Path) -> None:
    out, again = tmp_path / "deux.xlsx", tmp_path / "trois.xlsx"
    result = annotate(rewrite(copie, travaille), ANOMALIES[:1], out)
    assert (result.notes, result.warnings) == (1, ())
    parts = contents(out)
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r"CPOM - (\w+)", sheet) == ["bloquant"]
    assert parts[NOTES].decode().count("― Contrôles CPOM ―") == 1
    assert parts[NOTES].decode().count("<author>Contrôles CPOM</author>") == 1
    assert read_workbook(out).sheets[-1].max_row == 5
    annotate(out, ANOMALIES[:1], again)
    assert again.read_bytes() == out.read_bytes()


def journal(parts: dict[str, bytes]) -> dict[str, object]:
    """The content of the journal."""
    text = parts[JOURNAL].decode()
    found = json.loads(unescape(re.sub(r"<\?.*?\?>|<[^>]*>", "", text)))
    assert isinstance(found, dict)
    return found


def forge(parts: dict[str, bytes], content: object) -> None:
    """Another content of the journal."""
    text = parts[JOURNAL].decode()
    start, end = text.index(">", text.index("<annotation")) + 1, text.rindex("</")
    parts[JOURNAL] = (text[:start] + escape(json.dumps(content)) + text[end:]).encode()


def test_a_journal_that_would_change_a_cell_is_not_believed(copie: bytes, tmp_path: Path) -> None:
    def liar(parts: dict[str, bytes]) -> dict[str, bytes]:
        content = journal(parts)
        members = content["membres"]
        assert isinstance(members, dict)
        place = parts["xl/worksheets/sheet1.xml"].index(b"<v>20</v>") + 3
        members["xl/worksheets/sheet1.xml"]["coupes"].insert(0, [place, 2, "99"])
        forge(parts, content)
        return parts

    clean = tmp_path / "propre.xlsx"
    removal = remove_marks(rewrite(copie, liar), clean)
    assert not removal.exact
    cells = [s.cells for s in read_workbook(clean).sheets[:5]]
    assert cells == [s.cells for s in read_workbook(rich()).sheets]


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"membres": {}, "ajouts": []},
        {"membres": {"xl/workbook.xml": {"empreinte": "0", "coupes": []}}, "ajouts": []},
        {"membres": {"absent.xml": {"empreinte": "0", "coupes": [[1, 2, "é"]]}}, "ajouts": [1]},
        {"membres": {"a.xml": {"empreinte": "0", "coupes": [["a", 2, "€"]]}}, "ajouts": []},
    ],
)
def test_a_damaged_journal_falls_back_on_the_marks(
    copie: bytes, content: object, tmp_path: Path
) -> None:
    def damaged(parts: dict[str, bytes]) -> dict[str, bytes]:
        forge(parts, content)
        return parts

    clean = tmp_path / "propre.xlsx"
    assert not remove_marks(rewrite(copie, damaged), clean).exact
    parts = contents(clean)
    assert not any("CPOM - " in data.decode("latin-1") for data in parts.values())
    assert JOURNAL not in parts


def test_a_file_without_marks_is_copied_as_it_stands(tmp_path: Path) -> None:
    data = rich()  # once: a zip holds the time it was made
    removal = remove_marks(data, tmp_path / "propre.xlsx")
    assert removal.exact and "aucune marque" in removal.warnings[0]
    assert (tmp_path / "propre.xlsx").read_bytes() == data
