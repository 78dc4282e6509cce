"""What may be given with a control: last year's return, FINESS, dérogations, the profile.

`check` takes each as a path or as the object already read. `as_arguments` gives the objects to a
batch, which hands them to every worker; they pickle small, and their `empreinte` tells a journal
when they have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from xl_cpom.finess.extract import FinessExtract, load_extract
from xl_cpom.validators.derogations import Derogations
from xl_cpom.validators.derogations_file import load_derogations
from xl_cpom.validators.precedents import Precedents, load_precedents
from xl_cpom.validators.profil import NO_PROFIL, Profil, load_profil

Chemin: TypeAlias = Path | str


@dataclass(frozen=True)
class Complements:
    """What goes with a control, read; None: not given."""

    precedents: Precedents | None = None
    finess: FinessExtract | None = None
    derogations: Derogations | None = None
    profil: Profil = NO_PROFIL

    def as_arguments(self) -> Mapping[str, Any]:
        """The keyword arguments of `check` that give the same."""
        given = {
            "precedent": self.precedents,
            "finess": self.finess,
            "derogations": self.derogations,
            "profil": None if self.profil is NO_PROFIL else self.profil,
        }
        return {key: value for key, value in given.items() if value is not None}


NO_COMPLEMENT = Complements()
"""Nothing beside the workbook."""


def completed(
    *,
    precedent: Precedents | Chemin | None = None,
    finess: FinessExtract | Chemin | None = None,
    derogations: Derogations | Chemin | None = None,
    profil: Profil | Chemin | None = None,
) -> Complements:
    """Read what is given as a path.

    Raises BadFileError (dérogations, profil) and UnreadableExtractError (finess), both in French.
    """
    return Complements(
        load_precedents(precedent) if isinstance(precedent, Path | str) else precedent,
        load_extract(finess) if isinstance(finess, Path | str) else finess,
        load_derogations(derogations) if isinstance(derogations, Path | str) else derogations,
        load_profil(profil) if isinstance(profil, Path | str) else profil or NO_PROFIL,
    )
