"""What a number format shows: dates above all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel, to_excel

from xl_cpom.workbook.reader.number_formats import built_in, describe
from xl_cpom.workbook.reader.serial_dates import iso_to_serial, serial_to_datetime

DATES = [
    "dd/mm/yyyy", "d mmmm yyyy", "yyyy-mm-dd", "dd/mm/yy hh:mm", "mmm-yy", "mm", "yyyy", "ddd",
    "[$-40C]d mmmm yyyy", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "[Red]dd/mm/yyyy",
    'd" du mois de "mmmm', "dd\\/mm\\/yyyy;@", "[$-409]m/d/yy h:mm AM/PM;@",
    "yyyy/mm/dd\\ hh:mm:ss.0",
    "jj/mm/aaaa", "DD/MM/YYYY", "_-dd/mm/yyyy_-", "d.m.yy", '[>=1]dd/mm/yyyy;"avant"',
    "dd/mm/yyyy h:mm;@", "[$-x-sysdate]dddd, mmmm dd, yyyy",
]  # fmt: skip
TIMES = [
    "h:mm", "hh:mm:ss", "[h]:mm", "[hh]:mm:ss", "[mm]:ss", "[ss]", "mm:ss", "mm:ss.0", "h:mm AM/PM",
    'h" h "mm', "[$-F400]h:mm:ss\\ AM/PM", "hh\\hmm", "[s].000", "h:mm A/P",
]  # fmt: skip
NUMBERS = [
    "General", "0", "0.00", "#,##0.00", "0%", "0.0%", "@", "# ?/?", "0.00E+00", "##0.0E+0", "",
    '0 "jours"', '#,##0 "€"', "[Red]-0", "[Rouge]0", "[Blue]0;[Magenta]-0", "[$€-40C] 0",
    '_-* #,##0.00 "dhs"_-', "0\\ \\d", "0_d", "*d0", ";;;", "[>100]0;0", '"dd/mm/yyyy"',
    "Standard", "GENERAL", '0.0" %"', "0;dd", '0" ; dd"', "\\d0", '"mois: "0', "[Color10]0",
]  # fmt: skip


@pytest.mark.parametrize("code", DATES)
def test_formats_of_dates(code: str) -> None:
    found = describe(code)
    assert (found.is_date, found.is_time, found.code) == (True, False, code)


@pytest.mark.parametrize("code", TIMES)
def test_formats_of_times(code: str) -> None:
    found = describe(code)
    assert (found.is_date, found.is_time) == (False, True)


@pytest.mark.parametrize("code", NUMBERS)
def test_formats_of_numbers(code: str) -> None:
    found = describe(code)
    assert (found.is_date, found.is_time) == (False, False)


@pytest.mark.parametrize("number", sorted(BUILTIN_FORMATS))
def test_built_in_formats_agree_with_openpyxl(number: int) -> None:
    found = built_in(number)
    assert (found.is_date or found.is_time) == is_date_format(BUILTIN_FORMATS[number])


@pytest.mark.parametrize("number", [*range(27, 32), 36, 50, 51, 52, 53, 54, 57, 58, 71, 77, 81])
def test_built_in_dates_of_other_locales(number: int) -> None:
    assert built_in(number).is_date


def test_an_unknown_id_is_general() -> None:
    assert built_in(163).code == "General"


@given(st.text(alphabet='dmyhs0#?."\\[];:/_*-EeAP $h', max_size=20))
def test_any_code_is_described(code: str) -> None:
    found = describe(code)
    assert not (found.is_date and found.is_time)


@given(
    st.floats(61, 2_958_465.9, allow_nan=False)
    | st.floats(0, 59.9, allow_nan=False).filter(lambda x: x >= 1)
)
def test_serials_agree_with_openpyxl(serial: float) -> None:
    ours, theirs = serial_to_datetime(serial), from_excel(serial)
    assert ours is not None
    assert abs(ours - theirs) <= timedelta(milliseconds=2)


@given(st.floats(0, 2_957_003.9, allow_nan=False))
def test_1904_serials_count_from_1904(serial: float) -> None:
    moment = serial_to_datetime(serial, date1904=True)
    assert moment is not None
    expected = datetime(1904, 1, 1) + timedelta(days=serial)
    assert abs(moment - expected) <= timedelta(milliseconds=1)


@pytest.mark.parametrize("serial", [-1.0, -0.5, 60.0, 60.5, 2_958_466.0, 1e300])
def test_serials_without_date(serial: float) -> None:
    assert serial_to_datetime(serial) is None


def test_the_first_days_of_1900() -> None:
    assert serial_to_datetime(1) == datetime(1900, 1, 1)
    assert serial_to_datetime(59) == datetime(1900, 2, 28)
    assert serial_to_datetime(61) == datetime(1900, 3, 1)


@given(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)))
def test_iso_dates_agree_with_openpyxl(moment: datetime) -> None:
    serial = iso_to_serial(moment.isoformat())
    assert serial is not None
    assert serial == pytest.approx(to_excel(moment), abs=1e-9)


def test_iso_times() -> None:
    assert iso_to_serial("12:00:00") == 0.5
    assert iso_to_serial("T06:00:00Z") == 0.25
