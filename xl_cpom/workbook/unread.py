"""Who asked for what could not be read.

A rule that meets an unreadable value answers « nothing to say », which looks the same as « nothing
wrong ». So whoever runs one listens: each place it asks for and that could not be read is told, and
a rule that stayed silent after that is said « non contrôlée », never « passée ».
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import TypeAlias

UnreadPlace: TypeAlias = tuple[str, int, str]
"""Key of a sheet, number of a row (0 on a fiche), key of a column ("" : the whole sheet)."""

_listener: ContextVar[set[UnreadPlace] | None] = ContextVar("listener", default=None)


class listening:  # noqa: N801 - used as a function is: every rule is run inside one
    """The places told inside the block; whoever listened before hears them too."""

    __slots__ = ("_outer", "_places", "_token")

    def __enter__(self) -> set[UnreadPlace]:
        self._outer = _listener.get()
        self._places: set[UnreadPlace] = set()
        self._token = _listener.set(self._places)
        return self._places

    def __exit__(self, *_raised: object) -> None:
        _listener.reset(self._token)
        if self._outer is not None:
            self._outer |= self._places


def tell(places: Iterable[UnreadPlace]) -> None:
    """Say that these places were asked for in vain (nobody hears outside `listening`)."""
    listener = _listener.get()
    if listener is not None:
        listener.update(places)


__all__ = ["UnreadPlace", "listening", "tell"]
