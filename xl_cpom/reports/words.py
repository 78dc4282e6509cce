"""The words and symbols that every rendering shares: severities, verdicts, what to do next."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.severity_looks import SeverityLook
from xl_cpom.typography import (
    NBSP,
    guillemets,
    listing,
    number_text,
    plural,
    rate_text,
    typeset,
)
from xl_cpom.validators.model import (
    AVERTISSEMENT,
    BLOQUANT,
    INFORMATION,
    Severity,
    Status,
    Verdict,
)
from xl_cpom.validators.profile_effect import effect_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xl_cpom.referentiel import Module
    from xl_cpom.validators.model import Report
    from xl_cpom.validators.recomputed import ComputedIndicator


JUGES = {
    "direct": "directement, sans bibliothèque",
    "pandera": "par les schémas pandera",
    "deux": "des deux façons, sans désaccord",
}
"""How a report says which judge said what rows were at fault."""

VERDICTS = {
    Verdict.RECEVABLE: SeverityLook("✔", "Recevable", "green", "recevable"),
    Verdict.WITH_RESERVES: SeverityLook("▲", "Recevable avec réserves", "yellow", "reserves"),
    Verdict.NON_RECEVABLE: SeverityLook("✖", "Non recevable", "red", "refuse"),
    Verdict.ILLISIBLE: SeverityLook("✖", "Illisible", "red", "illisible"),
    Verdict.NON_CONTROLE: SeverityLook("■", "Contrôle incomplet", "magenta", "incomplet"),
    Verdict.TO_COMPLETE: SeverityLook("▲", "Diagnostic à compléter", "yellow", "reserves"),
    Verdict.READY: SeverityLook("✔", "Prêt à négocier", "green", "recevable"),
}

VERDICTS_OF_SEVERAL = {
    Verdict.RECEVABLE: "recevables",
    Verdict.WITH_RESERVES: "recevables avec réserves",
    Verdict.NON_RECEVABLE: "non recevables",
    Verdict.ILLISIBLE: "illisibles",
    Verdict.NON_CONTROLE: "contrôles incomplets",
    Verdict.TO_COMPLETE: "diagnostics à compléter",
    Verdict.READY: "prêts à négocier",
}
"""The word of a verdict when several workbooks have it: « 3 non recevables »."""

ATTEINTES = {"Atteint": "✔", "Partiellement atteint": "▲", "Non atteint": "✖"}
"""Symbol of each achievement; the word always stands beside it."""

OPTIONS = {
    "precedent": "Classeur de l'année précédente",
    "finess": "Extrait FINESS",
    "derogations": "Fichier des dérogations",
    "profil": "Profil de campagne",
}
"""What is given with a control: key of `Report.options` -> its name, in the order it is told."""

SEVERITY_NAMES = {
    BLOQUANT: ("anomalie bloquante", "anomalies bloquantes"),
    AVERTISSEMENT: ("avertissement", "avertissements"),
    INFORMATION: ("information", "informations"),
}


def count(count: int, severity: Severity) -> str:
    """« 2 anomalies bloquantes », the number tied to its noun."""
    return how_many(count, *SEVERITY_NAMES[severity])


def how_many(count: int, singular: str, plural_: str | None = None) -> str:
    """`pluriel` with an insecable blank after the number, so that a line never ends on it."""
    return plural(count, singular, plural_).replace(" ", NBSP, 1)


def bilan(report: Report) -> str:
    """« 2 anomalies bloquantes, 1 avertissement »; what is at zero is left out."""
    counts = [(report.count(severity), severity) for severity in Severity]
    broken = report.count_rules(Status.EN_PANNE)
    texts = [how_many(broken, "règle en panne", "règles en panne")] if broken else []
    texts += [
        count(this_count, severity) + (_dont_justifies(report) if severity is AVERTISSEMENT else "")
        for this_count, severity in counts
        if this_count
    ]
    waived = sum(finding.waiver is not None for finding in report.findings)
    if waived:
        texts.append(
            how_many(waived, "anomalie levée par dérogation", "anomalies levées par dérogation")
        )
    if len(texts) == bool(broken):
        texts.append("aucune anomalie")
    return ", ".join(texts)


def _dont_justifies(report: Report) -> str:
    """« dont 2 justifiés », "" when none is."""
    justified = report.justified
    if not justified:
        return ""
    if justified == report.count(AVERTISSEMENT):
        return " justifié" if justified == 1 else " tous justifiés"
    return f" dont {how_many(justified, 'justifié', 'justifiés')}"


def options(report: Report) -> list[tuple[str, str]]:
    """(name, value) of what was given with the control."""
    known = [key for key in OPTIONS if key in report.options]
    others = sorted(report.options.keys() - OPTIONS.keys())
    said = [(OPTIONS.get(key, key.capitalize()), report.options[key]) for key in (*known, *others)]
    if report.effect is not None:
        said.append(("Effet du profil", effect_text(report.effect)))
    return said


def suite(report: Report) -> str:
    """What the reader does next, in one or two sentences."""
    bloquants = report.count(BLOQUANT)
    reserves = report.count(AVERTISSEMENT) - report.justified
    text = {
        Verdict.RECEVABLE: "Vous pouvez transmettre ce classeur à l'ARS.",
        Verdict.WITH_RESERVES: (
            f"Vous pouvez transmettre ce classeur après avoir corrigé ou justifié "
            f"{_les(reserves, 'l’avertissement', 'avertissements')} dans la colonne "
            "« Commentaire ou justification »."
            if reserves
            else "Vous pouvez transmettre ce classeur : l'ARS appréciera vos justifications."
        ),
        Verdict.NON_RECEVABLE: (
            f"Corrigez {_les(bloquants, 'l’anomalie bloquante', 'anomalies bloquantes')}, "
            "puis relancez le contrôle avant de transmettre le classeur."
        ),
        Verdict.ILLISIBLE: (
            "Rien n'a pu être contrôlé. Suivez la correction indiquée, puis relancez le contrôle."
        ),
        Verdict.NON_CONTROLE: "Ce classeur ne peut pas encore être déclaré recevable.",
        Verdict.TO_COMPLETE: (
            "Complétez le diagnostic avant la négociation : ce qui manque est dit ci-dessous "
            "(codes CTR). Aucune règle d'une année de suivi n'est demandée en période N."
        ),
        Verdict.READY: (
            "Le diagnostic a tout ce que le guide attend : vous pouvez transmettre ce classeur à "
            "l'ARS et négocier."
        ),
    }[report.verdict]
    failures = report.count_rules(Status.EN_PANNE)
    if failures:
        text += (
            f" {how_many(failures, 'règle est tombée', 'règles sont tombées')} en panne : "
            "c'est un défaut du contrôle, pas du classeur. Signalez-le avec ce rapport."
        )
    return typeset(text)


def _les(count: int, singular: str, plural_: str) -> str:
    return singular if count == 1 else f"les {number_text(count, 0)}{NBSP}{plural_}"


def verdict_sentence(report: Report) -> str:
    """The verdict in one sentence: « Non recevable : 2 anomalies bloquantes. »."""
    word = VERDICTS[report.verdict].word
    if report.verdict is Verdict.ILLISIBLE:
        return typeset(f"{word} : le fichier n'a pas pu être lu.")
    return typeset(f"{word} : {bilan(report)}.")


def indicator_value(code: str, value: float | None) -> str:
    """Value of an indicator in its unit: « 75,0 % », « 42 jours »; "" when it is sans objet."""
    if value is None:
        return ""
    from xl_cpom.indicators import INDICATORS

    indicator = INDICATORS.get(code)
    if indicator is None or indicator.unite == "ratio":
        return rate_text(value)
    return f"{number_text(value, 1)}\u00a0{indicator.unite}"


def quantity(value: float | None) -> str:
    """A numerator or a denominator: « 3 », « 2,5 », « 61 728 » (euros); "" when there is none."""
    if value is None:
        return ""
    return number_text(value, 0 if value == int(value) or abs(value) >= 1000 else 2)


def points(rate: float | None) -> float | None:
    """A rate in percent, rounded as Excel does to the decimal that is entered."""
    from xl_cpom.indicators.rounding import arrondi

    return None if rate is None or not math.isfinite(rate) else arrondi(rate * 100, 1)


def etablissements_du_secteur(report: Report, secteur: str) -> str:
    """The FINESS ET of a secteur, separated by blanks: the key that the ARS's tables need."""
    return " ".join(et for et, own in report.etablissements if own == secteur)


def atteinte_word(indicateur: ComputedIndicator) -> str:
    """« Atteint », or why nothing is said: nothing to count, something unread, no target."""
    return ligne(indicateur.state)


def atteinte(indicateur: ComputedIndicator) -> str:
    """The same with its symbol: « ✔ Atteint »."""
    text = atteinte_word(indicateur)
    return f"{ATTEINTES[text]} {text}" if text in ATTEINTES else text


def unread_said(places: Sequence[str]) -> str:
    """« la cellule E14 de « Évaluation HAS » n'a pas pu être lue »; "" for no place."""
    found = [_place_said(ligne(place)) for place in places]
    left = len(found) - _PLACES
    told = found if left <= 0 else [*found[:_PLACES], plural(left, "autre cellule")]
    verb = "n'a pas pu être lue" if len(found) == 1 else "n'ont pas pu être lues"
    return typeset(f"{listing(told)} {verb}") if found else ""


_PLACES = 3
"""Cells named before « et n autres cellules »."""


def _place_said(place: str) -> str:
    sheet, mark, cell = place.rpartition("!")
    return f"la cellule {cell} de {guillemets(sheet)}" if mark else f"la {place}"


def atteinte_and_why(indicateur: ComputedIndicator) -> str:
    """« Atteint », or « Non calculable : la cellule J6 de « Plan d'actions » n'a pas… »."""
    why = unread_said(indicateur.prevented_by)
    return typeset(f"{atteinte_word(indicateur)} : {why}") if why else atteinte_word(indicateur)


def module_said(code: str, modules: Mapping[str, Module]) -> str:
    """« Transformation » for TRANSFO; what this cycle does not know keeps its code."""
    return ligne(modules[code].court if code in modules else code)


def non_abouties(report: Report) -> Sequence[tuple[str, str, tuple[str, ...]]]:
    """(« non contrôlée » or « en panne », why, codes of the rules), in the order they come."""
    found: dict[tuple[str, str], list[str]] = {}
    for outcome in report.outcomes:
        if outcome.status in (Status.NON_CONTROLEE, Status.EN_PANNE):
            word = "en panne" if outcome.status is Status.EN_PANNE else "non contrôlée"
            why = typeset(outcome.reason or "raison non précisée")
            found.setdefault((word, why), []).append(outcome.code)
    return [(word, why, tuple(codes)) for (word, why), codes in found.items()]
