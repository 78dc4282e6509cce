"""Persons in a free text: who is named, and is it somebody who is accompanied?

A CPOM names its directors and its pilots; it has no reason to name a resident, nor the daughter of
one. What tells them apart is next to the name, in the same sentence: a title, what the person is
(« résidente », « cadre de santé »), what happened (« chute de »), where (« chambre 12 »), whose
relative. A profession clears the name it is attached to, and no other. Houses, streets and schools
that bear a name are set aside first.

The words are those of the sector; `tests/data/personnes.txt` holds the texts they are judged on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.validators.person_words import (
    ACC,
    ACCS,
    ACCUEILLI,
    AFTER_PRO,
    AGE,
    BEFORE_PRO,
    CHAMBRE,
    CLOSE,
    EMPLOI,
    EMPLOI_BEFORE,
    EVENEMENT,
    LIBRE,
    MAJ,
    MALADIES,
    MOT,
    NUMEROTE,
    PRENOM,
    PROFESSION,
    SENTENCE_END,
    SIGLES,
    SPOT,
    STATE,
    TITLE,
    TITULAIRE,
    WORD,
    WORK,
)

MASK = "•••"


class NamedPerson(NamedTuple):
    """A name found: the text, and whether health or age is what gives it away."""

    text: str
    health: bool


class _Patterns(NamedTuple):
    titled: re.Pattern[str]
    free_before: re.Pattern[str]
    free_after: re.Pattern[str]
    relative: re.Pattern[str]
    room: re.Pattern[str]
    event: re.Pattern[str]
    care: re.Pattern[str]
    after_accompanied: re.Pattern[str]
    before_accompanied: re.Pattern[str]
    after_health: re.Pattern[str]
    before_event: re.Pattern[str]
    before_relative: re.Pattern[str]
    work: re.Pattern[str]


@cache
def compiled_patterns() -> _Patterns:
    """Compiled at the first text that needs them: most workbooks have none."""
    comp = lazy_pattern  # a name with a title is needed for five of them
    return _Patterns(
        titled=comp(rf"(?<![\w.]){TITULAIRE}"),
        free_before=comp(
            rf"\b{ACC}\s*(?:(?i:concernée?|identifiée?|reçue?)\s*)?[,:(]?\s*(?P<nom>{LIBRE})"
        ),
        free_after=comp(
            rf"(?P<nom>{LIBRE})\s*[,(]\s*(?:{ACC}|{AGE}|née?\s+le\b|GIR\s*\d|{ACCUEILLI})"
            rf"|(?P<nom2>{MOT}\s+{MOT})\s+née?\s+le\b"
        ),
        relative=comp(
            rf"\b{CLOSE}\s+(?:d['’]\s*|de\s+|du\s+)(?P<nom>{LIBRE})"
            rf"|\b(?i:famille|couple|époux)\s+(?P<nom2>{MOT})"
        ),
        room=comp(rf"\b{ACC}\s+(?:(?:de\s+)?la\s+)?(?P<nom>{CHAMBRE})"),
        event=comp(
            r"\b(?i:hospitalisation|décès|chute|fugue|suicide|admission|sortie|orientation|"
            r"relogement|curatelle|tutelle|exclusion|amendement creton)\s*"
            rf"(?::|d['’]|de)\s*(?P<nom>{MOT}(?:\s+{MOT}\.?)?)"
        ),
        care=comp(
            rf"\b{EVENEMENT}\b(?:\s+(?![dD]['’e])[\wà-ÿ]+){{0,3}}\s+(?:de\s+|d['’]|chez\s+|pour\s+)"
            rf"(?P<nom>{PRENOM}(?:\s+{MOT}\.?)?)"
            rf"|\b(?:[Ll]e petit|[Ll]a petite|[Ll]e jeune|[Ll]a jeune)\s+(?P<nom2>{MOT})"
            rf"|\b(?P<nom4>{PRENOM}\s+[{MAJ}]\.)"
            rf"|(?<![\w.])(?P<nom5>(?!{NUMEROTE}){MOT}\s+[{MAJ}]\.)(?=,?\s+[a-zà-ÿ])"
            rf"|\bau nom d(?:e\s+|['’])(?P<nom3>{MOT}\s+{MOT})"
        ),
        after_accompanied=comp(
            rf"\s*[,(]?\s*(?:(?:une?|le|la|notre|ce|cette|ancienne?|autre)\s+)?{ACCS}"
            rf"|\s*,\s*{CLOSE}\s+d"
        ),
        before_accompanied=comp(
            rf"\b{ACCS}\s*[,:(]?\s*(?:de\s+)?$|\b{ACC}\s[^.;!?,\n]{{0,20}},\s*$"
            r"|\bnée?\s+le\s+[\d/. ]+,\s*$"
        ),
        after_health=comp(
            rf"[^.;!?\n]{{0,45}}?(?:{STATE}|{CHAMBRE})|\s*[,(]\s*{AGE}"
            rf"|[^.;!?\n]{{0,20}}?ses {AGE}"
        ),
        before_event=comp(
            rf"\b{EVENEMENT}\b[^.;!?\n]{{0,32}}?(?:\bd['’e]\s*|\bde\s+|\bpar\s+|\bpour\s+|\bchez\s+"
            r"|\bconcernant\s+|\bentre\s+|\bet\s+|\bde\s+la\s+|:\s*)$"
            r"|\b(?i:régime\w*(?: \w+)?) pour\s+$|\bchez\s+$"
            rf"|\b{EVENEMENT}\s*$"
        ),
        work=comp(rf"\b(?i:{WORK})|{PROFESSION}|\b(?i:par|avec|contact\w*|vu|voir)\s+◦|:\s*◦"),
        before_relative=comp(rf"\b{CLOSE}\s+(?:de|d['’])\s*$|\b(?i:famille|couple)\s+$"),
    )


_INDICE = re.compile(
    rf"{TITLE}|[{MAJ}]\.|{ACC}|{CLOSE}\s+d|née?\s+le\b|{AGE}|(?i:famille|couple|époux)\s+[{MAJ}]"
    rf"|(?i:orientation|relogement|admission|creton)|(?i:petite?|jeune|nom d)|{PRENOM}"
)
"""Without one of these no name is recognised: most texts end here."""


_MAYBE_CARE = re.compile(
    rf"[{MAJ}][\wÀ-ÿ'’-]*\s+[{MAJ}]\.|\s(?:de\s+|d['’]|chez\s+|pour\s+)[{MAJ}][a-zà-ÿ]"
    r"|[Ll](?:e petit|a petite|e jeune|a jeune)\s|au nom d"
)
"""Without one of these the pattern `care` finds nothing; it is the longest one to compile."""


_WINDOW, _OVERLAP = 400, 100
"""Characters looked at together: what tells who a name is stands near it, and the time that a text
takes stays in proportion to its length."""


_NEAR = 70
"""Characters before or after a name that say who it is."""


@lru_cache(maxsize=1024)
def named_persons(text: str) -> tuple[NamedPerson, ...]:
    """The persons accompanied, or their relatives, whom a text names."""
    found: dict[NamedPerson, None] = {}
    for start in range(0, len(text), _WINDOW - _OVERLAP):
        window = text[start : start + _WINDOW]
        if _INDICE.search(window) is not None:
            found.update(dict.fromkeys(_in_window(window)))
        if start + _WINDOW >= len(text):
            break
    return tuple(found)


def _in_window(text: str) -> Iterator[NamedPerson]:
    shown = SPOT.sub(lambda found: found[0].lower(), text)
    seen: set[tuple[int, int]] = set()
    yield from _titled(shown, seen)
    yield from _untitled(shown, seen)


def _titled(text: str, seen: set[tuple[int, int]]) -> Iterator[NamedPerson]:
    patterns = compiled_patterns()
    for match in patterns.titled.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        after = text[match.end() : match.end() + _NEAR]
        seen.add(match.span())
        if AFTER_PRO.match(after) or BEFORE_PRO.search(before):
            continue
        name = match[0].strip()
        if (
            patterns.after_accompanied.match(after)
            or patterns.before_accompanied.search(before)
            or patterns.before_relative.search(before)
        ):
            yield NamedPerson(name, health=False)
        elif EMPLOI.match(after) or EMPLOI_BEFORE.search(before):
            continue
        elif patterns.after_health.match(after) or patterns.before_event.search(before):
            yield NamedPerson(name, health=True)
        elif not _works(before, after):
            yield NamedPerson(name, health=False)


def _works(before: str, after: str) -> bool:
    """Is there a sign, in the sentence, that the person works there, or no sentence at all?

    A name alone, or names in a row, is a pilot's cell; a sentence about somebody says who that is.
    """
    patterns = compiled_patterns()
    before, after = SENTENCE_END.split(before)[-1], SENTENCE_END.split(after)[0]
    words = WORD.findall(patterns.titled.sub(" ", f"{before} . {after}"))
    return len(words) < 3 or patterns.work.search(f"{_names_joined(before)} ◦ {after}") is not None


def _names_joined(before: str) -> str:
    """« assurée par M. Texier et » → « assurée par »: what is said of one is of the others."""
    return re.sub(rf"(?:{TITULAIRE}\s*(?:,|et)\s*)+$", "", before)


def _untitled(text: str, seen: set[tuple[int, int]]) -> Iterator[NamedPerson]:
    patterns = compiled_patterns()
    for match in patterns.room.finditer(text):
        yield NamedPerson(match["nom"], health=False)
    for pattern in (
        patterns.free_before,
        patterns.free_after,
        patterns.relative,
        patterns.event,
        *((patterns.care,) if _MAYBE_CARE.search(text) else ()),
    ):
        for match in pattern.finditer(text):
            group = next(
                name
                for name in ("nom", "nom2", "nom3", "nom4", "nom5")
                if match.groupdict().get(name)
            )
            name, (start, end) = match[group].strip(), match.span(group)
            if any(start < stop and begin < end for begin, stop in seen):
                continue
            if not _is_a_name(name) or AFTER_PRO.match(text[end:]):
                continue
            yield NamedPerson(name, health=pattern in (patterns.event, patterns.care))


def _is_a_name(name: str) -> bool:
    """Neither a sigle, nor an illness, nor the first word of a sentence in capitals."""
    words = name.replace(".", " ").split()
    first = words[0]
    if first in SIGLES or first.lower() in MALADIES:
        return False
    return not (len(words) == 1 and first.isupper() and 1 < len(first) < 4)
