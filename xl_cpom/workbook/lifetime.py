"""What becomes of a value from one year of the contract to the next, and when the contract ends.

Each column says it once (`Column.lasts`); the workbook of the next year, that of the next contract
and the pages of documentation follow.
"""

from __future__ import annotations

from enum import Enum


class Lifetime(Enum):
    """How long what a cell says holds. The value is what a user reads."""

    FACT = "ne change plus une fois dit"
    CONTRACT = "fixé par le contrat ou un avenant"
    DEADLINE = "fixé par le contrat, peut changer par avenant"
    STATUS = "à mettre à jour chaque année"
    YEAR = "à remplir chaque année"
    RESULT = "résultat d'une année, figé une fois rendu"

    @property
    def locked(self) -> bool:
        """Is it locked in the workbook of the next year? (A result: once its year is over.)"""
        return self in (Lifetime.FACT, Lifetime.CONTRACT)

    @property
    def kept(self) -> bool:
        """Does the workbook of the next year hold what this one said?"""
        return self is not Lifetime.YEAR

    @property
    def renewed(self) -> bool:
        """Does it hold under the next contract as well?"""
        return self in (Lifetime.FACT, Lifetime.STATUS)
