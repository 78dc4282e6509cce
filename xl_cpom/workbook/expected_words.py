"""What a cell waits for, in words: said of one that is empty, by every output."""

from __future__ import annotations

from collections.abc import Mapping

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
