"""The data of CPOM_TAUX come in the order of the arguments of the function of the same family."""

import pytest

from xl_cpom.functions import invoke
from xl_cpom.functions.families import FAMILIES, FunctionFamily
from xl_cpom.functions.rates import input_keys
from xl_cpom.indicators import INDICATORS


@pytest.mark.parametrize("family", FAMILIES, ids=lambda famille: famille.name)
def test_one_order_for_both(family: FunctionFamily) -> None:
    assert input_keys(INDICATORS[family.code], family.code) == tuple(family.entries.values())


def test_the_same_arguments_give_the_same_rate() -> None:
    types, statuts = [["injonction"], ["prescription"]], [["Levée"], ["En cours"]]
    assert invoke("CPOM_LEVEE", [types, statuts]) == 0.5
    assert invoke("CPOM_TAUX", ["LEVEE", types, statuts]) == 0.5
    assert invoke("CPOM_TAUX", ["INSPECTION", types, statuts]) == 0.5
