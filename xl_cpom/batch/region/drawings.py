"""Geometry of the drawings of the region's page: tiles of the départements, bars, distributions.

Only numbers come out of here; words, titles and the same figures in tables are in the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xl_cpom.batch.region.figures import StateCount

GRILLE = {"89": (0, 0), "21": (1, 0), "70": (2, 0), "90": (3, 0),
          "58": (0, 1), "71": (1, 1), "39": (2, 1), "25": (3, 1)}  # fmt: skip
"""Column and row of each département of Bourgogne-Franche-Comté, roughly as on a map."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: its key (CSS), its word, its count, where it stands, in hundredths."""

    cle: str
    mot: str
    nombre: int
    x: float
    largeur: float


@dataclass(frozen=True, slots=True)
class MapTile:
    """The tile of a département; colonne, rang: its place from 1, None to follow the others."""

    compte: StateCount
    segments: tuple[Segment, ...]
    colonne: int | None = None
    rang: int | None = None


def map_tiles(comptes: Sequence[StateCount]) -> tuple[MapTile, ...]:
    """The tiles: at their place when the region is known, else in the order of the codes."""
    known = {c.code for c in comptes if c.code} <= GRILLE.keys()
    found = []
    for compte in comptes:
        place = GRILLE.get(compte.code) if known else None
        column, row = (None, None) if place is None else (place[0] + 1, place[1] + 1)
        found.append(MapTile(compte, segments(compte), column, row))
    return tuple(found)


def segments(compte: StateCount) -> tuple[Segment, ...]:
    """The bar of a département: recevables, to correct, unreadable, missing."""
    parts = (
        ("recevable", "recevables", compte.recevables),
        ("refuse", "à corriger", compte.a_corriger),
        ("illisible", "illisibles", compte.illisibles),
        ("manquant", "manquants", compte.manquants),
    )
    total = max(1, sum(count for _, _, count in parts))
    x = 0.0
    found = []
    for key, word, count in parts:
        width = 100 * count / total
        if count:
            found.append(Segment(key, word, count, round(x, 2), round(width, 2)))
        x += width
    return tuple(found)


def bars(values: Sequence[int], hauteur: float) -> tuple[float, ...]:
    """Heights of the bars of a distribution, the tallest being `hauteur`."""
    top = max((*values, 1))
    return tuple(round(hauteur * value / top, 1) for value in values)
