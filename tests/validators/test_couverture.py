"""What the trade asks to check: every demand has rules that exist, or the reason why not."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.validators.langue import language_defects
from tools.couverture import Request, page_de_la_couverture, requests
from xl_cpom.typography import typeset
from xl_cpom.validators.catalogue import RULES

ALL = [one for chapter in requests().values() for one in chapter]
BY_FAMILY = {"STR": 16, "FMT": 14, "IDE": 14, "MOD": 9, "SUI": 11, "SI": 6, "HAS": 9, "INS": 5,
               "DIF": 6, "ANAP": 5}  # fmt: skip
"""How many controls were asked for, by family: none may be dropped from the list."""


def test_every_demand_is_in_the_list_once() -> None:
    numbered = [
        f"{family} {rank:02}" for family, total in BY_FAMILY.items() for rank in range(1, total + 1)
    ]
    assert [one.id for one in ALL] == numbered


@pytest.mark.parametrize("this_request", ALL, ids=lambda d: d.id.replace(" ", "-"))
def test_a_demand_is_answered(this_request: Request) -> None:
    assert [code for code in this_request.regles if code not in RULES] == []
    assert [code for code, times in Counter(this_request.regles).items() if times > 1] == []
    assert this_request.regles or len(this_request.raison) > 40, "no rule, and no reason"
    for text in (this_request.demande, this_request.raison):
        assert list(language_defects(typeset(text))) == []


def test_the_page_names_every_rule() -> None:
    ((_, text),) = page_de_la_couverture()
    assert [code for code in RULES if f"({code}.md)" not in text] == []
