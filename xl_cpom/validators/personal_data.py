"""Personal data in a free text: found by their shape, shown masked.

The CPOM counts actions and places, never persons. What is looked for is narrow on purpose: a
number with its key, a date said to be of birth, a name tied to the word « résident »; the name of
a pilote or of a director is none of these. Each search gives the text found and what may be shown
of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.validators.named_persons import MASK, named_persons


class PersonalDataHit(NamedTuple):
    """What was found in a text, and what may be shown of it."""

    text: str
    hidden: str


_NIR = re.compile(
    r"(?<![\w.,])(?P<nir>[123478][ .-]?\d{2}[ .-]?\d{2}[ .-]?(?:\d{2}|2[ABab])[ .-]?\d{3}"
    r"[ .-]?\d{3}[ .-]?\d{2})(?![\w])"
)
_DAY = (
    r"\d{1,2}(?:er)?[\s./-]+(?:\d{1,2}|janv\w*\.?|févr\w*\.?|mars|avr\w*\.?|mai|juin|juil\w*\.?"
    r"|août|sept\w*\.?|oct\w*\.?|nov\w*\.?|déc\w*\.?)[\s./-]+(?:19|20)?\d{2}\b"
)
_NAISSANCE = re.compile(
    rf"\b(?:née?\s*(?:\(e\)|\.e)?\s+le|date de naissance|DDN)\s*:?\s*(?P<jour>{_DAY})",
    re.IGNORECASE,
)
_NAME_BEFORE = lazy_pattern(
    r"(?P<nom>[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]+(?:\s+[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]*\.?){1,2}|[A-ZÀ-ÖØ-Þ]\.\s?[A-ZÀ-ÖØ-Þ]\.)"
    r"\s*[,(]?\s*$"
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|orange|wanadoo|free|sfr|neuf"
    r"|laposte|bbox|icloud|me|aol|proton(?:mail)?|numericable|gmx|club-internet|aliceadsl)"
    r"\.(?:com|fr|net|me|ch|be)\b",
    re.IGNORECASE,
)
_PORTABLE = re.compile(r"(?<![\d.,+])(?:\+33\s?|0033\s?|0)[67](?:[ .-]?\d{2}){4}(?![\d.,]\d|\d)")


def numeros_de_securite_sociale(text: str) -> Iterator[PersonalDataHit]:
    """French social security numbers (NIR) whose key is right: 15 characters, Corsica included."""
    for match in _NIR.finditer(text):
        if _nir_key_is_right(match["nir"]):
            yield PersonalDataHit(match["nir"], f"{match['nir'][0]} •• •• •• ••• ••• ••")


def _nir_key_is_right(text: str) -> bool:
    compact = re.sub(r"[ .-]", "", text).upper()
    month = int(compact[3:5])
    if not (1 <= month <= 12 or 20 <= month <= 42 or 50 <= month <= 99):
        return False
    number = int(compact[:13].replace("2A", "19").replace("2B", "18"))
    return 97 - number % 97 == int(compact[13:])


def dates_de_naissance(text: str) -> Iterator[PersonalDataHit]:
    """Days that the text says somebody was born on, and the name that stands beside."""
    for match in _NAISSANCE.finditer(text):
        yield PersonalDataHit(match["jour"], "••/••/••••")
        beside = _NAME_BEFORE.search(text[: match.start()])
        if beside is not None:
            yield PersonalDataHit(beside["nom"], MASK)


def personnes_accompagnees(text: str) -> Iterator[PersonalDataHit]:
    """Names that the text ties to a person accompanied: « Mme D., résidente »."""
    for found in named_persons(text):
        if not found.health:
            yield PersonalDataHit(found.text, MASK)


def personnes_et_sante(text: str) -> Iterator[PersonalDataHit]:
    """Names tied to a state of health, an age or an event: « hospitalisation de M. Durand »."""
    for found in named_persons(text):
        if found.health:
            yield PersonalDataHit(found.text, MASK)


def personal_addresses(text: str) -> Iterator[PersonalDataHit]:
    """E-mail addresses of the providers that individuals use."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        yield PersonalDataHit(match[0], f"•••@{match[0].partition('@')[2]}")


def telephones_portables(text: str) -> Iterator[PersonalDataHit]:
    """French mobile telephone numbers."""
    for match in _PORTABLE.finditer(text):
        yield PersonalDataHit(match[0], "0• •• •• •• ••")


SEARCHES = (
    numeros_de_securite_sociale,
    dates_de_naissance,
    personnes_accompagnees,
    personnes_et_sante,
    personal_addresses,
    telephones_portables,
)
"""Every search: what one of them finds is shown nowhere."""


@lru_cache(maxsize=4096)
def masked(text: str) -> str:
    """A text of a user's file as it may be shown or kept: what designates a person is masked.

    The rules DCP say where; whatever is written elsewhere (lists, journal, tables) goes through
    here, so that a report does not spread what it asks to remove.
    """
    if len(text) < _SHORTEST:
        return text
    hits = [hit for search in SEARCHES for hit in search(text)]
    for hit in sorted(set(hits), key=lambda one: -len(one.text)):
        text = text.replace(hit.text, hit.hidden)
    return text


def names_professionals(key: str) -> bool:
    """Does this column hold the name of a professional or of a place, which is its purpose?"""
    return key in _PROFESSIONALS or key.startswith("referent_")


def masked_cell(text: str, key: str) -> str:
    """The same for the cell of a column: the names that belong there stay."""
    return text if names_professionals(key) else masked(text)


_PROFESSIONALS = frozenset({"pilote", "raison_sociale", "commune", "adresse"})

_SHORTEST = 8
"""Characters of the shortest text that can designate somebody: « Mme D. 84 »."""
