"""Numbers that are right and never attributed: FINESS, SIREN and SIRET of invented organismes.

FINESS: the order numbers 09000 to 09899 of a département are far above those attributed so far
under the numbering « 0 » + order (real extracts of 2026). SIREN: the series 9990 is not open.
"""

from __future__ import annotations

from collections.abc import Mapping

from xl_cpom.identifiants import luhn_key

FIRST, LAST = 9000, 9899
_DIGITS = 8
"""Of a FINESS number, its key left out."""


class Numberer:
    """Hands out the numbers of a département one after the other."""

    def __init__(self, prefixes: Mapping[str, str] | None = None) -> None:
        """prefixes: département -> first digits of its numbers, where they are not its code."""
        self._prefixes = prefixes or {}
        self._orders: dict[str, int] = {}
        self._sirens = 0

    def finess(self, departement: str) -> str:
        """The next FINESS number. Raises ValueError when the series is used up."""
        order = self._orders.get(departement, FIRST)
        if order > LAST:
            raise ValueError(f"plus de numéro inventé dans le département {departement}")
        self._orders[departement] = order + 1
        digits = f"{self._prefixes.get(departement, departement)}0{order:05}"
        if len(digits) != _DIGITS:  # overseas: « 9701 », then four figures; « 98 » for Mayotte
            digits = f"{self._prefixes[departement]}{order:04}"
        return digits + luhn_key(digits.replace("A", "1").replace("B", "2"))

    def siren(self) -> str:
        """The next SIREN."""
        self._sirens += 1
        digits = f"9990{self._sirens:04}"
        return digits + luhn_key(digits)


def siret(siren: str, rang: int) -> str:
    """SIRET of the establishment of that rank."""
    digits = f"{siren}{rang:04}"
    return digits + luhn_key(digits)
