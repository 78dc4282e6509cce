"""The name of the blank classeur, after the years of the cycle: for the command and the maker."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def blank_name(referentiel: Referentiel) -> str:
    """« CPOM_socle_2026-2030.xlsx » for a cycle of five years from 2026."""
    first = referentiel.annee_n1
    return f"CPOM_socle_{first}-{first + referentiel.duree - 1}.xlsx"
