"""How much of a workbook is filled: one figure, on « Accueil », in the reports, in the JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.atelier import VALIDE, WORKBOOKS
from tests.corpus.gestes import Gestures
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.ready_to_send import last_checks
from xl_cpom.workbook.filled_share import (
    SheetFill,
    total_rate,
    whole_percent,
    workbook_fills,
)
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.reader import read_workbook

BLANK = WORKBOOKS / "CPOM_socle_2026-2030.xlsx"


def on_home(path: Path) -> dict[str, object]:
    """What « Accueil » shows: sheet -> its rate."""
    tab = read_workbook(path).sheet("Accueil")
    assert tab is not None
    names = {row: c.value for (row, col), c in tab.cells.items() if col == 2}
    return {
        str(names[row]): cell.value
        for (row, col), cell in tab.cells.items()
        if col == 7 and cell.formula
    }


@pytest.mark.parametrize(
    "path", [VALIDE, WORKBOOKS / "exemple_fautif.xlsx", BLANK], ids=lambda p: p.stem
)
def test_home_shows_the_figures_of_the_report(path: Path) -> None:
    classeur = interpret(read_workbook(path), load_referentiel()).classeur
    fills = workbook_fills(classeur)
    expected = {f.name: "" if f.rate is None else pytest.approx(f.rate) for f in fills}
    shown = on_home(path)
    if path.stem != "exemple_fautif":  # its values are those before its faults
        assert shown == {**expected, "Tout le classeur": pytest.approx(total_rate(fills))}
    said = json.loads(json.dumps(check(path).to_dict()))["completude"]
    assert said["taux"] == pytest.approx(total_rate(fills), abs=1e-4)
    assert {one["feuille"] for one in said["feuilles"]} == {
        f.name for f in fills if f.rate is not None
    }


def test_an_emptied_cell_lowers_its_sheet_and_the_whole() -> None:
    book = Gestures()
    book.cellule("Identification", book.adresse("Identification", "", "SIREN"), None)
    raw = read_workbook(book.octets())
    fills = {f.name: f for f in workbook_fills(interpret(raw, load_referentiel()).classeur)}
    assert (fills["Identification"].empty, fills["Établissements"].rate) == (1, 1.0)
    whole = total_rate(fills.values())
    assert whole is not None and 0.99 < whole < 1 and whole_percent(whole) == 99


def test_a_hundred_percent_means_that_nothing_is_missing() -> None:
    assert (whole_percent(0.9999), whole_percent(1.0), whole_percent(0.001)) == (99, 100, 1)
    assert whole_percent(0.0) == 0
    assert SheetFill("x", 0, 0, 0).rate is None
    assert SheetFill("x", 1, 4, 4, active=False).rate is None
    assert total_rate([]) is None


def test_the_last_list_of_a_sound_workbook_has_nothing_to_do() -> None:
    checks = last_checks(check(VALIDE))
    assert [one.done for one in checks] == [True, True, True, None, None]
    assert checks[2].text.replace("\u00a0", " ").replace("\u202f", " ") == (
        "Classeur rempli à 100 %"
    )


def test_the_page_of_the_region_tells_the_same_figure() -> None:
    """Of a return to be corrected: who is called hears how far it is filled."""
    from dataclasses import replace

    from xl_cpom.batch.answer import file_answer
    from xl_cpom.batch.region.figures import said_to_correct
    from xl_cpom.batch.situation import situations
    from xl_cpom.validators.across_returns import campaign_report
    from xl_cpom.validators.check import check_and_keep
    from xl_cpom.validators.retours import Campagne

    path = WORKBOOKS / "exemple_fautif.xlsx"
    answer = file_answer(path.name, *check_and_keep(path))
    result = campaign_report(Campagne((answer.rendu,)), [answer.report])
    (situation,) = situations(result)
    assert situation.filled == pytest.approx(total_rate(answer.report.fills))
    assert said_to_correct(situation).endswith("rempli à 99 %")
    assert "rempli" not in said_to_correct(replace(situation, filled=1.0))
