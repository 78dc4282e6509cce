"""The nodes behave as the frozen dataclasses they stand for."""

from __future__ import annotations

import copy
import pickle

import pytest

from xl_cpom.indicators.expressions import Always, Among, Never, Param, Ref


def test_by_position_and_by_name() -> None:
    assert Among("statut", ("a",)) == Among(col="statut", texts=("a",))
    assert Among("statut", ("a",)) == Among(texts=("a",), col="statut")
    assert Among("statut", ("a",)) != Among("statut", ("b",))
    assert Always() == Always() != Never()
    assert Ref("x") != Param("x")


def test_equal_nodes_have_the_same_hash_and_text() -> None:
    one, same = Among("statut", Param("p")), Among(texts=Param("p"), col="statut")
    assert hash(one) == hash(same) and len({one, same}) == 1
    assert repr(one) == repr(same) == "Among(col='statut', texts=Param(key='p'))"
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one


def test_frozen() -> None:
    node = Param("x")
    with pytest.raises(AttributeError):
        node.cle = "y"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del node.key
    assert node.key == "x"


@pytest.mark.parametrize(
    ("given", "named"),
    [(("a",), {}), (("a", "b", "c"), {}), (("a", "b"), {"col": "a"}), ((), {"col": "a"}),
     (("a",), {"autre": "b"})],
)  # fmt: skip
def test_wrong_fields(given: tuple[str, ...], named: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="col, texts"):
        Among(*given, **named)  # type: ignore[arg-type]
