"""Damaged workbooks end in a copy or in one sentence; the copy costs a few readings, no more."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path
from xml.parsers import expat

import pytest
import xlsxwriter

from tests.reports.annotate.rich_workbook import ANOMALIES, anomalie, contents, rewrite, rich
from xl_cpom.reports.annotate import AnnotationError, annotate, remove_marks, xmlscan

CHUNKS = (rb'="[^"]*"', rb"<[^>]*>", rb"<[^>]*/>", rb">[^<]+<", rb"<[a-zA-Z]+(?=[ >/])")
REMPLACEMENTS = (b"", b'="-1"', b'="99999999999"', b'=""', b'="ZZZ9"', b'="A1:B"', b"<zz", b">9<")


def damaged(parts: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """One to three parts lost, or with a piece replaced."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        name = chance.choice([n for n in parts if n.endswith((".xml", ".rels", ".vml"))])
        found = list(re.finditer(chance.choice(CHUNKS), parts[name]))
        if not found or chance.random() < 0.1:
            del parts[name]
            continue
        piece, data = chance.choice(found), parts[name]
        new = chance.choice(REMPLACEMENTS)
        parts[name] = data[: piece.start()] + new + data[piece.end() :]
    return parts


def well_formed(parts: dict[str, bytes]) -> set[str]:
    """The parts that are well-formed XML."""
    good = set()
    for name, data in parts.items():
        try:
            expat.ParserCreate().Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError):
            continue
        good.add(name)
    return good


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_workbook_gives_a_copy_or_a_sentence(seed: int, tmp_path: Path) -> None:
    chance, out = random.Random(seed), tmp_path / "copie.xlsx"
    annotate(rich(), ANOMALIES, out)
    sources, outcomes = (rich(), out.read_bytes()), {"copie": 0, "refus": 0}
    for number in range(25):
        parts = damaged(contents(sources[number % 2]), chance)
        data = rewrite(sources[0], lambda _, parts=parts: parts)
        for act in (
            lambda d=data: annotate(d, ANOMALIES, out),
            lambda d=data: remove_marks(d, out),
        ):
            try:
                act()
            except AnnotationError as refusal:
                assert refusal.message
                outcomes["refus"] += 1
                continue
            outcomes["copie"] += 1
            made = contents(out)
            kept = {name: data for name, data in parts.items() if name in made}
            assert well_formed(kept) <= well_formed(made)
    assert outcomes["copie"] > outcomes["refus"] > 0


def nodes(rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """(bytes of the sheet, elements the annotation makes an object of) for so many rows."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("A")
        for row in range(rows):
            sheet.write_row(row, 0, [row, row + 0.5, f"texte {row}"])
    made = []
    init = xmlscan.XmlNode.__init__
    with monkeypatch.context() as patch:
        patch.setattr(xmlscan.XmlNode, "__init__", lambda *a: (made.append(1), init(*a))[1])
        annotate(stream.getvalue(), [anomalie("A", "B2"), anomalie("A", "C9")], tmp_path / "c.xlsx")
    return len(contents(stream.getvalue())["xl/worksheets/sheet1.xml"]), len(made)


def test_the_cost_does_not_follow_the_number_of_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are left unread: only what stands around them is made into objects."""
    small, large = (nodes(rows, tmp_path, monkeypatch) for rows in (20, 2000))
    assert large[0] > 50 * small[0]
    assert large[1] == small[1] < 200
