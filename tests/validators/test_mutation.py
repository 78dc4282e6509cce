"""The rules themselves are mutated: their own examples must notice.

The share killed is printed in the terminal summary of the run.
"""

from __future__ import annotations

import pytest

from tests.validators.mutation import mutants, noticed
from xl_cpom.referentiel import charger
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Scope

JUGEES = [
    rule
    for rule in RULES.values()
    if rule.check is not None and rule.scope in (Scope.LIGNE, Scope.FEUILLE, Scope.CLASSEUR)
]

VRAISEMBLANCE = "not controle.ecarte(ligne, contexte) and (not montants_negatifs(ligne, entrees))"

SANS_EFFET = {
    "row.finess_et or f'la ligne {row.number}'": "words of the message only",
    "esms.finess_et or f'la ligne {esms.number}'": "words of the message only",
    "row.numero or str(row.number)": "words of the message only",
    "liste(categorie.remplacee_par, 'ou') or 'un code ouvert'": "words of the message only",
    VRAISEMBLANCE: "one declaration for all: most have no amount or are never set aside",
    "et is not None and lisible": "NON_LU cannot be written in an example",
}
"""Expressions whose mutants change nothing that an example can show, with the reason."""


@pytest.mark.parametrize("rule", JUGEES, ids=lambda r: r.code)
def test_examples_notice_every_mutant(rule, record_property) -> None:  # type: ignore[no-untyped-def]
    assert rule.check is not None
    made = list(mutants(rule.check))
    alive = [m.quoi for m in made if not noticed(rule, m, charger())]
    record_property("mutants", len(made))
    record_property("survivants", len(alive))
    assert [w for w in alive if w.split(" : ", 1)[1] not in SANS_EFFET] == []
