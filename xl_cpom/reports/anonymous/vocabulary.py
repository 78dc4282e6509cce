"""The words that designate nobody: those of the workbook, of the guide, of the rules, of French.

They are all that is kept of a text: what an organisme wrote in words of its own is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from xl_cpom.referentiel import Referentiel
from xl_cpom.typography import fold
from xl_cpom.validators import person_words
from xl_cpom.validators.catalogue import RULES
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.transfer.blank_texts import bare, decors

_WORD = re.compile(r"[^\W\d_]+")
_FRENCH = (
    "a à afin ainsi alors annee annees apres au aucun aucune aussi autre autres aux avant "
    "avec bien car ce cela celle celui cependant ces cet cette ceux chaque chez ci comme "
    "comment contre dans de deja depuis des deux dès doit doivent donc dont du elle elles en "
    "encore enfin entre est et etaient etait ete etes etre eu eux fait faite faites faits "
    "font hors ici il ils jamais je jour jours jusque la là le les leur leurs lors lui mais "
    "malgre me meme memes mes moi moins mois mon ne ni non nos notre nous nouveau nouvelle "
    "on ont ou où oui par parce pas pendant peu peut plus plusieurs pour pourquoi premier "
    "premiere presque puis quand que quel quelle quels qui quoi sa sans se selon semaine ses "
    "si sinon soit son sont sous sur ta tandis te tel telle tes toi ton tous tout toute "
    "toutes tres trop un une vers voici voila vos votre vous y janvier fevrier mars avril "
    "mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi "
    "vendredi samedi dimanche monsieur madame mademoiselle mme mlle mr docteur professeur ok "
    "bonne reception gmail googlemail hotmail outlook live msn yahoo ymail orange wanadoo "
    "free sfr neuf laposte bbox icloud aol proton protonmail numericable gmx com fr net org "
    "www http https eur euro euros keur million millions mille "
)


@cache
def public_words(referentiel: Referentiel) -> frozenset[str]:
    """The words kept, without accents nor capitals. Names that our examples give are not."""
    found = {fold(word) for word in _FRENCH.split()}
    for text in _blank(referentiel):
        found.update(_WORD.findall(text))
    for text in _texts(referentiel):
        found |= {fold(word) for word in _WORD.findall(text) if word.islower() or _is_sigle(word)}
    return frozenset(found)


def _is_sigle(word: str) -> bool:
    return word.isupper() and len(word) <= 8


@cache
def _blank(referentiel: Referentiel) -> frozenset[str]:
    """The texts of the blank workbook, as `bare` gives them."""
    decors_ = decors(referentiel, Variante.NATIVE).values()
    return frozenset(text for decor in decors_ for text in (*decor.texts, *decor.notes))


def is_public(text: str, referentiel: Referentiel) -> bool:
    """Is it a whole text of the standard workbook: a header, a value of a list, a fixed line?"""
    blank = _blank(referentiel)
    return bare(text) in blank or fold(text) in blank


def _texts(referentiel: Referentiel) -> Iterator[str]:
    for sheet in SHEETS.values():
        yield from (sheet.name, sheet.purpose, sheet.record, *sheet.synonyms)
        for column in sheet.columns:
            yield from (column.header, column.help, column.section, *column.synonyms)
    for values in referentiel.listes.values():
        yield from map(str, values)
    for table in referentiel.nomenclatures.values():
        for code, label in table.items():
            yield from (str(code), str(label))
    for rule in RULES.values():
        yield from (rule.title, rule.message, rule.fix, rule.doc, rule.expected)
    for name in dir(person_words):
        value = getattr(person_words, name)
        if isinstance(value, str) and name.isupper():
            yield re.sub(r"\\[a-zA-Z]|[^\w' -]", " ", value)
