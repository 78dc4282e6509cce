"""What a cell lets one type: the drop-down or the bounds of a column, with their French messages.

Excel checks only what is typed, never what is pasted: this helps the hand, the validator decides.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from xl_cpom.typography import number_text, typeset
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.template.lists_sheet import DEPENDENT, list_range

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

TITLE_LIMIT = 32
MESSAGE_LIMIT = 255

FIRST_DAY = dt.date(1950, 1, 1)
"""No date of a CPOM is older: a number typed by mistake would show as a day of 1900."""

OWN_NUMBERS = "liste_finess_et"
"""Defined name of the FINESS ET entered in « Établissements »."""

_HUGE = 1e12
_RATE_LIMIT = 10.0
_LENGTHS = {Kind.FINESS: 9, Kind.SIREN: 9, Kind.SIRET: 14}


def options(
    column: Column, cell: str, referentiel: Referentiel, parents: tuple[str, ...] = ()
) -> dict[str, Any] | None:
    """XlsxWriter data validation of a column, or None when anything may be typed.

    cell: relative address of the first cell of the area, column absolute (`$D6`); parents: the
    same for the columns a dependent list follows, or OWN_NUMBERS for a FINESS ET to be chosen
    among those of the sheet « Établissements ».
    """
    rule = _rule(column, cell, referentiel, parents)
    if rule is None:
        return None
    rule["error_title"] = typeset(column.header)[:TITLE_LIMIT]
    rule["error_message"] = _shorten(typeset(f"{rule.pop('refusal')} {column.help}"))
    tip = _tip(column, referentiel)
    if parents == (OWN_NUMBERS,):
        tip = "Choisissez dans la liste de vos établissements."
    if tip is not None:
        rule["input_title"] = typeset(column.header)[:TITLE_LIMIT]
        rule["input_message"] = _shorten(typeset(tip))
    return rule


def _rule(
    column: Column, cell: str, referentiel: Referentiel, parents: tuple[str, ...]
) -> dict[str, Any] | None:
    kind = column.kind
    if column.list_name is not None:
        return _list(column, parents)
    if kind is Kind.FINESS and parents == (OWN_NUMBERS,):
        return {
            "validate": "list",
            "source": f"={OWN_NUMBERS}",
            "error_type": "warning",
            "refusal": "Ce numéro n'est pas dans la feuille « Établissements ».",
        }
    if kind in _LENGTHS:
        return {
            "validate": "length",
            "criteria": "==",
            "value": _LENGTHS[kind],
            "refusal": f"Un {kind.value} a {_LENGTHS[kind]} caractères, sans espace.",
        }
    if kind is Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": _at(
                referentiel.valeur("date_autorisation_minimale") if column.any_date else FIRST_DAY
            ),
            "maximum": _at(referentiel.valeur("date_maximale")),
            "refusal": "Saisissez une date, au format jj/mm/aaaa.",
        }
    low, high = column.bounds(referentiel)
    if kind is Kind.COTATION:
        special = list_range("cotation_speciale")
        return {
            "validate": "custom",
            "value": f"=OR(AND(ISNUMBER({cell}),{cell}>={low:g},"
            f"{cell}<={high:g}),COUNTIF({special},{cell})>0)",
            "refusal": "Cette cotation n'existe pas.",
        }
    if kind is Kind.EMAIL:
        return {
            "validate": "custom",
            "value": f'=AND(ISNUMBER(FIND("@",{cell})),ISNUMBER(FIND(".",{cell})))',
            "refusal": "Ce n'est pas une adresse électronique.",
        }
    return _number(column, low, high) if kind.is_number else None


def _list(column: Column, parents: tuple[str, ...]) -> dict[str, Any]:
    assert column.list_name is not None
    if column.list_name in DEPENDENT:
        first, *others = parents
        suffix = "".join(f'&IF({other}="","","_"&{other})' for other in others)
        source = f'=INDIRECT("{DEPENDENT[column.list_name]}_"&{first}{suffix})'
    else:
        source = f"={list_range(column.list_name)}"
    return {
        "validate": "list",
        "source": source,
        "refusal": "Choisissez une valeur de la liste déroulante.",
    }


def _number(column: Column, low: float | None, high: float | None) -> dict[str, Any]:
    whole = column.kind in {Kind.INTEGER, Kind.ANNEE}
    limit = _RATE_LIMIT if column.kind is Kind.TAUX else _HUGE
    least, most = -limit if low is None else low, limit if high is None else high
    if column.kind is Kind.TAUX:
        refusal = "Saisissez un taux : 85 % ou 0,85."
    elif low is not None and high is not None:
        plain = column.kind is Kind.ANNEE
        bounds = [f"{bound:.0f}" if plain else number_text(bound) for bound in (low, high)]
        refusal = f"Saisissez un nombre de {bounds[0]} à {bounds[1]}."
    elif low is not None:
        refusal = "Saisissez un nombre, positif ou nul."
    else:
        refusal = "Saisissez un nombre."
    return {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": int(least) if whole else least,
        "maximum": int(most) if whole else most,
        "refusal": refusal,
    }


def _tip(column: Column, referentiel: Referentiel) -> str | None:
    """A short message shown when the cell is chosen, only where the form is not obvious."""
    match column.kind:
        case Kind.FINESS:
            return "9 caractères, zéros compris (exemple : 210099008)."
        case Kind.SIREN:
            return "9 chiffres, sans espace."
        case Kind.SIRET:
            return "14 chiffres, sans espace."
        case Kind.TAUX:
            return "Taux : tapez 85 % ou 0,85."
        case Kind.COTATION:
            return "De 1 à 4 (décimales admises), ★, NC ou RI."
    if column.list_name == "categorie":
        return _usual_categories(referentiel)
    if column.depends_on is not None:
        return "La liste suit le module et le secteur de la ligne : remplissez-les d'abord."
    return None


def _usual_categories(referentiel: Referentiel) -> str:
    usual = ("500", "354", "202", "183", "182", "186", "189", "246", "255", "448", "449", "445",
             "446")  # fmt: skip
    known = [referentiel.categories[code] for code in usual if code in referentiel.categories]
    return "Codes usuels : " + " ; ".join(f"{c.code} {c.sigle or c.libelle}" for c in known)


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day)


def _shorten(text: str) -> str:
    return text if len(text) <= MESSAGE_LIMIT else text[: MESSAGE_LIMIT - 1] + "…"
