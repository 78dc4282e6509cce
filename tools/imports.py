"""`python -m tools.imports`: draw who imports whom, room by room (docs/imports.md and its image).

The arrows are those that `tests/test_architecture.py` reads in the source, deferred imports and
those of the type checker included. In the image an arrow that a chain of others already tells is
left out; one that climbed would be red.
"""

from __future__ import annotations

from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.test_architecture import MODULES, ROOMS, imported, room

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, IMAGE = "imports.md", "images/imports.svg"
STEP, LEFT, WIDTH, HEIGHT = 46, 300, 250, 30
"""Pixels: between two floors, where the boxes begin, and their size."""

Arrows = frozenset[tuple[int, int]]


@cache
def graph() -> dict[str, frozenset[str]]:
    """Each module of the package -> those it imports; the front door itself left out."""
    return {
        name: frozenset(
            other
            for other in imported(name, path, with_typing=True)
            if other in MODULES and other not in (name, "xl_cpom")
        )
        for name, path in MODULES.items()
        if name != "xl_cpom"
    }


def arrows() -> Arrows:
    """(floor, floor it imports), from the ground up."""
    return frozenset(
        (room(name), room(other))
        for name, others in graph().items()
        for other in others
        if room(name) != room(other)
    )


def in_a_circle() -> bool:
    """Do modules import each other in a circle?"""
    try:
        TopologicalSorter(graph()).prepare()
    except CycleError:
        return True
    return False


def needed(found: Arrows) -> Arrows:
    """The arrows that no chain of others tells."""
    return frozenset(
        (a, c)
        for a, c in found
        if not any((a, b) in found and _leads(b, c, found) for b in range(len(ROOMS)) if b != c)
    )


def _leads(start: int, end: int, found: Arrows) -> bool:
    reached: set[int] = set()
    waiting = {start}
    while waiting:
        reached |= waiting
        waiting = {b for a, b in found if a in waiting} - reached
    return end in reached


def label(floor: int) -> str:
    """« files », « cli, __main__ »: the rooms of a floor; the ground is many leaves."""
    if floor == 0:
        return "sol"
    return ", ".join(name.removeprefix("xl_cpom.") for name in ROOMS[floor])


def page() -> str:
    """The page: what was counted, the image, and the list of the arrows."""
    found = arrows()
    back = sum(other > floor for floor, other in found)
    rows = "\n".join(
        f"| `{label(floor)}` | "
        + (", ".join(f"`{label(o)}`" for f, o in sorted(found) if f == floor) or "–")
        + " |"
        for floor in reversed(range(len(ROOMS)))
    )
    return (
        "# Dessin des imports\n\n"
        "Produit par `python -m tools.imports` d'après le code : les imports différés et ceux du "
        "vérificateur\nde types compris. Une flèche va d'une pièce à celle qu'elle importe ; dans "
        "l'image, celles qu'une\nchaîne d'autres dit déjà sont omises.\n\n"
        f"- Flèches qui remontent : **{back}**.\n"
        f"- Cercles de modules : **{int(in_a_circle())}**.\n"
        f"- Le sol : {', '.join(f'`{name[8:]}`' for name in ROOMS[0])}.\n\n"
        f"![Les pièces du code, du sol au toit, et ce que chacune importe.]({IMAGE})\n\n"
        "| Pièce (du toit au sol) | Ce qu'elle importe |\n|---|---|\n"
        f"{rows}\n"
    )


def image() -> str:
    """The floors as boxes, the roof on top; each arrow on a track of its own beside them."""
    drawn = sorted(needed(arrows()), key=lambda pair: (abs(pair[0] - pair[1]), pair))
    roof = len(ROOMS) - 1
    boxes, lines = [], []
    for floor in range(len(ROOMS)):
        y = 20 + (roof - floor) * STEP
        boxes.append(
            f'<rect x="{LEFT}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5" fill="#e6eff5" '
            f'stroke="#17496b"/><text x="{LEFT + WIDTH / 2:.0f}" y="{y + 20}" '
            f'text-anchor="middle">{label(floor)}</text>'
        )
    for rank, (floor, other) in enumerate(drawn):
        start, end = (20 + (roof - f) * STEP + HEIGHT / 2 for f in (floor, other))
        colour = "#96191f" if other > floor else "#4a5565"
        side, edge = (1, LEFT + WIDTH) if rank % 2 else (-1, LEFT)
        bend = edge + side * (14 + 9 * (rank // 2))
        lines.append(
            f'<path d="M{edge} {start - 4:.0f} H{bend} V{end + 4:.0f} H{edge + side * 3}" '
            f'fill="none" stroke="{colour}" marker-end="url(#fin)"/>'
        )
    height = 40 + len(ROOMS) * STEP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * LEFT + WIDTH} {height}" '
        'font-family="sans-serif" font-size="14">\n'
        '<defs><marker id="fin" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" '
        'markerHeight="6" orient="auto"><path d="M0 0 6 3 0 6z" fill="#4a5565"/></marker></defs>\n'
        + "\n".join([*lines, *boxes])
        + "\n</svg>\n"
    )


def contents() -> dict[str, str]:
    """Path under docs/ -> text."""
    return {PAGE: page(), IMAGE: image()}


def main() -> None:
    """Write both files."""
    for path, text in contents().items():
        (DOCS / path).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
