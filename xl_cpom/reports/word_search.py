"""Rules and indicators found by words: « taux de levée », « réserve courrier », « FINESS clé ».

Nobody knows a code by heart. Words are compared without accents, plurals or little words; a word of
the title counts more than one of the explanation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from xl_cpom.indicators import INDICATORS, Indicator
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import fold
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Rule

_LITTLE = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "cette",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "etre",
        "il",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "ma",
        "mes",
        "mon",
        "n",
        "ne",
        "nos",
        "notre",
        "ou",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "quel",
        "quelle",
        "qui",
        "s",
        "sa",
        "sans",
        "ses",
        "son",
        "sont",
        "sur",
        "un",
        "une",
        "vos",
        "votre",
        "y",
        "comment",
        "pourquoi",
    ]
)
_TITLE, _COLUMN, _TEXT = 6, 3, 1
"""What a word is worth, by where it stands."""


@dataclass(frozen=True, slots=True)
class WordHit:
    """A rule or an indicator found. whole: every word asked stands in its title."""

    code: str
    title: str
    what: Rule | Indicator
    score: int
    whole: bool


def search_words(asked: str) -> tuple[WordHit, ...]:
    """What these words designate, the best first; all of them must be found somewhere.

    When no entry holds them all, those that hold the most of them.
    """
    wanted = _words(asked)
    if not wanted:
        return ()
    scored = [(found, _score(entry, wanted)) for found, *entry in _entries()]
    most = max((matched for _, (matched, _, _) in scored), default=0)
    if most == 0 or (most == 1 and len(wanted) > 1):
        return ()
    hits = [
        WordHit(what.code, _title(what), what, score, whole)
        for what, (matched, score, whole) in scored
        if matched == most
    ]
    return tuple(sorted(hits, key=lambda hit: (*_rank(hit, asked), len(hit.title))))


def _rank(hit: WordHit, asked: str) -> tuple[bool, bool, int]:
    """What bears the very words as its name comes first, then what they all entitle."""
    return not fold(hit.title).startswith(fold(asked)), not hit.whole, -hit.score


def _title(what: Rule | Indicator) -> str:
    return what.title if isinstance(what, Rule) else what.libelle


def _score(entry: Sequence[frozenset[str]], wanted: Sequence[str]) -> tuple[int, int, bool]:
    """(words found, what they are worth, are they all in the title)."""
    matched = score = titled = 0
    for word in wanted:
        worth = max(
            (
                value
                for value, words in zip((_TITLE, _COLUMN, _TEXT), entry, strict=True)
                if any(known.startswith(word) for known in words)
            ),
            default=0,
        )
        matched += worth > 0
        score += worth
        titled += worth == _TITLE
    return matched, score, titled == len(wanted)


@cache
def _entries() -> tuple[
    tuple[Rule | Indicator, frozenset[str], frozenset[str], frozenset[str]], ...
]:
    """Each rule and indicator with the words of its title, of its columns, of its texts."""
    found: list[tuple[Rule | Indicator, frozenset[str], frozenset[str], frozenset[str]]] = []
    for indicator in INDICATORS.values():
        inputs = " ".join(entry.libelle for entry in indicator.inputs)
        found.append(
            (indicator, _set(indicator.libelle), _set(inputs), _set(indicator.explication))
        )
    for rule in RULES.values():
        sheet = rule.sheet
        columns = (
            [] if sheet is None else [sheet.name, *(sheet[key].header for key in rule.columns)]
        )
        texts = f"{rule.doc} {re.sub(r'{.*?}', ' ', rule.message)}"
        found.append((rule, _set(rule.title), _set(" ".join(columns)), _set(texts)))
    return tuple(found)


def _set(text: str) -> frozenset[str]:
    return frozenset(_words(text))


def _words(text: str) -> list[str]:
    """The words that count, without accents, in the singular."""
    found: Iterable[str] = re.findall(r"[a-z0-9]+", fold(text))
    return [w.rstrip("sx") or w for w in dict.fromkeys(found) if w not in _LITTLE]
