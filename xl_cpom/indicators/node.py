"""What the nodes of an expression share: frozen, compared by value, built by position or by name.

A dataclass writes and compiles six methods for each class; for some thirty nodes that was a tenth
of the time a control takes to start, paid by each cell host too. Here they are written once. To a
type checker a subclass is a frozen dataclass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from typing import dataclass_transform
else:

    def dataclass_transform(**_):
        """Nothing at run time: the older Pythons of LibreOffice have no such function."""
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class Node:
    """A frozen record; its fields are the annotations of its class, in order."""

    __match_args__ = ()  # type: tuple[str, ...] # an annotation would be a field to older Pythons

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.__match_args__ = tuple(getattr(cls, "__annotations__", ()))  # type: ignore[misc]

    if not TYPE_CHECKING:

        def __init__(self, *given, **named):
            fields = self.__match_args__
            values = self.__dict__
            values.update(zip(fields, given, strict=False))
            values.update({name: named[name] for name in fields if name in named})
            if len(given) + len(named) != len(fields) or tuple(values) != fields:
                raise TypeError(f"{type(self).__name__} takes {', '.join(fields)}")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self.__match_args__)))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({said})"
