"""The faulty example, bare and with all that a user adds, through the command: member by member.

What is not named in a table here is byte for byte what it was, compressed bytes included.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.reports.annotate.loaded_workbook import (
    ACTIONS,
    CONVERSATION,
    FAULTY,
    IDENTIFICATION,
    NOTE,
    write,
)
from tests.reports.annotate.rich_workbook import contents
from tests.reports.annotate.test_members import entrees
from xl_cpom.cli import main
from xl_cpom.workbook.reader import read_workbook

TOUCHES = (
    r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml|"
    r"xl/worksheets/sheet\d+\.xml|xl/worksheets/_rels/sheet2\.xml\.rels|xl/comments\d+\.xml|"
    r"xl/drawings/vmlDrawing\d+\.vml|xl/tables/table17\.xml"
)
"""Members that may change: what shows the marks, and the table of the sheet « Contrôles »."""
UNTOUCHED = (
    "xl/sharedStrings.xml", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml",
    "xl/theme/theme1.xml", "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml",
    "xl/worksheets/sheet1.xml", "xl/worksheets/sheet22.xml", "xl/worksheets/sheet23.xml",
)  # fmt: skip
"""Members of the example that must be there, unchanged: never an empty comparison."""
ADDITIONS_OF_THE_USER = (
    "xl/threadedComments/threadedComment1.xml", "xl/persons/person.xml", "xl/media/image1.png",
    "xl/drawings/drawing9.xml", "xl/drawings/_rels/drawing9.xml.rels", "customXml/item1.xml",
    "xl/printerSettings/printerSettings1.bin",
)  # fmt: skip


def launched(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.fixture(scope="module", params=["nu", "charge"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """(name, original, annotated copy)."""
    folder = tmp_path_factory.mktemp("standard")
    if request.param == "nu":
        original = folder / "retour.xlsx"
        shutil.copy(FAULTY, original)
    else:
        original = write(folder)
    assert launched("annoter", original, "-o", folder / "copie") == 0
    return request.param, original, folder / "copie" / "retour-annoté.xlsx"


def test_every_member_is_the_original_or_one_that_shows_marks(pair: Any) -> None:
    name, original, copy = pair
    before, after = entrees(original.read_bytes()), entrees(copy.read_bytes())
    assert [one[0] for one in after[: len(before)]] == [one[0] for one in before]
    for old, new in zip(before, after, strict=False):
        assert new[2] == old[2], old[0]  # date, attributes, method
        if not re.fullmatch(TOUCHES, old[0]):
            assert new[1] == old[1], old[0]
    kept = {one[0] for one, two in zip(before, after, strict=False) if one[1] == two[1]}
    assert kept >= set(UNTOUCHED) | (set(ADDITIONS_OF_THE_USER) if name == "charge" else set())


def test_the_cells_of_every_sheet_are_those_of_the_original(pair: Any) -> None:
    """The cells are compared as bytes: cached values, formulas, styles, all."""
    _, original, copy = pair
    before, after = contents(original), contents(copy)
    sheets = [name for name in before if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    assert len(sheets) == 23
    changed = [
        name
        for name in sheets
        if re.search(rb"<sheetData.*</sheetData>", before[name], re.S)[0]  # type: ignore[index]
        != re.search(rb"<sheetData.*</sheetData>", after[name], re.S)[0]  # type: ignore[index]
    ]
    assert changed == ["xl/worksheets/sheet19.xml"]  # « Contrôles »


def test_what_a_user_added_is_still_there_and_a_conversation_has_no_twin(pair: Any) -> None:
    name, _, copy = pair
    if name == "nu":
        pytest.skip("nothing was added")
    parts = contents(copy)
    notes = parts["xl/comments3.xml"].decode()
    assert notes.count(f'ref="{CONVERSATION}"') == 1
    assert f'ref="{CONVERSATION}" authorId="1"><text><t>[Conversation]</t>' in notes
    assert re.search(
        rf'ref="{NOTE}" authorId="2"><text><r><t>Vu avec le pilote</t></r><r>.*?CPOM', notes, re.S
    )
    plan = parts[ACTIONS].decode()
    assert "<x14:dataValidations" in plan
    assert re.search(r'<x14:cfRule type="expression" priority="[2-9]"', plan)  # below ours
    assert '<drawing r:id="rId1"/>' in parts[IDENTIFICATION].decode()
    assert 'ObjectType="Button"' in parts["xl/drawings/vmlDrawing3.vml"].decode()
    ranks = [plan.index(f"<{tag}") for tag in (
        "sheetProtection", "conditionalFormatting", "dataValidations", "hyperlinks",
        "legacyDrawing", "tableParts", "extLst",
    )]  # fmt: skip
    assert ranks == sorted(ranks)
    fiche = parts[IDENTIFICATION].decode()
    assert fiche.index("<drawing ") < fiche.index("<legacyDrawing ")


def test_the_copy_tells_the_same_and_gives_the_original_back(
    pair: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, original, copy = pair
    told = []
    for path in (original, copy):
        assert launched("valider", path, "--format", "json") == 1
        told.append(json.loads(capsys.readouterr().out)["anomalies"])
    marked = [said for said in told[1] if said["code"] == "STR-065"]
    assert len(marked) == 1 and marked[0]["feuille"] == "Contrôles"
    assert told[0] == [said for said in told[1] if said not in marked] != []
    assert launched("annoter", copy, "--sans-marques", "-o", tmp_path / "net") == 0
    assert contents(tmp_path / "net" / original.name) == contents(original)
    assert launched("annoter", copy, "-o", tmp_path / "encore") == 0
    assert (tmp_path / "encore" / copy.name).read_bytes() == copy.read_bytes()


def test_every_link_of_the_sheet_leads_to_a_cell_that_exists(pair: Any) -> None:
    _, _, copy = pair
    raw = read_workbook(copy)
    names = {sheet.name for sheet in raw.sheets}
    sheet = contents(copy)["xl/worksheets/sheet19.xml"].decode()
    links = re.findall(
        r'<hyperlink ref="D\d+" location="\'([^"]*)\'!([A-Z]+\d+(?::[A-Z]+\d+)?)"', sheet
    )
    assert len(links) >= 70
    assert {name.replace("''", "'").replace("&amp;", "&") for name, _ in links} <= names


@pytest.mark.soffice
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_it(pair: Any, tmp_path: Path) -> None:
    name, _, copy = pair
    if name == "nu":
        pytest.skip("tests/cli/test_copie_annotee.py opens that one")
    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path),
         str(copy)],
        check=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (tmp_path / f"{copy.stem}.pdf").read_bytes()[:5] == b"%PDF-"


def test_the_two_workbooks_are_not_the_same(tmp_path: Path) -> None:
    """The fixture adds what it says it adds."""
    with zipfile.ZipFile(write(tmp_path)) as archive:
        assert set(ADDITIONS_OF_THE_USER) <= set(archive.namelist())
