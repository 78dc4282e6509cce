"""Numbers that no organisme of the lives has yet, for openings, new numbers and new legal entities.

The first year takes its numbers from the start of each département's invented series; these are
taken from its end.
"""

from __future__ import annotations

from tools.synthese.numeros import LAST
from xl_cpom.identifiants import luhn_key


class NewNumbers:
    """Hands out numbers downwards from the end of the series of a département."""

    def __init__(self, last: int = LAST) -> None:
        self._orders: dict[str, int] = {}
        self._last = last

    def finess(self, departement: str) -> str:
        """The next FINESS number."""
        order = self._orders.get(departement, self._last)
        self._orders[departement] = order - 1
        digits = f"{departement}0{order:05}"
        return digits + luhn_key(digits)
