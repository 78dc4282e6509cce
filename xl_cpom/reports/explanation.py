"""The page of a rule and of an indicator: in the terminal, in JSON, in the documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.rule_samples import rule_said, rule_samples
from xl_cpom.typography import typeset
from xl_cpom.validators.certainty import sentence_of
from xl_cpom.workbook.reader.refusals import CATALOGUE

if TYPE_CHECKING:
    from xl_cpom.indicators import Indicator
    from xl_cpom.validators.model import Rule


def rule_object(rule: Rule) -> dict[str, Any]:
    """A rule as the object that `regles --format json` publishes."""
    return {
        "code": rule.code,
        "gravite": rule.severity.value,
        "feuille": None if rule.sheet is None else rule.sheet.name,
        "colonnes": [] if rule.sheet is None else [rule.sheet[key].header for key in rule.columns],
        "portee": rule.scope.value,
        "titre": rule.title,
        "explication": rule.doc,
        "message": rule.message,
        "correction": rule.fix,
        "attendu": rule.expected,
        "source": load_referentiel().cite(rule.source.text),
        "certitude": rule.source.certitude,
        "portee_certitude": sentence_of(rule),
        "formule": rule.source.formula or None,
        "depuis": rule.since,
    }


def indicator_object(indicator: Indicator) -> dict[str, Any]:
    """An indicator as the object that `indicateurs --format json` publishes."""
    return {
        "code": indicator.code,
        "libelle": indicator.libelle,
        "module": indicator.module,
        "unite": indicator.unite,
        "explication": indicator.explication,
        "numerateur": indicator.numerateur_libelle,
        "denominateur": indicator.denominateur_libelle,
        "entrees": [
            {"cle": entry.key, "libelle": entry.libelle, "unite": entry.unite,
             "exemple": entry.example, "facultative": entry.optional}
            for entry in indicator.inputs
        ],
        "methodes": {name: method.libelle for name, method in indicator.methodes.items()},
        "bornes": list(indicator.bounds),
        "source": load_referentiel().cite(indicator.source),
        "certitude": indicator.certitude,
    }  # fmt: skip


def explain_rule(rule: Rule) -> str:
    """The page of a rule, as text."""
    sheet = "tout le classeur" if rule.sheet is None else rule.sheet.name
    message, fix = rule_said(rule)
    samples = [f"  {said} : {typed.replace(chr(10), ' ; ')}" for said, typed in rule_samples(rule)]
    lines = [
        f"{rule.code} – {rule.title}",
        "",
        rule.doc,
        "",
        f"Gravité : {rule.severity.value}",
        f"Feuille : {sheet}",
        f"Message : {message}",
        f"Comment corriger : {fix}",
        f"Source : {load_referentiel().cite(rule.source.text)} (certitude : {rule.source.certitude})",  # noqa: E501
        sentence_of(rule),
        f"Depuis la version {rule.since}",
        *(["", "Exemples :", *samples] if samples else []),
    ]
    return typeset("\n".join(lines))


_SECOND_READING = {
    "LEC-DOUBLE": (
        "Deux lecteurs ne lisent pas de même des cellules",
        "Avec --double-lecture, un second lecteur indépendant (openpyxl) relit chaque cellule. Ce "
        "qu'il est connu pour mal lire n'est pas compté. Une autre différence vient d'un fichier "
        "abîmé ou écrit hors de la norme : la valeur contrôlée peut ne pas être celle qu'Excel "
        "montre, et le retour ne peut plus être « recevable » sans réserve.",
    ),
    "LEC-DOUBLE-ECHEC": (
        "La seconde lecture n'a pas pu être faite",
        "Le second lecteur s'est arrêté sur ce fichier : rien ne confirme la première lecture, et "
        "le retour ne peut plus être « recevable » sans réserve.",
    ),
}


def explain_reading(code: str) -> str | None:
    """The page of what the reading of a file says (LEC-…), as text; None for another code."""
    code = code.strip().upper()
    if code in _SECOND_READING:
        title, doc = _SECOND_READING[code]
        fix = "Ouvrez le classeur dans Excel, vérifiez ces cellules, enregistrez-le, renvoyez-le."
        return typeset(
            f"{code} – {title}\n\n{doc}\n\nGravité : avertissement\nComment corriger : {fix}"
        )
    refusal = CATALOGUE.get(code)
    if refusal is None:
        return None
    message = re.sub(r"\{\w+\}", "…", refusal.message)
    lines = [
        f"{code} – fichier illisible",
        "",
        message,
        "",
        "Gravité : bloquant (code de retour 3)",
    ]
    if refusal.fix:
        lines.append(f"Comment corriger : {refusal.fix}")
    return typeset("\n".join(lines))


def explain_indicator(indicator: Indicator) -> str:
    """The page of an indicator, as text."""
    denominateur = indicator.denominateur_libelle
    formula = indicator.numerateur_libelle + (f" ÷ {denominateur}" if denominateur else "")
    lines = [
        f"{indicator.code} – {indicator.libelle}",
        "",
        indicator.explication,
        "",
        f"Calcul : {formula}",
        f"Unité : {indicator.unite}",
        "Méthodes : "
        + " ; ".join(f"{name} ({method.libelle})" for name, method in indicator.methodes.items()),
        f"Source : {load_referentiel().cite(indicator.source)} (certitude : {indicator.certitude})",
    ]
    return typeset("\n".join(lines))
