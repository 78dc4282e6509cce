"""A rule that is only deduced never refuses a return, until the ARS has confirmed its formula."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tests.atelier import WORKBOOKS
from xl_cpom.referentiel import (
    InvalidReferentielError,
    Referentiel,
    freeze_referentiel,
    load_referentiel,
    referentiel_from_json,
)
from xl_cpom.reports.explanation import explain_rule, rule_object
from xl_cpom.reports.letter import render
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.certainty import CERTAINTIES, INFERRED, confirmed
from xl_cpom.validators.check import check
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def confirmee(**codes: str) -> Referentiel:
    """The default référentiel, some formulas confirmed by somebody."""
    frozen = json.loads(freeze_referentiel(load_referentiel()))
    for row in frozen["tables"]["formules"]:
        if row["code"] in codes:
            row["valeurs"].update(confirmee="2027-01-12", par=codes[row["code"]])
    return referentiel_from_json(json.dumps(frozen))


def test_no_deduced_rule_refuses() -> None:
    assert [
        r.code for r in RULES.values() if r.severity is BLOQUANT and r.source.certitude == INFERRED
    ] == []


def test_what_is_known_by_its_title_is_not_the_guide() -> None:
    cited = [r for r in RULES.values() if "annexe 2" in r.source.text]
    assert len(cited) > 40
    assert {r.source.certitude for r in cited} == {INFERRED}


def test_every_certainty_has_its_sentence() -> None:
    assert {r.source.certitude for r in RULES.values()} <= set(CERTAINTIES)


def test_formulas_and_rules_know_each_other() -> None:
    cited = {r.source.formula for r in RULES.values()} - {""}
    assert cited == set(load_referentiel().formules)
    assert all(r.source.formula for r in RULES.values() if r.source.blocks)
    assert all(r.severity is AVERTISSEMENT for r in RULES.values() if r.source.blocks)


def test_a_confirmed_formula_refuses_and_says_who_confirmed_it() -> None:
    referentiel = confirmee(LEVEE="la directrice de l'autonomie")
    rule = confirmed(RULES["IND-007"], referentiel)
    assert (rule.severity, rule.source.certitude) == (BLOQUANT, "guide")
    assert "formule confirmée le 12/01/2027 par la directrice de l'autonomie" in rule.source.text
    assert confirmed(RULES["IND-001"], referentiel) is RULES["IND-001"]
    assert confirmed(RULES["IND-107"], referentiel).severity is AVERTISSEMENT


def test_a_confirmation_changes_a_verdict() -> None:
    def severities(referentiel: Referentiel) -> dict[str, str]:
        found = check(FAULTY, referentiel=referentiel).findings
        return {f.code: f.severity.value for f in found if f.code in ("IND-007", "SUI-001")}

    before = severities(load_referentiel())
    assert set(before.values()) == {"avertissement"}
    after = severities(confirmee(AVANCEMENT="l'ARS", LEVEE="l'ARS"))
    assert after.keys() == before.keys()
    assert set(after.values()) == {"bloquant"}


def test_a_confirmation_is_signed() -> None:
    with pytest.raises(InvalidReferentielError, match="vont ensemble"):
        confirmee(LEVEE="")


def test_the_page_the_json_and_the_letter_say_it() -> None:
    page = explain_rule(RULES["IND-001"])
    assert "déduite, en l'absence de texte publié\u00a0: elle ne refuse pas le classeur" in page
    assert "Elle le refusera quand l'ARS aura confirmé la formule." in page
    assert "chronologie ou de calcul" in explain_rule(RULES["INS-003"])
    assert rule_object(RULES["IND-001"])["formule"] == "AVANCEMENT"
    letter = render([check(FAULTY, date=dt.date(2028, 1, 15))])
    assert "règle déduite)" in letter
    assert "ne refuse pas votre classeur" in letter
