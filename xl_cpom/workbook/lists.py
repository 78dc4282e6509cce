"""The closed list of a column: what the drop-down offers and what a returned cell may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xl_cpom.typography import fold

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.workbook.model import Column


def offered(column: Column, referentiel: Referentiel) -> tuple[str, ...]:
    """Values the drop-down offers (codes still open), () when the column has no list."""
    if column.list_name == "categorie":
        return tuple(
            categorie.code
            for categorie in referentiel.categories.values()
            if categorie.ouverte() and categorie.dans_le_champ
        )
    if column.list_name == "si":
        return referentiel.listes["si"]
    return admitted(column, referentiel)


def admitted(column: Column, referentiel: Referentiel) -> tuple[str, ...]:
    """Values a returned cell may hold, closed codes included; () when the column has no list."""
    match column.list_name:
        case None:
            return ()
        case "categorie":
            return tuple(referentiel.categories)
        case "statut_juridique":
            return tuple(referentiel.statuts_juridiques)
        case "departement":
            return tuple(referentiel.nomenclature("departements"))
        case "serafin":
            return tuple(referentiel.serafin)
        case "module_action":
            return tuple(dict.fromkeys(t.module for t in referentiel.types_action))
        case "types_action":
            return tuple(dict.fromkeys(t.libelle for t in referentiel.types_action))
        case "si":
            return tuple(system.libelle for system in referentiel.si.values())
        case name:
            return referentiel.listes[name]


def spoken(column: Column, referentiel: Referentiel) -> Mapping[str, str]:
    """Code -> the code as the drop-down says it (« 500 – EHPAD »); empty for other lists."""
    return referentiel.spoken.get(column.nomenclature, {})


def choices(column: Column, referentiel: Referentiel) -> tuple[str, ...]:
    """What the drop-down shows: codes with their labels, then alone since one may type them so."""
    values = offered(column, referentiel)
    said = spoken(column, referentiel)
    return (*(said[code] for code in values), *values) if said else values


YEARS = "annee_suivie"
"""The list of the years of the contract, shown with the civil year of each."""


def says(written: object, value: object, column: Column, referentiel: Referentiel) -> bool:
    """Is a text another way of writing a value, one that is read in silence?

    « 500 – EHPAD » for 500, « N2 (2027) » for N2, « ARS+CD » for « ARS + CD ».
    """
    if not isinstance(written, str) or not isinstance(value, str):
        return False
    if column.list_name == YEARS and written.startswith(f"{value} ("):
        return True
    listed = referentiel.list_definitions.get(column.list_name or "")
    former = {} if listed is None else listed.anciennes
    return spoken(column, referentiel).get(value) == written or former.get(written) == value


def synonym(text: str, admitted: tuple[str, ...], referentiel: Referentiel) -> str:
    """The value of a list that another word means, or "" when there is none."""
    return next((v for v in referentiel.meanings.get(fold(text), ()) if v in admitted), "")


def is_code_list(column: Column) -> bool:
    """True when the list holds codes (500, 60, 21, 2.3.3) rather than words."""
    return column.list_name in {"categorie", "statut_juridique", "departement", "serafin"}


def has_list(column: Column) -> bool:
    """True when the template offers a drop-down for the column (SERAFIN codes are typed)."""
    return column.list_name is not None and column.list_name != "serafin"
