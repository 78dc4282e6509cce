"""Personal data in a free text: found by their shape, shown masked.

The CPOM counts actions and places, never persons. What is looked for is narrow on purpose: a
number with its key, a date said to be of birth, a name tied to the word « résident »; the name of
a pilote or of a director is none of these. Each search gives the text found and what may be shown
of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple


class PersonalDataHit(NamedTuple):
    """What was found in a text, and what may be shown of it."""

    texte: str
    masque: str


_CIVILITE = r"(?:M\.|Mr\.?|Mme\.?|Mlle\.?|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle)"
_NOM = r"(?:[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]*\.?)(?:\s+[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]*\.?){0,2}"
_PERSONNE = rf"(?P<nom>{_CIVILITE}\s*{_NOM})"
_ACCOMPAGNEE = (
    r"(?i:résidente?|usager|usagère|patiente?|pensionnaire|bénéficiaire"
    r"|personne (?:accompagnée|accueillie|âgée|handicapée))(?![\w’'-])"
)
_INITIALES = r"(?P<nom>[A-ZÀ-ÖØ-Þ]\.\s?-?[A-ZÀ-ÖØ-Þ]\.)"


@cache
def _noms() -> tuple[re.Pattern[str], ...]:
    """Compiled for the first text where a name may stand: on most workbooks, never."""
    return (
        re.compile(rf"\b{_ACCOMPAGNEE}\s*[,:(]?\s*{_PERSONNE}"),
        re.compile(rf"{_PERSONNE}\s*[,(]?\s*(?:(?:une?|le|la|notre|ce|cette)\s+)?{_ACCOMPAGNEE}"),
        re.compile(rf"\b{_ACCOMPAGNEE}\s*[,:(]?\s*{_INITIALES}"),
    )


_ETAT = (
    r"(?:atteinte?s?|souffr\w+|hospitalisée?|décédée?|diagnostiquée?|handicapée?|démente?"
    r"|(?:placée? )?sous (?:tutelle|curatelle|contention)|dépendante?|grabataire)\b"
)
_EVENEMENT = (
    r"\b(?i:hospitalisation|décès|chutes?|fugues?|suicide|agression|contention|curatelle|tutelle"
    r"|maltraitance|escarres?|troubles? du comportement|pathologie|maladie|handicap|démence"
    r"|GIR|dossier médical)"
)


@cache
def _sante() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"{_EVENEMENT}\s+(?:de\s+|d['’]\s*)(?:la\s+|l['’]\s*)?{_PERSONNE}"),
        re.compile(rf"{_PERSONNE}\s*,?\s*(?:qui\s+)?(?:est\s+|était\s+|a\s+été\s+)?{_ETAT}"),
        re.compile(
            rf"{_PERSONNE}\s*\((?:[^()]{{0,200}}\b)?(?:Alzheimer|Parkinson|démen\w+|autis\w+|trisomi\w+|"
            r"schizophr\w+|épilep\w+|cancer|diab[èé]t\w+|GIR\s*\d|VIH)[^()]{0,200}\)"
        ),
        re.compile(rf"{_PERSONNE}\s*[,(]\s*\d{{1,3}}\s+ans\b"),
    )


_PROFESSION = re.compile(
    r"\b(?:direct|référent|responsable|pilote|président|médecin|docteur|infirmi|psycholog|cadre"
    r"|chef|coordin|format|animat|représentant|administrat|secrétaire|comptable|éducat|conseill"
    r"|chargée?|élue?|maire|salariée?|agent|professionnel|intervenant|consultant|avocat)",
    re.IGNORECASE,
)
_AUTOUR = 45
"""Characters after a name where a profession makes it that of a professional."""

_NIR = re.compile(
    r"(?<![\w.,])(?P<nir>[123478][ .-]?\d{2}[ .-]?\d{2}[ .-]?(?:\d{2}|2[ABab])[ .-]?\d{3}"
    r"[ .-]?\d{3}[ .-]?\d{2})(?![\w])"
)
_JOUR = (
    r"\d{1,2}(?:er)?[\s./-]+(?:\d{1,2}|janv\w*\.?|févr\w*\.?|mars|avr\w*\.?|mai|juin|juil\w*\.?"
    r"|août|sept\w*\.?|oct\w*\.?|nov\w*\.?|déc\w*\.?)[\s./-]+(?:19|20)?\d{2}\b"
)
_NAISSANCE = re.compile(
    rf"\b(?:née?\s*(?:\(e\)|\.e)?\s+le|date de naissance|DDN)\s*:?\s*(?P<jour>{_JOUR})",
    re.IGNORECASE,
)
_COURRIEL = re.compile(
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
    """Days that the text says somebody was born on."""
    for match in _NAISSANCE.finditer(text):
        yield PersonalDataHit(match["jour"], "••/••/••••")


def personnes_accompagnees(text: str) -> Iterator[PersonalDataHit]:
    """Names that the text ties to a person accompanied: « Mme D., résidente »."""
    yield from _personnes(_noms, text)


def personnes_et_sante(text: str) -> Iterator[PersonalDataHit]:
    """Names tied to a state of health or an age: « hospitalisation de M. Durand »."""
    yield from _personnes(_sante, text)


_INDICE = re.compile(rf"{_CIVILITE}|[A-ZÀ-ÖØ-Þ]\.")
"""Without a title nor an initial no name is recognised: most texts end here."""


def _personnes(
    patterns: Callable[[], tuple[re.Pattern[str], ...]], text: str
) -> Iterator[PersonalDataHit]:
    if _INDICE.search(text) is None:
        return
    for pattern in patterns():
        for match in pattern.finditer(text):
            name = match["nom"].strip()
            after = text[match.end("nom") : match.end("nom") + _AUTOUR]
            if not name[0].isupper() or _PROFESSION.search(re.split(r"[.;\n]", after)[0]):
                continue
            yield PersonalDataHit(name, "•••")


def adresses_personnelles(text: str) -> Iterator[PersonalDataHit]:
    """E-mail addresses of the providers that individuals use."""
    if "@" not in text:
        return
    for match in _COURRIEL.finditer(text):
        yield PersonalDataHit(match[0], f"•••@{match[0].partition('@')[2]}")


def telephones_portables(text: str) -> Iterator[PersonalDataHit]:
    """French mobile telephone numbers."""
    for match in _PORTABLE.finditer(text):
        yield PersonalDataHit(match[0], "0• •• •• •• ••")
