"""Contrasts, heights, words: what can be said of the look without looking."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell

from xl_cpom.referentiel.expected_names import STATE_WORDS
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import looks
from xl_cpom.workbook.template.looks import STATES
from xl_cpom.workbook.template.measure import lines

PAIRS = {
    "text": (looks.INK, looks.WHITE),
    "calculated": (looks.INK, looks.COMPUTED),
    "missing": (looks.INK, looks.MISSING),
    "required header": (looks.WHITE, looks.NAVY),
    "optional header": (looks.INK, looks.HEADER_OPTIONAL),
    "calculated header": (looks.INK, looks.HEADER_COMPUTED),
    "help": (looks.ON_ANY_PAGE[looks.MUTED], looks.WHITE),
    "greyed #N/A": (looks.MUTED, looks.COMPUTED),
    "link": (looks.ON_ANY_PAGE[looks.LINK], looks.WHITE),
    "alert": (looks.ON_ANY_PAGE[looks.STATES["refusé"][1]], looks.WHITE),
    **{f"link of the band {fill}": (looks.LINK, fill) for fill in looks.BANDS},
    "to complete": ("#6B4300", looks.MISSING),
    **{name: (ink, fill) for name, (_, ink, fill) in STATES.items()},
}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(ink: str, page: str) -> float:
    one, two = sorted((_luminance(ink), _luminance(page)))
    return (two + 0.05) / (one + 0.05)


@pytest.mark.parametrize("pair", PAIRS)
def test_each_pair_of_colours_is_readable(pair: str) -> None:
    assert _contrast(*PAIRS[pair]) >= 4.5


DARK_PAGE = "#1C1C1C"


def test_no_cell_without_fill_is_dark_on_a_dark_page(valide: Path) -> None:
    """A dark theme paints the page under cells that have no fill."""
    hidden = {
        (tab.title, cell.coordinate)
        for tab in load_workbook(valide)
        if tab.sheet_state == "visible"
        for row in tab.iter_rows()
        for cell in row
        if not isinstance(cell, MergedCell)
        and cell.fill.fill_type is None
        and cell.font.color is not None
        and (
            cell.font.color.type != "rgb" or _contrast(f"#{cell.font.color.rgb[2:]}", DARK_PAGE) < 3
        )
        and (cell.value is not None or not cell.protection.locked)
    }
    assert hidden == set()


def test_no_state_is_told_by_colour_alone() -> None:
    symbols = [symbol for symbol, _, _ in STATES.values()]
    assert len(set(symbols)) == len(symbols)
    assert tuple(STATES) == STATE_WORDS


def test_every_status_of_the_referentiel_has_its_state(ref) -> None:
    for name in ("statut_action", "statut_fragilite", "statut_mesure", "atteinte"):
        assert set(ref.listes[name]) == set(ref.list_definitions[name].etats)


@pytest.mark.parametrize(
    ("text", "width", "count"),
    [("", 10, 1), ("court", 10, 1), ("deux mots assez longs", 11, 3), ("a\nb", 20, 2),
     ("x" * 100, 22, 5)],
)  # fmt: skip
def test_lines_of_a_wrapped_text(text: str, width: float, count: int) -> None:
    assert lines(text, width) == count


def test_no_column_is_too_narrow_for_the_longest_word_of_its_header() -> None:
    for sheet in SHEETS.values():
        for column in sheet.columns:
            longest = max(column.header.replace("-", " ").split(), key=len)
            assert len(longest) <= column.width + 1, (sheet.key, column.key)
