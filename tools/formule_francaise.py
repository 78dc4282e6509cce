"""A formula as files store it, rewritten as a French Excel shows it.

Files keep English names and commas; a French Excel wants « SI » and « ; ». Texts between quotes
are left alone. Only the functions our formulas use are known: an unknown one is a KeyError, so
that a page never shows half a translation.
"""

from __future__ import annotations

import re

NOMS = {
    "ABS": "ABS", "AND": "ET", "CHOOSE": "CHOISIR", "COUNTIFS": "NB.SI.ENS",
    "ERROR.TYPE": "TYPE.ERREUR", "EXACT": "EXACT", "FIND": "TROUVE", "IF": "SI",
    "IFERROR": "SIERREUR", "INDEX": "INDEX", "ISERROR": "ESTERREUR", "ISNA": "ESTNA",
    "ISNUMBER": "ESTNUM", "ISTEXT": "ESTTEXTE", "LEFT": "GAUCHE", "LEN": "NBCAR",
    "LOOKUP": "RECHERCHE", "MAX": "MAX", "MID": "STXT", "MIN": "MIN", "MOD": "MOD", "NA": "NA",
    "OR": "OU", "ROUND": "ARRONDI", "SUBSTITUTE": "SUBSTITUE", "SUMPRODUCT": "SOMMEPROD",
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<texte>"(?:[^"]|"")*")
      | (?P<erreur>\#(?:N/A|VALUE!|NUM!|REF!|NAME\?|NULL!|DIV/0!))
      | (?P<fonction>[A-Z][A-Z0-9.]*)(?=\()
      | (?P<nombre>\d+\.\d+)
      | (?P<tableau>\{[^}"]*\})
      | (?P<logique>\b(?:TRUE|FALSE)\b)
      | (?P<virgule>,)""",
    re.VERBOSE,
)
_ERREURS = {"#VALUE!": "#VALEUR!", "#NUM!": "#NOMBRE!", "#NAME?": "#NOM?", "#NULL!": "#NUL!"}


def en_francais(formule: str) -> str:
    """The formula in the words of a French Excel. Raises KeyError on an unknown function."""
    return _TOKEN.sub(_traduit, formule)


def _traduit(match: re.Match[str]) -> str:
    text = match[0]
    match match.lastgroup:
        case "fonction":
            return NOMS[text]
        case "erreur":
            return _ERREURS.get(text, text)
        case "nombre":
            return text.replace(".", ",")
        case "tableau":
            return text.replace(".", "¤").replace(",", ".").replace("¤", ",")
        case "logique":
            return "VRAI" if text == "TRUE" else "FAUX"
        case "virgule":
            return ";"
        case _:
            return text
