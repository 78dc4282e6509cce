"""What goes on paper: filled rows to the end of their page, no empty grid; LibreOffice counts."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tools.bureau import SOFFICE, conversion, profil
from tools.papier import BLANK_MOST, SIX_MOST, six_organisations
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.template.paper import beyond, printed_area, rows_on_whole_pages
from xl_cpom.workbook.template.proposed_targets import blank_content


@pytest.mark.parametrize(
    ("heights", "room", "rows"),
    [((), 150.0, 10), ((15.0,) * 3, 150.0, 10), ((15.0,) * 12, 150.0, 20), ((60.0,) * 3, 150.0, 9)],
)
def test_rows_finish_their_last_page(heights: Sequence[float], room: float, rows: int) -> None:
    assert rows_on_whole_pages(heights, room) == rows


def test_an_occasional_sheet_starts_with_no_content_of_ours() -> None:
    for sheet in SHEETS.values():
        if sheet.occasional:
            area = printed_area(Place(sheet, sheet.capacity), (), ())
            kept = sheet.columns[area.first_column - 1 : area.last_column]
            assert kept and all(column.is_entry for column in kept), sheet.key


def test_what_is_filled_is_printed_whole() -> None:
    """The comments too, once one of them is written."""
    for key, rows in valid_content().items():
        sheet = SHEETS[key]
        if key == "identification":
            continue
        place = Place(sheet, max(sheet.capacity, len(rows)))
        area = printed_area(place, rows, [15.0] * len(rows))
        assert area.last_row >= place.header_row + len(rows), key
        inside = {c.key for c in sheet.columns[: area.last_column]}
        assert {k for row in rows for k, value in row.items() if value not in (None, "", ())} <= (
            inside | {c.key for c in sheet.columns if not c.is_entry}
        ), key


def test_the_sheet_says_when_more_was_typed_than_is_printed() -> None:
    sheet = SHEETS["actions"]
    place = Place(sheet, sheet.capacity)
    formula = beyond(place, printed_area(place, (), ()))
    assert formula is not None
    bottom = int(re.findall(r"\$A\$(\d+):\$A\$105", formula)[0])
    assert place.first_row < bottom <= 105
    assert "$Q$6:$Q$105" in formula and "$P$" not in formula  # the comment, not the technical one


def test_the_print_areas_of_the_file(blank: Path) -> None:
    book = load_workbook(blank)
    assert "$A$6" in book["Plan d'actions"].print_area
    assert book["Modules"].print_area == "'Modules'!$E$6:$I$13"  # no answer yet, even here
    assert book["Modules"].print_title_cols == "$A:$D"


@pytest.mark.long
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_pages_as_libreoffice_prints_them(tmp_path: Path, ref) -> None:
    paths = [tmp_path / "vierge.xlsx", tmp_path / "six.xlsx"]
    write_template(paths[0], ref, contenu=blank_content(ref))
    write_template(paths[1], ref, contenu=six_organisations())
    subprocess.run(
        conversion(profil(tmp_path), tmp_path, "pdf", *paths),
        check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    blank, six = (
        len(re.findall(rb"/Type\s*/Page\b(?!s)", path.with_suffix(".pdf").read_bytes()))
        for path in paths
    )
    assert 0 < blank <= BLANK_MOST
    assert blank < six <= SIX_MOST
