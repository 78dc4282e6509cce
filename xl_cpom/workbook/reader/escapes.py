"""The `_xHHHH_` escapes by which Open XML writes characters that XML cannot hold (ST_Xstring)."""

from __future__ import annotations

from xl_cpom.lazy_regex import lazy_pattern

_ESCAPE = lazy_pattern(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = lazy_pattern("[\ud800-\udfff]")


def decode(text: str) -> str:
    """`_x000D_` → carriage return, `_x005F_` → underscore; lone surrogates become U+FFFD."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATE.search(decoded):
        decoded = decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return decoded
