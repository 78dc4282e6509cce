"""What the direction asks of the lines of all the returns, counted as they go by to the tables.

Nothing is held but counts: the lines themselves are drawn once. A line about several ESMS is in
several rows of its table; it is counted once in each département, and once in the region.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from xl_cpom.batch.consolidation.tables import ACTIVITE_TOTAUX, SHEET_NAMES, TableSpec, Valeur
from xl_cpom.indicators.anap import INDICATEURS_ANAP
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import fold

REGION, DEPARTEMENT = "région", "département"
"""Levels of a count; one of the region has no département."""

_RATES = {f"taux_{indicator.code.lower()}": indicator for indicator in INDICATEURS_ANAP}
"""Column of the sheet of activity that holds an indicator -> the indicator."""

_PLACES = {
    key: {column.key: at for at, column in enumerate(SHEET_NAMES[key].columns)}
    for key in ("activite", "actions", "mesures", "identification")
}


@dataclass
class _Pooled:
    numerators: list[float] = field(default_factory=list)
    denominators: list[float] = field(default_factory=list)
    ets: set[str] = field(default_factory=set)


@dataclass
class CountedFacts:
    """Counts of the lines of the returns that count.

    annee: year of the campaign, the only exercice whose activity is added up. departements:
    FINESS ET -> département; by_ej: FINESS EJ -> that of the organisme.
    actions: (type, département, "" for the region) -> lines; levees: theme -> (lifted, all);
    signataires: FINESS EJ -> « ARS », « ARS + CD » or "".
    """

    annee: int | None
    departements: Mapping[str, str]
    by_ej: Mapping[str, str]
    actions: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    levees: dict[str, list[int]] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    signataires: dict[str, str] = field(default_factory=dict)
    _activity: dict[tuple[str, str], _Pooled] = field(default_factory=dict)
    _seen: set[tuple[str, int, str]] = field(default_factory=set)
    _file: str = ""

    def see(self, table: TableSpec, row: Sequence[Valeur]) -> None:
        """Count a row of a table on its way to the files."""
        if table.name not in _PLACES:
            return
        at = _PLACES[table.name]
        file = str(row[at["fichier"]])
        if file != self._file:  # the rows of a return come together
            self._file = file
            self._seen.clear()
        if table.name == "identification":
            self.signataires[str(row[at["finess_ej"]])] = str(row[at["autorites"]] or "")
        elif table.name == "actions":
            self._action(row, at)
        elif table.name == "mesures":
            self._measure(row, at)
        else:
            self._activite(row, at)

    def _where(self, row: Sequence[Valeur], at: Mapping[str, int]) -> str:
        et = row[at["finess_et"]]
        return (self.departements.get(str(et), "") if et else "") or self.by_ej.get(
            str(row[at["finess_ej"]]), ""
        )

    def _action(self, row: Sequence[Valeur], at: Mapping[str, int]) -> None:
        kind, line = str(row[at["type_action"]] or "non précisé"), row[at["rang"]]
        for where in ("", self._where(row, at)):
            key = ("actions", int(str(line)), where)
            if key not in self._seen:
                self._seen.add(key)
                self.actions[kind, where] += 1

    def _measure(self, row: Sequence[Valeur], at: Mapping[str, int]) -> None:
        text = str(row[at["theme"]] or "non précisé").strip()
        theme = self.themes.setdefault(fold(text), text)
        counts = self.levees.setdefault(theme, [0, 0])
        counts[0] += row[at["statut"]] == "Levée"
        counts[1] += 1

    def _activite(self, row: Sequence[Valeur], at: Mapping[str, int]) -> None:
        if self.annee is None or row[at["exercice"]] != self.annee:
            return
        where = self._where(row, at)
        for column, indicator in _RATES.items():
            if row[at[column]] is None:
                continue
            data = {i.key: row[at[i.key]] for i in indicator.inputs if i.key in at}
            found = indicator.compute({k: v for k, v in data.items() if v is not None})
            if found.value is None or found.numerateur is None:
                continue
            for place in ("", where):
                pooled = self._activity.setdefault((indicator.code, place), _Pooled())
                pooled.numerators.append(found.numerateur)
                if found.denominateur is not None:
                    pooled.denominators.append(found.denominateur)
                pooled.ets.add(str(row[at["finess_et"]]))

    def activity(self) -> Iterator[tuple[Valeur, ...]]:
        """Rows of the table of the totals of activity, the region last of each indicator."""
        for indicator in INDICATEURS_ANAP:
            places = sorted({where for code, where in self._activity if code == indicator.code})
            for where in (*(place for place in places if place), *([""] if "" in places else [])):
                pooled = self._activity[indicator.code, where]
                total = math.fsum(pooled.numerators)
                below = math.fsum(pooled.denominators) if pooled.denominators else None
                yield (
                    self.annee, DEPARTEMENT if where else REGION, where or None, indicator.code,
                    indicator.libelle, indicator.unite, len(pooled.ets), total, below,
                    total if below is None else total / below,
                )  # fmt: skip

    def rows(self) -> Iterator[tuple[TableSpec, tuple[Valeur, ...]]]:
        """The rows that these counts add to the consolidation."""
        for row in self.activity():
            yield ACTIVITE_TOTAUX, row
