"""What the template waits for, in words: in an empty cell, or for a row that is no longer there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xl_cpom.typography import guillemets
from xl_cpom.workbook.model import Column, Kind

_WORDS: Mapping[Kind, str] = {
    Kind.TEXT: "quelques mots",
    Kind.CODE: "un code",
    Kind.FINESS: "un numéro FINESS à 9 caractères",
    Kind.FINESS_LIST: "un ou plusieurs numéros FINESS, séparés par « ; »",
    Kind.SIREN: "un numéro SIREN à 9 chiffres",
    Kind.SIRET: "un numéro SIRET à 14 chiffres",
    Kind.LISTING: "une valeur de la liste déroulante",
    Kind.DATE: "une date (jj/mm/aaaa)",
    Kind.TAUX: "un taux entre 0 % et 100 %",
    Kind.RATIO: "un taux",
    Kind.INTEGER: "un nombre entier",
    Kind.NUMBER: "un nombre",
    Kind.MONTANT: "un montant en euros",
    Kind.ANNEE: "une année (exemple : 2027)",
    Kind.EMAIL: "une adresse électronique",
    Kind.COTATION: "une cotation de 1 à 4, ★, NC ou RI",
}


def wanted_words(column: Column) -> str:
    """« une date (jj/mm/aaaa) »: what to put in a cell of this column."""
    return _WORDS[column.kind]


def fixed_row_said(constants: Mapping[str, Any], identity: str) -> str:
    """A row of the template by its code, and by its name when it has one."""
    code = guillemets(constants[identity])
    name = constants.get("libelle") or constants.get("indicateur")
    return f"{code} ({guillemets(name)})" if name else code
