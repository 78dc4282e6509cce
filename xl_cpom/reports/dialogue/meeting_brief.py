"""What the fiche of a dialogue tells of an organisme, worked out from its return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from xl_cpom.indicators.anap import INDICATEURS_ANAP
from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.dialogue.peers import FENCE, Peers, Quartiles
from xl_cpom.reports.words import indicator_value, verdict_sentence
from xl_cpom.typography import date_text, number_text, rate_text, typeset, visible
from xl_cpom.validators.facts.main_departement import main_departement
from xl_cpom.validators.model import AVERTISSEMENT, Report
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.workbook.presence import left, still_asked
from xl_cpom.workbook.records import NON_LU, Classeur, Row
from xl_cpom.workbook.sheets import ACTIONS, HAS, MESURES

INJUNCTION = "injonction"
FOLLOWED = (INJUNCTION, "prescription")
"""Kinds of measures that the guide wants lifted."""

WAITING = "Réalisée – en attente de levée"
"""Status of a measure that only the authority can now lift."""

NAME = 40
LONG = 90
"""Characters of the name of an ESMS, of a text typed by somebody, before they are cut."""

Part = tuple[Classeur, Report]
"""A return as read and as judged; an organisme may answer in two."""


@dataclass(frozen=True, slots=True)
class TrajectoryLine:
    """A module and secteur: its targets and results, and where it stands among the others.

    region, departement: quartiles of the recomputed rates, None when there are too few.
    """

    module: str
    libelle: str
    secteur: str
    indicator: ComputedIndicator
    next_target: float | None
    region: Quartiles | None = None
    departement: Quartiles | None = None
    where: str = ""
    """Code of the département compared."""

    @property
    def reached(self) -> float | None:
        """The rate of the year: recomputed, else declared."""
        one = self.indicator
        return one.taux if one.taux is not None else one.declare

    @property
    def gap(self) -> float | None:
        """Rate less target, as a ratio; None when one of them is not known."""
        if self.reached is None or self.indicator.cible is None:
            return None
        return self.reached - self.indicator.cible


@dataclass(frozen=True, slots=True)
class FigureLine:
    """An ANAP figure of an ESMS among those of the same category and exercice."""

    who: str
    libelle: str
    exercice: int
    value: str
    place: str
    median: str
    count: int
    distance: float


@dataclass(frozen=True, slots=True)
class Line:
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
    actions: tuple[Line, ...]
    measures: tuple[Line, ...]
    waiting: tuple[Line, ...]
    systems: tuple[Line, ...]
    criteria: tuple[Line, ...]
    money: tuple[MoneyLine, ...]


def meeting_brief(
    parts: Sequence[Part], report: Report, peers: Peers | None = None, why: str = ""
) -> MeetingBrief:
    """The fiche of an organisme.

    parts: its return, or the two that make it; report: what is said of the whole. peers: what it
    is held against; without them, why (French) says why not.
    """
    first = parts[0][0]
    fiche = first.identification
    day = _reference_day(report, fiche)
    live = [f for f in report.findings if f.waiver is None]
    figures, compared = _figures(parts, peers)
    return MeetingBrief(
        finess_ej=_text(fiche, "finess_ej"),
        organisme=_text(fiche, "raison_sociale"),
        contrat=_text(fiche, "numero_cpom"),
        start=_day(fiche.date_effet),
        end=_day(fiche.date_echeance),
        year=_text(fiche, "annee_suivie"),
        civil_year=first.annee_suivie,
        date=date_text(day) if day else "",
        verdict=verdict_sentence(report),
        blocking=sum(f.severity.rank == 0 for f in live),
        unexplained=sum(f.severity is AVERTISSEMENT and f.justification is None for f in live),
        esms=_esms(parts),
        referent=_text(fiche, "referent_cpom"),
        compared=_compared(peers, why),
        trajectories=tuple(_trajectories(parts, peers)),
        figures=tuple(figures),
        figures_compared=compared,
        unusual=_once(f.message for f in live if f.code in UNUSUAL),
        actions=_lines(parts, lambda classeur: _late_actions(classeur, day)),
        measures=_lines(parts, lambda classeur: _late_measures(classeur, day)),
        waiting=_lines(parts, _waiting_measures),
        systems=_lines(parts, _missing_systems, _unwritten_systems(live)),
        criteria=_lines(parts, lambda classeur: _open_criteria(classeur, day)),
        money=_once(line for classeur, _ in parts for line in _money(classeur)),
    )


UNUSUAL = frozenset({*(f"VRA-{n:03}" for n in range(1, 18)), "VRA-042", "DIF-004"})
"""Rules that say that a figure is out of the usual values of the ANAP or of the profession."""

MISSING_SYSTEMS = "SI-001"


def _reference_day(report: Report, fiche: Row) -> dt.date | None:
    try:
        return dt.date.fromisoformat(report.reference_date)
    except ValueError:
        return _day(fiche.date_arrete)


def _compared(peers: Peers | None, why: str) -> str:
    if peers is None:
        return typeset(why or "Sans consolidation : la place parmi les autres n'est pas dite.")
    return typeset(
        f"Quarts des {number_text(peers.organismes, 0)} organismes de la consolidation "
        f"{peers.annee} dont le retour est recevable."
    )


def _esms(parts: Sequence[Part]) -> str:
    found = {
        esms.finess_et: esms
        for classeur, _ in parts
        for esms in classeur["etablissements"]
        if isinstance(esms.finess_et, str) and left(esms) is None
    }
    places = sum(
        esms.capacite_autorisee for esms in found.values()
        if isinstance(esms.capacite_autorisee, int | float)
    )  # fmt: skip
    sectors = [esms.secteur for esms in found.values()]
    counted = [f"{sectors.count(s)} {s}" for s in ("PA", "PH") if s in sectors]
    said = f"{len(found)} ESMS" + (f" ({', '.join(counted)})" if counted else "")
    return typeset(f"{said}, {number_text(places, 0)} places")


# --- the trajectory ----------------------------------------------------------------------------


def _trajectories(parts: Sequence[Part], peers: Peers | None) -> Iterator[TrajectoryLine]:
    found: dict[tuple[str, str], tuple[Classeur, ComputedIndicator]] = {}
    for classeur, report in parts:
        for one in report.indicateurs:
            if one.module not in classeur.referentiel.modules:
                continue
            key = (one.module, one.secteur)
            if key not in found or found[key][1].taux is None:
                found[key] = (classeur, one)
    for (module, secteur), (classeur, one) in found.items():
        where = _where(classeur, secteur)
        rank = classeur.followed_rank or 0
        mine = f"{module}/{secteur}"
        yield TrajectoryLine(
            module, classeur.referentiel.modules[module].libelle, secteur, one,
            one.cibles[rank] if rank < len(one.cibles) else None,
            None if peers is None else peers.region.get(mine),
            None if peers is None else peers.departements.get(f"{where}/{mine}"), where,
        )  # fmt: skip


def _where(classeur: Classeur, secteur: str) -> str:
    """The département compared: that of most of the places of the secteur, as consolidated."""
    rows = [row for row in classeur["etablissements"] if isinstance(row.finess_et, str)]

    def most(some: Iterable[Row]) -> str:
        return main_departement(
            (_text(row, "departement"), row.capacite_autorisee or None) for row in some
        )

    return (
        most(row for row in rows if row.secteur == secteur)
        or most(rows)
        or _text(classeur.identification, "departement")
    )


# --- the figures -------------------------------------------------------------------------------


def _figures(parts: Sequence[Part], peers: Peers | None) -> tuple[list[FigureLine], int]:
    """The figures that stand apart from those of the category, furthest first; how many compared.

    The last exercice of each ESMS.
    """
    if peers is None:
        return [], 0
    found: list[FigureLine] = []
    compared = 0
    for classeur, _ in parts:
        last: dict[str, Row] = {}
        for row in classeur["activite"]:
            if isinstance(row.finess_et, str) and isinstance(row.exercice, int):
                known = last.get(row.finess_et)
                if known is None or known.exercice < row.exercice:
                    last[row.finess_et] = row
        for number, row in last.items():
            esms = classeur.etablissements.get(number)
            category = esms.categorie if esms is not None else None
            for indicator in INDICATEURS_ANAP:
                column = f"taux_{indicator.code.lower()}"
                value = row.values.get(column)
                others = peers.figures.get(f"{category}/{row.exercice}/{column}")
                if others is None or not isinstance(value, int | float):
                    continue
                compared += 1
                distance = others.distance(value)
                if distance <= FENCE:
                    continue
                found.append(FigureLine(
                    _named(classeur, number), indicator.libelle, row.exercice,
                    indicator_value(indicator.code, value), others.place(value),
                    indicator_value(indicator.code, others.median), others.count, distance,
                ))  # fmt: skip
    return sorted(found, key=lambda one: (-one.distance, one.who, one.libelle)), compared


# --- what is late or missing -------------------------------------------------------------------


def _lines(parts: Sequence[Part], tell: Any, more: Iterable[Line] = ()) -> tuple[Line, ...]:
    """Lines of every part, the grave ones first, then by deadline as the sheet gives it."""
    told = _once([*(line for classeur, _ in parts for line in tell(classeur)), *more])
    return tuple(sorted(told, key=lambda line: (not line.grave, _sortable(line.due))))


def _sortable(due: str) -> tuple[str, ...]:
    return tuple(reversed(due.split("/"))) if due else ("9999",)


def _late(row: Row, day: dt.date | None) -> bool:
    due = _day(row.echeance)
    return day is not None and due is not None and due < day


def _late_actions(classeur: Classeur, day: dt.date | None) -> Iterator[Line]:
    for row in classeur["actions"]:
        if row.statut in (*ACTIONS.closed, "Reportée") or row.avancement == 1:
            continue
        if _late(row, day) and still_asked(row, classeur):
            done = row.avancement if isinstance(row.avancement, int | float) else 0
            yield _line(
                row, "intitule", f"{_text(row, 'module')} {_text(row, 'secteur')}",
                f"{_text(row, 'statut')}, {rate_text(done, 0)}",
            )  # fmt: skip


def _late_measures(classeur: Classeur, day: dt.date | None) -> Iterator[Line]:
    for row in _measures(classeur):
        if row.statut != WAITING and _late(row, day):
            yield _measure(row, classeur)


def _waiting_measures(classeur: Classeur) -> Iterator[Line]:
    yield from (_measure(row, classeur) for row in _measures(classeur) if row.statut == WAITING)


def _measures(classeur: Classeur) -> Iterator[Row]:
    for row in classeur["mesures"] if classeur.actif("INSPECTION") else ():
        if row.type not in FOLLOWED or row.statut in MESURES.closed:
            continue
        if still_asked(row, classeur):
            yield row


def _measure(row: Row, classeur: Classeur) -> Line:
    kind = _text(row, "type")
    return _line(
        row, "libelle", _named(classeur, row.finess_et), f"{kind}, {_text(row, 'statut')}",
        number=" ".join(filter(None, (_text(row, "numero_mission"), _text(row, "numero")))),
        grave=kind == INJUNCTION,
    )  # fmt: skip


def _missing_systems(classeur: Classeur) -> Iterator[Line]:
    for row in classeur["si"] if classeur.actif("SI") else ():
        if row.perimetre and row.complet != "Oui":
            rate = row.taux_retenu
            said = rate_text(rate, 0) if isinstance(rate, int | float) else "non renseigné"
            yield _line(row, "si", _named(classeur, row.entite), said, number="")


def _unwritten_systems(findings: Sequence[Any]) -> list[Line]:
    return [
        Line("", visible(f.message, 2 * LONG), "", "", "absent du classeur", grave=True)
        for f in findings
        if f.code == MISSING_SYSTEMS
    ]


def _open_criteria(classeur: Classeur, day: dt.date | None) -> Iterator[Line]:
    """The impératifs under their threshold that no finished action answers yet."""
    for row in classeur["has"] if classeur.actif("HAS") else ():
        if row.type_retenu != "impératif" or row.sous_seuil != "Oui":
            continue
        if row.statut in HAS.closed or not still_asked(row, classeur):
            continue
        late = _late(row, day)
        state = (_text(row, "statut") or "sans statut") + late * ", en retard"
        bare = not _text(row, "action")
        yield _line(
            row, "action", _named(classeur, row.finess_et), "sans action" if bare else state,
            number=f"{_text(row, 'critere')} coté {number_text(row.cotation)}", grave=bare,
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
) -> Line:
    due = _day(row.echeance)
    return Line(
        _text(row, "numero") if number is None else typeset(number),
        visible(_text(row, key), LONG), typeset(who), date_text(due) if due else "",
        typeset(state), grave, late,
    )  # fmt: skip


def _money(classeur: Classeur) -> Iterator[MoneyLine]:
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
        day = _day(row.date_plan)
        yield MoneyLine(
            _named(classeur, number), str(row.exercice), _euros(reference),
            _euros(row.resultat_retenu), _euros(rest),
            1 - rest / reference if known_both and reference > 0 else None, planned,
            typeset(f"plan du {date_text(day)}" if planned and day else
                    "plan adopté" if planned else "aucun plan"),
        )  # fmt: skip


# --- small things ------------------------------------------------------------------------------


def _once(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))


def _named(classeur: Classeur, number: Any) -> str:
    """The name of an ESMS, with its number when another bears it; what stands there otherwise."""
    if not isinstance(number, str):
        return ""
    esms = classeur.etablissements.get(number)
    name = _text(esms, "raison_sociale") if esms is not None else ""
    if not name:
        return visible(number, 40)
    shown = visible(name, NAME)
    if sum(visible(_text(row, "raison_sociale"), NAME) == shown
           for row in classeur["etablissements"]) > 1:  # fmt: skip
        shown = f"{visible(name, NAME - len(number))} ({number})"
    return typeset(shown)


def _euros(value: Any) -> str:
    return typeset(f"{number_text(value, 0)} €") if isinstance(value, int | float) else "–"


def _text(row: Row, key: str) -> str:
    value = row.values.get(key)
    return "" if value is None or value is NON_LU else str(value)


def _day(value: Any) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
