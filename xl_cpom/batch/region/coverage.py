"""How far the CPOM reach, as the ANAP maps them: ESMS under contract, kinds of contract, territory.

The share of the ESMS under contract needs to know all those of the region: a FINESS extract
(`--finess`). Without one only the contracts are described.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xl_cpom.batch.consolidation.counted_facts import CountedFacts
from xl_cpom.batch.situation import Situation
from xl_cpom.light_dataclass import dataclass

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract
    from xl_cpom.referentiel import Referentiel

THEMES = 12
"""Themes shown before the others are added up."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """esms: secteur -> (under contract, in the region or None when no extract tells).

    kinds: label -> organismes; organismes: all those described. actions: type -> département ("":
    the region) -> lines; lifted: theme -> (lifted, all).
    """

    esms: Mapping[str, tuple[int, int | None]]
    kinds: Mapping[str, int]
    organismes: int
    known_signatories: int
    actions: Mapping[str, Mapping[str, int]]
    lifted: Mapping[str, tuple[int, int]]


PLURI, MONO, MULTI = "pluri-champs (PA et PH)", "mono-structure", "multipartites (ARS et CD)"


def coverage(
    situations: Sequence[Situation],
    facts: CountedFacts,
    referentiel: Referentiel,
    finess: FinessExtract | None,
) -> Coverage:
    """Of the organismes expected or received that the list does not leave out."""
    mine = [s for s in situations if not s.off_list]
    under = {secteur: _under_contract(mine, secteur) for secteur in ("PA", "PH")}
    known = _in_the_region(referentiel, finess) if finess is not None else {}
    kinds = {
        PLURI: sum(s.secteurs == "PA et PH" for s in mine),
        MONO: sum(len(s.etablissements) == 1 for s in mine),
        MULTI: sum("CD" in facts.signataires.get(s.finess_ej, "") for s in mine),
    }
    types: dict[str, dict[str, int]] = {}
    for (kind, where), count in sorted(facts.actions.items()):
        types.setdefault(kind, {})[where] = count
    return Coverage(
        esms={key: (count, known.get(key)) for key, count in under.items()},
        kinds=kinds,
        organismes=len(mine),
        known_signatories=sum(bool(facts.signataires.get(s.finess_ej)) for s in mine),
        actions=dict(sorted(types.items(), key=lambda item: (-item[1].get("", 0), item[0]))),
        lifted=_themes(facts.levees),
    )


def _under_contract(situations: Sequence[Situation], secteur: str) -> int:
    return sum(list(s.etablissements.values()).count(secteur) for s in situations)


def _in_the_region(referentiel: Referentiel, finess: FinessExtract) -> dict[str, int]:
    """secteur -> open ESMS of the region whose category is in the field of the CPOM."""
    found = {"PA": 0, "PH": 0}
    for et in finess.by_et.values():
        category = referentiel.categories.get(et.categorie)
        if et.closed or category is None or et.departement not in referentiel.departements:
            continue
        for secteur in sorted(category.secteurs & found.keys())[:1]:
            found[secteur] += 1
    return found


def _themes(levees: Mapping[str, Sequence[int]]) -> dict[str, tuple[int, int]]:
    ordered = sorted(levees.items(), key=lambda item: (-item[1][1], item[0]))
    shown = {theme: (lifted, total) for theme, (lifted, total) in ordered[:THEMES]}
    rest = [counts for _, counts in ordered[THEMES:]]
    if rest:
        shown["autres thèmes"] = (sum(c[0] for c in rest), sum(c[1] for c in rest))
    return shown
