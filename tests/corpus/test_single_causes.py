"""One cause, one refusal: each documented fault alone gives its code and no other blocking one.

The faults are those of the corpus, whose exact findings another test verifies. A case that gives
several blocking codes is in the table below, with the reason why they are several causes.
"""

from __future__ import annotations

from collections import Counter

from tests.corpus.cas import Cas, cas
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import BLOQUANT

SEVERAL: dict[tuple[str, str], str] = {
    ("lignes", "ligne-a-trous"): "une ligne à remplir, dont le numéro est aussi celui d'une autre",
    ("vie", "total-qui-est-un-intitule-sans-numero"): "une action entière à remplir",
}
"""(file, case) -> why several blocking codes are right."""


def blocking(case: Cas) -> list[str]:
    """The blocking codes a case gives, each once."""
    codes = Counter(text.split()[0] for text in case.attendu)
    return sorted(code for code in codes if RULES[code].severity is BLOQUANT)


def test_a_fault_alone_refuses_once(record_property) -> None:  # type: ignore[no-untyped-def]
    several = {
        (case.fichier, case.nom): codes for case in cas() if len(codes := blocking(case)) > 1
    }
    record_property("causes", sum(len(blocking(case)) == 1 for case in cas()))
    assert several.keys() == SEVERAL.keys(), several


def test_nearly_every_blocking_rule_has_a_fault_that_gives_it_alone() -> None:
    alone = {codes[0] for case in cas() if len(codes := blocking(case)) == 1}
    wanted = {
        text.split()[0] for case in cas() for text in case.attendu
        if RULES[text.split()[0]].severity is BLOQUANT
    }  # fmt: skip
    assert wanted - alone <= {"STR-025"}, sorted(wanted - alone)
    assert len(alone) >= 50
