"""The boxes of the notes are readable: wide and tall enough whatever the sheet looks like."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.reports.annotate.rich_workbook import anomalie, contents
from xl_cpom.reports.annotate import annotate, remove_marks
from xl_cpom.reports.annotate.note_boxes import MARGIN, ROW, WIDTH, GridAxis

PHRASE = "une phrase assez longue pour tenir sur plusieurs lignes de la note, " * 6


def etroites(sheet: Any) -> None:
    """Columns of three characters, as in a calendar."""
    sheet.set_column(0, 200, 3)


def larges(sheet: Any) -> None:
    """One column takes the whole screen."""
    sheet.set_column(2, 2, 150)


def hidden(sheet: Any) -> None:
    """A filter and a fold hide the neighbours of the cell."""
    sheet.set_column(2, 20, 10, None, {"hidden": True})
    for row in range(3, 400):
        sheet.set_row(row, None, None, {"hidden": True})


def hautes(sheet: Any) -> None:
    """Tall rows."""
    for row in range(40):
        sheet.set_row(row, 60)


def simples(sheet: Any) -> None:
    """Nothing said of any width."""


def boites(path: Path) -> dict[tuple[int, int], list[int]]:
    """Anchor of each note, by (row, column) from 0."""
    found = {}
    for name, data in contents(path).items():
        if name.endswith(".vml"):
            for shape in re.findall(r"<v:shape\b.*?</v:shape>", data.decode(), re.DOTALL):
                place = [int(n) for n in re.findall(r"<x:(?:Row|Column)>(\d+)<", shape)]
                anchor = re.search(r"<x:Anchor>([^<]*)<", shape)
                assert anchor is not None
                found[place[0], place[1]] = [int(n) for n in anchor[1].split(",")]
    return found


def etendue(count: int, default: int, sizes: dict[int, int], ends: list[int]) -> int:
    """Pixels between two ends (line, pixels in it), added line by line: the slow, sure way."""
    first, first_in, last, last_in = ends
    return sum(sizes.get(n, default) for n in range(first, last)) - first_in + last_in


HIDDEN_ROWS = dict.fromkeys(range(3, 400), 0)
CAS: list[tuple[Callable[[Any], None], dict[int, int], dict[int, int]]] = [
    (simples, {}, {}),
    (etroites, dict.fromkeys(range(201), 26), {}),
    (larges, {2: 1055}, {}),
    (hidden, dict.fromkeys(range(2, 21), 0), HIDDEN_ROWS),
    (hautes, {}, dict.fromkeys(range(40), 80)),
]


@pytest.mark.parametrize(
    ("shape", "columns", "rows"), CAS, ids=lambda c: getattr(c, "__name__", "")
)
def test_the_box_is_as_wide_and_tall_as_its_text(
    shape: Callable[[Any], None], columns: dict[int, int], rows: dict[int, int], tmp_path: Path
) -> None:
    stream, copy = io.BytesIO(), tmp_path / "copie.xlsx"
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        shape(book.add_worksheet("A"))
    annotate(stream.getvalue(), [anomalie("A", "B3", message=PHRASE)], copy)
    ((place, ends),) = boites(copy).items()
    assert place == (2, 1)
    width = etendue(0, 64, columns, [ends[0], ends[1], ends[4], ends[5]])
    height = etendue(0, 20, rows, [ends[2], ends[3], ends[6], ends[7]])
    assert abs(width - WIDTH) <= 2
    assert height >= ROW * 11 + MARGIN  # the message alone is nine lines


def test_a_cell_at_the_very_end_of_the_sheet_has_its_box_inside(tmp_path: Path) -> None:
    stream, copy = io.BytesIO(), tmp_path / "copie.xlsx"
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("A")
    annotate(stream.getvalue(), [anomalie("A", "XFD1048576", message=PHRASE)], copy)
    ((_, ends),) = boites(copy).items()
    assert ends[4] <= 16_383 and ends[6] <= 1_048_575
    assert 0 <= ends[0] < ends[4] and 0 <= ends[2] < ends[6]


def test_the_box_of_the_user_grows_with_what_is_added_and_comes_back(tmp_path: Path) -> None:
    stream = io.BytesIO()
    original, copy, clean = (tmp_path / f"{name}.xlsx" for name in ("original", "copie", "propre"))
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("A")
        sheet.write_comment("B3", "Vu", {"width": 60, "height": 20})
        sheet.write_comment("B9", "Autre", {"width": 60, "height": 20})
    original.write_bytes(stream.getvalue())
    annotate(original, [anomalie("A", "B3", message=PHRASE)], copy)
    before, after = boites(original), boites(copy)
    assert after[8, 1] == before[8, 1]
    ends = after[2, 1]
    assert ends[:4] == before[2, 1][:4]
    assert etendue(0, 64, {}, [ends[0], ends[1], ends[4], ends[5]]) >= WIDTH
    assert etendue(0, 20, {}, [ends[2], ends[3], ends[6], ends[7]]) >= 20 + ROW * 11
    assert remove_marks(copy, clean).exact
    assert clean.read_bytes() == original.read_bytes()


@pytest.mark.parametrize("anchor", ["", "a, b", "1, 15, 2", "9999999, 1, 99999999, 1, 0, 0, 0, 0"])
def test_an_anchor_that_means_nothing_is_no_obstacle(anchor: str, tmp_path: Path) -> None:
    from tests.reports.annotate.rich_workbook import rewrite

    stream, copy = io.BytesIO(), tmp_path / "copie.xlsx"
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("A").write_comment("B3", "Vu")

    def damaged(parts: dict[str, bytes]) -> dict[str, bytes]:
        name = "xl/drawings/vmlDrawing1.vml"
        new = f"<x:Anchor>{anchor}</x:Anchor>".encode()
        return parts | {name: re.sub(rb"<x:Anchor>[^<]*</x:Anchor>", new, parts[name])}

    result = annotate(rewrite(stream.getvalue(), damaged), [anomalie("A", "B3")], copy)
    assert result.notes == 1
    if len(anchor) > 20:
        assert all(0 <= n <= 16_383 for n in boites(copy)[2, 1][::4])


@given(
    st.integers(1, 60),
    st.dictionaries(st.integers(0, 59), st.integers(0, 300), max_size=12),
    st.integers(0, 80),
    st.integers(0, 20_000),
)
def test_edges_and_pixels_agree(default: int, sizes: dict[int, int], line: int, pixel: int) -> None:
    axis = GridAxis(60, default, sizes)
    widths = [sizes.get(n, default) for n in range(60)]
    assert axis.edge(min(line, 60)) == sum(widths[: min(line, 60)])
    if pixel < sum(widths):
        found, rest = axis.at(pixel)
        assert sum(widths[:found]) + rest == pixel and rest < widths[found]
