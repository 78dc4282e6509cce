"""A page to drop workbooks on, and an API for other systems: the same control, over HTTP.

Optional (extra `serveur`). Nothing is stored: a workbook lives in memory, or in an anonymous
temporary file, for as long as its answer takes, and the annotated copy travels inside the answer.
The parent process never opens a workbook: the workers of `batch` do, with their limits.

`application(Reglages())` is the ASGI application; `xl-cpom serveur` runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_cpom.serveur.application import application
    from xl_cpom.serveur.reglages import Reglages

__all__ = ["Reglages", "application"]


def __getattr__(name: str) -> Any:
    if name == "application":
        from xl_cpom.serveur.application import application

        return application
    if name == "Reglages":
        from xl_cpom.serveur.reglages import Reglages

        return Reglages
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
