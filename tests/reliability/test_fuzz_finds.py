"""What the hostile workbooks, the mutants and the fuzzing found: each a test for ever."""

from __future__ import annotations

import datetime as dt
import random
import time

import pytest

from tests.atelier import Workshop
from tests.corpus.cas import controler
from tests.workbook.reader.builders import parts, zipped
from xl_cpom.typography import number_text
from xl_cpom.validators.model import Verdict
from xl_cpom.workbook.interpretation.parsing import date_from_serial
from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e300, "1E+300"), (-2.5e20, "−2,5E+20"), (float("inf"), "INF"), (1e14, "100 000 000 000 000")],
)  # fmt: skip
def test_a_number_of_any_size_can_be_shown(value: float, text: str) -> None:
    assert number_text(value).replace("\u202f", " ") == text


def test_a_date_of_300_digits_is_a_finding() -> None:
    report = controler(Workshop().cellule("Plan d'actions", "L6", 1e300).octets())
    assert report.verdict is Verdict.NON_RECEVABLE
    assert ("FMT-007", ("L6",)) in [(f.code, f.cells) for f in report.findings]


def test_the_last_day_of_both_calendars() -> None:
    last = dt.date(9999, 12, 31)
    assert date_from_serial(2_958_465, date1904=False) == last
    assert date_from_serial(2_958_465 - 1_462, date1904=True) == last
    assert date_from_serial(2_958_465, date1904=True) is None


def theme(content: bytes) -> bytes:
    return zipped(parts(extra={"xl/theme/theme1.xml": content}).items())


@pytest.mark.parametrize(
    "prolog",
    [b"", b" " * 5000, b"<!-- " + bytes(range(33, 60)) * 3000 + b"-->", b"<?x " + b"y" * 9000 + b"?>"],
    ids=["bare", "blanks", "comment", "instruction"],
)  # fmt: skip
def test_a_doctype_far_from_the_head_of_a_part_nobody_reads(prolog: bytes) -> None:
    with pytest.raises(UnreadableWorkbookError) as refusal:
        read_workbook(theme(b'<?xml version="1.0"?>' + prolog + b"<!DOCTYPE a><a/>"))
    assert refusal.value.code == "LEC-DTD"
    read_workbook(theme(b'<?xml version="1.0"?>' + prolog + b"<a><!-- <!DOCTYPE a> --></a>"))


def test_an_endless_prolog_is_refused() -> None:
    with pytest.raises(UnreadableWorkbookError) as refusal:
        read_workbook(
            theme(b"<!--" + random.Random(1).randbytes(900_000).hex().encode() + b"--><a/>")
        )
    assert refusal.value.code == "LEC-LIM-JETON"


def test_a_bomb_in_a_part_nobody_reads_is_refused() -> None:
    with pytest.raises(UnreadableWorkbookError) as refusal:
        read_workbook(theme(b"<a>" + b" " * 3_000_000 + b"</a>"))
    assert refusal.value.code == "LEC-BOMBE"


@pytest.mark.parametrize(
    "text",
    ["é" * 200_000, "a." * 100_000, "Mme Xavier (" * 3_000, "1 " * 20_000, "Mme " * 8_000,
     " " * 200_000, "née le " * 5_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_no_text_makes_the_control_last(text: str) -> None:
    """A long word without an « @ » took minutes in the search of personal addresses."""
    data = Workshop().cellule("Plan d'actions", "Q6", text).octets()
    start = time.process_time()
    controler(data)
    assert time.process_time() - start < 10
