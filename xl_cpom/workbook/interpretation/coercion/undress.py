"""What dresses a value without being part of it: quotes, full-width signs, a forcing apostrophe.

A value pasted from a mail, an export or a foreign keyboard comes as « '210781456 », « ="500" »,
« “PH” » or in full-width digits. What is inside is the value; that it was dressed is said. A free
text keeps its quotes: there they may be meant.
"""

from __future__ import annotations

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.typography import without_unseen

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PAIRS = ("«»", "“”", "„“", "””", '""', "‘’", "‹›", "''", "``")
_FORCING = "'’‘`´"
_EXPORTED = lazy_pattern(r'="([^"]*)"')


def undressed(text: str) -> str:
    """The value inside a text: « ="500" » -> « 500 ». What dresses nothing is only stripped."""
    bare = without_unseen(text).translate(_FULL_WIDTH).strip()
    if (export := _EXPORTED.fullmatch(bare)) is not None:
        bare = export[1]
    before = ""
    while bare and bare != before:
        before = bare
        bare = next(
            (bare[1:-1] for pair in _PAIRS if len(bare) > 1 and bare[0] + bare[-1] == pair), bare
        )
        bare = bare.strip().lstrip(_FORCING).strip()
    return bare
