"""The targets written beforehand: what each module proposes from N1 to N5, to be changed freely.

They are deduced (« inféré »): a yearly legal duty is due whole every year, a measure is lifted in
its own delay, a plan advances by steps. The contract decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from xl_cpom.indicators import parameters_of
from xl_cpom.indicators.cibles import trajectoire
from xl_cpom.workbook.records import COMPULSORY
from xl_cpom.workbook.sheets.indicateurs import SECTEURS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def proposed_targets(
    referentiel: Referentiel, secteurs: Iterable[str] = SECTEURS
) -> list[dict[str, Any]]:
    """Rows of « Indicateurs » with the targets of the compulsory modules, in these secteurs."""
    parameters, kept = parameters_of(referentiel), set(secteurs)
    rows = []
    for module in referentiel.modules.values():
        if module.statut != COMPULSORY:
            continue  # one à la carte has no target before it is triggered
        steps = trajectoire(module.code, parameters)
        targets = {f"cible_n{rank}": step for rank, step in enumerate(steps, start=1)}
        rows += [{"code": f"{module.code}/{s}", **targets} for s in SECTEURS if s in kept]
    return rows


def compulsory_modules(referentiel: Referentiel) -> list[dict[str, Any]]:
    """The compulsory modules are in every contract: nobody has to say so five times."""
    compulsory = (m.code for m in referentiel.modules.values() if m.statut == COMPULSORY)
    return [{"code": code, "actif": "Oui"} for code in compulsory]


def blank_content(referentiel: Referentiel) -> dict[str, list[dict[str, Any]]]:
    """What the blank workbook holds: the compulsory modules, the targets proposed."""
    return {
        "modules": compulsory_modules(referentiel),
        "indicateurs": proposed_targets(referentiel),
    }
