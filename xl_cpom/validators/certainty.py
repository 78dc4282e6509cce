"""What each word of certainty commits to: a rule that is only deduced never refuses a return.

An unpublished text (annexe 2 of the guide) probably says some formulas. Until the ARS has confirmed
one, with a date and a name in the référentiel, the rules that rest on it ask to mend or to justify;
once it has, those that were written to refuse do so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from xl_cpom.referentiel import Referentiel
from xl_cpom.typography import date_text
from xl_cpom.validators.model import BLOQUANT, Rule

INFERRED = "inféré"

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "guide": "Cette règle est écrite dans le guide de l'ARS.",
        "trouvé": "Cette règle vient d'un texte public.",
        "connu": "Cette règle est un usage établi de la profession.",
        "modèle": "Cette règle vient du classeur standard lui-même : il ne peut être lu autrement.",
        "logique": "Cette règle est affaire de chronologie ou de calcul : elle n'a pas besoin de "
        "texte.",
        INFERRED: "Cette règle est déduite, en l'absence de texte publié : elle ne refuse pas le "
        "classeur.",
    }
)
"""Certainty -> what it commits to, in one sentence."""

CERTAINTIES = tuple(SENTENCES)


def sentence_of(rule: Rule) -> str:
    """What the certainty of a rule commits to, and what a confirmation would change."""
    said = SENTENCES[rule.source.certitude]
    if rule.source.certitude == INFERRED and rule.source.blocks:
        said += " Elle le refusera quand l'ARS aura confirmé la formule."
    return said


def confirmed(rule: Rule, referentiel: Referentiel) -> Rule:
    """The rule as it counts under a référentiel: firm once the ARS has confirmed its formula."""
    formula = referentiel.formules.get(rule.source.formula)
    if formula is None or formula.confirmee is None:
        return rule
    said = f"formule confirmée le {date_text(formula.confirmee)} par {formula.par}"
    text = rule.source.text.replace(" (non publiée)", "")
    source = replace(rule.source, text=f"{text} ({said})", certitude="guide")
    return replace(rule, source=source, severity=BLOQUANT if source.blocks else rule.severity)
