"""CPOM_TAUX, CPOM_NUMERATEUR, CPOM_DENOMINATEUR: any indicator, by its code.

``CPOM_TAUX("TRANSFO/PA"; périmètres; statuts; …)`` counts the lines whose perimeter is the code;
``CPOM_TAUX("TRANSFO"; statuts; …)`` counts every filled line. The data come in the order of the
indicator's inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xl_cpom.indicators import BY_MODULE, INDICATORS, Indicator, UnknownIndicatorError
from xl_cpom.indicators.excel_text import FORMULA_LENGTH, NoExcelFormError, texte
from xl_cpom.indicators.whole_formulas import Part
from xl_cpom.typography import typeset

from .host_values import literal, scalar
from .indicator import formula_of, value_of
from .model import NA, VALUE, CellFunction, ExcelFunctionError, FunctionParam

CODE = FunctionParam(
    "indicateur",
    "Code de l'indicateur ou du module, suivi de /PA ou /PH pour un secteur",
    "scalar",
    "code",
    "TRANSFO/PA",
)
LIBELLES = (
    (
        "Première donnée ; le périmètre de chaque ligne quand le code porte un secteur",
        "tActions[Périmètre]",
    ),
    ("Deuxième donnée, dans l'ordre des entrées", "tActions[Statut]"),
    ("Troisième donnée", "tActions[Avancement]"),
    ("Quatrième donnée", "tActions[Poids]"),
    ("Cinquième donnée", "id_fin_annee_suivie"),
    ("Sixième donnée", "F2:F20"),
    ("Septième donnée", "42,5"),
)
DATA = tuple(
    FunctionParam(f"donnees{rank}", label, "range", "selon l'indicateur", example, rank > 1)
    for rank, (label, example) in enumerate(LIBELLES, start=1)
)
PARTS: Mapping[str, tuple[Part, str]] = {
    "CPOM_TAUX": (
        "value",
        "Taux d'un indicateur du CPOM d'après ses données, de 0 à 1. #N/A : sans objet.",
    ),
    "CPOM_NUMERATEUR": ("numerateur", "Numérateur d'un indicateur du CPOM d'après ses données."),
    "CPOM_DENOMINATEUR": (
        "denominateur",
        "Dénominateur d'un indicateur du CPOM d'après ses données.",
    ),
}


def functions() -> Iterator[CellFunction]:
    """The three functions of any indicator."""
    for name, (part, description) in PARTS.items():
        yield _function(name, part, typeset(description))


def _function(name: str, part: Part, description: str) -> CellFunction:
    def compute(bound: Mapping[str, Any]) -> float:
        code = scalar(bound, CODE)
        indicator = find(code)
        keys = input_keys(indicator, code)
        if any(p.name in bound for p in DATA[len(keys) :]):
            raise ExcelFunctionError(
                VALUE, f"trop de données pour {indicator.code} : {', '.join(keys)}"
            )
        data = {key: bound[p.name] for key, p in zip(keys, DATA, strict=False) if p.name in bound}
        if "/" in code:
            data["code"] = code
        return value_of(indicator, data, None, part)

    def write(texts: Mapping[str, str]) -> str:
        data = [texts.get(p.name, "") for p in DATA]
        while data and not data[-1]:
            data.pop()
        return write_call(texts.get(CODE.name, '""'), data, part)

    return CellFunction(name, description, (CODE, *DATA), compute, write)


def find(code: Any) -> Indicator:
    """The indicator of a code, of a module or of a perimeter; case ignored.

    Raises ExcelFunctionError: #N/A on a blank or unknown code, #VALUE! on what is not a text.
    """
    if code is None:
        raise ExcelFunctionError(NA, "le code de l'indicateur est vide")
    if not isinstance(code, str):
        raise ExcelFunctionError(VALUE, "le code de l'indicateur doit être un texte")
    wanted, slash, _ = code.upper().partition("/")
    indicator = INDICATORS.get(wanted) or BY_MODULE.get(wanted)
    if indicator is None or (slash and "perimetre" not in indicator.by_key):
        raise ExcelFunctionError(NA, str(UnknownIndicatorError(code)))
    return indicator


def input_keys(indicator: Indicator, code: str) -> tuple[str, ...]:
    """Inputs the data stand for, in order: the perimeter only when the code has a secteur."""
    left_out = {"code"} if "/" in code else {"code", "perimetre"}
    return tuple(i.key for i in indicator.inputs if i.key not in left_out)


def write_call(code: str, data: list[str], part: Part) -> str:
    """Plain formula of a call. A constant code names one indicator; a reference, any of them."""
    constant = literal(code)
    if constant is not None:
        try:
            indicator = find(constant or None)
        except ExcelFunctionError:
            return "NA()"
        return write_for(indicator, constant, code, data, part)
    within, alone = _choices(code, data, part, "/"), _choices(code, data, part, "")
    written = (
        f'IF({code}="",NA(),IF(ISTEXT({code}),IF(ISNUMBER(FIND("/",{code})),{within},{alone}),'
        f"{VALUE}))"
    )
    if len(written) > FORMULA_LENGTH:
        raise NoExcelFormError(
            f"formule de {len(written)} caractères\u00a0: écrire le code de l'indicateur entre "
            "guillemets plutôt qu'une référence"
        )
    return written


def write_for(indicator: Indicator, code: str, ref: str, data: list[str], part: Part) -> str:
    """Plain formula of one indicator, `ref` being the text that gives the perimeter asked."""
    keys = input_keys(indicator, code)
    if len(data) > len(keys):
        return VALUE
    refs = {key: text for key, text in zip(keys, data, strict=False) if text}
    if "/" in code:
        refs["code"] = ref
    return formula_of(indicator, refs, None, part)


def _choices(code: str, data: list[str], part: Part, slash: str) -> str:
    """IF(prefix="TRANSFO",…) over the indicators, those that read the same together."""
    prefix = f'LEFT({code},FIND("/",{code})-1)' if slash else code
    together: dict[str, list[str]] = {}
    for name, indicator in {**INDICATORS, **BY_MODULE}.items():
        if slash and "perimetre" not in indicator.by_key:
            continue
        formula = write_for(indicator, slash, code, data, part)
        together.setdefault(formula, []).append(name)
    written = "NA()"
    for formula, names in together.items():
        if formula == "NA()":
            continue
        tests = ",".join(f"{prefix}={texte(name)}" for name in names)
        test = f"OR({tests})" if len(names) > 1 else tests
        written = f"IF({test},{formula},{written})"
    return written
