"""What the copy says of itself: the line above the list, and the warnings to the caller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from xl_cpom.reports.annotate.book import relationships
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.notes import Written
from xl_cpom.reports.annotate.plan import MarksPlan
from xl_cpom.typography import number_text, plural, typeset
from xl_cpom.validators.model import Finding, Severity


def summary(
    verdict: str, findings: Sequence[Finding], plans: Mapping[str, MarksPlan], limit: int
) -> str:
    """The line above the list: the verdict, the true totals, the cap when it was reached."""
    counts = Counter(f.severity for f in findings if f.waiver is None)
    words = {
        Severity.BLOQUANT: "bloquante",
        Severity.AVERTISSEMENT: "à corriger ou à justifier",
        Severity.INFORMATION: "pour information",
    }
    told = [
        plural(counts[s], w) if s is Severity.BLOQUANT else f"{number_text(counts[s], 0)} {w}"
        for s, w in words.items()
        if counts[s]
    ]
    if waived := sum(f.waiver is not None for f in findings):
        told.append(f"{number_text(waived, 0)} en dérogation")
    total = f"{plural(len(findings), 'anomalie')} au total"
    text = f"{total} : {', '.join(told)}." if told else f"{total}."
    if verdict:
        text = f"{verdict.rstrip(' .')}. {text}"
    if not text.startswith("Verdict"):
        text = f"Verdict : {text}"
    if any(len(plan.notes) > limit for plan in plans.values()):
        text += f" Notes limitées à {number_text(limit, 0)} par feuille ; toutes les anomalies sont ici."  # noqa: E501
    return typeset(text)


def warnings_of(draft: Draft, tab: str, written: Mapping[str, Written]) -> tuple[str, ...]:
    """What the caller must be told of the copy, in French."""
    book, told = draft.book, []
    if book.sheet(tab) is None:
        why = "n’a pas de feuille « Contrôles »"
        if book.sheet("Contrôles") is not None:
            why = "a une feuille « Contrôles » sans ses en-têtes"
        told.append(f"Le classeur {why} : la feuille « {tab} » est ajoutée.")
        if book.structure_locked:
            told.append(
                "La structure du classeur est protégée ; la feuille est ajoutée malgré tout."
            )
    if any(r.kind == "origin" for r in relationships(draft.package, "")) or any(
        name.lower().startswith("_xmlsignatures/") for name in draft.package.names
    ):
        told.append("Le classeur est signé : la copie annotée n’a plus de signature valide.")
    for name, one in written.items():
        if one.threaded:
            told.append(
                f"Feuille « {name} » : {plural(one.threaded, 'cellule')} avec une conversation, "
                "sans note ajoutée (surlignage et feuille « Contrôles » seulement)."
            )
        if one.refused:
            told.append(
                f"Feuille « {name} » : notes non ajoutées, le dessin de la feuille est illisible."
            )
        if one.unreadable:
            told.append(
                f"Feuille « {name} » : illisible ; ses anomalies sont dans la feuille « {tab} »."
            )
    return tuple(map(typeset, told))
