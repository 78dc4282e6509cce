"""Frozen dataclasses as JSON and back, without loss: what workers answer, what the journal keeps.

JSON rather than pickle: an answer comes from a process that has just read a hostile file, and a
journal may come from anywhere; decoding it must not be able to run anything.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from xl_cpom.errors import XlCpomError

T = TypeVar("T")


class UnreadableAnswerError(XlCpomError, ValueError):
    """The bytes are not what `encode` wrote for that class."""


def encode(value: Any) -> bytes:
    """A dataclass as JSON bytes; the same value gives the same bytes.

    Keys of mappings are texts. Raises TypeError for what has no form in JSON.
    """
    said = json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))
    return said.encode("utf-8", "replace")  # a lone surrogate is no reason to lose the answer


def decode(cls: type[T], data: bytes) -> T:
    """The dataclass encoded in `data`. Raises UnreadableAnswerError."""
    try:
        found = rebuild(cls, json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableAnswerError(f"{cls.__name__}: {error}") from error
    assert isinstance(found, cls)
    return found


def _plain(value: Any) -> Any:
    """One step towards JSON: an Enum is its value, a date its ISO text, a dataclass its fields.

    In order and without their names, which repeated hundreds of times would be most of an answer.
    """
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return [getattr(value, name) for name in _names(value.__class__)]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def rebuild(kind: Any, value: Any) -> Any:
    """The value of a type from its plain form; the shape is checked, not the leaves' ranges."""
    return _builder(kind)(value)


Builder = Callable[[Any], Any]


@cache
def _builder(kind: Any) -> Builder:
    """What turns a plain value into one of that type; worked out once per type."""
    if kind is Any:
        return lambda value: value
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (one,) = [arg for arg in inside if arg is not type(None)]
        build = _builder(one)
        return lambda value: None if value is None else build(value)
    if origin is tuple and _is_made_of_texts(inside[0]):
        return _many(inside[0])
    if origin is tuple:
        item = _builder(inside[0])
        return lambda value: tuple([item(each) for each in _list(value)])
    if origin is Sequence:
        return _list  # rows: plain values all the way down
    if origin is not None and issubclass(origin, Mapping):
        each = _builder(inside[1])
        return lambda value: {sys.intern(key): each(found) for key, found in _dict(value).items()}
    if is_dataclass(kind):
        return _fields(kind)
    if issubclass(kind, Enum | dt.date):
        known: Builder = kind if issubclass(kind, Enum) else kind.fromisoformat
        return known
    if kind is str:
        return lambda value: sys.intern(_leaf(str, value))  # addresses, names of sheets: the same
    return lambda value: _leaf(kind, value)


def _fields(kind: Any) -> Builder:
    hints = typing.get_type_hints(kind)
    builders = [_builder(hints[name]) for name in _names(kind)]

    def build(value: Any) -> Any:
        return kind(*[each(found) for each, found in zip(builders, _list(value), strict=True)])

    return build


def _is_made_of_texts(kind: Any) -> bool:
    if not is_dataclass(kind):
        return False
    hints = typing.get_type_hints(kind).values()
    return all(hint is str or (isinstance(hint, type) and issubclass(hint, Enum)) for hint in hints)


def _many(kind: Any) -> Builder:
    """Builder of a tuple of small values made of texts: equal ones are one object.

    A report has hundreds of them, the same as those of the report before or nearly.
    """
    build = _fields(kind)
    shared: dict[tuple[Any, ...], Any] = {}
    whole: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def known_or_built(value: Any) -> tuple[Any, ...]:
        keys = [tuple(_list(each)) for each in _list(value)]
        if len(shared) >= _SHARED_MAX or len(whole) >= _WHOLE_MAX:
            shared.clear()
            whole.clear()
        shared.update((key, build(list(key))) for key in keys if key not in shared)
        made = tuple([shared[key] for key in keys])
        return whole.setdefault(made, made)

    return known_or_built


_SHARED_MAX, _WHOLE_MAX = 10_000, 1_000


def _leaf(kind: type, value: Any) -> Any:
    if not isinstance(value, kind) and not (kind is float and type(value) is int):
        raise TypeError(f"{kind.__name__} expected")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("list expected")
    return value


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("object expected")
    return value
