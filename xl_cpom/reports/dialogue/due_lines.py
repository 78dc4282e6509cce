"""What is late, missing or unanswered in a return, and the ESMS in difficulty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.dialogue.row_texts import (
    LONG,
    JudgedPart,
    day_of,
    euros,
    named,
    once,
    shown_text,
)
from xl_cpom.typography import date_text, number_text, rate_text, typeset, visible
from xl_cpom.validators.model import Finding
from xl_cpom.workbook.presence import still_asked
from xl_cpom.workbook.records import Classeur, Row
from xl_cpom.workbook.sheets import ACTIONS, HAS, MESURES

INJUNCTION = "injonction"
FOLLOWED = (INJUNCTION, "prescription")
"""Kinds of measures that the guide wants lifted."""

WAITING = "Réalisée – en attente de levée"
"""Status of a measure that only the authority can now lift."""

MISSING_SYSTEMS = "SI-001"


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something to look at: its numbers, what it is, whose, its deadline and state."""

    number: str
    text: str
    who: str
    due: str
    state: str
    grave: bool = False
    """It comes first: an injonction, a criterion without any action, a system without line."""
    late: bool = False


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """An ESMS in difficulty: its last exercice."""

    who: str
    exercice: str
    reference: str
    result: str
    left: str
    absorbed: float | None
    plan: bool
    plan_text: str


def due_lines(
    parts: Sequence[JudgedPart],
    tell: Callable[[Classeur], Iterable[DueLine]],
    more: Iterable[DueLine] = (),
) -> tuple[DueLine, ...]:
    """Lines of every part, the grave ones first, then by deadline as the sheet gives it."""
    told = once([*(line for classeur, _ in parts for line in tell(classeur)), *more])
    return tuple(sorted(told, key=lambda line: (not line.grave, _sortable(line.due))))


def _sortable(due: str) -> tuple[str, ...]:
    return tuple(reversed(due.split("/"))) if due else ("9999",)


def _late(row: Row, day: dt.date | None) -> bool:
    due = day_of(row.echeance)
    return day is not None and due is not None and due < day


def late_actions(classeur: Classeur, day: dt.date | None) -> Iterator[DueLine]:
    """The actions whose deadline is past and that are not done; one put off is not late."""
    for row in classeur["actions"]:
        if row.statut in (*ACTIONS.closed, "Reportée") or row.avancement == 1:
            continue
        if _late(row, day) and still_asked(row, classeur):
            done = row.avancement if isinstance(row.avancement, int | float) else 0
            yield _line(
                row,
                "intitule",
                f"{shown_text(row, 'module')} {shown_text(row, 'secteur')}",
                f"{shown_text(row, 'statut')}, {rate_text(done, 0)}",
            )


def late_measures(classeur: Classeur, day: dt.date | None) -> Iterator[DueLine]:
    """The injonctions and prescriptions whose deadline is past and that are not done."""
    for row in _measures(classeur):
        if row.statut != WAITING and _late(row, day):
            yield _measure(row, classeur)


def waiting_measures(classeur: Classeur) -> Iterator[DueLine]:
    """The measures done that the authority has not lifted yet."""
    yield from (_measure(row, classeur) for row in _measures(classeur) if row.statut == WAITING)


def _measures(classeur: Classeur) -> Iterator[Row]:
    for row in classeur["mesures"] if classeur.actif("INSPECTION") else ():
        if row.type not in FOLLOWED or row.statut in MESURES.closed:
            continue
        if still_asked(row, classeur):
            yield row


def _measure(row: Row, classeur: Classeur) -> DueLine:
    kind = shown_text(row, "type")
    return _line(
        row, "libelle", named(classeur, row.finess_et), f"{kind}, {shown_text(row, 'statut')}",
        number=" ".join(filter(None, (shown_text(row, k) for k in ("numero_mission", "numero")))),
        grave=kind == INJUNCTION,
    )  # fmt: skip


def missing_systems(classeur: Classeur) -> Iterator[DueLine]:
    """The systems that count and are not complete."""
    for row in classeur["si"] if classeur.actif("SI") else ():
        if row.perimetre and row.complet != "Oui":
            rate = row.taux_retenu
            said = rate_text(rate, 0) if isinstance(rate, int | float) else "non renseigné"
            yield _line(row, "si", named(classeur, row.entite), said, number="")


def unwritten_systems(findings: Sequence[Finding]) -> list[DueLine]:
    """Those that have no line at all, as the control says it."""
    return [
        DueLine("", visible(f.message, 2 * LONG), "", "", "absent du classeur", grave=True)
        for f in findings
        if f.code == MISSING_SYSTEMS
    ]


def open_criteria(classeur: Classeur, day: dt.date | None) -> Iterator[DueLine]:
    """The impératifs under their threshold that no finished action answers yet."""
    for row in classeur["has"] if classeur.actif("HAS") else ():
        if row.type_retenu != "impératif" or row.sous_seuil != "Oui":
            continue
        if row.statut in HAS.closed or not still_asked(row, classeur):
            continue
        late = _late(row, day)
        state = (shown_text(row, "statut") or "sans statut") + late * ", en retard"
        bare = not shown_text(row, "action")
        yield _line(
            row, "action", named(classeur, row.finess_et), "sans action" if bare else state,
            number=f"{shown_text(row, 'critere')} coté {number_text(row.cotation)}", grave=bare,
            late=late,
        )  # fmt: skip


def _line(
    row: Row,
    key: str,
    who: str,
    state: str,
    *,
    number: str | None = None,
    grave: bool = False,
    late: bool = True,
) -> DueLine:
    due = day_of(row.echeance)
    return DueLine(
        shown_text(row, "numero") if number is None else typeset(number),
        visible(shown_text(row, key), LONG), typeset(who), date_text(due) if due else "",
        typeset(state), grave, late,
    )  # fmt: skip


def money_lines(classeur: Classeur) -> Iterator[MoneyLine]:
    """Each ESMS in difficulty, at its last exercice."""
    last: dict[str, Row] = {}
    for row in classeur["difficulte"] if classeur.actif("DIFFICULTE") else ():
        if isinstance(row.finess_et, str) and isinstance(row.exercice, int):
            known = last.get(row.finess_et)
            if known is None or known.exercice < row.exercice:
                last[row.finess_et] = row
    for number, row in last.items():
        reference, rest = row.deficit_reference, row.deficit_residuel
        known_both = isinstance(reference, int | float) and isinstance(rest, int | float)
        planned = row.plan_retour == "Oui"
        day = day_of(row.date_plan)
        yield MoneyLine(
            named(classeur, number), str(row.exercice), euros(reference),
            euros(row.resultat_retenu), euros(rest),
            1 - rest / reference if known_both and reference > 0 else None, planned,
            typeset(f"plan du {date_text(day)}" if planned and day else
                    "plan adopté" if planned else "aucun plan"),
        )  # fmt: skip
