"""CPOM_EXPLIQUE: why a cell is an error, or what a function or an indicator is, in French.

``CPOM_EXPLIQUE(G7)`` reads the error of a cell; ``CPOM_EXPLIQUE("CPOM_TAUX"; …the arguments…)``
computes the call again and names the cell at fault; ``CPOM_EXPLIQUE("LEVEE")`` tells an indicator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from xl_cpom.indicators.excel_text import texte
from xl_cpom.typography import number_text, typeset, visible

from .host_values import apply, is_error
from .model import NA, CellFunction, ExcelFunctionError, FunctionParam
from .rates import find

CAUSES: Mapping[str, str] = {
    NA: "#N/A : sans objet. Le dénominateur est nul, une donnée nécessaire est vide, ou un code "
    "est inconnu.",
    "#VALUE!": "#VALEUR! : un texte ou un booléen là où un nombre est attendu, des plages de "
    "tailles différentes, ou trop d'arguments.",
    "#NAME?": "#NOM? : le complément CPOM n'est pas installé ou pas activé, ou le nom de la "
    "fonction est mal écrit.",
    "#REF!": "#REF! : une cellule citée par la formule a été supprimée.",
    "#DIV/0!": "#DIV/0! : une cellule lue contient une division par zéro.",
    "#NUM!": "#NOMBRE! : un nombre dépasse ce qu'un tableur sait calculer.",
    "#NULL!": "#NUL! : deux plages séparées par un espace n'ont pas de cellule commune.",
}
FRENCH: Mapping[str, str] = {
    "#N/D": NA,
    "#VALEUR!": "#VALUE!",
    "#NOM?": "#NAME?",
    "#NOMBRE!": "#NUM!",
    "#NUL!": "#NULL!",
}
RULE = re.compile(r"[A-Z]{2,4}-[0-9]{2,3}", re.ASCII)
OTHER = "La cellule contient une erreur du tableur."
WITHOUT_ERROR = "Pas d'erreur : la cellule contient une valeur."
EMPTY = "La cellule est vide."

QUOI = FunctionParam(
    "quoi",
    "Cellule en erreur, ou nom d'une fonction CPOM, ou code d'un indicateur",
    "scalar",
    "cellule ou texte",
    "CPOM_TAUX",
)
ARGUMENTS = tuple(
    FunctionParam(
        f"argument{rank}",
        f"Argument n° {rank} de la fonction",
        "range",
        "même unité",
        f"{'BCDEFGHI'[rank - 1]}2:{'BCDEFGHI'[rank - 1]}20",
        True,
    )
    for rank in range(1, 9)
)


NOM = "CPOM_EXPLIQUE"

Register = Callable[[], Mapping[str, CellFunction]]
"""How to reach every function, this one included: asked at each call, once all are known."""


def _compute(bound: Mapping[str, Any], functions: Register) -> str:
    asked = bound.get(QUOI.name)
    arguments = [bound.get(p.name) for p in ARGUMENTS]
    if asked is None:
        return EMPTY
    if not isinstance(asked, str):
        return typeset(WITHOUT_ERROR)
    wanted = asked.upper()
    error = FRENCH.get(wanted, wanted)
    if error in CAUSES:
        return typeset(CAUSES[error])
    if is_error(error):
        return OTHER
    return (
        _function(functions().get(wanted), arguments)
        or _indicator(wanted)
        or _rule(wanted)
        or typeset(WITHOUT_ERROR)
    )


def _function(function: CellFunction | None, arguments: list[Any]) -> str | None:
    if function is None:
        return None
    while arguments and arguments[-1] is None:
        arguments.pop()
    if not arguments:
        return typeset(f"{function.syntax} : {function.description}")
    if function.name == NOM:
        return None
    try:
        found = apply(function, [_scalar(a) for a in arguments])
    except ExcelFunctionError as error:
        shown = {v: k for k, v in FRENCH.items() if v != NA}.get(error.code, error.code)
        return typeset(f"{shown} : {error.motif}")[:1000]
    return typeset(f"Pas d'erreur : la fonction donne {_shown(found)}.")


def _scalar(argument: Any) -> Any:
    if isinstance(argument, list) and len(argument) == 1 and len(argument[0]) == 1:
        return argument  # one cell: the function decides whether it wants a range
    return argument


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "un tableau de réponses"
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    return number_text(value) if isinstance(value, int | float) else f"« {visible(str(value))} »"


def _indicator(code: str) -> str | None:
    try:
        indicator = find(code)
    except ExcelFunctionError:
        return None
    return typeset(f"{indicator.libelle} : {indicator.explication}")


def _rule(code: str) -> str | None:
    """Rules are explained by the program: the cells do not carry the validator."""
    if not RULE.fullmatch(code):
        return None
    return typeset(f"Code d'une règle de contrôle. Sa fiche : xl-cpom expliquer {code}")


def _write(texts: Mapping[str, str]) -> str:
    """Cause of the error of a cell; the exact reason takes the add-in."""
    cell = texts.get(QUOI.name, '""')
    order = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", NA)  # ERROR.TYPE: 1 to 7
    causes = ",".join(texte(typeset(CAUSES[code])) for code in order)
    error = f"IFERROR(CHOOSE(ERROR.TYPE({cell}),{causes}),{texte(OTHER)})"
    empty = f'IF({cell}="",{texte(EMPTY)},{texte(typeset(WITHOUT_ERROR))})'
    return f"IF(ISERROR({cell}),{error},{empty})"


def explique(functions: Register) -> CellFunction:
    """The function CPOM_EXPLIQUE, over the functions of a registry."""
    return CellFunction(
        NOM,
        typeset(
            "Dit en français pourquoi une cellule est en erreur : CPOM_EXPLIQUE(cellule), ou "
            'CPOM_EXPLIQUE("CPOM_TAUX"; arguments…) pour la cause exacte. Avec le code d\'un '
            "indicateur, l'explique."
        ),
        (QUOI, *ARGUMENTS),
        lambda bound: _compute(bound, functions),
        _write,
    )
