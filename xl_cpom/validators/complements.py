"""What may be given with a control: last year's return, FINESS, dérogations, the profile.

`check` takes each as a path or as the object already read. `a_transmettre` gives the objects to a
batch, which hands them to every worker; they pickle small, and their `empreinte` tells a journal
when they have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from xl_cpom.validators.derogations import Derogations
from xl_cpom.validators.derogations_fichier import charger_derogations
from xl_cpom.validators.precedents import Precedents, charger_precedents
from xl_cpom.validators.profil import SANS_PROFIL, Profil, charger_profil
from xl_cpom.workbook.finess import ExtraitFiness, charger_extrait

Chemin: TypeAlias = Path | str


@dataclass(frozen=True)
class Complements:
    """What goes with a control, read; None: not given."""

    precedents: Precedents | None = None
    finess: ExtraitFiness | None = None
    derogations: Derogations | None = None
    profil: Profil = SANS_PROFIL

    def a_transmettre(self) -> Mapping[str, Any]:
        """The keyword arguments of `check` that give the same."""
        given = {
            "precedent": self.precedents,
            "finess": self.finess,
            "derogations": self.derogations,
            "profil": None if self.profil is SANS_PROFIL else self.profil,
        }
        return {key: value for key, value in given.items() if value is not None}


SANS_COMPLEMENT = Complements()
"""Nothing beside the workbook."""


def completer(
    *,
    precedent: Precedents | Chemin | None = None,
    finess: ExtraitFiness | Chemin | None = None,
    derogations: Derogations | Chemin | None = None,
    profil: Profil | Chemin | None = None,
) -> Complements:
    """Read what is given as a path.

    Raises FichierRefuse (dérogations, profil) and ExtraitIllisible (finess), both in French.
    """
    return Complements(
        charger_precedents(precedent) if isinstance(precedent, Path | str) else precedent,
        charger_extrait(finess) if isinstance(finess, Path | str) else finess,
        charger_derogations(derogations) if isinstance(derogations, Path | str) else derogations,
        charger_profil(profil) if isinstance(profil, Path | str) else profil or SANS_PROFIL,
    )
