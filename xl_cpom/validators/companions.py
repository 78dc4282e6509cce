"""What may be given with a control: last year's return, FINESS, dérogations, the profile.

`check` takes each as a path or as the object already read. `as_arguments` gives the objects to a
batch, which hands them to every worker; they pickle small, and their `digest` tells a journal
when they have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.profil import NO_PROFIL, Profil, load_profil

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract
    from xl_cpom.validators.derogations import Derogations
    from xl_cpom.validators.precedents import Precedents

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
    # What reads a companion is imported when there is one: most controls have none.
    if isinstance(precedent, Path | str):
        from xl_cpom.validators.precedents import load_precedents

        precedent = load_precedents(precedent)
    if isinstance(finess, Path | str):
        from xl_cpom.finess.extract import load_extract

        finess = load_extract(finess)
    if isinstance(derogations, Path | str):
        from xl_cpom.validators.derogations_file import load_derogations

        derogations = load_derogations(derogations)
    if isinstance(profil, Path | str):
        profil = load_profil(profil)
    return Complements(precedent, finess, derogations, profil or NO_PROFIL)
