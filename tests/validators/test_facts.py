"""What rules of several families ask of a workbook: delays, groups of rows, thresholds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_cpom.referentiel import Seuil, load_referentiel
from xl_cpom.validators.facts.delays import plus_ans, plus_days, plus_months
from xl_cpom.validators.facts.groups import divergences, duplicates, grouper
from xl_cpom.validators.facts.thresholds import out_of_bounds, usuel
from xl_cpom.workbook.building import build
from xl_cpom.workbook.records import NON_LU

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


@given(DAYS, st.integers(-600, 600))
def test_months_move_to_the_month_asked(day: dt.date, month: int) -> None:
    moved = plus_months(day, month)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + month
    assert moved.day <= day.day
    assert moved.day == day.day or (moved + dt.timedelta(days=1)).day == 1


def test_dates_that_cannot_exist_are_brought_back() -> None:
    assert plus_ans(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert plus_months(dt.date(2027, 1, 31), 1) == dt.date(2027, 2, 28)
    assert plus_months(dt.date(9998, 12, 1), 1) == dt.date(9999, 1, 1)
    assert plus_months(dt.date(9999, 12, 1), 1) == dt.date(9999, 12, 1)
    assert plus_months(dt.date(9999, 11, 30), 3) == dt.date(9999, 12, 30)
    assert plus_months(dt.date(2, 1, 1), -12) == dt.date(1, 1, 1)
    assert plus_months(dt.date(1, 1, 1), -1) == dt.date.min
    assert plus_days(dt.date(9999, 12, 31), 3650) == dt.date.max
    assert plus_days(dt.date(1, 1, 1), -1) == dt.date.min
    assert plus_days(dt.date(2027, 12, 31), 1) == dt.date(2028, 1, 1)


def test_rows_are_grouped_by_what_they_say() -> None:
    rows = build(
        {"mesures": [
            {"numero_mission": "M1", "numero": "P1"}, {"numero_mission": "m1", "numero": "p1 "},
            {"numero_mission": "M1", "numero": None}, {"numero_mission": "M2", "numero": "P1"},
        ]},
        load_referentiel(),
    )["mesures"].rows  # fmt: skip
    rows[3].values["numero"] = NON_LU
    assert list(grouper(rows, "numero_mission", "numero").values()) == [rows[:2]]
    assert duplicates(rows, "numero_mission", "numero") == [rows[:2]]
    assert duplicates(rows, "numero_mission") == [rows[:3]]
    assert divergences(rows, ("numero_mission",), ("numero",)) == [rows[:3]]


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((0.0, 1.2, False), "entre 0_% et 120_%"),
        ((0.0, 0.4, True), "de 0_% à moins de 40_%"),
        ((None, 1.2, False), "au plus 120_%"),
        ((None, 0.4, True), "moins de 40_%"),
        ((0.0, None, False), "au moins 0_%"),
    ],
)
def test_usual_values_in_words(bounds: tuple[Any, Any, bool], text: str) -> None:
    seuil = Seuil("X", "X", *bounds, None, "", "")
    assert usuel(seuil) == text.replace("_", "\u202f")


def test_a_rate_is_judged_as_it_is_displayed() -> None:
    seuil = load_referentiel().seuils["OCCUPATION"]
    assert not out_of_bounds(1.20049, seuil)
    assert out_of_bounds(1.2005, seuil)
    assert not out_of_bounds(-0.0004, seuil)
    assert out_of_bounds(-0.0006, seuil)
