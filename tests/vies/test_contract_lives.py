"""Contracts that live: an honest life accuses nobody, each lie raises its own code and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ampleur import COMPLETE, by
from tools.vies.events import EVENTS
from tools.vies.files import read_content, shuffle, write_content
from tools.vies.lies import LIES
from tools.vies.years import (
    LifeSettings,
    YearOutcome,
    judged_reports,
    live,
    prepared_of,
    returns_of,
    tell_lies,
)
from xl_cpom.validators.check import check

SETTINGS = (
    LifeSettings(60, 6, 2026, 2) if COMPLETE else LifeSettings(5, 3, 3, here=True, eventful=4.0)
)
LIED = 3
pytestmark = pytest.mark.xdist_group("vies")  # one process lives them


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[YearOutcome]]:
    folder = tmp_path_factory.mktemp("vies")
    return folder, list(live(folder, SETTINGS))


def test_an_honest_life_accuses_nobody(lived: tuple[Path, list[YearOutcome]]) -> None:
    _, outcomes = lived
    assert [outcome.findings for outcome in outcomes] == [()] * SETTINGS.years
    happened = {kind for outcome in outcomes for kind in outcome.events}
    assert happened >= (set(EVENTS) if COMPLETE else {"cession", "fermeture", "ouverture"})
    first, *later = outcomes
    assert first.returns == SETTINGS.organismes
    assert all(outcome.returns > 0 for outcome in later)


def test_an_untouched_workbook_only_asks_to_be_filled_in(
    lived: tuple[Path, list[YearOutcome]],
) -> None:
    folder, _ = lived
    before = returns_of(folder, LIED - 1)
    for path in sorted(prepared_of(folder, LIED).glob("*.xlsx"))[: by(3, 8)]:
        found = {f.code for f in check(path, precedent=before).findings}
        assert {code for code in found if code.startswith(("EVO", "SUI", "FMT"))} <= {
            "FMT-015", "SUI-011"}  # fmt: skip


def test_each_lie_raises_its_own_code(lived: tuple[Path, list[YearOutcome]]) -> None:
    folder, _ = lived
    told = list(tell_lies(folder, LIED, SETTINGS))
    assert len(told) == len(LIES) + 1
    assert {one.lie.title: one.found for one in told} == {
        one.lie.title: one.lie.codes for one in told
    }


def test_the_order_of_rows_changes_nothing(
    lived: tuple[Path, list[YearOutcome]], tmp_path: Path
) -> None:
    folder, _ = lived
    for path in sorted(returns_of(folder, LIED).glob("*.xlsx"))[: by(2, 4)]:
        content = read_content(path)
        shuffle(content, path.name)
        write_content(tmp_path / path.name, content)
    before = returns_of(folder, LIED - 1)
    again = judged_reports(tmp_path, before, SETTINGS)
    honest = {r.file: r for r in judged_reports(returns_of(folder, LIED), before, SETTINGS)}
    for report in again:
        told, known = report, honest[report.file]
        assert told.verdict == known.verdict
        assert sorted(f.code for f in told.findings) == sorted(f.code for f in known.findings)
