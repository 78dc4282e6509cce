"""The command `xl-cpom`, run as a user runs it but in this process: no second start of pandas.

What only a process shows (signals, an audit hook, a terminal, an installed wheel) is tried on a
real one: `tests/docs/test_readme.py`, `tests/batch/test_resume.py`, `tests/delivery/`.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from xl_cpom.cli import main


@dataclass(frozen=True, slots=True)
class End:
    """How a command ended: exit code, what it wrote on each stream."""

    returncode: int
    stdout: str
    stderr: str


class _Flux(io.TextIOWrapper):
    """A stream that keeps its bytes when the command lets go of it."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", write_through=True)

    def written(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("utf-8").replace("\r\n", "\n")


def run(*arguments: object, cwd: Path | None = None, entree: str = "", **env: str) -> End:
    """Run `xl-cpom` with these arguments; env: variables added to the environment."""
    out, err = _Flux(), _Flux()
    with _ailleurs(cwd, env, (_Flux(entree.encode()), out, err)):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return End(code, out.written(), err.written())


@contextlib.contextmanager
def _ailleurs(
    cwd: Path | None, env: Mapping[str, str], flux: tuple[_Flux, _Flux, _Flux]
) -> Iterator[None]:
    """The folder, the environment, the streams and the collector of another process."""
    threshold = gc.get_threshold()
    stdin, stdout, stderr = flux
    with (
        contextlib.chdir(cwd or Path.cwd()),
        mock.patch.dict(os.environ, env),
        mock.patch.object(sys, "stdin", stdin),
        mock.patch.object(sys, "stdout", stdout),
        mock.patch.object(sys, "stderr", stderr),
    ):
        try:
            yield
        finally:
            gc.set_threshold(*threshold)
