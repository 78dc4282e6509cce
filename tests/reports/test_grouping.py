"""Ranges, groups and file names: small pieces that every rendering shares."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports import harmless
from xl_cpom.reports.grouping import cell_ranges, enumerate_cells, group_findings, range_size
from xl_cpom.reports.renderings import output_names
from xl_cpom.reports.severity_looks import SEVERITY_LOOKS
from xl_cpom.reports.trajectoire import draw_chart
from xl_cpom.reports.words import VERDICTS, indicator_value, quantity
from xl_cpom.validators.model import Severity, Verdict
from xl_cpom.workbook.reader.refs import col_letters, col_number

PACKAGE = Path(harmless.__file__).parents[1]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((), ()),
        (("B2",), ("B2",)),
        (("P7", "Q7"), ("P7", "Q7")),
        (("B4", "B2", "B3"), ("B2:B4",)),
        (("P7", "Q7", "P8", "Q8"), ("P7:Q8",)),
        (("B2", "B3", "B4", "D7"), ("B2:B4", "D7")),
        (("Z1", "AA1", "AB1"), ("Z1:AB1",)),
        (("$C$5", "C6", "C7"), ("C5:C7",)),
        (("A1", "colonne absente", "A1"), ("A1", "colonne absente")),
    ],
)
def test_addresses_become_ranges(cells: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert cell_ranges(cells) == expected


@given(st.sets(st.tuples(st.integers(1, 40), st.integers(1, 60)), max_size=120))
def test_the_ranges_cover_exactly_the_cells(places: set[tuple[int, int]]) -> None:
    cells = [f"{col_letters(column)}{row}" for column, row in places]
    covered: list[str] = []
    for text in cell_ranges(cells):
        (left, top), (right, bottom) = _coin(text.split(":")[0]), _coin(text.split(":")[-1])
        found = [
            f"{col_letters(column)}{row}"
            for column in range(left, right + 1)
            for row in range(top, bottom + 1)
        ]
        assert range_size(text) == len(found)
        covered += found
    assert sorted(covered) == sorted(cells)


def _coin(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", text)
    assert found
    return col_number(found[1]), int(found[2])


def test_a_cut_enumeration_keeps_the_true_total() -> None:
    cells = [f"A{row}" for row in range(1, 30, 2)] + [f"C{row}" for row in range(50, 60)]
    assert enumerate_cells(cells, 3) == "A1, A3, A5 et 22\u00a0autres cellules"


def test_the_counts_of_the_sheets_are_those_of_the_report() -> None:
    report = fabrique.faulty_report()
    sheets = group_findings(report)
    for severity in Severity:
        assert sum(sheet.count(severity) for sheet in sheets) == report.count(severity)
    assert sum(g.count for sheet in sheets for g in sheet.groups) == len(report.findings)


def test_every_gravite_and_every_verdict_has_a_symbol_and_a_word() -> None:
    assert set(SEVERITY_LOOKS) == set(Severity)
    assert set(VERDICTS) == set(Verdict)
    assert len({(m.symbol, m.word) for m in VERDICTS.values()}) == len(Verdict)


def test_the_colours_of_a_page_are_declared_once() -> None:
    """Each severity and verdict has its class; no other sheet of style gives a colour a value."""
    sheets = {path: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.css"))}
    palette = next(path for path in sheets if path.name == "palette.css")
    given = {
        (path.name, name)
        for path, text in sheets.items()
        for name in re.findall(r"(--[a-z-]+)\s*:", text.partition("@media (prefers-color")[0])
    }
    assert {name for _, name in given} == {name for sheet, name in given if sheet == palette.name}
    assert len({name for _, name in given}) == len(given)
    dressed = [p for p in PACKAGE.rglob("*.html") if '"rapport.css"' in p.read_text("utf-8")]
    assert [p.name for p in dressed if '"palette.css"' not in p.read_text("utf-8")] == []
    shapes, pane = (
        next(text for path, text in sheets.items() if path.name == name)
        for name in ("rapport.css", "pane.css")
    )
    for look in (*SEVERITY_LOOKS.values(), *VERDICTS.values()):
        assert re.search(rf"\.{look.key}\b[^{{]*{{ color: var\(--[a-z]+\)", shapes), look
    for look in SEVERITY_LOOKS.values():
        ink = re.search(rf"\.{look.key}\b[^{{]*{{ (color: var\(--[a-z]+\))", shapes)
        assert ink and re.search(rf"\.{look.key} {{ {re.escape(ink[1])}", pane), look


def test_values_are_read_in_french() -> None:
    assert indicator_value("LEVEE", 0.7555) == "75,6\u202f%"
    assert indicator_value("DUREE_ACCOMPAGNEMENT", 412.25) == "412,3\u00a0jours"
    assert indicator_value("LEVEE", None) == ""
    assert (quantity(3.0), quantity(2.5), quantity(61728.4)) == ("3", "2,50", "61\u202f728")


def test_a_year_without_value_cuts_the_line() -> None:
    drawn = draw_chart((0.2, None, 0.6, 0.8, 1.0), (None,) * 5)
    assert drawn is not None
    assert drawn.cible_line.count("M") == 2
    assert drawn.realise_line == ""
    assert draw_chart((None,) * 5, (float("nan"),)) is None


@given(st.lists(st.none() | st.floats(-5, 5), min_size=5, max_size=5))
def test_the_trajectoire_fits_in_its_frame(values: list[float | None]) -> None:
    drawn = draw_chart(values, values)
    if drawn is not None:
        assert all(0 <= p.x <= 340 and 0 <= p.y <= 190 for p in drawn.cibles)
        heights = sorted(y for _, y in drawn.graduations)
        assert all(b - a >= 14 for a, b in itertools.pairwise(heights))
        assert 0.0 in [mark for mark, _ in drawn.graduations]


def test_file_names_are_safe_and_distinct() -> None:
    names = ["a/../retour.xlsx", "RETOUR.xlsx", "Été n°1 <b>.xlsx", "con.xlsx", "..", "=cmd|x.xlsm"]
    reports = [fabrique.rapport(file=name) for name in names]
    assert output_names(reports, "html") == [
        "retour.html",
        "RETOUR_2.html",
        "Ete_n1_b.html",
        "rapport_con.html",
        "rapport.html",
        "cmd_x.html",
    ]


@given(st.text(max_size=200))
def test_a_file_name_never_leaves_the_folder(text: str) -> None:
    name = harmless.safe_file_name(text)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Appel [ici](http://x.fr)", r"Appel \[ici\](http:\//x.fr)"),
        ("<img src=x>", r"\<img src=x\>"),
        ("**gras** et `code`", r"\*\*gras\*\* et \`code\`"),
        ("# titre", r"\# titre"),
        ("1. liste", r"1\. liste"),
        ("- liste", r"\- liste"),
        ("Plan d'actions, A6:A17 (IDE-001)", "Plan d'actions, A6:A17 (IDE-001)"),
        ("deux\nlignes", "deux⏎lignes"),
    ],
)
def test_the_markdown_of_the_classeur_does_not_act(text: str, expected: str) -> None:
    assert harmless.safe_markdown(text) == expected
