"""Every rule carries examples, and they do what they say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Scope
from xl_cpom.validators.rule_examples import example_faults
from xl_cpom.validators.wording import finding_of_fault
from xl_cpom.workbook.interpretation.coercion import CellReading, coerce
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.reader import ExcelError, Malformed, RawCell
from xl_cpom.workbook.reader.raw_cells import GENERAL, NumberFormat

EXECUTABLE = [r for r in RULES.values() if r.check is not None and r.scope is not Scope.CAMPAGNE]
CELL = [r for r in RULES.values() if r.scope is Scope.CELL and r.ok]
"""The others (an empty cell) need a row: their examples are cases of the corpus."""


@pytest.mark.parametrize("rule", EXECUTABLE, ids=lambda r: r.code)
def test_examples_of_a_rule(rule: Any, record_property) -> None:  # type: ignore[no-untyped-def]
    assert rule.ok and rule.ko, "a rule has at least one example of each"
    for example in rule.ok:
        assert example_faults(rule, example, load_referentiel()) == [], example
    for example in rule.ko:
        faults = example_faults(rule, example, load_referentiel())
        assert faults, example
        for fault in faults:
            finding = finding_of_fault(rule, fault)
            assert finding.message and finding.fix and finding.cells
    record_property("regles", 1)


def cell(content: Any) -> RawCell | None:
    if content is None:
        return None
    if isinstance(content, dt.date):
        serial = float((content - dt.date(1899, 12, 30)).days)
        return RawCell(1, 1, "n", str(serial), serial, None, True, NumberFormat("dd/mm/yyyy", True))
    if isinstance(content, int | float):
        return RawCell(1, 1, "n", str(content), float(content), None, True, GENERAL)
    if content.startswith("#"):
        return RawCell(1, 1, "e", content, ExcelError(content), None, True, GENERAL)
    if content.endswith("NaN!"):
        return RawCell(1, 1, "n", "NaN", Malformed("NaN"), None, True, GENERAL)
    return RawCell(1, 1, "s", content, content, None, True, GENERAL)


def column(what: Any) -> Column:
    if isinstance(what, Kind):
        bounds = {Kind.TAUX: (0, 1), Kind.COTATION: (1, 4)}.get(what, (None, None))
        return Column("x", "X", what, "", minimum=bounds[0], maximum=bounds[1])
    if what == "texte":
        return Column("x", "X", Kind.TEXT, "")
    return Column("x", "X", Kind.LISTING, "", list_name=what)


@pytest.mark.parametrize("rule", CELL, ids=lambda r: r.code)
def test_examples_of_a_cell_rule(rule: Any, record_property) -> None:  # type: ignore[no-untyped-def]
    assert rule.ok and rule.ko, "a rule has at least one example of each"
    reading = CellReading(load_referentiel())
    for what, content in rule.ok:
        assert coerce(cell(content), column(what), reading).remarks == (), content
    for what, content in rule.ko:
        codes = {r.code for r in coerce(cell(content), column(what), reading).remarks}
        assert codes == {rule.code}, content
    record_property("regles", 1)
