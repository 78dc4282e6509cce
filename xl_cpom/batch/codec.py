"""Frozen dataclasses as JSON and back, without loss: what workers answer, what the journal keeps.

JSON rather than pickle: an answer comes from a process that has just read a hostile file, and a
journal may come from anywhere; decoding it must not be able to run anything.
"""

from __future__ import annotations

import datetime as dt
import json
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

T = TypeVar("T")


class ReponseIllisibleError(ValueError):
    """The bytes are not what `encode` wrote for that class."""


def encode(value: Any) -> bytes:
    """A dataclass as JSON bytes; the same value gives the same bytes."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def decode(cls: type[T], data: bytes) -> T:
    """The dataclass encoded in `data`. Raises ReponseIllisibleError."""
    try:
        found = rebuild(cls, json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ReponseIllisibleError(f"{cls.__name__}: {error}") from error
    assert isinstance(found, cls)
    return found


def plain(value: Any) -> Any:
    """Plain JSON values: an Enum is its value, a date its ISO text, a dataclass its fields."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def rebuild(kind: Any, value: Any) -> Any:
    """The value of a type from its plain form; the shape is checked, not the leaves' ranges."""
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        (kind,) = [arg for arg in get_args(kind) if arg is not type(None)][:1]
        return rebuild(kind, value)
    if origin is tuple:
        return tuple(rebuild(get_args(kind)[0], item) for item in _list(value))
    if origin is not None and issubclass(origin, Mapping):
        return {key: rebuild(get_args(kind)[1], item) for key, item in _dict(value).items()}
    if is_dataclass(kind):
        hints, make = (
            _hints(typing.cast(type, kind)),
            typing.cast("typing.Callable[..., Any]", kind),
        )
        return make(**{key: rebuild(hints[key], item) for key, item in _dict(value).items()})
    if issubclass(kind, Enum):
        return kind(value)
    if issubclass(kind, dt.date):
        return kind.fromisoformat(value)
    if kind is float and type(value) is int:
        return value  # a count stays the integer it was
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} expected")
    return value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return typing.get_type_hints(kind)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("list expected")
    return value


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("object expected")
    return value
