"""`dataclass` of the standard library, made at a fifth of its cost for a program that starts often.

The standard decorator writes up to six functions a class as text and compiles them. Here one is
(`__init__`, which is what runs often); the others are the same functions for every class, over the
names of its fields. A control of one file declares ninety of them: 65 ms of its start went there,
a seventh of the whole process, 12 now. The type checker sees the standard decorator; `fields`,
`replace`, `asdict` and pickles work as they do with it, and a test holds the two side by side.

Left out, since nothing here asks for them: `order`, `kw_only`, `InitVar`, `ClassVar`.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses
    from operator import attrgetter
    from reprlib import recursive_repr
    from types import MemberDescriptorType

    _MISSING = dataclasses.MISSING
    _set = object.__setattr__

    class _Parameters:
        """How a class was made, for who looks at it (Dask does, by these slots)."""

        __slots__ = ("eq", "frozen", "init", "order", "repr", "unsafe_hash")

        def __init__(self, shown: bool, eq: bool, frozen: bool) -> None:
            self.init, self.repr, self.eq = True, shown, eq
            self.order, self.unsafe_hash, self.frozen = False, False, frozen

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True,
        repr: bool = True,  # noqa: A002 - the name it has in the standard library
    ) -> Any:  # fmt: skip
        """Make a class of records, as the standard decorator does."""

        def made(cls: type) -> type:
            own = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 - as Python 3.8 has it
            found = _fields(cls, own)
            _add_init(cls, found, frozen=frozen)
            if repr and "__repr__" not in cls.__dict__:
                cls.__repr__ = _repr([f.name for f in found.values() if f.repr])
            if eq:
                _add_equality(cls, [f.name for f in found.values() if f.compare], frozen=frozen)
            if frozen:
                _freeze(cls, frozenset(found))
            cls.__dataclass_fields__ = found
            cls.__dataclass_params__ = _Parameters(repr, eq, frozen)
            cls.__match_args__ = tuple(f.name for f in found.values() if f.init)
            return _with_slots(cls, own, frozen=frozen) if slots else cls

        return made if cls is None else made(cls)

    def _fields(cls: type, own: dict[str, Any]) -> dict[str, Any]:
        """The fields of the bases, then those the class annotates."""
        found: dict[str, Any] = {}
        for base in cls.__mro__[-1:0:-1]:
            found.update(base.__dict__.get("__dataclass_fields__", {}))
        for name, kind in own.items():
            default = cls.__dict__.get(name, _MISSING)
            if isinstance(default, dataclasses.Field):
                one = default
            else:
                if isinstance(default, MemberDescriptorType):
                    default = _MISSING
                one = dataclasses.field(default=default)
                if isinstance(default, list | dict | set):
                    raise ValueError(f"mutable default {type(default)} for field {name}")
            one.name, one.type, one._field_type = name, kind, dataclasses._FIELD
            found[name] = one
            if one.default is not _MISSING:
                setattr(cls, name, one.default)
            elif name in cls.__dict__:
                delattr(cls, name)
        return found

    def _add_init(cls: type, found: dict[str, Any], *, frozen: bool) -> None:
        """Write `__init__`, the one function that is compiled for the class."""
        if "__init__" in cls.__dict__:
            return
        known: dict[str, Any] = {"_set": _set, "_MISSING": _MISSING}
        arguments, lines, optional = ["self"], [], False
        for name, one in found.items():
            value = name
            if one.default_factory is not _MISSING:
                known[f"_made_{name}"] = one.default_factory
                value = f"_made_{name}()"
                if one.init:
                    value += f" if {name} is _MISSING else {name}"
                    arguments.append(f"{name}=_MISSING")
            elif one.default is not _MISSING:
                known[f"_default_{name}"] = one.default
                arguments += [f"{name}=_default_{name}"] if one.init else []
                value = name if one.init else f"_default_{name}"
            elif one.init:
                arguments.append(name)
                if optional:
                    raise TypeError(f"non-default argument {name!r} follows default argument")
            else:
                continue
            optional = optional or (one.init and arguments[-1] != name)
            lines.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
        if hasattr(cls, "__post_init__"):
            lines.append("self.__post_init__()")
        text = f"def __init__({', '.join(arguments)}):\n " + "\n ".join(lines or ["pass"])
        exec(text, known)  # noqa: S102 - as the standard library does, on names of fields
        init = known["__init__"]
        init.__qualname__ = f"{cls.__qualname__}.__init__"
        init.__annotations__ = {
            **{name: one.type for name, one in found.items() if one.init},
            "return": None,
        }
        cls.__init__ = init

    def _repr(names: list[str]) -> Any:
        @recursive_repr()
        def __repr__(self: Any) -> str:  # noqa: N807
            said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
            return f"{type(self).__qualname__}({said})"

        return __repr__

    def _add_equality(cls: type, names: list[str], *, frozen: bool) -> None:
        key = attrgetter(*names) if names else type

        def __eq__(self: Any, other: object) -> bool:  # noqa: N807
            if other.__class__ is not self.__class__:
                return NotImplemented
            return key(self) == key(other)

        def __hash__(self: Any) -> int:  # noqa: N807
            return hash(key(self))

        own = cls.__dict__
        hashed = own.get("__hash__", _MISSING)
        inherited = hashed is _MISSING or (hashed is None and "__eq__" in own)
        if "__eq__" not in own:
            cls.__eq__ = __eq__
        if inherited:
            cls.__hash__ = __hash__ if frozen else None

    def _freeze(cls: type, names: frozenset[str]) -> None:
        def __setattr__(self: Any, name: str, value: Any) -> None:  # noqa: N807
            if type(self) is cls or name in names:
                raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
            _set(self, name, value)

        def __delattr__(self: Any, name: str) -> None:  # noqa: N807
            if type(self) is cls or name in names:
                raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
            object.__delattr__(self, name)

        cls.__setattr__, cls.__delattr__ = __setattr__, __delattr__

    def _with_slots(cls: type, own: dict[str, Any], *, frozen: bool) -> type:
        """The same class, whose instances have no dictionary."""
        inherited = {s for base in cls.__mro__[1:-1] for s in base.__dict__.get("__slots__", ())}
        content = dict(cls.__dict__)
        content["__slots__"] = tuple(name for name in own if name not in inherited)
        for name in (*own, "__dict__", "__weakref__"):
            content.pop(name, None)
        new = type(cls)(cls.__name__, cls.__bases__, content)
        new.__qualname__ = cls.__qualname__
        if frozen and "__getstate__" not in content:
            new.__getstate__, new.__setstate__ = _state, _restore
        return new

    def _state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in self.__dataclass_fields__]

    def _restore(self: Any, state: list[Any]) -> None:
        for name, value in zip(self.__dataclass_fields__, state, strict=True):
            _set(self, name, value)
