"""What an organisme is held against: quartiles of the region, of a département, of a category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xl_cpom.light_dataclass import dataclass, field

FEWEST = 5
"""Values without which no quartile is told: with fewer, it would tell the figure of a neighbour."""

FENCE = 1.5
"""Interquartile ranges beyond a quartile from which a figure stands apart (Tukey's fences)."""

LOWEST, LOW, HIGH, HIGHEST = "premier quart", "deuxième quart", "troisième quart", "dernier quart"
"""Where a value stands, from the lowest values to the highest."""


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Quartiles of so many values, by linear interpolation as QUARTILE.INC of Excel."""

    count: int
    low: float
    median: float
    high: float

    def place(self, value: float) -> str:
        """In which quarter a value stands; one on a border belongs to the quarter above."""
        borders = ((self.low, LOWEST), (self.median, LOW), (self.high, HIGH))
        return next((word for border, word in borders if value < border), HIGHEST)

    def distance(self, value: float) -> float:
        """Interquartile ranges beyond the nearest quartile; 0 between them, or when all agree."""
        beyond = max(self.low - value, value - self.high, 0.0)
        spread = self.high - self.low
        return beyond / spread if spread > 0 else 0.0


ByModule = Mapping[str, Quartiles]
"""« EFFICIENCE/PH » -> quartiles of the recomputed rates."""


@dataclass(frozen=True)
class Peers:
    """What a consolidation says of the others, in one year.

    departements: « 21/EFFICIENCE/PH » -> quartiles. figures: « 500/2026/taux_caf » (category,
    exercice, column of the sheet of activity) -> quartiles of the ESMS of that category.
    """

    annee: int
    organismes: int
    region: ByModule = field(default_factory=dict)
    departements: ByModule = field(default_factory=dict)
    figures: ByModule = field(default_factory=dict)

    def only_for(self, categories: frozenset[str]) -> Peers:
        """The same without the categories of others: each worker is handed one organisme."""
        figures = {k: q for k, q in self.figures.items() if k.partition("/")[0] in categories}
        return replace(self, figures=figures)
