"""One page per function of the cells: arguments, plain Excel formula, LAMBDA, errors; an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tools.markdown import cellule
from xl_cpom.functions import ERRORS, FUNCTIONS, CellFunction, invoke, lambda_definitions, native
from xl_cpom.functions.explain import CAUSES
from xl_cpom.functions.explain import NOM as EXPLIQUE
from xl_cpom.functions.model import FunctionParam
from xl_cpom.functions.rates import CODE, input_keys
from xl_cpom.indicators import BY_MODULE, INDICATORS
from xl_cpom.typography import typeset, value_text
from xl_cpom.workbook.formulas.french import french_formula

COLUMNS = "ABCDEFGHIJ"
USEFUL_ERRORS = ("#N/A", "#VALUE!", "#NAME?")


def function_pages() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of every page."""
    yield "fonctions/index.md", _index()
    lambdas = lambda_definitions()
    for function in FUNCTIONS.values():
        yield f"fonctions/{function.name}.md", typeset(_page(function, lambdas))


def _index() -> str:
    lines = [
        "# Les fonctions dans les cellules",
        "",
        f"{len(FUNCTIONS)} fonctions, les mêmes dans Excel (complément xlwings), dans LibreOffice, "
        "en fonctions LAMBDA d'Excel 365, et en formules ordinaires. Elles ne lisent aucun "
        "fichier, n'ont pas d'horloge et ne se recalculent que si leurs données changent.",
        "",
        "| Fonction | Ce qu'elle donne |",
        "|---|---|",
    ]
    lines += [f"| [{f.name}]({f.name}.md) | {cellule(f.description)} |" for f in FUNCTIONS.values()]
    return typeset("\n".join(lines))


def _page(function: CellFunction, lambdas: Any) -> str:
    lines = [f"# {function.name}", "", function.description, "", "```text", f"={function.syntax}",
             "```", ""]  # fmt: skip
    if function.params:
        lines += ["## Arguments", "", "| Argument | Ce qu'on y met | Forme | Unité | Exemple |",
                  "|---|---|---|---|---|"]  # fmt: skip
        lines += [
            f"| {p.name}{' (facultatif)' if p.optional else ''} | {cellule(p.label)} | "
            f"{'plage ou cellule' if p.kind == 'range' else 'cellule'} | {p.unit or '—'} | "
            f"{cellule(p.example) or '—'} |"
            for p in function.params
        ]
        lines.append("")
    if CODE in function.params:
        lines += _data()
    if function.array:
        lines += ["Une colonne en entrée donne une colonne de réponses.", ""]
    lines += _example(function)
    lines += ["## Sans complément", "", *_plain(function), "", *_lambda(function, lambdas), ""]
    lines += ["## Erreurs", ""]
    lines += [f"- {CAUSES[code]}" for code in USEFUL_ERRORS]
    if function.name != EXPLIQUE:
        lines += ["", f'`={EXPLIQUE}("{function.name}"; …)` donne la cause exacte d\'une erreur.']
    return "\n".join(lines)


def _data() -> list[str]:
    """What donnees1, donnees2… stand for, indicator by indicator."""
    lines = [
        "## Les données, indicateur par indicateur",
        "",
        "Dans cet ordre. Quand le code porte un secteur (« TRANSFO/PA »), le périmètre de chaque "
        "ligne vient d'abord. Entre crochets : facultatif.",
        "",
        "| Code | Indicateur | Données |",
        "|---|---|---|",
    ]
    for indicator in INDICATORS.values():
        keys = input_keys(indicator, indicator.code)
        shown = " ; ".join(
            f"[{entry.libelle}]" if entry.optional else entry.libelle
            for entry in map(indicator.by_key.__getitem__, keys)
        )
        lines.append(f"| {indicator.code} | {cellule(indicator.libelle)} | {cellule(shown)} |")
    return [*lines, ""]


def _example(function: CellFunction) -> list[str]:
    """A call with the examples of its arguments, when they make one that answers."""
    required = _required(function)
    if not required or not all(p.example for p in required):
        return []
    values = [_value(p.example) for p in required]
    arguments = [[[v]] if p.kind == "range" else v for p, v in zip(required, values, strict=True)]
    found = invoke(function.name, arguments)
    while isinstance(found, list):
        found = found[0]
    if found in ERRORS:
        return []
    shown = "; ".join(_typed(value) for value in values)
    answer = _typed(found) if isinstance(found, str) else value_text(found)
    return ["## Exemple", "", f"`={function.name}({shown})` donne {answer}.", ""]


def _value(example: str) -> Any:
    plain = re.sub(r"\s", "", example).replace("−", "-").replace(",", ".")
    return float(plain) if re.fullmatch(r"-?\d{1,8}(\.\d+)?", plain) else example


def _typed(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:.10g}".replace(".", ",")


def _plain(function: CellFunction) -> list[str]:
    """The plain formula for arguments laid in columns A, B, C… of 19 rows (one row: see below)."""
    if CODE in function.params:
        return _plain_by_module(function)
    texts = [
        f"{column}2:{column}20" if param.kind == "range" and not function.array else f"{column}2"
        for column, param in zip(COLUMNS, _required(function), strict=False)
    ]
    formula = native(function.name, texts)
    said = f"Formule ordinaire, arguments en {' ; '.join(texts)}" if texts else "Formule ordinaire"
    said += ", à recopier vers le bas :" if function.array else " :"
    lines = [said, "", *_block(formula)]
    if "nomenclature_" in formula:
        lines += ["", "Les noms `nomenclature_…` sont définis dans le classeur standard."]
    return lines


def _plain_by_module(function: CellFunction) -> list[str]:
    """The formula depends on the indicator: one per module, as in the sheet « Indicateurs »."""
    lines = [
        "La formule ordinaire dépend de l'indicateur. Pour les modules, secteur PA, le périmètre "
        "des lignes en A2:A20 et les données dans les colonnes suivantes, dans leur ordre :",
    ]
    for module, indicator in BY_MODULE.items():
        keys = input_keys(indicator, module)
        texts = [f'"{module}/PA"', "A2:A20"]
        for column, key in zip(COLUMNS[1:], keys, strict=False):
            vector = indicator.by_key[key].kind == "vector"
            texts.append(f"{column}2:{column}20" if vector else f"{column}2")
        lines += ["", f"{indicator.libelle} ({module}) :", ""]
        lines += _block(native(function.name, texts))
    others = "Les autres indicateurs ont chacun leur fonction"
    example = "[CPOM_OCCUPATION](CPOM_OCCUPATION.md)"
    return [*lines, "", f"{others}, par exemple {example} : sa page donne la formule."]


def _required(function: CellFunction) -> list[FunctionParam]:
    return [p for p in function.params if not p.optional]


def _block(formula: str) -> list[str]:
    return ["```text", f"={french_formula(formula)}", "```"]


def _lambda(function: CellFunction, lambdas: Any) -> list[str]:
    if function.name not in lambdas:
        return ["Pas de version LAMBDA."]
    gap = (
        " Elle prend ses données sans trou : pour en sauter une, appelez la fonction de la "
        "famille, par exemple [CPOM_LEVEE](CPOM_LEVEE.md)."
        if CODE in function.params
        else ""
    )
    return [
        "Fonction LAMBDA : oui, dans le classeur écrit par `xl-cpom gabarit --variante lambda` "
        f"(Excel 365, rien à installer).{gap}"
    ]
