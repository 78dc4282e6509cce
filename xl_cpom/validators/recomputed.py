"""An indicator as a report holds it: recomputed from the workbook, beside what it declares."""

from __future__ import annotations

import math
from typing import Any

from xl_cpom.light_dataclass import dataclass

SANS_OBJET, NON_CALCULABLE, WITHOUT_CIBLE = "Sans objet", "Non calculable", "Cible absente"
"""One word for one state of an indicator, in every output: no row counts, something could not be
read, no target."""


@dataclass(frozen=True, slots=True)
class ComputedIndicator:
    """An indicator recomputed from the inputs of the workbook, beside what was declared."""

    code: str
    """Code of the indicator."""
    module: str
    """Code of the module of the CPOM it belongs to."""
    libelle: str
    """Its French name."""
    secteur: str
    """PA or PH; "" when the indicator has none."""
    annee: int | None
    """The year followed."""
    numerateur: float | None
    """In the unit of its data; None: sans objet."""
    denominateur: float | None
    """The same; None also when the indicator is no ratio."""
    taux: float | None
    """A ratio (0,75 for 75 %) or a number, in the unit of the indicator; None: sans objet."""
    declare: float | None
    """What the workbook shows, in the same unit."""
    cible: float | None
    """The target of the year followed, in the same unit."""
    atteinte: str
    """The word of the list « atteinte »."""
    cell: str | None = None
    """A1 address of the declared rate."""
    certitude: str = ""
    """How sure the method is: that of its source."""
    cibles: tuple[float | None, ...] = ()
    """Targets of each year of the contract, the first year first."""
    realises: tuple[float | None, ...] = ()
    """Targets and results of each year of the contract, the first year first."""
    prevented_by: tuple[str, ...] = ()
    """What prevents its computation where it is « non calculable »: « Plan d'actions!J6 »."""

    @property
    def state(self) -> str:
        """« Atteint », or why nothing is said: nothing to count, something unread, no target."""
        if self.atteinte != SANS_OBJET:
            return self.atteinte
        if self.taux is None:
            return NON_CALCULABLE if self.denominateur is None else SANS_OBJET
        return WITHOUT_CIBLE if self.cible is None else SANS_OBJET

    def to_dict(self) -> dict[str, Any]:
        """The « indicateur » of `--format json`; « empeche » only where something prevents it."""
        return {
            "code": self.code,
            "module": self.module,
            "secteur": self.secteur,
            "annee": self.annee,
            "numerateur": plain(self.numerateur),
            "denominateur": plain(self.denominateur),
            "taux": plain(self.taux),
            "declare": plain(self.declare),
            "cible": plain(self.cible),
            "atteinte": self.state,
            **({"empeche": list(self.prevented_by)} if self.prevented_by else {}),
        }


INDICATOR_NUMBERS = ("numerateur", "denominateur", "taux", "declare", "cible")
INDICATOR_KEYS = ("code", "module", "secteur", "annee", *INDICATOR_NUMBERS, "atteinte", "empeche")
"""Keys of an « indicateur »: the columns of its table."""


def plain(value: float | None) -> float | int | None:
    """A number as JSON shows it: 3.0 is 3; infinite and « not a number » are null."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else value
