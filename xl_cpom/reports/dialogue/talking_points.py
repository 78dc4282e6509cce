"""What is to be talked about, in which order: safety first, then what is not held, then figures.

The order is ours, and the fiche says that it is proposed: who leads the dialogue changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.dialogue.due_lines import DueLine
from xl_cpom.reports.dialogue.meeting_brief import MeetingBrief
from xl_cpom.reports.dialogue.peers import LOWEST
from xl_cpom.reports.dialogue.standing import TrajectoryLine
from xl_cpom.reports.words import indicator_value
from xl_cpom.typography import listing, plural, rate_text, typeset, visible

NAMED = 4
"""Lines that a point names; the others are on the page, or in the workbook."""

LONG = 150
"""Characters of a detail: two lines of print."""

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class TalkingPoint:
    """A point to negotiate: its title, the figures behind it, the sheet where it is."""

    title: str
    detail: str
    sheet: str = ""


def talking_points(brief: MeetingBrief) -> tuple[TalkingPoint, ...]:
    """The points of a dialogue, what matters most first."""
    return tuple(
        TalkingPoint(typeset(point.title), visible(typeset(point.detail), LONG), point.sheet)
        for kind in _KINDS
        for point in kind(brief)
    )


def _refused(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    if brief.blocking:
        yield TalkingPoint(
            "Le retour n'est pas recevable : ses chiffres peuvent changer",
            f"{plural(brief.blocking, 'anomalie bloquante', 'anomalies bloquantes')} à corriger "
            "avant de négocier",
        )


def _late_measures(brief: MeetingBrief, grave: bool) -> Iterator[TalkingPoint]:
    lines = [line for line in brief.measures if line.grave is grave]
    if lines:
        word = "injonction" if grave else "prescription"
        said = plural(
            len(lines), f"{word} échue et non réalisée", f"{word}s échues et non réalisées"
        )
        yield TalkingPoint(said, _numbers(lines), "Inspection-contrôle")


def _injunctions(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    yield from _late_measures(brief, grave=True)


def _prescriptions(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    yield from _late_measures(brief, grave=False)


def _criteria(lines: Sequence[DueLine], what: str) -> Iterator[TalkingPoint]:
    if lines:
        said = plural(len(lines), "critère impératif de la HAS", "critères impératifs de la HAS")
        named = _names([f"{line.number}, {line.who}" for line in lines])
        yield TalkingPoint(f"{said} {what}", named, "Évaluation HAS")


def _unanswered_criteria(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    yield from _criteria([line for line in brief.criteria if line.grave], "sans action")


def _late_criteria(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    late = [line for line in brief.criteria if line.late and not line.grave]
    yield from _criteria(late, "dont l'action est en retard")


def _money(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    """Those without a plan, or further from balance than the contract found them."""
    worse = [m for m in brief.money if not m.plan or (m.absorbed is not None and m.absorbed < 0)]
    if worse:
        yield TalkingPoint(
            f"{len(worse)} ESMS sans plan de retour à l'équilibre, ou qui s'en éloigne"
            + "nt" * (len(worse) > 1),
            _names([f"{m.who} : {m.plan_text}, reste {m.left} sur {m.reference}" for m in worse]),
            "Difficulté financière",
        )


def _missed_targets(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    """One point a module, the widest gap first."""
    missed: dict[str, list[tuple[float, TrajectoryLine]]] = {}
    for line in brief.trajectories:
        if line.gap is not None and line.gap < -_TOLERANCE:
            missed.setdefault(line.libelle, []).append((line.gap, line))
    for libelle, lines in sorted(missed.items(), key=lambda pair: min(gap for gap, _ in pair[1])):
        yield _of_a_module(f"{libelle} : cible non atteinte", [line for _, line in lines])


def _of_a_module(title: str, lines: Sequence[TrajectoryLine]) -> TalkingPoint:
    said = " ; ".join(f"{line.secteur} {_gap(line)}" for line in lines)
    return TalkingPoint(title, said, "Indicateurs")


def _late_actions(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    if brief.actions:
        plans = Counter(line.who for line in brief.actions)
        yield TalkingPoint(
            plural(len(brief.actions), "action en retard", "actions en retard"),
            _names([f"{count} en {plan}" for plan, count in plans.most_common()]),
            "Plan d'actions",
        )


def _systems(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    if brief.systems:
        missing = Counter(line.text for line in brief.systems if not line.grave)
        named = [f"{name} ({count})" for name, count in missing.most_common()]
        if unwritten := len(brief.systems) - sum(missing.values()):
            named.insert(0, plural(unwritten, "entité sans ligne", "entités sans ligne"))
        yield TalkingPoint(
            "Systèmes d'information absents ou incomplets",
            _names(named),
            "Systèmes d'information",
        )


def _waiting(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    if brief.waiting:
        said = plural(len(brief.waiting), "mesure réalisée attend sa levée",
                      "mesures réalisées attendent leur levée")  # fmt: skip
        numbers = _numbers(brief.waiting)
        yield TalkingPoint(f"{said} : à l'autorité de répondre", numbers, "Inspection-contrôle")


def _behind_the_region(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    """What holds its target and is still among the lowest of the region."""
    behind: dict[str, list[TrajectoryLine]] = {}
    for line in brief.trajectories:
        held = line.gap is None or line.gap >= -_TOLERANCE
        if not held or line.region is None or line.reached is None:
            continue
        if line.region.place(line.reached) == LOWEST:
            behind.setdefault(line.libelle, []).append(line)
    for libelle, lines in behind.items():
        yield _of_a_module(f"{libelle} : premier quart de la région", lines)


def _figures(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    if brief.figures:
        named = [f"{one.libelle} : {one.value}, {one.who}" for one in brief.figures]
        said = "Chiffres loin de ceux des ESMS de même catégorie"
        yield TalkingPoint(said, _names(named), "Activité et ressources")
    if brief.unusual:
        said = plural(len(brief.unusual), "chiffre hors des valeurs usuelles",
                      "chiffres hors des valeurs usuelles")  # fmt: skip
        yield TalkingPoint(said, "voir plus haut", "Activité et ressources")


def _unexplained(brief: MeetingBrief) -> Iterator[TalkingPoint]:
    if brief.unexplained:
        yield TalkingPoint(
            plural(brief.unexplained, "avertissement sans explication",
                   "avertissements sans explication"),
            "à justifier dans « Commentaire ou justification »",
        )  # fmt: skip


_KINDS = (
    _refused, _injunctions, _unanswered_criteria, _prescriptions, _money, _missed_targets,
    _late_criteria, _late_actions, _systems, _waiting, _behind_the_region, _figures, _unexplained,
)  # fmt: skip
"""What is talked about, in order: each gives the points of its kind."""


def _gap(line: TrajectoryLine) -> str:
    """« 33,3 % pour 40,0 % (médiane 50 %), puis 60,0 % »."""
    code, target = line.indicator.code, line.indicator.cible
    said = indicator_value(code, line.reached)
    if target is not None:
        said += f" pour {indicator_value(code, target)}"
    if line.region is not None:
        said += f" (médiane de la région {rate_text(line.region.median, 0)})"
    if line.next_target is not None:
        said += f", puis {indicator_value(code, line.next_target)}"
    return said


def _numbers(lines: Sequence[DueLine]) -> str:
    return _names([line.number for line in lines])


def _names(names: Sequence[str]) -> str:
    shown = list(names[:NAMED])
    if len(names) > NAMED:
        shown.append(plural(len(names) - NAMED, "autre"))
    return listing(shown)
