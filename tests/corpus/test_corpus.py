"""The corpus of altered workbooks: each case gives exactly what it says, nothing more.

The cases are text (`*.toml`): gestures on the valid example and the exact findings expected. The
workbooks are built in memory.
"""

from __future__ import annotations

import pytest

from tests.corpus.cas import Cas, cas, dit, lost_rates, rapport
from tests.corpus.replay_usage import NUMBERS, mistakes
from tests.validators.langue import constat_defects
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Scope, Status
from xl_cpom.validators.recomputed import SANS_OBJET

CORPUS = list(cas())
COMPARAISONS = (Scope.PRECEDENT, Scope.REFERENTIEL, Scope.CAMPAGNE)
"""Scopes that need more than one workbook: they have their own tests."""


@pytest.mark.parametrize("case", CORPUS, ids=lambda c: f"{c.fichier}-{c.nom}")
def test_a_case_gives_exactly_its_findings(case: Cas, record_property) -> None:  # type: ignore[no-untyped-def]
    report = rapport(case)
    record_property("cas", 1)
    assert [o for o in report.outcomes if o.status is Status.EN_PANNE] == []
    assert sorted(map(dit, report.findings)) == sorted(case.attendu)
    for finding in report.findings:
        assert list(constat_defects(finding)) == [], finding.message


WEIGHED = [*mistakes(), *(case for case in CORPUS if case.taux_perdus and not case.audit)]


@pytest.mark.parametrize("case", WEIGHED, ids=lambda c: f"{c.audit}-{c.fichier}-{c.nom}")
def test_a_mistake_takes_only_its_rates(case: Cas) -> None:
    report = rapport(case)
    assert lost_rates(report) == case.taux_perdus
    assert [one for one in report.indicateurs if one.state == SANS_OBJET] == []


def test_every_mistake_of_the_audit_is_replayed() -> None:
    assert {case.audit for case in mistakes()} == NUMBERS


def test_there_are_enough_cases_and_each_has_its_own_name() -> None:
    names = [(case.fichier, case.nom) for case in CORPUS]
    assert len(names) == len(set(names)) >= 150
    assert all(case.pourquoi and case.gestes for case in CORPUS)


def test_every_code_is_produced_by_an_example_or_a_case() -> None:
    produced = {text.split()[0] for case in CORPUS for text in case.attendu}
    shown = {code for code, rule in RULES.items() if rule.ko}
    wanted = {
        code
        for code, rule in RULES.items()
        if rule.scope not in COMPARAISONS and rule.family != "DER"  # a file of dérogations
    }
    assert wanted - shown - produced == set()


def test_every_rule_of_the_reading_has_a_case() -> None:
    """A rule found by the reading has no row to show: a workbook must."""
    produced = {text.split()[0] for case in CORPUS for text in case.attendu}
    reading = {
        code
        for code, rule in RULES.items()
        if rule.scope in (Scope.FICHIER, Scope.CELL) and rule.family != "DER"
    }
    assert reading - produced == set()


def test_every_family_of_rules_has_cases() -> None:
    produced = {RULES[text.split()[0]].family for case in CORPUS for text in case.attendu}
    assert produced >= {
        "STR", "FMT", "IDE", "MOD", "SUI", "SI", "HAS", "INS", "DIF", "VRA", "IND", "DCP",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "example"), [("annee-entree-n2", "2027"), ("places", "80"), ("nc", "1234,5")]
)
def test_an_unreadable_number_shows_one_of_its_kind(name: str, example: str) -> None:
    (case,) = (case for case in CORPUS if (case.fichier, case.nom) == ("usage", name))
    (finding,) = rapport(case).findings
    assert f"(exemple\xa0: {example})" in finding.fix
