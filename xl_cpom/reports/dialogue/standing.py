"""Where an organisme stands: against its targets, and among the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xl_cpom.indicators.anap import INDICATEURS_ANAP
from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.dialogue.peers import FENCE, Peers, Quartiles
from xl_cpom.reports.dialogue.row_texts import JudgedPart, named, shown_text
from xl_cpom.reports.words import indicator_value
from xl_cpom.validators.facts.main_departement import main_departement
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.workbook.records import Classeur, Row


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


def trajectories(parts: Sequence[JudgedPart], peers: Peers | None) -> Iterator[TrajectoryLine]:
    """Each module and secteur of the return, once when it came in two parts."""
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
            (shown_text(row, "departement"), row.capacite_autorisee or None) for row in some
        )

    return (
        most(row for row in rows if row.secteur == secteur)
        or most(rows)
        or shown_text(classeur.identification, "departement")
    )


def unlike_figures(
    parts: Sequence[JudgedPart], peers: Peers | None
) -> tuple[list[FigureLine], int]:
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
                    named(classeur, number), indicator.libelle, row.exercice,
                    indicator_value(indicator.code, value), others.place(value),
                    indicator_value(indicator.code, others.median), others.count, distance,
                ))  # fmt: skip
    return sorted(found, key=lambda one: (-one.distance, one.who, one.libelle)), compared
