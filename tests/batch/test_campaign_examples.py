"""Every rule across returns carries examples, and they do what they say."""

from __future__ import annotations

from typing import Any

import pytest

from xl_cpom.validators.across_returns import check_campaign_rules
from xl_cpom.validators.campaign_examples import campagne
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import INFORMATION, Scope
from xl_cpom.validators.profil import NO_PROFIL, Profil, RuleSetting

LOT = [rule for rule in RULES.values() if rule.scope is Scope.CAMPAGNE]


WAITING = {"LOT-012": "il faut d'abord corriger LOT-001"}
"""What is said of a rule whose every fault another one tells."""


def codes(exemple: Any) -> set[str]:
    constats, outcomes = check_campaign_rules(campagne(exemple))
    found = {constat.finding.code for constat in constats}
    reasons = {outcome.code: outcome.reason for outcome in outcomes if outcome.reason}
    assert reasons == {} or (reasons == WAITING and "LOT-001" in found), outcomes
    return found


TAKEN_TWICE: Any = {
    "retours": [
        {"finess_ej": "210099008", "etablissements": [{"finess_et": "210781456"}]},
        {"finess_ej": "210099990", "etablissements": [{"finess_et": "210781456"}]},
    ],
    "attendus": [
        {"finess_ej": "210099008", "etablissements": [{"finess_et": "210781456"}]},
        {"finess_ej": "210099990"},
    ],
}


def statuses(profil: Profil) -> dict[str, tuple[int, str]]:
    """Of LOT-001 and LOT-012: how many findings, and what became of the rule."""
    constats, outcomes = check_campaign_rules(campagne(TAKEN_TWICE), profil)
    told = [constat.finding.code for constat in constats]
    return {o.code: (told.count(o.code), o.status.value) for o in outcomes
            if o.code in ("LOT-001", "LOT-012")}  # fmt: skip


def test_an_esms_taken_is_told_once_and_the_other_rule_waits() -> None:
    assert statuses(NO_PROFIL) == {"LOT-001": (1, "en anomalie"), "LOT-012": (0, "non contrôlée")}


def test_a_profile_that_makes_it_mild_does_not_silence_the_other() -> None:
    mild = Profil(settings={"LOT-001": RuleSetting("LOT-001", INFORMATION, "essai")})
    assert statuses(mild) == {"LOT-001": (1, "en anomalie"), "LOT-012": (1, "en anomalie")}


@pytest.mark.parametrize("rule", LOT, ids=lambda r: r.code)
def test_examples_of_a_rule(rule: Any, record_property) -> None:  # type: ignore[no-untyped-def]
    assert rule.ok and rule.ko, "a rule has at least one example of each"
    assert rule.doc and rule.title and rule.fix and rule.message
    for example in rule.ok:
        assert rule.code not in codes(example), example
    for example in rule.ko:
        assert rule.code in codes(example), example
    record_property("regles", 1)


def test_every_rule_of_the_family_is_a_rule_of_campagne() -> None:
    family = {code for code in RULES if code.startswith("LOT-")}
    assert family == {rule.code for rule in LOT}
    assert len(LOT) == 17
