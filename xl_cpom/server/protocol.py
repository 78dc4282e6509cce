"""HTTP connections that cannot be held for nothing: a time for the request, a time for the answer.

uvicorn bounds the wait between two requests, not the wait for the first one nor for the end of its
headers. A connection that has asked for nothing costs others nothing either: beyond a number of
them, the oldest idle one leaves its place.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_TIME = 10.0
"""Seconds for a whole set of headers to come, from the connection or from the last answer."""

ANSWER_TIME = 60.0
"""Seconds for an answer to be read once it is made."""

CONNECTIONS = 512
"""Connections held at once, at most half of the files that the system allows."""


def connection_limit() -> int:
    """Connections held at once on this machine."""
    if sys.platform == "win32":
        return CONNECTIONS
    import resource

    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if allowed == resource.RLIM_INFINITY else min(CONNECTIONS, allowed // 2)


class GuardedProtocol(H11Protocol):
    """uvicorn's own protocol, with these limits."""

    _born = 0.0
    _let_in = False
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Make room if there is none, and start to wait."""
        self._born = self.loop.time()
        if len(self.connections) >= connection_limit():
            idle = [one for one in self.connections if getattr(one, "is_idle", False)]
            if not idle:
                transport.abort()
                self.transport = transport
                return
            min(idle, key=lambda one: getattr(one, "_born", 0.0)).transport.abort()
        self._let_in = True
        super().connection_made(transport)
        self._wait()

    @property
    def is_idle(self) -> bool:
        """Is no request being answered?"""
        return self.cycle is None or self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        """A request begun must come to the end of its headers in the time it had from the start."""
        if not self._let_in:
            return
        super().data_received(data)
        if not self.is_idle:
            self._stop_waiting()
        elif self._waiting is None:
            self._wait()

    def on_response_complete(self) -> None:
        """The answer is made: it has to be read."""
        super().on_response_complete()
        if not self.transport.is_closing() and self.transport.get_write_buffer_size():
            self.loop.call_later(ANSWER_TIME, self._give_up_if_unread, self.cycle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        if self._let_in:
            super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEADER_TIME, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self.is_idle:
            self.transport.abort()

    def _give_up_if_unread(self, cycle: object) -> None:
        if self.cycle is cycle and self.transport.get_write_buffer_size():
            self.transport.abort()
