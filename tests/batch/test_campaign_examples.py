"""Every rule across returns carries examples, and they do what they say."""

from __future__ import annotations

from typing import Any

import pytest

from xl_cpom.validators.across_returns import check_campaign_rules
from xl_cpom.validators.campaign_examples import campagne
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Scope

LOT = [rule for rule in RULES.values() if rule.scope is Scope.CAMPAGNE]


def codes(exemple: Any) -> set[str]:
    constats, outcomes = check_campaign_rules(campagne(exemple))
    assert all(outcome.reason == "" for outcome in outcomes), outcomes
    return {constat.finding.code for constat in constats}


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
