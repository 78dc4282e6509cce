"""The light decorator and the standard one, side by side on the same declarations."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xl_cpom import light_dataclass
from xl_cpom.validators.model import Outcome, Status

LIGHT: Callable[..., Any] = light_dataclass.dataclass
STANDARD: Callable[..., Any] = dataclasses.dataclass
OPTIONS = (
    {}, {"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}, {"eq": False},
    {"frozen": True, "eq": False}, {"repr": False},
)  # fmt: skip


def declared(decorator: Callable[..., Any], options: dict[str, bool]) -> type:
    """A class with every kind of field, and one that extends it."""

    @decorator(**options)
    class Base:
        """A base."""

        first: int
        second: str = "b"

    @decorator(**options)
    class Whole(Base):
        """What is declared in the project."""

        third: list[int] = dataclasses.field(default_factory=list)
        hidden: int = dataclasses.field(default=3, repr=False, compare=False)
        later: int = dataclasses.field(init=False, default=7)

        def __post_init__(self) -> None:
            object.__setattr__(self, "later", self.first * 2)

        def double(self) -> int:
            return self.later

    return Whole


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_both_make_the_same_class(options: dict[str, bool]) -> None:
    light, standard = declared(LIGHT, options), declared(STANDARD, options)
    told = [str(inspect.signature(cls)).replace("<factory>", "_") for cls in (light, standard)]
    assert [text.count(",") for text in told] == [3, 3]
    assert light.__match_args__ == standard.__match_args__
    told_of = [cls.__dataclass_params__ for cls in (light, standard)]  # type: ignore[attr-defined]
    slots = type(told_of[0]).__slots__
    assert len({tuple(getattr(params, slot) for slot in slots) for params in told_of}) == 1
    assert [f.name for f in dataclasses.fields(light)] == [
        f.name for f in dataclasses.fields(standard)
    ]
    for arguments in [(1,), (1, "x"), (1, "x", [4])]:
        a, b = light(*arguments), standard(*arguments)
        assert dataclasses.asdict(a) == dataclasses.asdict(b) and a.double() == b.double()
        assert (repr(a) == repr(b)) or not options.get("repr", True)
        assert (a == light(*arguments)) is (b == standard(*arguments)) and a != b
        assert dataclasses.asdict(dataclasses.replace(a, first=5)) == dataclasses.asdict(
            dataclasses.replace(b, first=5)
        )
        assert hasattr(a, "__dict__") is hasattr(b, "__dict__")
    with pytest.raises(TypeError):
        light()
    with pytest.raises(TypeError):
        light(1, unknown=2)
    assert (light.__hash__ is None) is (standard.__hash__ is None)
    assert light(1).third is not light(1).third


def test_a_frozen_one_refuses_as_the_standard_one() -> None:
    for decorator in (LIGHT, STANDARD):
        made = declared(decorator, {"frozen": True, "slots": True})(1)
        with pytest.raises(dataclasses.FrozenInstanceError, match="first"):
            made.first = 2
        with pytest.raises(dataclasses.FrozenInstanceError, match="first"):
            del made.first


def test_a_frozen_one_travels_between_processes() -> None:
    outcome = Outcome("INS-002", Status.EN_ANOMALIE, "raison")
    assert not hasattr(outcome, "__dict__")
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(outcome, protocol)) == outcome
    assert copy.copy(outcome) == copy.deepcopy(outcome) == outcome
    assert hash(outcome) == hash(copy.copy(outcome))


def test_what_it_leaves_out_is_not_declared_here() -> None:
    """It would take a field of another kind for an ordinary one."""
    package = Path(light_dataclass.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    ours = [t for t in texts if "from xl_cpom.light_dataclass import" in t]
    assert len(ours) > 100
    assert not any(word in text for text in ours for word in ("ClassVar[", "InitVar[", "KW_ONLY"))
