"""`requires`: the order of the rules, what one locks, and what is said of what was not checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validators.deux_ans import cette_annee, ligne
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators import engine, judging
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.dependencies import PlacesReached, in_dependency_order
from xl_cpom.validators.model import Outcome, Rule, Status
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.building import build
from xl_cpom.workbook.interpretation.notices import Notice


def test_every_rule_comes_after_those_it_requires() -> None:
    order = [rule.code for rule in in_dependency_order(RULES)]
    assert sorted(order) == sorted(RULES)
    for rule in RULES.values():
        assert all(order.index(code) < order.index(rule.code) for code in rule.requires)


@given(st.permutations(sorted(RULES)))
def test_whatever_the_order_they_are_declared_in(codes: list[str]) -> None:
    order = [rule.code for rule in in_dependency_order({code: RULES[code] for code in codes})]
    for rule in RULES.values():
        assert all(order.index(code) < order.index(rule.code) for code in rule.requires)


def test_mistakes_of_an_author_are_refused() -> None:
    rule = RULES["INS-002"]
    with pytest.raises(ValueError, match="ABC-999, which does not exist"):
        in_dependency_order({"INS-002": replace(rule, requires=("ABC-999",))})
    one, other = replace(rule, code="A", requires=("B",)), replace(rule, code="B", requires=("A",))
    with pytest.raises(ValueError, match="requires itself"):
        in_dependency_order({"A": one, "B": other})


def controle(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], *notices: Notice
) -> tuple[set[tuple[str, str]], dict[str, Outcome]]:
    """A control of a workbook with two faulty actions, some rules being changed."""
    content = cette_annee()
    ligne(content, "actions", numero="A3").update(avancement=1)  # SUI-001, row 8
    ligne(content, "actions", numero="A4").update(intitule="xxx")  # MOD-009, row 9
    rules = dict(RULES)
    for code, values in changes.items():
        rules[code] = replace(rules[code], **values)
    monkeypatch.setattr(engine, "RULES", rules)
    monkeypatch.setattr(judging, "RULES", rules)
    judging.rules_of.cache_clear()
    try:
        context = RuleContext(build(content, load_referentiel()), dt.date(2027, 12, 31))
        findings, outcomes = engine.run(notices, context)
    finally:
        judging.rules_of.cache_clear()
    found = {(f.code, cell) for f in findings for cell in f.cells}
    return found, {outcome.code: outcome for outcome in outcomes}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_without_requires_both_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = controle(monkeypatch, {})
    assert {code for code, _ in found} == {"SUI-001", "MOD-009"}


def test_a_row_at_fault_is_left_aside_and_the_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """MOD-009 requires SUI-001: it is still checked on its own row, and not on row 8."""
    found, outcomes = controle(
        monkeypatch,
        {"MOD-009": {"requires": ("SUI-001",), "check": lambda action, _: action.numero == "A1"}},
    )
    rows = {cell[1:] for code, cell in found if code == "MOD-009"}
    assert "8" not in rows and {"7", "9", "33"} <= rows
    assert outcomes["MOD-009"].status is Status.EN_ANOMALIE


def test_nothing_found_elsewhere_is_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    _, outcomes = controle(
        monkeypatch, {"MOD-009": {"requires": ("SUI-001",), "check": lambda action, _: True}}
    )
    assert outcomes["MOD-009"].status is Status.NON_CONTROLEE
    assert plain(outcomes["MOD-009"].reason) == (
        "ligne 8 de « Plan d'actions » : il faut d'abord corriger SUI-001"
    )


def test_a_remark_of_the_reading_locks_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"lu": "x", "attendu": "y", "colonne": "z", "nuance": ""}
    notice = Notice("FMT-019", "Plan d'actions", ("E9",), values=values)
    found, outcomes = controle(monkeypatch, {"MOD-009": {"requires": ("FMT-019",)}}, notice)
    assert "MOD-009" not in {code for code, _ in found}
    assert outcomes["MOD-009"].status is Status.NON_CONTROLEE


@pytest.mark.parametrize(
    "notice",
    [Notice("STR-002", "Plan d'actions"), Notice("STR-011", "", values={"cibles": "x"}),
     Notice("FMT-019", "Identification", ("B6",), values={"lu": "x", "attendu": "y",
                                                          "colonne": "z", "nuance": ""})],
    ids=["sheet", "file", "fiche"],
)  # fmt: skip
def test_a_sheet_the_file_or_the_fiche_locks_the_whole_rule(
    notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, outcomes = controle(monkeypatch, {"MOD-009": {"requires": (notice.code,)}}, notice)
    assert "MOD-009" not in {code for code, _ in found}
    assert outcomes["MOD-009"] == Outcome(
        "MOD-009", Status.NON_CONTROLEE, f"il faut d'abord corriger {notice.code}"
    )


def test_another_sheet_locks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = Notice("STR-002", "Évaluation HAS")
    found, _ = controle(monkeypatch, {"MOD-009": {"requires": ("STR-002",)}}, notice)
    assert "MOD-009" in {code for code, _ in found}


def test_a_required_rule_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(action: Any) -> bool:
        raise ZeroDivisionError("boum")

    found, outcomes = controle(
        monkeypatch, {"SUI-001": {"check": crash, "wants_context": False},
                      "MOD-009": {"requires": ("SUI-001",)}}
    )  # fmt: skip
    assert outcomes["SUI-001"].status is Status.EN_PANNE
    assert outcomes["MOD-009"] == Outcome(
        "MOD-009", Status.NON_CONTROLEE, "la règle SUI-001, dont elle dépend, est en panne"
    )
    assert "MOD-009" not in {code for code, _ in found}


def test_many_locked_rows_are_counted() -> None:
    rule: Rule = replace(RULES["MOD-009"], requires=("SUI-001",))
    classeur = build(cette_annee(), load_referentiel())
    places = PlacesReached({"SUI-001": {("actions", number) for number in range(6, 13)}})
    reason = places.reason(rule, classeur.tables)
    assert reason is not None
    assert plain(reason).startswith("lignes 6, 7, 8, 9 et 3 autres de « Plan d'actions »")
