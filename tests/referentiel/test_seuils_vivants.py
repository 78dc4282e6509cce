"""Every threshold and every reform has a consumer: changed, it changes what a rule finds.

`test_parametres_vivants` says the same of the parameters.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from xl_cpom.referentiel import Referentiel, freeze_referentiel, load_referentiel
from xl_cpom.referentiel.loading import referentiel_from_json
from xl_cpom.validators import campaign_examples
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.rule_examples import example_faults
from xl_cpom.validators.rules.campagne import attendus, etablissement_partage

REF = load_referentiel()


def changed(table: str, code: str, **values: Any) -> Referentiel:
    """The shipped référentiel, one row of one table changed."""
    frozen = json.loads(freeze_referentiel(REF))
    (row,) = (row for row in frozen["tables"][table] if row["code"] == code)
    row["valeurs"].update(values)
    return referentiel_from_json(json.dumps(frozen))


@cache
def found(referentiel: Referentiel, prefixes: tuple[str, ...]) -> list[Any]:
    """What the rules of these families find in their own examples."""
    return [
        [
            (f.values.get("usuel"), f.values.get("repere"))
            for f in example_faults(rule, example, referentiel)
        ]
        for code, rule in RULES.items()
        if code.startswith(prefixes)
        for example in (*rule.ok, *rule.ko)
    ]


BOUNDS = [
    (seuil.code, key, value)
    for seuil in REF.seuils.values()
    for key, value in (("minimum", 5.0), ("maximum", 0.001), ("repere", 0.99))
    if getattr(seuil, key) is not None
]


@pytest.mark.parametrize(("code", "key", "value"), BOUNDS)
def test_a_changed_threshold_changes_what_is_found(code: str, key: str, value: float) -> None:
    families = ("VRA", "DIF")
    if key == "minimum":
        value = 0.0 if getattr(REF.seuils[code], key) != 0 else 0.05
    other = changed("seuils", code, **{key: value})
    assert found(other, families) != found(REF, families)


DE_RETOUR = {"FORFAIT_GLOBAL_UNIQUE": "IDE", "SERAFIN_ENFANTS": "MOD", "SAD_MIXTE": "IDE"}


@pytest.mark.parametrize("code", DE_RETOUR)
def test_a_reform_that_has_not_begun_changes_what_is_found(code: str) -> None:
    families = (DE_RETOUR[code],)
    other = changed("reformes", code, debut="2099-01-01", fin="2099-12-31")
    assert found(other, families) != found(REF, families)


@pytest.mark.parametrize("code", ["SUSPENSION_EHPAD", "SAD_MIXTE"])
def test_a_reform_of_the_campaign(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def faults() -> list[int]:
        return [
            len(list(rule.check(campaign_examples.campagne(example))))
            for rule in (RULES["LOT-001"], RULES["LOT-020"])
            for example in (*rule.ok, *rule.ko)
        ]

    before = faults()
    other = changed("reformes", code, debut="2099-01-01", fin="2099-12-31")
    for module in (attendus, etablissement_partage):
        monkeypatch.setattr(module, "load_referentiel", lambda: other)
    assert faults() != before


def test_no_reform_is_left_out() -> None:
    assert set(REF.reformes) == {*DE_RETOUR, "SUSPENSION_EHPAD"}
