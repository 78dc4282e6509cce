"""A text in which nothing designates anybody any more, and that the control reads alike.

Words of the sector stay, others become invented words of the same length and the same capitals;
numbers that identify somebody become others. The same word always gives the same one, so that what
names a record, or is written twice, still does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from xl_cpom.reports.anonymous.false_numbers import FalseNumbers
from xl_cpom.typography import fold

_TOKEN = re.compile(
    r"(?P<nir>(?<![\w.,])[123478](?:[ .-]?\d{2}){3}(?:[ .-]?\d{3}){2}[ .-]?\d{2}(?!\w))"
    r"|(?P<phone>(?<![\w.,+])(?:\+33\s?|0033\s?|0)[1-9](?:[ .-]?\d{2}){4}(?![\w]))"
    r"|(?P<fourteen>(?<!\w)(?:\d{3}[ \u00a0\u202f]?){3}\d{5}(?!\w))"
    r"|(?P<nine>(?<!\w)(?:\d{2}|2[AB])\d[ \u00a0\u202f]?\d{3}[ \u00a0\u202f]?\d{3}(?!\w))"
    r"|(?P<word>[^\W\d_]+)"
)
_CONSONANTS, _VOWELS = "bcdfglmnprstv", "aeiou"


class FalseTexts:
    """The false text of each true one.

    kept: words, without accents nor capitals; public: is a whole text one of the workbook?
    """

    def __init__(
        self, numbers: FalseNumbers, kept: Collection[str], public: Callable[[str], bool]
    ) -> None:
        self._numbers = numbers
        self._kept = kept
        self._public = public
        self.names: set[str] = set()
        """Texts that are names whatever their words: « Rose Petit » is nobody's flower."""

    def of(self, text: str) -> str:
        """The text to show."""
        bare = " ".join(text.split())
        strict = bare in self.names
        if not bare or self._public(text):
            return text

        def replaced(match: re.Match[str]) -> str:
            kind, found = match.lastgroup, match[0]
            if kind == "word":
                start = not text[: match.start()].strip(" «“\"'(-–•")
                return self._word(found, start=start, strict=strict)
            if kind == "phone":
                return self._numbers.of_phone(found)
            if kind == "nir":
                return _spaced(self._numbers.of_nir(found), found)
            digits = re.sub(r"\W", "", found)
            new = (
                self._numbers.of_nine(digits)
                if kind == "nine"
                else self._numbers.of_fourteen(digits)
            )
            return _spaced(new, found)

        return _TOKEN.sub(replaced, text)

    def _word(self, word: str, *, start: bool, strict: bool) -> str:
        known = fold(word) in self._kept
        if len(word) == 1 or (known and word.islower()) or (known and start and not strict):
            return word
        if known and word.isupper() and len(word) > 1 and not (strict and len(word) > 6):
            return word  # a sigle
        if known and strict and len(word) <= 3:
            return word
        drawn = self._numbers.digits(fold(word), 2 * len(word) + 2)
        letters = []
        for rank in range(len(word)):
            alphabet = _VOWELS if rank % 2 else _CONSONANTS
            letters.append(alphabet[int(drawn[2 * rank : 2 * rank + 2]) % len(alphabet)])
        new = "".join(letters)
        if word.isupper():
            return new.upper()
        return new.capitalize() if word[0].isupper() else new


def _spaced(new: str, like: str) -> str:
    """The characters of `new`, separated as those of `like` are."""
    drawn = iter(new)
    return "".join(next(drawn) if char.isalnum() else char for char in like)
