"""Honest returns decorated: titles, totals, notes, signatures, pasted headers, helper columns.

Nobody's data change: the verdict and the indicators stay, and nothing is said but for information.
"""

from __future__ import annotations

import random

import pytest

from tests.ampleur import une_sur
from tests.corpus.gestes import Gestures
from tests.validators.decorations import DECORATIONS, DEPLACENT, TABLES
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check_retour
from xl_cpom.validators.model import INFORMATION, Report, Verdict
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.reader import read_workbook

SAID = {"STR-007", "STR-023", "STR-042", "STR-051"}


def controler(raw_bytes: bytes) -> Report:
    """One judge is enough here: the corpus asks both of the same kinds of lines."""
    return check_retour("retour.xlsx", interpret(read_workbook(raw_bytes), load_referentiel()))


@pytest.fixture(scope="module")
def nu() -> Report:
    return controler(Gestures().octets())


def _as_before(workshop: Gestures, nu: Report) -> None:
    report = controler(workshop.octets())
    told = [(f.code, f.sheet, f.cells, f.message) for f in report.findings
            if f.severity is not INFORMATION]  # fmt: skip
    assert told == []
    assert report.verdict is nu.verdict is Verdict.RECEVABLE
    assert report.indicateurs == nu.indicateurs
    assert {f.code for f in report.findings} <= SAID


@pytest.mark.parametrize("name", une_sur(3, [*DECORATIONS]))
def test_a_decoration_on_every_sheet_changes_nothing(name: str, nu: Report) -> None:
    workshop = Gestures()
    for sheet in TABLES:
        DECORATIONS[name](workshop, sheet)
    _as_before(workshop, nu)


def _decorated(seed: int) -> Gestures:
    chance, workshop = random.Random(seed), Gestures()
    for sheet in chance.sample(TABLES, 4):
        for name in chance.sample(sorted(set(DECORATIONS) - DEPLACENT), 3):
            DECORATIONS[name](workshop, sheet)
    return workshop


@pytest.mark.parametrize("seed", range(6))
def test_a_decorated_return_keeps_its_verdict(seed: int, nu: Report) -> None:
    _as_before(_decorated(seed), nu)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6, 200))
def test_many_decorated_returns_keep_their_verdict(seed: int, nu: Report) -> None:
    _as_before(_decorated(seed), nu)
