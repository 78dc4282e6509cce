"""Rates of the region by module and secteur: pooled, spread out, against the targets."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.history import Taux
from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.recomputed import ComputedIndicator

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.retours import Rendu

SLICES = ("0 à 20 %", "20 à 40 %", "40 à 60 %", "60 à 80 %", "80 à 100 %")
"""Classes of the distribution; the upper bound belongs to the next class, 100 % to the last."""


@dataclass(frozen=True, slots=True)
class ModuleRates:
    """One module and secteur, recevable returns that count.

    taux: pooled for the year of the campaign. distribution: organismes per class of `TRANCHES`.
    cibles: civil year -> mean target; realises: civil year -> pooled rate recomputed, that of the
    years before being what the journal kept of their campaigns, or what this one says of them
    where at least half as many organismes answer as in the fullest year.
    """

    module: str
    libelle: str
    secteur: str
    organismes: int
    numerateur: float
    denominateur: float
    taux: float | None
    distribution: tuple[int, ...]
    reached: int
    cibles: Mapping[int, float]
    realises: Mapping[int, float]


def rates_by_module(
    result: CampaignResult, referentiel: Referentiel, avant: Taux | None = None
) -> tuple[ModuleRates, ...]:
    """One per module and secteur that has something to count, in the order of the guide.

    avant: rates of the campaigns of other years.
    """
    known = avant or {}
    found: dict[tuple[str, str], list[tuple[Rendu, ComputedIndicator]]] = defaultdict(list)
    reports = {report.file: report for report in result.reports}
    for rendu in result.campagne.counted:
        report = reports[rendu.file]
        if report.verdict.value.startswith("recevable"):
            for indicateur in report.indicateurs:
                found[indicateur.module, indicateur.secteur].append((rendu, indicateur))
    return tuple(
        _taux(module, libelle, secteur, found[module, secteur], result.campagne.annee,
              known.get((module, secteur), {}))
        for module, libelle in referentiel.nomenclature("modules").items()
        for secteur in referentiel.listes["secteur"]
        if (module, secteur) in found
    )  # fmt: skip


def _taux(
    module: str,
    libelle: str,
    secteur: str,
    mine: Sequence[tuple[Rendu, ComputedIndicator]],
    annee: int | None,
    avant: Mapping[int, float],
) -> ModuleRates:
    by_year: dict[int, list[ComputedIndicator]] = defaultdict(list)
    targets: dict[int, list[float]] = defaultdict(list)
    for rendu, i in mine:
        if i.annee is not None and i.taux is not None and i.denominateur:
            by_year[i.annee].append(i)
        for rank, cible in enumerate(i.cibles):
            if cible is not None and rendu.annee_n1 is not None:
                targets[rendu.annee_n1 + rank].append(cible)
    now = by_year.get(annee or 0, [])
    numerator, denominator = _sums(now)
    return ModuleRates(
        module=module,
        libelle=libelle,
        secteur=secteur,
        organismes=len(now),
        numerateur=numerator,
        denominateur=denominator,
        taux=numerator / denominator if denominator else None,
        distribution=repartition([i.taux for i in now if i.taux is not None]),
        reached=sum(i.atteinte == "Atteint" for i in now),
        cibles={year: math.fsum(t) / len(t) for year, t in sorted(targets.items())},
        realises=dict(sorted({**_realises(by_year), **avant}.items())),
    )


def _realises(by_year: Mapping[int, Sequence[ComputedIndicator]]) -> dict[int, float]:
    """Pooled rate of each year, but those that too few organismes speak of to be compared."""
    most = max((len(rows) for rows in by_year.values()), default=0)
    found = {}
    for year, rows in sorted(by_year.items()):
        numerator, denominator = _sums(rows)
        if denominator and 2 * len(rows) >= most:
            found[year] = numerator / denominator
    return found


def _sums(rows: Sequence[ComputedIndicator]) -> tuple[float, float]:
    return (
        math.fsum(i.numerateur or 0 for i in rows),
        math.fsum(i.denominateur or 0 for i in rows),
    )


def repartition(rates: Sequence[float]) -> tuple[int, ...]:
    """How many rates fall in each class."""
    classes = [0] * len(SLICES)
    for rate in rates:
        classes[max(0, min(len(SLICES) - 1, math.floor(rate * len(SLICES) + 1e-9)))] += 1
    return tuple(classes)
