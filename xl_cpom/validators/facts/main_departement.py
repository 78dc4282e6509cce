"""In which département an organisme is: where most of its places are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def main_departement(esms: Iterable[tuple[str, int | None]]) -> str:
    """The département where most of the places are (the lower code when equal), "" if none.

    esms: (département, places) of each; one without places counts for one.
    """
    places: Counter[str] = Counter()
    for departement, count in esms:
        if departement:
            places[departement] += count or 1
    return min(places, key=lambda code: (-places[code], code), default="")
