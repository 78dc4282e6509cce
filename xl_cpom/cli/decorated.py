"""The type of a command that a group of options decorates: what goes in comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

DecoratedCommand = TypeVar("DecoratedCommand", bound=Callable[..., Any])
