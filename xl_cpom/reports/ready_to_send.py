"""« Prêt à envoyer ? »: the last list before a workbook goes to the ARS, the same everywhere.

Each line is a question with its answer drawn from the report; the page, the terminal and the
corrected copy show the same ones. What only a person can answer (is it the right file?) is asked as
such, with what the workbook says of itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.words import how_many
from xl_cpom.typography import guillemets, listing, typeset
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Verdict
from xl_cpom.workbook.filled_share import total_rate, whole_percent

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

TITLE = typeset("Prêt à envoyer ?")
_SHEETS_NAMED = 4


@dataclass(frozen=True, slots=True)
class LastCheck:
    """One line of the list. done: None when only the reader can say it."""

    text: str
    done: bool | None

    @property
    def symbol(self) -> str:
        """✔ done, ✖ to be done, ○ to be looked at."""
        return "○" if self.done is None else "✔" if self.done else "✖"


def last_checks(report: Report) -> tuple[LastCheck, ...]:
    """The list; none for a workbook that could not be read."""
    if report.verdict is Verdict.ILLISIBLE or not report.fills:
        return ()
    blocking, left = report.count(BLOQUANT), report.count(AVERTISSEMENT) - report.justified
    said = [
        (how_many(blocking, "anomalie bloquante à corriger", "anomalies bloquantes à corriger")
         if blocking else "Aucune anomalie bloquante", not blocking),
        (how_many(left, "avertissement à corriger ou à justifier",
                  "avertissements à corriger ou à justifier")
         if left else "Aucun avertissement sans justification", not left),
        (f"Classeur {filled(report)}", total_rate(report.fills) == 1),
        (f"C'est bien le retour de {who(report)}", None),
        ("Le fichier envoyé est celui qui vient d'être contrôlé", None),
    ]  # fmt: skip
    return tuple(LastCheck(typeset(text), done) for text, done in said)


def who(report: Report) -> str:
    """« l'organisme « X » (FINESS EJ 210000001), année suivie 2027 »."""
    name = ligne(report.raison_sociale or "")
    number = f"FINESS EJ {ligne(report.finess_ej)}" if report.finess_ej else ""
    both = f"{guillemets(name)} ({number})" if name and number else name or number
    year = f", année {report.annee}" if report.annee else ""
    return f"{both or 'votre organisme'}{year}"


def filled(report: Report) -> str:
    """« rempli à 83 % », with the sheets where something compulsory is missing."""
    rate = total_rate(report.fills)
    if rate is None:
        return "sans case obligatoire"
    text = f"rempli à {whole_percent(rate)} %"
    short = [fill for fill in report.fills if fill.rate is not None and fill.rate < 1]
    if not short:
        return text
    named = [f"{guillemets(f.name)} {whole_percent(f.rate or 0)} %" for f in short[:_SHEETS_NAMED]]
    more = len(short) - len(named)
    others = [how_many(more, "autre feuille", "autres feuilles")] if more else []
    return f"{text} ({listing([*named, *others])})"


def fill_lines(report: Report) -> Sequence[tuple[str, str, int]]:
    """(sheet, « 83 % », compulsory cells still empty) of each sheet where some are expected."""
    return [
        (fill.name, typeset(f"{whole_percent(rate)} %"), fill.empty)
        for fill in report.fills
        if (rate := fill.rate) is not None
    ]
