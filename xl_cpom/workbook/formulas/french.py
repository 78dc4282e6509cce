"""A formula as files store it, rewritten as one types it in a French Excel.

Files keep English names and commas; a French Excel wants « SI » and « ; », and shows the cell of
the same row as ``[@Statut]``. Texts between quotes are left alone. Only the functions our formulas
use are known: an unknown one is a KeyError, so that nobody reads half a translation.
"""

from __future__ import annotations

import re

from xl_cpom.lazy_regex import lazy_pattern

NAMES = {
    "ABS": "ABS", "AND": "ET", "CHOOSE": "CHOISIR", "COUNTIF": "NB.SI", "COUNTIFS": "NB.SI.ENS",
    "DATE": "DATE", "ERROR.TYPE": "TYPE.ERREUR", "EXACT": "EXACT", "FIND": "TROUVE", "IF": "SI",
    "IFERROR": "SIERREUR", "IFNA": "SI.NON.DISP", "INDEX": "INDEX", "ISERROR": "ESTERREUR",
    "ISNA": "ESTNA", "ISNUMBER": "ESTNUM", "ISTEXT": "ESTTEXTE", "LEFT": "GAUCHE", "LEN": "NBCAR",
    "LOOKUP": "RECHERCHE", "MATCH": "EQUIV", "MAX": "MAX", "MID": "STXT", "MIN": "MIN",
    "MOD": "MOD", "N": "N", "NA": "NA", "OR": "OU", "ROUND": "ARRONDI", "SEARCH": "CHERCHE",
    "SUBSTITUTE": "SUBSTITUE", "SUMPRODUCT": "SOMMEPROD", "VALUE": "CNUM",
    "VLOOKUP": "RECHERCHEV", "YEAR": "ANNEE",
}  # fmt: skip

_TOKEN = lazy_pattern(
    r"""(?P<texte>"(?:[^"]|"")*")
      | (?P<ligne>\w+\[\[\#This\ Row\],\[(?P<colonne>(?:[^\[\]']|'.)+)\]\])
      | (?P<crochets>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
      | (?P<erreur>\#(?:N/A|VALUE!|NUM!|REF!|NAME\?|NULL!|DIV/0!))
      | (?P<fonction>(?:_xlfn\.)?(?P<nom>[A-Z][A-Z0-9._]*))(?=\()
      | (?P<nombre>\d+\.\d+)
      | (?P<tableau>\{[^}]*\})
      | (?P<logique>\b(?:TRUE|FALSE)\b)
      | (?P<virgule>,)""",
    re.VERBOSE,
)
_ERRORS = {"#VALUE!": "#VALEUR!", "#NUM!": "#NOMBRE!", "#NAME?": "#NOM?", "#NULL!": "#NUL!"}
_OF_TABLE = re.compile(r'"(?:[^"]|"")*"|[.,]')


def french_formula(formule: str) -> str:
    """The formula in the words of a French Excel. Raises KeyError on an unknown function."""
    return _TOKEN.sub(_translated, formule)


def _translated(match: re.Match[str]) -> str:
    text = match[0]
    match match.lastgroup:
        case "fonction":
            name = match["nom"]
            return name if name.startswith("CPOM_") else NAMES[name]
        case "ligne":
            column = match["colonne"]
            return f"[@{column}]" if re.fullmatch(r"\w+", column) else f"[@[{column}]]"
        case "erreur":
            return _ERRORS.get(text, text)
        case "nombre":
            return text.replace(".", ",")
        case "tableau":
            return _OF_TABLE.sub(lambda m: {".": ",", ",": "."}.get(m[0], m[0]), text)
        case "logique":
            return "VRAI" if text == "TRUE" else "FAUX"
        case "virgule":
            return ";"
        case _:
            return text
