"""The zip: what is refused before a single part is read."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest

from xl_cpom.workbook.reader import Limits, UnreadableWorkbookError, read_workbook
from xl_cpom.workbook.reader.container import Container, normalise

from .builders import ForgedZip, forged, parts, sheet_xml, workbook, zipped

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
HONEST = parts({"A": sheet_xml(ONE)})
SHEET = "xl/worksheets/sheet1.xml"


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableWorkbookError) as caught:
        read_workbook(data, limits or Limits())
    return caught.value.code


def test_a_forged_but_truthful_zip_is_read() -> None:
    raw = read_workbook(forged(HONEST).close())
    assert raw.sheets[0].cells[1, 1].value == 1.0


def test_stored_members_and_data_descriptors() -> None:
    assert read_workbook(zipped(HONEST.items(), zipfile.ZIP_STORED)).sheets[0].cells

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        tell = seek  # type: ignore[assignment]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # writes data descriptors
        for name, text in HONEST.items():
            archive.writestr(name, text)
    assert read_workbook(pipe.getvalue()).sheets[0].cells[1, 1].value == 1.0


def test_zip64_members() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in HONEST.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(str(text).encode())
    assert read_workbook(buffer.getvalue()).sheets[0].cells[1, 1].value == 1.0


def test_a_zip64_end_record() -> None:
    data = forged(HONEST).close()
    at = data.rindex(b"PK\5\6")
    _, _, _, _, count, size, offset, _ = struct.unpack("<4s4H2LH", data[at:])
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    whole = data[:at] + end64 + locator + end
    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None
    assert read_workbook(whole).sheets[0].cells[1, 1].value == 1.0
    assert refusal(data[:at] + end64[:-1] + locator + end) == "LEC-ZIP"


def test_directories_and_a_comment_are_harmless() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/", "")
        for name, text in HONEST.items():
            archive.writestr(name, text)
        archive.comment = b"bonjour"
    assert read_workbook(buffer.getvalue()).sheets[0].cells[1, 1].value == 1.0


@pytest.mark.parametrize(
    "name",
    [
        SHEET,
        SHEET.upper(),
        "xl\\worksheets\\sheet1.xml",
        "/" + SHEET,
        "xl/./worksheets//sheet1.xml",
    ],
)
def test_two_members_of_one_name(name: str) -> None:
    assert refusal(zipped([*HONEST.items(), (name, "autre")])) == "LEC-ZIP-DOUBLON"


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "xl/../../evil.xml", "xl\\..\\evil.xml", "C:\\evil.xml", "c:evil", "..",
     "xl/worksheets/../sheet9.xml", "xl/a\0b.xml"],
)  # fmt: skip
def test_climbing_names(name: str) -> None:
    archive = forged(HONEST)
    archive.add(name, b"x")
    assert refusal(archive.close()) == "LEC-ZIP-CHEMIN"


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 99])
def test_only_stored_and_deflated(method: int) -> None:
    archive = forged(HONEST)
    archive.add("x", b"x", method=method, data=b"x")
    assert refusal(archive.close()) == "LEC-ZIP-METHODE"


def test_an_encrypted_member() -> None:
    archive = forged(HONEST)
    archive.add("x", b"x", flags=1)
    assert refusal(archive.close()) == "LEC-ZIP-CHIFFRE"


@pytest.mark.parametrize("size", [0, 1, 10**6, 2**32 - 2])
def test_a_declared_size_that_lies(size: int) -> None:
    members = {k: v for k, v in HONEST.items() if k != SHEET}
    archive = forged(members)
    archive.add(SHEET, str(HONEST[SHEET]).encode(), size=size)
    assert refusal(archive.close()) == "LEC-ZIP-TAILLE"


def test_a_stored_member_that_lies() -> None:
    archive = forged(HONEST)
    archive.add("x", b"abc", method=0, size=9)
    assert refusal(archive.close()) == "LEC-ZIP-TAILLE"


def test_a_wrong_checksum() -> None:
    members = {k: v for k, v in HONEST.items() if k != SHEET}
    archive = forged(members)
    archive.add(SHEET, str(HONEST[SHEET]).encode(), crc=1)
    assert refusal(archive.close()) == "LEC-ZIP"


def test_overlapping_members() -> None:
    archive = ForgedZip()
    archive.add("a", b"contenu", method=0)
    archive.add("b", b"contenu", method=0, offset=0, local_name="a")
    assert refusal(archive.close()) == "LEC-ZIP"  # the local name disagrees
    archive = ForgedZip()
    here = (zlib.crc32(b"x"), 1, 1, 1, 0)
    inner = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, *here) + b"b" + b"x"
    archive.add("a", inner, method=0)
    archive.add("b", b"x", method=0, offset=31)  # lies inside the data of « a »
    assert refusal(archive.close()) == "LEC-ZIP-RECOUVREMENT"


def test_a_local_header_that_disagrees() -> None:
    archive = forged({k: v for k, v in HONEST.items() if k != SHEET})
    archive.add(SHEET, str(HONEST[SHEET]).encode(), local_name="xl/worksheets/sheet9.xml")
    assert refusal(archive.close()) == "LEC-ZIP"


def test_a_local_size_that_disagrees() -> None:
    archive = forged({k: v for k, v in HONEST.items() if k != SHEET})
    archive.add(SHEET, str(HONEST[SHEET]).encode(), local_size=3)
    assert refusal(archive.close()) == "LEC-ZIP"


@pytest.mark.parametrize(
    ("kind", "content"), [("sharedStrings", "<sst/>"), ("styles", "<styleSheet/>")]
)
def test_two_parts_for_one_role(kind: str, content: str) -> None:
    twice = [("rIdX", kind, "a.xml"), ("rIdY", kind, "b.xml")]
    extra = {"xl/a.xml": content, "xl/b.xml": content}
    assert refusal(zipped(parts(book_relations=twice, extra=extra).items())) == "LEC-ZIP-ROLE"
    same = [("rIdX", "theme", "a.xml"), ("rIdY", "theme", "b.xml")]
    read_workbook(zipped(parts(book_relations=same, extra=extra).items()))


def test_two_relations_of_one_name() -> None:
    twice = [("rId1", "worksheet", "worksheets/autre.xml")]
    extra = {"xl/worksheets/autre.xml": HONEST[SHEET]}
    members = parts(book_relations=twice, extra=extra)
    assert refusal(zipped(members.items())) == "LEC-PARTIE-XML"


def test_shared_strings_that_are_announced_and_missing() -> None:
    members = parts(book_relations=[("rIdS", "sharedStrings", "sharedStrings.xml")])
    assert refusal(zipped(members.items())) == "LEC-PARTIE"


@pytest.mark.parametrize("count", [0, 3, 7, 65534])
def test_a_directory_whose_count_lies(count: int) -> None:
    code = refusal(forged(HONEST).close(count))
    assert code == ("LEC-LIM-MEMBRES" if count == 65534 else "LEC-ZIP")


def test_prepended_bytes() -> None:
    data = forged(HONEST).close()
    assert refusal(b"PK\3\4" + b"x" * 50 + data) == "LEC-ZIP"
    assert refusal(b"%PDF-1.7\n" + data) == "LEC-PDF"


def test_every_truncation_is_named() -> None:
    data = workbook(ONE)
    for cut in range(4, len(data), 37):
        assert refusal(data[:cut]) == "LEC-TRONQUE"


def test_every_flip_in_the_directory_is_read_or_named() -> None:
    data = bytearray(workbook(ONE))
    start = data.rindex(b"PK\5\6")
    start = struct.unpack("<L", data[start + 16 : start + 20])[0]
    rng = random.Random(5)
    codes = set()
    for at in range(start, len(data)):
        mutant = bytearray(data)
        mutant[at] ^= 1 << rng.randrange(8)
        try:
            read_workbook(bytes(mutant))
        except UnreadableWorkbookError as error:
            codes.add(error.code)
    assert {"LEC-ZIP", "LEC-TRONQUE", "LEC-ZIP-METHODE"} <= codes


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("/xl/workbook.xml", "xl/workbook.xml"),
        ("xl\\worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/worksheets/../sheet.xml", "xl/sheet.xml"),
        ("./xl//a.xml", "xl/a.xml"),
        ("../a", "../a"),
        ("a/../../b", "../b"),
        ("", ""),
    ],
)
def test_normalise(name: str, normal: str) -> None:
    assert normalise(name) == normal


def test_a_relation_that_climbs_finds_nothing() -> None:
    container = Container(forged(HONEST).close(), Limits())
    assert container.find("../../etc/passwd") is None
    assert container.find("../xl/workbook.xml") is None
