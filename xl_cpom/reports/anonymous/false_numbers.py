"""Identifiers replaced by others that the control judges alike: a right key stays right.

The replacement is drawn from a key that is forgotten once the copy is written: with a fixed one,
the hundred thousand numbers of a département could be tried one by one.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from xl_cpom.identifiants import luhn_key

_CORSE = str.maketrans("AB", "12")
_KEPT = 3
"""Characters of a number kept: the département of a FINESS number and its third character."""


class FalseNumbers:
    """The false number of each true one, the same each time it is met."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()

    def digits(self, text: str, count: int) -> str:
        """Some digits drawn from a text."""
        drawn = hmac.new(self._key, text.encode("utf-8", "replace"), hashlib.sha256).digest()
        return str(int.from_bytes(drawn, "big"))[-count:].zfill(count)

    def of_nine(self, number: str) -> str:
        """A FINESS or a SIREN (9 characters); its key is as right, or as wrong, as before."""
        if number not in self._known:
            rank = 0
            while (new := self._nine(number, rank)) in self._taken or new == number:
                rank += 1
            self._known[number] = new
            self._taken.add(new)
        return self._known[number]

    def of_fourteen(self, number: str) -> str:
        """A SIRET (14 digits): the false SIREN, the same establishment number, a key to match."""
        start = self.of_nine(number[:9]) + number[9:13]
        return start + _shifted(number, start)

    def of_phone(self, text: str) -> str:
        """A telephone number: its first two digits and its separators stay."""
        drawn = iter(self.digits(text, 20))
        kept = 4 if text.startswith(("+", "00")) else 2
        seen = 0
        out = []
        for char in text:
            if char.isdigit():
                seen += 1
                char = char if seen <= kept else next(drawn)
            out.append(char)
        return "".join(out)

    def of_nir(self, text: str) -> str:
        """A social security number: other place and rank, a right key."""
        compact = re.sub(r"\D", "", text)
        start = compact[:5] + "99" + self.digits(text, 6)
        return start + f"{97 - int(start) % 97:02}"

    def _nine(self, number: str, rank: int) -> str:
        start = number[:_KEPT] + self.digits(f"{number}/{rank}", 8 - _KEPT)
        return start + _shifted(number, start)


def _shifted(number: str, start: str) -> str:
    """The last digit of the false number: as far from its own key as the true one was."""
    gap = int(number[-1]) - int(luhn_key(number[:-1].translate(_CORSE)))
    return str((int(luhn_key(start.translate(_CORSE))) + gap) % 10)
