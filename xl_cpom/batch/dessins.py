"""Geometry of the drawings of the region's page: tiles of the départements, bars, distributions.

Only numbers come out of here; words, titles and the same figures in tables are in the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xl_cpom.batch.region import Compte

GRILLE = {"89": (0, 0), "21": (1, 0), "70": (2, 0), "90": (3, 0),
          "58": (0, 1), "71": (1, 1), "39": (2, 1), "25": (3, 1)}  # fmt: skip
"""Column and row of each département of Bourgogne-Franche-Comté, roughly as on a map."""

COLONNES = 4
TUILE_L, TUILE_H, ECART = 196, 128, 10
BARRE_H = 16


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: its key (CSS), its word, its count, where it stands."""

    cle: str
    mot: str
    nombre: int
    x: float
    largeur: float


@dataclass(frozen=True, slots=True)
class Tuile:
    """The tile of a département."""

    compte: Compte
    x: int
    y: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Carte:
    """The tiles and the size of the drawing."""

    tuiles: tuple[Tuile, ...]
    largeur: int
    hauteur: int


def carte(comptes: Sequence[Compte]) -> Carte:
    """The tiles: at their place when the region is known, else in the order of the codes."""
    known = {c.code for c in comptes if c.code} <= GRILLE.keys()
    rows = 0
    tiles = []
    extra = 0
    for rank, compte in enumerate(comptes):
        if known and compte.code:
            column, row = GRILLE[compte.code]
        elif known:
            column, row = extra % COLONNES, 2 + extra // COLONNES
            extra += 1
        else:
            column, row = rank % COLONNES, rank // COLONNES
        rows = max(rows, row + 1)
        tiles.append(Tuile(
            compte, column * (TUILE_L + ECART), row * (TUILE_H + ECART),
            segments(compte, TUILE_L - 24),
        ))  # fmt: skip
    width = COLONNES * (TUILE_L + ECART) - ECART
    return Carte(tuple(tiles), width, rows * (TUILE_H + ECART) - ECART)


def segments(compte: Compte, largeur: float) -> tuple[Segment, ...]:
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
        width = round(largeur * count / total, 1)
        if count:
            found.append(Segment(key, word, count, round(x, 1), width))
        x += width
    return tuple(found)


def barres(values: Sequence[int], hauteur: float) -> tuple[float, ...]:
    """Heights of the bars of a distribution, the tallest being `hauteur`."""
    top = max((*values, 1))
    return tuple(round(hauteur * value / top, 1) for value in values)
