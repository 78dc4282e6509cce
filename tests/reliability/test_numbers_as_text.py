"""Texts that look like numbers: one certain reading, or none at all. Never a guess."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.atelier import Workshop
from tests.corpus.cas import controler
from tools.hostiles import CAS
from xl_cpom.workbook.interpretation.parsing import date_from_serial, parse_number
from xl_cpom.workbook.interpretation.typed_dates import readings

CERTAINS = {
    "0": 0.0, "85": 85.0, "+5": 5.0, "-5": -5.0, "−5": -5.0, "- 5": -5.0, "007": 7.0, "00123": 123.0,
    "1234,5": 1234.5, "1234.5": 1234.5, "0,123": 0.123, "0.123": 0.123, "1234,567": 1234.567,
    "1 234": 1234.0, "1\u00a0234,5": 1234.5, "1\u202f234\u202f567": 1_234_567.0, "1\u2009234": 1234.0,
    "12 345,678": 12345.678, "5 000 000,00": 5_000_000.0, "1 234 €": 1234.0, "1\u202f234,50\u00a0€": 1234.5,
    "1234 EUR": 1234.0, "1 234 euros": 1234.0, "1 Euro": 1.0,
    "  85  ": 85.0, "\u00a085\u00a0": 85.0, "85\n": 85.0, "\t85": 85.0,
    # how accounts and other countries write what has one reading all the same
    "5-": -5.0, "5,0-": -5.0, "(5)": -5.0, "( 1 234,5 )": -1234.5, "12 k€": 12000.0, "1'234": 1234.0,
    "1.234,5": 1234.5, "1,234.5": 1234.5, "1.234.567": 1234567.0, "1,234,567": 1234567.0,
    "85 %": 0.85, "85%": 0.85, "85,5\u00a0%": 0.855, "1,5 %": 0.015,
}  # fmt: skip
REFUSES = (
    # a thousand or a decimal? two conventions? two numbers?
    "1.234", "1,234", "12.345", "123,456", "1,234 %", "1 234.56", "1 23 456", "12 34", "1 2345", "8 5", "0 123", "1\t234", "1\n234", "1\r\n234", "1  234", "1\u3000234",
    "1’234", "1·5", "1٫5", "1٬234", "1..5", "1,,5", "10-15", "10/15", "1:30", "12;5", "10%-15%",
    # what Python or another program would take, and a gestionnaire did not type as a number
    "nan", "NaN", "inf", "-inf", "Infinity", "1_000", "0x10", "1e3", "1E3", "1,5E+3", "1E+309", "1e400", "1d5", "1j",
    "١٢", "१२", "１２", "1２", "½", "²", "10²", "Ⅳ", "1/2", "3/4",
    # signs where nobody reads them the same way
    "(-5)", "-(5)", "(5", "--5", "+-5", "−-5", "–5", "—5", "%85", "85 %%", "€ 12",
    # words and slips
    ".5", ",5", "5.", "5,", "1O", "O", "l2", "10 ETP", "environ 10", "12h", "VRAI", "N/A", "-", "–",
    "néant", "=12", "'12", "#12", "1\u200b2", "\ufeff12", "1\x002", "1" * 16, "",  " ",
)  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CERTAINS.items(), ids=map(repr, CERTAINS))
def test_one_reading(text: str, value: float) -> None:
    parsed = parse_number(text)
    assert parsed is not None and parsed.value == pytest.approx(value, abs=1e-12)
    assert parsed.percent == ("%" in text)


@pytest.mark.parametrize("text", REFUSES, ids=ascii)
def test_no_reading(text: str) -> None:
    assert parse_number(text) is None


PLACES, SAISIE = "Activité et ressources", "C7"


def constats(data: bytes) -> list[tuple[str, str]]:
    """What is said of the number of places typed."""
    findings = controler(data).findings
    return [(f.code, f.value) for f in findings if f.sheet == PLACES and SAISIE in f.cells]


@pytest.mark.parametrize("text", ["1.234", "1\t234", "1\n234", "(-5)", "٥٠", "85 %", "1  234"])
def test_the_ambiguous_is_reported_where_it_stands(text: str) -> None:
    assert [code for code, _ in constats(Workshop().cellule(PLACES, SAISIE, text).octets())] == [
        "FMT-020"
    ]


def test_a_duration_is_no_quantity() -> None:
    """35:00 is stored 1.458: « 1,46 places » would be accepted without a word."""
    assert constats(CAS["valeur-heure"].fabrique()) == [("FMT-020", "35:00")]


DATES: dict[str, Any] = {
    "31/12/2026": dt.date(2026, 12, 31), "1/2/2026": dt.date(2026, 2, 1), "01-02-2026": dt.date(2026, 2, 1),
    "2026-02-01": dt.date(2026, 2, 1), "1er mars 2026": dt.date(2026, 3, 1), "1 FÉVR. 2026": dt.date(2026, 2, 1),
    "12/31/2026": dt.date(2026, 12, 31), "31/12/26": dt.date(2026, 12, 31), "2026/12/31": dt.date(2026, 12, 31),
    "2026-2-1": dt.date(2026, 2, 1), "20261231": dt.date(2026, 12, 31), "31/02/2026": None,
    "31 mars": None, "mars 2026": None, "1/2": None, "1/2/3": None, "٣١/١٢/٢٠٢٦": None, "0/0/2026": None, "1/1/0000": None,
    "March 1, 2026": None, "2026-12-31 00:00:00": dt.date(2026, 12, 31),
}  # fmt: skip


@pytest.mark.parametrize(("text", "day"), DATES.items(), ids=map(ascii, DATES))
def test_dates_in_texts(text: str, day: dt.date | None) -> None:
    assert readings(text) == (() if day is None else (day,))


def test_the_day_that_never_was() -> None:
    around = [date_from_serial(serial, date1904=False) for serial in (59, 60, 60.9, 61)]
    assert around == [dt.date(1900, 2, 28), None, None, dt.date(1900, 3, 1)]
