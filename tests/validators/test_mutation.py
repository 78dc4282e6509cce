"""The rules themselves are mutated: their own examples must notice.

The share killed is printed in the terminal summary of the run. What the examples make a rule say is
part of what they show: the texts below were written by hand, from what a reader must be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.validators.mutation import (
    Mutant,
    auxiliaires,
    fonction,
    mutants,
    noticed,
    remplacee,
    tenue,
)
from xl_cpom.referentiel import Seuil, load_referentiel
from xl_cpom.typography import typeset
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.facts.thresholds import usuel

JUGEES = [rule for rule in RULES.values() if rule.check is not None]
WORDS: Mapping[str, Sequence[str]] = {
    "IDE-009": (
        "de la ligne 6 commence",
        "de 210781456, 710976507, 250000015 et 390000131 commence",
        "de 210781456, 710976507, 250000015 et 2 autres commence",
    ),
    "IDE-015": ("500 – EHPAD, 501 – EHPA (crédits AM) ou 502 – EHPA",),
    "IDE-028": ("l'autorisation de 210781456 relève",),
    "MOD-007": ("(ligne 6)", "(lignes 6 et 7)"),
    "MOD-039": ("(peut-être la ligne 6",),
    "MOD-028": ("L'action A1 est", "La ligne 6 est"),
    "INS-009": ("N6 L6 M6", "quelques jours près N6 M6"),
    "VRA-001": ("entre 0 % et 120 %",),
    "VRA-005": ("de 0 % à moins de 40 %",),
    "EVO-003": (": 2027 manque", ": la période 2026-2028 manque"),
    "EVO-030": ("précédent I6", "précédent H6 L6"),
    "EVO-031": ("précédent M6",),
    "LOT-009": (
        "son établissement est dans le retour de «\\xa0Les Érables",
        "ses établissements sont dans",
        "une partie de ses établissements est dans",
    ),
    "REF-012": ("gère aussi « EHPAD DE L'OUCHE » (210099016)",),
}
"""What the examples of a rule must make it say: messages, what is expected, cells."""


def _seuil(minimum: float | None, maximum: float | None, exclu: bool = False) -> Seuil:
    return Seuil("X", "X", minimum, maximum, exclu, None, "", "")


DIRECTS: Mapping[Any, Sequence[tuple[Any, str]]] = {
    usuel: [
        (_seuil(0.02, None), "au moins 2 %"),
        (_seuil(None, 0.4), "au plus 40 %"),
        (_seuil(None, 0.4, exclu=True), "moins de 40 %"),
        (_seuil(0.0, 1.2), "entre 0 % et 120 %"),
    ],
}
"""What a function answers on its own: thresholds that another region may set."""


@pytest.mark.parametrize("rule", JUGEES, ids=lambda r: r.code)
def test_examples_notice_every_mutant(rule, record_property) -> None:  # type: ignore[no-untyped-def]
    words = [typeset(word) for word in WORDS.get(rule.code, ())]
    assert tenue(rule, load_referentiel(), words)
    made = list(mutants(fonction(rule)))
    alive = [m.quoi for m in made if not noticed(rule, m, load_referentiel(), words)]
    record_property("mutants", len(made))
    record_property("survivants", len(alive))
    assert alive == []


@pytest.mark.parametrize(
    "function", auxiliaires(), ids=lambda f: f"{f.__module__.split('.')[-1]}.{f.__name__}"
)
def test_examples_notice_every_mutant_of_what_rules_call(function, record_property) -> None:  # type: ignore[no-untyped-def]
    made = list(mutants(function))
    alive = [m.quoi for m in made if not _seen(function, m)]
    record_property("mutants", len(made))
    record_property("survivants", len(alive))
    assert alive == []


def _seen(function: Any, mutant: Mutant) -> bool:
    """Does a direct example, or one of a rule that calls the function, notice its mutant?"""
    for argument, expected in DIRECTS.get(function, ()):
        try:
            if mutant.fonction(argument) != typeset(expected):
                return True
        except Exception:  # noqa: BLE001 - a mutant may crash in any way: it is noticed
            return True
    with remplacee(function, mutant.fonction):
        return not all(
            tenue(rule, load_referentiel(), [typeset(word) for word in WORDS.get(rule.code, ())])
            for rule in auxiliaires()[function]
        )


def test_what_functions_answer_on_their_own() -> None:
    for function, cases in DIRECTS.items():
        assert [function(argument) for argument, _ in cases] == [
            typeset(expected) for _, expected in cases
        ]
