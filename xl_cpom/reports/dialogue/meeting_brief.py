"""What the fiche of a dialogue tells of an organisme, worked out from its return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.dialogue.due_lines import (
    DueLine,
    MoneyLine,
    due_lines,
    late_actions,
    late_measures,
    missing_systems,
    money_lines,
    open_criteria,
    unwritten_systems,
    waiting_measures,
)
from xl_cpom.reports.dialogue.peers import Peers
from xl_cpom.reports.dialogue.row_texts import JudgedPart, day_of, once, shown_text
from xl_cpom.reports.dialogue.standing import (
    FigureLine,
    TrajectoryLine,
    trajectories,
    unlike_figures,
)
from xl_cpom.reports.words import verdict_sentence
from xl_cpom.typography import date_text, number_text, typeset
from xl_cpom.validators.model import AVERTISSEMENT, Report
from xl_cpom.workbook.presence import left
from xl_cpom.workbook.records import Row


@dataclass(frozen=True, slots=True)
class MeetingBrief:
    """What is talked over. compared: what it is held against, or why it is not (French)."""

    finess_ej: str
    organisme: str
    contrat: str
    start: dt.date | None
    end: dt.date | None
    year: str
    civil_year: int | None
    date: str
    verdict: str
    blocking: int
    unexplained: int
    esms: str
    referent: str
    compared: str
    trajectories: tuple[TrajectoryLine, ...]
    figures: tuple[FigureLine, ...]
    figures_compared: int
    unusual: tuple[str, ...]
    actions: tuple[DueLine, ...]
    measures: tuple[DueLine, ...]
    waiting: tuple[DueLine, ...]
    systems: tuple[DueLine, ...]
    criteria: tuple[DueLine, ...]
    money: tuple[MoneyLine, ...]


def meeting_brief(
    parts: Sequence[JudgedPart], report: Report, peers: Peers | None = None, why: str = ""
) -> MeetingBrief:
    """The fiche of an organisme.

    parts: its return, or the two that make it; report: what is said of the whole. peers: what it
    is held against; without them, why (French) says why not.
    """
    first = parts[0][0]
    fiche = first.identification
    day = _reference_day(report, fiche)
    live = [f for f in report.findings if f.waiver is None]
    figures, compared = unlike_figures(parts, peers)
    return MeetingBrief(
        finess_ej=shown_text(fiche, "finess_ej"),
        organisme=shown_text(fiche, "raison_sociale"),
        contrat=shown_text(fiche, "numero_cpom"),
        start=day_of(fiche.date_effet),
        end=day_of(fiche.date_echeance),
        year=shown_text(fiche, "annee_suivie"),
        civil_year=first.annee_suivie,
        date=date_text(day) if day else "",
        verdict=verdict_sentence(report),
        blocking=sum(f.severity.rank == 0 for f in live),
        unexplained=sum(f.severity is AVERTISSEMENT and f.justification is None for f in live),
        esms=_esms(parts),
        referent=shown_text(fiche, "referent_cpom"),
        compared=_compared(peers, why),
        trajectories=tuple(trajectories(parts, peers)),
        figures=tuple(figures),
        figures_compared=compared,
        unusual=once(f.message for f in live if f.code in UNUSUAL),
        actions=due_lines(parts, lambda classeur: late_actions(classeur, day)),
        measures=due_lines(parts, lambda classeur: late_measures(classeur, day)),
        waiting=due_lines(parts, waiting_measures),
        systems=due_lines(parts, missing_systems, unwritten_systems(live)),
        criteria=due_lines(parts, lambda classeur: open_criteria(classeur, day)),
        money=once(line for classeur, _ in parts for line in money_lines(classeur)),
    )


UNUSUAL = frozenset(
    (
        "VRA-001", "VRA-002", "VRA-003", "VRA-004", "VRA-005", "VRA-006", "VRA-007", "VRA-008",
        "VRA-009", "VRA-010", "VRA-011", "VRA-012", "VRA-013", "VRA-014", "VRA-015", "VRA-016",
        "VRA-017", "VRA-042", "DIF-004",
    )
)  # fmt: skip
"""Rules that say that a figure is out of the usual values of the ANAP or of the profession."""


def _reference_day(report: Report, fiche: Row) -> dt.date | None:
    try:
        return dt.date.fromisoformat(report.reference_date)
    except ValueError:
        return day_of(fiche.date_arrete)


def _compared(peers: Peers | None, why: str) -> str:
    if peers is None:
        return typeset(why or "Sans consolidation : la place parmi les autres n'est pas dite.")
    return typeset(
        f"Quarts des {number_text(peers.organismes, 0)} organismes de la consolidation "
        f"{peers.annee} dont le retour est recevable."
    )


def _esms(parts: Sequence[JudgedPart]) -> str:
    found = {
        esms.finess_et: esms
        for classeur, _ in parts
        for esms in classeur["etablissements"]
        if isinstance(esms.finess_et, str) and left(esms) is None
    }
    places = sum(
        esms.capacite_autorisee
        for esms in found.values()
        if isinstance(esms.capacite_autorisee, int | float)
    )
    sectors = [esms.secteur for esms in found.values()]
    counted = [f"{sectors.count(s)} {s}" for s in ("PA", "PH") if s in sectors]
    said = f"{len(found)} ESMS" + (f" ({', '.join(counted)})" if counted else "")
    return typeset(f"{said}, {number_text(places, 0)} places")
