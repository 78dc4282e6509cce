"""Geometry of a trajectory « réalisé against cible, N1 to N5 », drawn as inline SVG by a template.

Only numbers come out of here; the words are in the template's `<title>` and `<desc>` and in the
table of figures beside it, which says the same thing to who does not see the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from xl_cpom.light_dataclass import dataclass

WIDTH, HEIGHT = 340, 190
GAUCHE, RIGHT, HAUT, BAS = 46, 14, 22, 28


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A year with a value: its place in the drawing."""

    annee: str
    value: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trajectoire:
    """What the template draws: points and lines of both series, horizontal and vertical marks.

    Lines are SVG paths; a year without value breaks the line. label_y: height of the label of
    the last value.
    """

    cibles: tuple[ChartPoint, ...]
    realises: tuple[ChartPoint, ...]
    cible_line: str
    realise_line: str
    graduations: tuple[tuple[float, float], ...]
    years: tuple[tuple[str, float], ...]
    label_y: float


def draw_chart(
    cibles: Sequence[float | None], realises: Sequence[float | None]
) -> Trajectoire | None:
    """The drawing of one indicator; None when there is nothing to draw."""
    targets, actual = [_fini(v) for v in cibles], [_fini(v) for v in realises]
    known = [value for value in (*targets, *actual) if value is not None]
    if not known:
        return None
    low, high = min(0.0, *known), max(1.0, *known)
    count = max(len(targets), len(actual))
    step = (WIDTH - GAUCHE - RIGHT) / max(count - 1, 1)

    def x(rank: int) -> float:
        return round(GAUCHE + rank * step, 1)

    def y(value: float) -> float:
        return round(HAUT + (high - value) / (high - low) * (HEIGHT - HAUT - BAS), 1)

    def points(values: Sequence[float | None]) -> tuple[ChartPoint, ...]:
        return tuple(
            ChartPoint(f"N{rank + 1}", value, x(rank), y(value))
            for rank, value in enumerate(values)
            if value is not None
        )

    drawn = points(actual)
    marks = sorted({low, 0.0, 0.5, 1.0, high}) if high - low <= 3 else sorted({low, 0.0, high})
    return Trajectoire(
        cibles=points(targets),
        realises=drawn,
        cible_line=_trait(targets, x, y),
        realise_line=_trait(actual, x, y),
        graduations=tuple((mark, y(mark)) for mark in _espacees(marks, y)),
        years=tuple((f"N{rank + 1}", x(rank)) for rank in range(count)),
        label_y=_label(drawn, targets),
    )


def _label(actual: Sequence[ChartPoint], targets: Sequence[float | None]) -> float:
    """Height of the last value's label: above its point, below when the target is just above."""
    if not actual:
        return 0.0
    last = actual[-1]
    rank = int(last.annee[1:]) - 1
    target = targets[rank] if rank < len(targets) else None
    under = target is not None and last.value < target and last.y + 17 < HEIGHT - BAS
    return round(last.y + 17 if under else last.y - 9, 1)


def _fini(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _espacees(marks: Sequence[float], y: object) -> list[float]:
    """Marks far enough from each other for their labels not to overlap (14 units)."""
    assert callable(y)
    kept: list[float] = []
    for mark in sorted(marks, key=lambda value: value not in (0.0, 1.0)):
        if all(abs(y(mark) - y(other)) >= 14 for other in kept):
            kept.append(mark)
    return sorted(kept)


def _trait(values: Sequence[float | None], x: object, y: object) -> str:
    assert callable(x)
    assert callable(y)
    parts: list[str] = []
    drawing = False
    for rank, value in enumerate(values):
        if value is not None:
            parts.append(f"{'L' if drawing else 'M'}{x(rank)} {y(value)}")
        drawing = value is not None
    return "".join(parts)
