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


_FINI = ("Réalisée", "Résolu")
_A_FAIRE = ("À démarrer", "Identifié", "Notifiée")
_EN_COURS = ("En cours",)
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("terminee", "termine", "finie", "fini", "faite", "fait", "achevee", "acheve",
                     "cloturee", "cloture", "realise", "effectuee", "soldee"), _FINI),
    **dict.fromkeys(("a faire", "non commencee", "non commence", "pas commencee", "non demarree",
                     "pas demarree", "prevue", "a venir", "planifiee"), _A_FAIRE),
    **dict.fromkeys(("commencee", "commence", "engagee", "demarree", "partiel",
                     "partiellement realisee"), _EN_COURS),
    **dict.fromkeys(("abandon", "supprimee", "arretee", "annulee"), ("Abandonnée", "Annulée")),
    **dict.fromkeys(("personnes agees", "age", "pa ehpad"), ("PA",)),
    **dict.fromkeys(("personnes handicapees", "handicap", "pha", "phe"), ("PH",)),
    **dict.fromkeys(("ars et cd", "ars/cd", "ars cd", "ars-cd", "ars et departement", "conjointe"),
                    ("ARS+CD", "ARS + CD")),
    **dict.fromkeys(("departement", "conseil departemental"), ("CD",)),
    **dict.fromkeys(("o", "x", "1"), ("Oui",)),
    **dict.fromkeys(("n", "0"), ("Non",)),
}  # fmt: skip
"""What people write -> the value of a list they mean. To be suggested, never taken."""


def synonym(text: str, admitted: tuple[str, ...]) -> str:
    """The value of a list that another word means, or "" when there is none."""
    return next((v for v in _SYNONYMS.get(fold(text), ()) if v in admitted), "")


def is_code_list(column: Column) -> bool:
    """True when the list holds codes (500, 60, 21, 2.3.3) rather than words."""
    return column.list_name in {"categorie", "statut_juridique", "departement", "serafin"}


def has_list(column: Column) -> bool:
    """True when the template offers a drop-down for the column (SERAFIN codes are typed)."""
    return column.list_name is not None and column.list_name != "serafin"
