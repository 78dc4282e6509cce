"""Calls as JSON: dates and empty cells, which JSON does not have, are written apart."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any


def write(appels: Sequence[tuple[str, Sequence[Any]]], empty: object) -> str:
    """JSON of calls; `vide` is the object that stands for an empty cell."""

    def simple(value: Any) -> Any:
        if value is empty:
            return {"vide": True}
        if isinstance(value, dt.date):
            return {"date": value.isoformat()}
        if isinstance(value, list):
            return [simple(cell) for cell in value]
        return value

    return json.dumps([(name, [simple(a) for a in args]) for name, args in appels])


def answer(call: Callable[[str, list[Any]], Any], read: Callable[[Any], Any]) -> None:
    """Answer the calls of the standard input. `lire` makes an argument of this host."""
    calls = json.load(sys.stdin)
    found = [call(name, [read(a) for a in args]) for name, args in calls]
    print(json.dumps(found))


def is_empty(value: Any) -> bool:
    """Is this JSON argument an empty cell?"""
    return isinstance(value, dict) and "vide" in value


def date_de(value: Any) -> dt.date | None:
    """The date of a JSON argument."""
    return (
        dt.date.fromisoformat(value["date"])
        if isinstance(value, dict) and "date" in value
        else None
    )
