"""Regular expressions compiled when they are first asked for, not when their module is imported.

Python compiles one in half a millisecond to three; a control of one file imports a hundred and
fifty and needs half of them: the others say what a damaged cell or a name in a text may be. Only
those that most controls never use are written so; the first use then costs one more call.
"""

from __future__ import annotations

import re
from typing import Any, cast


class LazyPattern:
    """Stands for a pattern; its methods are those of the pattern once it is compiled."""

    def __init__(self, text: str, flags: int) -> None:
        self._source = (text, flags)

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._source)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern of a text, compiled at its first use: `re.compile` otherwise."""
    return cast("re.Pattern[str]", LazyPattern(text, flags))
