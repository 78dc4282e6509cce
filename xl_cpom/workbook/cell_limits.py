"""How much text a cell of Excel holds."""

from __future__ import annotations

CELL_LIMIT = 32_767
"""UTF-16 units that a cell holds at most."""


def cut_text(text: str, limite: int = CELL_LIMIT) -> str:
    """The beginning of a text, as much as a cell holds of it; no character is cut in two."""
    if len(text) <= limite // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    return units[: 2 * limite].decode("utf-16-le", "ignore")
