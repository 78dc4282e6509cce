"""A Dask executor whose tasks always end: one handed to a scheduler that is gone is lost at once.

When a scheduler dies, Dask cancels the tasks it knew; for half a minute more it takes new ones, of
which nothing is ever heard, whether the scheduler comes back or not. Each task here remembers the
connection it went by, and is lost as soon as that one is closed or replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as NotYetError
from typing import Any

LOOK_EVERY = 2.0
"""Seconds between two looks at the connection while an answer is awaited."""


class LostTaskError(RuntimeError):
    """The scheduler that had the task is gone."""


class SteadyExecutor(Executor):
    """The executor of a Dask client, refusing what its client could not send."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self._client = executor._client

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Hand a task over. Raises LostTaskError when the scheduler is not there."""
        way = self._client.scheduler_comm
        if self._client.status != "running" or way is None or way.closed():
            raise LostTaskError
        return _Awaited(
            self._executor.submit(work, *given, **named),
            lambda: self._client.scheduler_comm is not way or way.closed(),
        )


class _Awaited(Future[Any]):
    """A future that does not wait for a scheduler that is gone."""

    def __init__(self, future: Future[Any], lost: Callable[[], bool]) -> None:
        super().__init__()
        self._future, self._lost = future, lost

    def result(self, timeout: float | None = None) -> Any:
        while True:
            try:
                return self._future.result(LOOK_EVERY if timeout is None else timeout)
            except NotYetError:
                if timeout is not None or self._future.done():
                    raise
                if self._lost():
                    raise LostTaskError from None

    def done(self) -> bool:
        return self._future.done()

    def cancel(self) -> bool:
        return False if self._lost() else self._future.cancel()


def steady(executor: Executor) -> Executor:
    """The executor itself, unless it is Dask's."""
    client = getattr(executor, "_client", None)
    return executor if getattr(client, "scheduler_comm", None) is None else SteadyExecutor(executor)
