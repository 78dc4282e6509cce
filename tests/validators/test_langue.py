"""The language of the rules, linted: titles, messages, cures, explanations, and every finding that
the examples and the faulty workbook produce (those of the corpus are linted case by case).
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.atelier import WORKBOOKS
from tests.validators.langue import (
    LENGTH,
    constat_defects,
    correction_defects,
    language_defects,
    title_defects,
)
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import typeset
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import AVERTISSEMENT, Finding, Rule, Scope
from xl_cpom.validators.names import KnownNames, module_names, with_names
from xl_cpom.validators.rule_examples import example_faults
from xl_cpom.validators.wording import finding_of_fault

MODULE_NAMES = KnownNames({}, module_names(load_referentiel()))


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.code)
def test_the_texts_of_a_rule(rule: Rule) -> None:
    for text in (rule.message, rule.together, rule.expected, rule.doc, rule.source.text):
        assert list(language_defects(text)) == [], text
    for fix in filter(None, (rule.fix, rule.together_fix)):
        assert list(correction_defects(fix)) == [], fix
    assert list(title_defects(rule.title)) == [], rule.title
    assert rule.message and not rule.message.endswith("."), "the engine ends the sentence"
    assert len(re.sub(r"\{\w+\}", "", rule.message)) <= LENGTH
    assert rule.doc.endswith((".", "?")), "the page explains why, in sentences"


def test_no_two_rules_have_the_same_title() -> None:
    titles = Counter(rule.title for rule in RULES.values())
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize(
    "rule",
    [r for r in RULES.values() if r.check is not None and r.scope is not Scope.CAMPAGNE],
    ids=lambda r: r.code,
)
def test_the_findings_of_the_examples(rule: Rule) -> None:
    for example in rule.ko:
        for fault in example_faults(rule, example, load_referentiel()):
            (finding,) = with_names([finding_of_fault(rule, fault)], MODULE_NAMES)
            assert list(constat_defects(finding)) == [], finding.message


def test_the_findings_of_the_faulty_workbook() -> None:
    for finding in check(WORKBOOKS / "exemple_fautif.xlsx").findings:
        assert list(constat_defects(finding)) == [], finding.message


@pytest.mark.parametrize(
    ("message", "default"),
    [
        ("La cellule : vide.", "insécable"),
        ("La valeur « x » manque.", "insécable"),
        ("La row 3 est fausse.", "anglais"),
        ("La colonne date_levee est vide.", "interne"),
        ("La cellule vaut None.", "interne"),
        ("la cellule est vide.", "phrase"),
        ("La cellule est vide", "phrase"),
        ('La cellule "A1" est vide.', "guillemets"),
        ("La cellule est vide." + " Très longue phrase" * 20 + ".", "330"),
        ("Le taux de TRANSFO/PA est vide.", "code interne"),
        ("Le classeur précédent manque (--precedent).", "ligne de commande"),
        ("La date de établissement est vide.", "élision"),
        ("La capacité de l'EHPAD (210099016) (52) est fausse.", "parenthèses"),
        ("La mesure P1 ((vide)) est en cours.", "parenthèses"),
        (
            typeset("« Former les équipes de nuit » (« Former les équipes de nuit ») manque."),
            "deux",
        ),
        (typeset("La feuille est masquée : colonnes : « Statut »."), "deux-points"),
    ],
)
def test_the_lint_sees_what_is_wrong(message: str, default: str) -> None:
    fix = "Remplissez la cellule."
    finding = Finding("X", AVERTISSEMENT, "F", ("A1",), "", "", message, fix, "")
    assert any(default in found for found in constat_defects(finding))
    nulle_part = Finding("X", AVERTISSEMENT, "F", (), "", "", "Il est vide.", "Faites-le.", "")
    assert "ne nomme ni cellule ni feuille" in list(constat_defects(nulle_part))


def test_what_was_expected_teaches_something() -> None:
    assert list(language_defects("une valeur")) == ["valeur attendue qui n'apprend rien"]


@pytest.mark.parametrize("fix", ["La cellule est à remplir.", "Il faut corriger.", "Corriger."])
def test_a_cure_says_what_to_do(fix: str) -> None:
    assert "ne commence pas par ce qu'il faut faire" in list(correction_defects(fix))


@pytest.mark.parametrize(
    "title",
    [
        "Chaque ESMS n'est saisi qu'une fois",
        "Un CPOM prend fin après sa date d'effet",
        "La référence d'un établissement ne change pas pendant le contrat",
        "Feuille introuvable.",
        "mesure levée sans date",
        "Date de résolution qui manque alors que le point est résolu, longuement dit ici",
        "Action réalisée : la date manque",
    ],
)
def test_a_title_names_the_fault(title: str) -> None:
    assert list(title_defects(typeset(title)))
