"""DIF: the amounts of a line: their unit, their order, the same ones on another sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import rule, workbook_rule
from xl_cpom.validators.facts.groups import grouper
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import RuleSource, Usage
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIVITE, DIFFICULTE

_UNITE = Usage("Les montants du classeur sont en euros")
_ET, _OTHER = "210780581", "250000015"

ORDER_OF_MAGNITUDE = 2
"""Charges and produits of one exercice never differ by more than this factor."""


def _row(exercice: int, **values: Any) -> dict[str, Any]:
    return {"finess_et": _ET, "exercice": exercice, **values}


def _comparable(montant: Any) -> bool:
    """A filled, readable amount whose sign is right (a wrong sign has its own rule)."""
    return isinstance(montant, int | float) and montant >= 0


def same_order(row: Row) -> bool | None:
    """Are the produits and the charges of the same order of magnitude?"""
    if not _comparable(row.produits) or not _comparable(row.charges):
        return None
    small, grand = sorted((row.produits, row.charges))
    return bool(grand <= ORDER_OF_MAGNITUDE * small)


@workbook_rule(
    "DIF-016",
    AVERTISSEMENT,
    on=DIFFICULTE,
    sheets=(ACTIVITE,),
    columns=("produits", "charges"),
    title="Montants différents d'une feuille à l'autre",
    message="les montants de l'établissement {finess_et} pour {exercice} diffèrent entre "
    "« Difficulté financière » et « Activité et ressources »",
    fix="Mettez d'accord les colonnes « Produits » et « Charges » des deux feuilles, ou expliquez "
    "l'écart de périmètre dans « Commentaire ou justification ».",
    expected="les mêmes montants, à un euro près",
    source=RuleSource("ERRD et CA : un seul résultat par établissement et par exercice", "trouvé"),
    ok=[
        {
            "difficulte": [_row(2027, produits=100.0, charges=120.0)],
            "activite": [_row(2027, produits=101.0, charges=119.0)],
        },
        {"difficulte": [_row(2027, produits=100.0)], "activite": [_row(2027, charges=5.0)]},
        {"difficulte": [_row(2027, produits=100.0)], "activite": [_row(2026, produits=5.0)]},
        {"difficulte": [_row(2027, charges=-100.0)], "activite": [_row(2027, charges=100.0)]},
        {"difficulte": [_row(2027, charges=100.0)], "activite": [_row(2027, charges=-100.0)]},
        {
            "difficulte": [_row(2027, produits=100.0)],
            "activite": [_row(2027, finess_et=_OTHER, produits=5.0)],
        },
        {
            "difficulte": [_row(2027, produits=100.0), {"finess_et": _ET}],
            "activite": [_row(2027, produits=5.0)],
        },
        {
            "difficulte": [_row(2027, produits=100.0), {"exercice": 2027}],
            "activite": [_row(2027, produits=5.0)],
        },
        {
            "difficulte": [_row(2027, produits=100.0), _row(2027, produits=5.0)],  # DIF-010
            "activite": [_row(2027, produits=5.0)],
        },
        {
            "difficulte": [_row(2027, produits=100.0)],
            "activite": [_row(2027, produits=5.0), _row(2027, produits=100.0)],
        },  # VRA-028
    ],
    ko=[
        {"difficulte": [_row(2027, produits=100.0)], "activite": [_row(2027, produits=101.5)]},
        {"difficulte": [_row(2027, charges=100.0)], "activite": [_row(2027, charges=98.0)]},
    ],
)
def memes_montants(context: RuleContext) -> Iterator[Fault]:
    """Les produits et les charges d'un exercice sont les mêmes dans les deux feuilles.

    Le résultat comptable et le résultat administratif, ou deux périmètres, expliquent parfois un
    écart : il faut alors le dire.
    """
    tolerance = context.parameter("tolerance_resultat")
    rows_by_sheet = [context.classeur[key].rows for key in ("difficulte", "activite")]
    if not all(row.finess_et and row.exercice for rows in rows_by_sheet for row in rows):
        return  # a line that does not say what it is about may be any of them
    difficulte, activite = (grouper(rows, "finess_et", "exercice") for rows in rows_by_sheet)
    for this_key, these_rows in difficulte.items():
        others = activite.get(this_key, [])
        if len(these_rows) != 1 or len(others) != 1:
            continue  # absent, or said twice: DIF-010, VRA-028
        this_row, other = these_rows[0], others[0]
        ecarts = tuple(
            key
            for key in ("produits", "charges")
            if _comparable(this_row[key])
            and _comparable(other[key])
            and abs(this_row[key] - other[key]) > tolerance
        )
        if ecarts:
            yield fault(this_row, columns=ecarts)


@rule(
    "DIF-017",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("deficit_reference", "produits", "charges"),
    title="Déficit de référence aussi grand que les produits",
    message="le déficit de référence de l'établissement {finess_et} ({deficit_reference}) est au "
    "moins égal à ses produits de l'exercice ({produits})",
    fix="Vérifiez « Déficit de référence » et « Produits » : les montants sont en euros, ni en "
    "centimes ni en milliers d'euros.",
    expected="un déficit inférieur aux produits",
    source=_UNITE,
    ok=[
        _row(2027, deficit_reference=99.0, produits=100.0, charges=110.0),
        _row(2027, deficit_reference=99.0),
        _row(2027, produits=100.0),
        _row(2027, deficit_reference=250_000.0, produits=4_000.0, charges=4_100_000.0),
    ],
    ko=[
        _row(2027, deficit_reference=100.0, produits=100.0, charges=110.0),
        _row(2027, deficit_reference=250_000.0, produits=4_000.0),
    ],
)
def deficit_sous_les_produits(row: Row) -> bool | Fault | None:
    """Le déficit de référence est inférieur aux produits de l'exercice.

    L'inverse vient presque toujours d'un montant saisi dans une autre unité.
    """
    if row.deficit_reference is None or row.produits is None or same_order(row) is False:
        return None
    inferieur = bool(row.deficit_reference < row.produits)
    return inferieur or fault(columns=("deficit_reference", "produits"))


@rule(
    "DIF-018",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("produits", "charges"),
    title="Produits et charges d'ordres de grandeur différents",
    message="les produits ({produits}) et les charges ({charges}) de l'établissement {finess_et} "
    "ne sont pas du même ordre de grandeur",
    fix="Vérifiez « Produits » et « Charges » : les deux montants sont en euros et portent sur "
    "l'exercice entier.",
    expected="des montants du même ordre de grandeur",
    source=_UNITE,
    ok=[
        _row(2027, produits=100.0, charges=200.0),
        _row(2027, produits=200.0, charges=100.0),
        _row(2027, produits=200.0, charges=-10.0),
        _row(2027, produits=200.0),
        _row(2027, charges=200.0),
        _row(2027, produits=0.0, charges=0.0),
    ],
    ko=[
        _row(2027, produits=100.0, charges=201.0),
        _row(2027, produits=201.0, charges=100.0),
        _row(2027, produits=4_000.0, charges=4_100_000.0),
        _row(2027, produits=0.0, charges=1.0),
    ],
)
def montants_dumeme_ordre(row: Row) -> bool | None:
    """Les produits et les charges d'un exercice sont du même ordre de grandeur."""
    return same_order(row)
