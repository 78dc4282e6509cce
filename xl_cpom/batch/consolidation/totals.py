"""Pooled totals: sum of numerators over sum of denominators, never a mean of rates.

A small organisme does not weigh as much as a large one, and a rate that somebody typed weighs
nothing at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from xl_cpom.batch.consolidation.tables import INDICATEURS, Valeur
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.validators.model import Verdict

REGION, DEPARTEMENT = "région", "département"
"""Levels of a total; a total of the region has no département."""
RECEVABLES, READABLE = "retours recevables", "tous les retours lisibles"
_ADMIS = {Verdict.RECEVABLE.value, Verdict.WITH_RESERVES.value}
_PLACE = {column.key: rank for rank, column in enumerate(INDICATEURS.columns)}


@dataclass
class _RunningSum:
    numerators: list[float] = field(default_factory=list)
    denominators: list[float] = field(default_factory=list)
    organismes: set[str] = field(default_factory=set)


def totaux(indicateurs: Iterable[Sequence[Valeur]]) -> Iterator[tuple[Valeur, ...]]:
    """Rows of the table of totals, from those of the table of indicators.

    By year, perimeter (recevables or all readable), level (département or région), département,
    secteur, module. What is sans objet, or of no known year, does not count. Sums are exact (fsum):
    the order of the files does not show.
    """
    sums: dict[tuple[int, str, bool, str, str, str], _RunningSum] = {}
    for row in indicateurs:
        num, den, annee = (row[_PLACE[k]] for k in ("numerateur", "denominateur", "annee"))
        if not (isinstance(num, int | float) and isinstance(den, int | float) and den):
            continue
        if not isinstance(annee, int):
            continue
        where, secteur, module = (str(row[_PLACE[k]]) for k in ("departement", "secteur", "module"))
        perimeters = [READABLE]
        if row[_PLACE["verdict"]] in _ADMIS:
            perimeters.append(RECEVABLES)
        for perimeter in perimeters:
            for whole, place in ((False, where), (True, "")):
                key = (annee, perimeter, whole, place, secteur, module)
                total = sums.setdefault(key, _RunningSum())
                total.numerators.append(num)
                total.denominators.append(den)
                total.organismes.add(str(row[_PLACE["finess_ej"]]))
    for key in sorted(sums):
        annee, perimeter, whole, place, secteur, module = key
        total = sums[key]
        numerator, denominator = math.fsum(total.numerators), math.fsum(total.denominators)
        yield (annee, perimeter, REGION if whole else DEPARTEMENT, place or None, secteur, module,
               len(total.organismes), numerator, denominator,
               numerator / denominator)  # fmt: skip
