"""Geometry of the drawings of the region's page: tiles of the départements, bars, distributions.

Only numbers come out of here; words, titles and the same figures in tables are in the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xl_cpom.batch.region.figures import StateCount
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import plural

A_CORRIGER = "à corriger"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: its key (CSS), its count in words, where it stands, in hundredths."""

    key: str
    words: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class MapTile:
    """The tile of a département; column, rank: its place from 1, None to follow the others."""

    count: StateCount
    segments: tuple[Segment, ...]
    column: int | None = None
    rank: int | None = None


def map_tiles(
    comptes: Sequence[StateCount], carte: Mapping[str, tuple[int, int]]
) -> tuple[MapTile, ...]:
    """The tiles: at their place on the map of the region, else in the order of the codes."""
    known = {c.code for c in comptes if c.code} <= carte.keys()
    places = carte if known else {}
    return tuple(
        MapTile(counted, segments(counted), *places.get(counted.code, (None, None)))
        for counted in comptes
    )


def segments(counted: StateCount) -> tuple[Segment, ...]:
    """The bar of a département: recevables, to correct, unreadable, missing."""
    parts = (
        ("recevable", "recevable", counted.accepted),
        ("refuse", A_CORRIGER, counted.to_correct),
        ("illisible", "illisible", counted.unreadable),
        ("manquant", "manquant", counted.missing),
    )
    total = max(1, sum(count for _, _, count in parts))
    x = 0.0
    found = []
    for key, word, count in parts:
        width = 100 * count / total
        if count:
            said = plural(count, word, word if word == A_CORRIGER else None)
            found.append(Segment(key, said, round(x, 2), round(width, 2)))
        x += width
    return tuple(found)


def bars(values: Sequence[int], height: float) -> tuple[float, ...]:
    """Heights of the bars of a distribution, the tallest being `hauteur`."""
    top = max((*values, 1))
    return tuple(round(height * value / top, 1) for value in values)
