"""CPOM_FINESS_VALIDE, CPOM_SIRET_VALIDE, CPOM_HAS_SOUS_SEUIL: one answer per cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from xl_cpom.identifiants import (
    SIREN_LA_POSTE,
    SIRET_SIEGE_LA_POSTE,
    finess_valide,
    siret_valide,
)
from xl_cpom.indicators import current_parameters
from xl_cpom.indicators.excel_text import nombre
from xl_cpom.typography import typeset

from .host_values import each, needed, read
from .model import NA, VALUE, CellFunction, ExcelFunctionError, FunctionParam

FINESS = FunctionParam(
    "finess", "Numéro FINESS, au format texte", "range", "9 caractères", "210780581"
)
SIRET = FunctionParam(
    "siret", "Numéro SIRET, au format texte", "range", "14 chiffres", "73282932000074"
)
TYPE = FunctionParam(
    "types", "Type de chaque critère", "range", "impératif ou standard", "impératif"
)
COTATION = FunctionParam(
    "cotations", "Cotation de chaque critère", "range", "1 à 4, ★, NC, RI", "3,5"
)

SEUILS = {"impératif": "seuil_has_imperatif", "standard": "seuil_has_standard"}
SPECIALES = ("★", "NC", "RI")


def functions() -> Iterator[CellFunction]:
    """The three checks."""
    yield _identifier(
        "CPOM_FINESS_VALIDE",
        "VRAI si le numéro FINESS a la bonne forme et la bonne clé. Une colonne en entrée donne "
        "une colonne de réponses. Ne dit pas si le numéro existe.",
        FINESS,
        finess_valide,
        write_finess,
    )
    yield _identifier(
        "CPOM_SIRET_VALIDE",
        "VRAI si le SIRET a 14 chiffres et les bonnes clés (SIREN et SIRET). Une colonne en entrée "
        "donne une colonne de réponses.",
        SIRET,
        siret_valide,
        write_siret,
    )
    yield CellFunction(
        "CPOM_HAS_SOUS_SEUIL",
        typeset(
            "VRAI si le critère HAS est sous le seuil : impératif coté moins de 4, standard moins "
            "de 3. Une cotation ★, NC ou RI ne l'est pas. Des colonnes donnent une colonne."
        ),
        (TYPE, COTATION),
        lambda bound: each(
            below_threshold, bound.get(TYPE.name, [[None]]), bound.get(COTATION.name, [[None]])
        ),
        write_below_threshold,
        array=True,
    )


def _identifier(
    name: str,
    description: str,
    param: FunctionParam,
    valid: Callable[[str], bool],
    write: Callable[[str], str],
) -> CellFunction:
    def one(cell: Any) -> bool:
        found = needed(cell, param.label)
        return isinstance(found, str) and valid(found)

    return CellFunction(
        name,
        typeset(description),
        (param,),
        lambda bound: each(one, bound.get(param.name, [[None]])),
        lambda texts: write(texts.get(param.name, '""')),
        array=True,
    )


def below_threshold(kind: Any, mark: Any) -> bool:
    """Is a HAS criterion below the threshold of its type?"""
    kind, mark = read(kind, TYPE.label), read(mark, COTATION.label)
    special = isinstance(mark, str) and mark.upper() in SPECIALES
    if mark is not None and not special and (isinstance(mark, bool | str)):
        raise ExcelFunctionError(VALUE, f"cotation « {mark} » : un nombre, ★, NC ou RI est attendu")
    if kind is None or mark is None:
        raise ExcelFunctionError(NA, "sans objet : le type ou la cotation est vide")
    key = SEUILS.get(kind.lower()) if isinstance(kind, str) else None
    if key is None:
        raise ExcelFunctionError(NA, f"type de critère « {kind} » inconnu : impératif ou standard")
    return not special and bool(mark < current_parameters()[key])


def write_below_threshold(texts: Mapping[str, str]) -> str:
    """Plain formula of `below_threshold` for one row."""
    kind, mark = texts.get(TYPE.name, '""'), texts.get(COTATION.name, '""')
    wrong = f'AND({mark}>"",{",".join(f"{mark}<>{_quoted(s)}" for s in SPECIALES)})'
    known = ",".join(f"{kind}={_quoted(t)}" for t in SEUILS)
    high, low = (nombre(current_parameters()[SEUILS[t]]) for t in SEUILS)  # type: ignore[arg-type]
    threshold = f'IF({kind}="impératif",{high},{low})'
    asked = f'IF(OR({known}),IF({mark}>"",FALSE,{mark}<{threshold}),NA())'
    return f'IF(OR({kind}="",{mark}=""),IF({wrong},{VALUE},NA()),IF({wrong},{VALUE},{asked}))'


def _quoted(text: str) -> str:
    return f'"{text}"'


# --- plain formulas of the keys: shape first, then Luhn's sum over array constants


def write_finess(cell: str) -> str:
    """Plain formula of `finess_valide` for one cell."""
    department = (
        f'IF(EXACT(LEFT({cell},2),"2A"),"21",IF(EXACT(LEFT({cell},2),"2B"),"22",LEFT({cell},2)))'
    )
    digits = f"{department}&MID({cell},3,7)"
    return _shaped(cell, 9, digits, f'AND(LEFT({cell},2)<>"00",{_luhn(digits, 9)})')


def write_siret(cell: str) -> str:
    """Plain formula of `siret_valide` for one cell."""
    la_poste = f'AND(LEFT({cell},9)="{SIREN_LA_POSTE}",{cell}<>"{SIRET_SIEGE_LA_POSTE}")'
    post = f"MOD(SUMPRODUCT(--MID({cell},{_places(1, 14, 1)},1)),5)=0"
    key = f"IF({la_poste},{post},{_luhn(cell, 14)})"
    siren = _luhn(f"LEFT({cell},9)", 9)
    return _shaped(cell, 14, cell, f'AND(LEFT({cell},9)<>"000000000",{siren},{key})')


def _shaped(cell: str, length: int, digits: str, answer: str) -> str:
    every_digit = ",".join(f'"{digit}"' for digit in range(10))
    all_digits = f'SUMPRODUCT(LEN({digits})-LEN(SUBSTITUTE({digits},{{{every_digit}}},"")))'
    return (
        f'IF({cell}="",NA(),IF(ISTEXT({cell}),IF(LEN({cell})={length},'
        f"IF({all_digits}={length},{answer},FALSE),FALSE),FALSE))"
    )


def _luhn(text: str, length: int) -> str:
    single = _places(length % 2 or 2, length, 2)
    double = _places(2 if length % 2 else 1, length, 2)
    doubled = f"MID({text},{double},1)"
    return (
        f'MOD(SUMPRODUCT(--MID({text},{single},1))+SUMPRODUCT(2*{doubled}-9*({doubled}>"4")),10)=0'
    )


def _places(first: int, last: int, step: int) -> str:
    return "{" + ",".join(str(p) for p in range(first, last + 1, step)) + "}"
