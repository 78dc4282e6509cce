"""Every member of the archive before and after: what may change, and by what alone."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.reports.annotate.rich_workbook import ANOMALIES, contents, rich
from xl_cpom.reports.annotate import annotate, remove_marks

MODIFIES = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/comments1.xml",
    "xl/drawings/vmlDrawing1.vml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/worksheets/sheet4.xml",
    "xl/worksheets/sheet5.xml",
    "xl/worksheets/_rels/sheet2.xml.rels",
}
AJOUTES = {
    "customXml/item2.xml",
    "xl/comments2.xml",
    "xl/comments3.xml",
    "xl/comments4.xml",
    "xl/drawings/vmlDrawing2.vml",
    "xl/drawings/vmlDrawing3.vml",
    "xl/drawings/vmlDrawing4.vml",
    "xl/tables/table2.xml",
    "xl/worksheets/_rels/sheet4.xml.rels",
    "xl/worksheets/_rels/sheet5.xml.rels",
    "xl/worksheets/_rels/sheet6.xml.rels",
    "xl/worksheets/sheet6.xml",
}
INSERTIONS = {
    "[Content_Types].xml": [rf'<Override PartName="/(?:{"|".join(AJOUTES)})" [^>]*/>'],
    "xl/workbook.xml": [r'<sheet name="Contrôles" sheetId="6" r:id="rIdCpom\d"/>'],
    "xl/_rels/workbook.xml.rels": [r'<Relationship Id="rIdCpom\d"[^>]*/>'],
    "xl/worksheets/_rels/sheet2.xml.rels": [r'<Relationship Id="rIdCpom\d"[^>]*/>'],
    "xl/styles.xml": [
        r"<dxf><font>(?:<b/>)?<color rgb=\"FF(?:7A0012|5C3A00|1B3A66)\"/>.*?</dxf>",
        r'<font>(?:<[bu]/>)?<sz val="1[13]"/>(?:<color rgb="FF(?:FFFFFF|0B4F9C)"/>)?'
        r'<name val="Calibri"/></font>',
        r'<fill><patternFill patternType="solid"><fgColor rgb="FF1F3864"/><bgColor indexed="64"/>'
        r"</patternFill></fill>(?=</fills>)",
        r'<xf numFmtId="0" fontId="\d" fillId="\d" borderId="0" xfId="0" applyFont="1" '
        r'applyFill="1" applyAlignment="1"><alignment vertical="top"(?: wrapText="1")?/></xf>',
    ],
    "xl/comments1.xml": [
        r"<author>Contrôles CPOM</author>",
        r'<comment ref="[A-Z]+\d+" authorId="2">.*?</comment>',
        r"<r><rPr><sz val=\"9\"/><color rgb=\"FF000000\"/>[^/]*/><family val=\"2\"/></rPr>"
        r"<t xml:space=\"preserve\">\n― Contrôles CPOM ―.*?</r>",
    ],
    "xl/drawings/vmlDrawing1.vml": [
        r'<v:shape id="_x0000_s(?:2049|205\d)".*?</v:shape>',
        r'(?<=data="1),2',
    ],
}
SHEET = [
    r'<conditionalFormatting sqref="[^"]*"><cfRule[^>]*><formula>LEN\("Contrôles CPOM - [a-z]+"\)'
    r"&gt;0</formula></cfRule></conditionalFormatting>",
    r'<legacyDrawing r:id="rIdCpom\d"/>',
]


@pytest.fixture(scope="module", params=[False, True], ids=["xlsx", "xlsm"])
def trio(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[bytes, Path, Path]:
    """The original, its annotated copy, the copy cleaned again."""
    macros: bool = request.param
    folder = tmp_path_factory.mktemp("membres")
    suffix = ".xlsm" if macros else ".xlsx"
    original = rich(macros=macros)
    copy, clean = folder / f"copie{suffix}", folder / f"propre{suffix}"
    annotate(original, ANOMALIES, copy, verdict_line="Verdict : non recevable")
    remove_marks(copy, clean)
    return original, copy, clean


def entrees(data: bytes) -> list[tuple[str, bytes, tuple[object, ...]]]:
    """Name, compressed bytes as stored, and every attribute, in the order of the archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = []
        for info in archive.infolist():
            header = data[info.header_offset : info.header_offset + 30]
            start = info.header_offset + 30 + int.from_bytes(header[26:28], "little")
            start += int.from_bytes(header[28:30], "little")
            attributes = (
                info.date_time, info.external_attr, info.internal_attr, info.compress_type,
                info.create_system, info.extra, info.comment,
            )  # fmt: skip
            found.append((info.filename, data[start : start + info.compress_size], attributes))
        return found


def test_only_the_expected_members_change(trio: tuple[bytes, Path, Path]) -> None:
    before, after = contents(trio[0]), contents(trio[1])
    assert {name for name in before if before[name] != after.get(name)} == MODIFIES
    assert set(after) - set(before) == AJOUTES


def test_untouched_members_keep_their_stored_bytes_dates_and_order(
    trio: tuple[bytes, Path, Path],
) -> None:
    before, after = entrees(trio[0]), entrees(trio[1].read_bytes())
    assert [name for name, _, _ in after[: len(before)]] == [name for name, _, _ in before]
    for old, new in zip(before, after, strict=False):
        assert new[2] == old[2]
        assert (new[1] == old[1]) is (old[0] not in MODIFIES), old[0]


@pytest.mark.parametrize("name", sorted(MODIFIES))
def test_a_changed_member_is_the_original_but_for_what_was_inserted(
    trio: tuple[bytes, Path, Path], name: str
) -> None:
    before = contents(trio[0])[name].decode()
    after = contents(trio[1])[name].decode()
    for pattern in INSERTIONS.get(name, SHEET):
        after, count = re.subn(pattern, "", after, flags=re.DOTALL)
        assert count or name.startswith("xl/worksheets/"), pattern
    if name == "xl/comments1.xml":  # the plain text of the user's note became a first run
        after = after.replace("<r><t>Note de l'utilisateur</t></r>", "<t>Note de l'utilisateur</t>")
    if name.endswith(".vml"):  # the box of that note grew: see test_note_boxes
        grown = r"(?<=<x:Anchor>)[^<]*(?=</x:Anchor>.{,100}<x:Row>2</x:Row><x:Column>1</x:Column>)"
        before, after = (re.sub(grown, "", text, flags=re.DOTALL) for text in (before, after))
    renumbered = r'(?<= priority=")\d+' if "worksheets" in name else r'(?<= count=")\d+'
    assert re.sub(renumbered, "", after) == re.sub(renumbered, "", before)


def test_the_rules_of_the_user_keep_their_order_below_ours(
    trio: tuple[bytes, Path, Path],
) -> None:
    def rules(path: bytes | Path) -> list[int]:
        sheet = contents(path)["xl/worksheets/sheet1.xml"].decode()
        return [int(p) for p in re.findall(r'<(?:x14:)?cfRule[^>]* priority="(\d+)"', sheet)]

    assert rules(trio[0]) == [1, 2, 3, 4]
    assert rules(trio[1]) == [1, 2, 3, 4, 5, 6, 7]


def test_annotating_the_copy_again_replaces_the_marks(
    trio: tuple[bytes, Path, Path], tmp_path: Path
) -> None:
    again = tmp_path / f"encore{trio[1].suffix}"
    annotate(trio[1], ANOMALIES, again, verdict_line="Verdict : non recevable")
    assert again.read_bytes() == trio[1].read_bytes()


def test_other_findings_replace_the_former_ones(
    trio: tuple[bytes, Path, Path], tmp_path: Path
) -> None:
    suffix = trio[1].suffix
    direct, after = tmp_path / f"direct{suffix}", tmp_path / f"apres{suffix}"
    annotate(trio[0], ANOMALIES[5:6], direct)
    annotate(trio[1], ANOMALIES[5:6], after)
    assert contents(after) == contents(direct)


def test_without_marks_the_file_is_the_original(trio: tuple[bytes, Path, Path]) -> None:
    assert contents(trio[2]) == contents(trio[0])
    assert trio[2].read_bytes() == trio[0]  # same compressor: even the archive is the same


def test_the_source_is_never_written_to(tmp_path: Path) -> None:
    source = tmp_path / "retour.xlsx"
    source.write_bytes(rich())
    before = (source.read_bytes(), source.stat().st_mtime_ns)
    result = annotate(source, ANOMALIES, tmp_path / "copie.xlsx")
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copie.xlsx", "retour.xlsx"]
    assert (result.notes, result.cells) == (8, 9)
