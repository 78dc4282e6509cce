"""What the trade asks to check: every demand has rules that exist, or the reason why not."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.validators.langue import defauts_de_langue
from tools.couverture import Demande, demandes, page_de_la_couverture
from xl_cpom.typography import typeset
from xl_cpom.validators.catalogue import RULES

TOUTES = [one for chapter in demandes().values() for one in chapter]
PAR_FAMILLE = {"STR": 16, "FMT": 14, "IDE": 14, "MOD": 9, "SUI": 11, "SI": 6, "HAS": 9, "INS": 5,
               "DIF": 6, "ANAP": 5}  # fmt: skip
"""How many controls were asked for, by family: none may be dropped from the list."""


def test_every_demand_is_in_the_list_once() -> None:
    numbered = [f"{famille} {rank:02}" for famille, total in PAR_FAMILLE.items()
                for rank in range(1, total + 1)]  # fmt: skip
    assert [one.id for one in TOUTES] == numbered


@pytest.mark.parametrize("demande", TOUTES, ids=lambda d: d.id.replace(" ", "-"))
def test_a_demand_is_answered(demande: Demande) -> None:
    assert [code for code in demande.regles if code not in RULES] == []
    assert [code for code, times in Counter(demande.regles).items() if times > 1] == []
    assert demande.regles or len(demande.raison) > 40, "no rule, and no reason"
    for text in (demande.demande, demande.raison):
        assert list(defauts_de_langue(typeset(text))) == []


def test_the_page_names_every_rule() -> None:
    ((_, text),) = page_de_la_couverture()
    assert [code for code in RULES if f"({code}.md)" not in text] == []
