"""How the rules of a campaign name the organismes of other returns."""

from __future__ import annotations

from xl_cpom.typography import guillemets
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.retours import Rendu

_CITED = 3


def organismes_named(rendus: list[Rendu]) -> str:
    """Who else: never the name of a file, which is not for another organisme to read."""
    said = (f"{guillemets(r.name)} (FINESS EJ {r.finess_ej})" for r in rendus)
    return some(dict.fromkeys(said), _CITED)
