"""Deterministic mutants of an honest workbook: each is read or refused by name, both ways alike."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
import xlsxwriter

from xl_cpom.workbook.reader import RawWorkbook, UnreadableWorkbookError, read_workbook
from xl_cpom.workbook.reader import sheet_part as sheet_part_module
from xl_cpom.workbook.reader import strings as strings_module

from .builders import zipped

TOKENS = [
    "<!--", "-->", "<![CDATA[", "]]>", "<?x ", "?>", "<!DOCTYPE a>", "&", "&amp;", "&#0;", "&#65;",
    "&x;", "<", ">", '"', "'", "/", "</row>", "<row>", '<row r="2">', '<c r="A1">', "</c>", "<v>",
    "</v>", "<f>", "</sheetData>", "<sheetData>", "\0", "\r", "\x0b", "\xe9", "\ufffe", "😀", " ",
    "_x0041_", "1", "-", "999999999999", 't="s"', 't="b"', 's="77"', "xmlns=''", "<si>", "</si>",
    "<is><t>", "\t", "NaN", "<t>", "</t>", ' r="B2"', "<a/>",
]  # fmt: skip


def honest() -> dict[str, bytes]:
    """A workbook with something of everything, by member."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    for name in ("Mesures", "Listes"):
        sheet = book.add_worksheet(name)
        for row in range(8):
            sheet.write_string(row, 0, f"Libellé {row} & suite")
            sheet.write_number(row, 1, 46_000 + row, date)
            sheet.write_formula(row, 2, f'=IF(B{row + 1}<>1,"é","")', None, "é")
            sheet.write_boolean(row, 3, row % 2 == 0)
            sheet.write_blank(row, 4, None, date)
        sheet.add_table("G1:H3", {"name": f"t{name}", "data": [["a", 1], ["b", 2]]})
        sheet.merge_range("J1:K2", "fusion")
        sheet.data_validation("A1:A9", {"validate": "list", "source": ["Oui", "Non"]})
        sheet.write_comment("A1", "aide")
        sheet.autofilter("A1:D8")
        sheet.filter_column("A", "x == NonBlanks")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write_rich_string("A9", "du ", date, "gras")
    book.set_custom_property("cpom", "1")
    book.define_name("Nom", "=Mesures!$A$1")
    book.close()
    archive = zipfile.ZipFile(buffer)
    return {name: archive.read(name) for name in archive.namelist()}


HONEST = honest()
READ = [n for n in HONEST if n.endswith((".xml", ".rels")) and "theme" not in n and "vml" not in n]
FAVOURITES = [n for n in READ if "worksheets/sheet" in n or n.endswith("sharedStrings.xml")]


def mutate(rng: random.Random, text: str) -> str:
    """One to three small changes anywhere in an XML text."""
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(text) + 1)
        upto = min(len(text), at + rng.choice([1, 1, 2, 5, 20, 100]))
        kind = rng.randrange(5)
        if kind == 0:
            text = text[:at] + rng.choice(TOKENS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[upto:]
        elif kind == 2:
            text = text[:upto] + text[at:]
        elif kind == 3:
            text = text[:at] + rng.choice(TOKENS) + text[upto:]
        else:
            other = rng.randrange(len(text) + 1)
            text = text[:at] + text[other : other + upto - at] + text[upto:]
    return text


def outcome(data: bytes) -> RawWorkbook | str:
    try:
        raw = read_workbook(data)
    except UnreadableWorkbookError as error:
        return error.code
    raw.sha256 = ""
    return raw


@pytest.fixture
def expat_outcome(monkeypatch: pytest.MonkeyPatch):
    def read(data: bytes) -> RawWorkbook | str:
        with monkeypatch.context() as patch:
            for module in (sheet_part_module, strings_module):
                patch.setattr(module, "skim", lambda chunks, _items, _longest: chunks)
            return outcome(data)

    return read


def test_the_honest_one_is_read_without_remark() -> None:
    raw = outcome(zipped(HONEST.items()))
    assert isinstance(raw, RawWorkbook)
    assert raw.remarks == ()
    assert [len(s.cells) for s in raw.sheets] == [40, 40]


@pytest.mark.parametrize("block", range(8))
def test_mutants_of_the_parts(expat_outcome, block: int) -> None:
    ends: set[str] = set()
    for seed in range(block * 75, block * 75 + 75):
        rng = random.Random(seed)
        members = dict(HONEST)
        for name in rng.sample(FAVOURITES if rng.random() < 0.7 else READ, rng.randrange(1, 3)):
            text = mutate(rng, members[name].decode())
            members[name] = text.encode("utf-8", "surrogatepass")
        data = zipped(members.items())
        found = outcome(data)
        assert found == expat_outcome(data), seed
        ends.add("lu" if isinstance(found, RawWorkbook) else found)
    assert "lu" in ends


@pytest.mark.parametrize("block", range(4))
def test_mutants_of_the_bytes_of_the_parts(expat_outcome, block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        rng = random.Random(seed)
        members = dict(HONEST)
        name = rng.choice(FAVOURITES)
        raw = bytearray(members[name])
        for _ in range(rng.choice([1, 3, 30])):
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        members[name] = bytes(raw)
        data = zipped(members.items())
        assert outcome(data) == expat_outcome(data), seed


@pytest.mark.parametrize("block", range(4))
def test_mutants_of_the_file(block: int) -> None:
    data = zipped(HONEST.items())
    ends = set()
    for seed in range(block * 100, block * 100 + 100):
        rng = random.Random(seed)
        mutant = bytearray(data)
        for _ in range(rng.choice([1, 2, 10])):
            at = rng.randrange(len(mutant))
            kind = rng.randrange(4)
            if kind == 0:
                mutant[at] ^= 1 << rng.randrange(8)
            elif kind == 1:
                mutant[at] = rng.choice([0, 255, 127, 80])
            elif kind == 2:
                del mutant[at : at + rng.randrange(1, 60)]
            else:
                mutant[at:at] = rng.randbytes(rng.randrange(1, 60))
        found = outcome(bytes(mutant))
        ends.add("lu" if isinstance(found, RawWorkbook) else found)
    assert {"LEC-ZIP", "LEC-TRONQUE"} & ends
