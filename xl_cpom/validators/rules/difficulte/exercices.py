"""DIF: how the lines of an ESMS in difficulty agree: exercices, bases, reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.groups import divergences, duplicates, grouper
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Logical, Template
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets import DIFFICULTE, IDENTIFICATION
from xl_cpom.workbook.sheets.difficulte import CUMULEE

_RESORPTION = Annexe("RESORPTION", "taux de résorption du déficit")
_ET, _OTHER = "210780581", "250000015"
_ROW = {"finess_et": _ET, "exercice": 2027}
_N = {"identification": [{"annee_n1": 2026, "annee_suivie": "N"}]}
_WITHOUT_ANNEE = {"identification": [{"annee_n1": 2026}]}
_END_OF_2027 = {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2027, 12, 31)}
_PLAN = {"finess_et": _ET, "plan_retour": "Oui"}
_COMPTES_DEPOSES = (4, 30)
"""Month and day from which the accounts of the year before are closed and deposited."""


def _row(exercice: int, **values: Any) -> dict[str, Any]:
    return {"finess_et": _ET, "exercice": exercice, **values}


def _reference_plausible(row: Row) -> bool | None:
    """Is the deficit of reference positive, and below the produits?"""
    if row.deficit_reference is None:
        return None
    cap = row.produits if row.produits else float("inf")
    return bool(0 < row.deficit_reference < cap)


@workbook_rule(
    "DIF-005",
    AVERTISSEMENT,
    on=DIFFICULTE,
    sheets=(IDENTIFICATION,),
    columns=("exercice", "plan_retour"),
    requires=("IDE-024",),
    while_present=True,
    title="Plan de retour à l'équilibre sans montants",
    message="l'établissement {finess_et} a un plan de retour à l'équilibre, mais aucun montant "
    "pour l'exercice {annee}",
    fix="Ajoutez une ligne pour cet exercice, dont les comptes sont clos, avec « Produits » et "
    "« Charges ».",
    expected="une ligne pour l'exercice {annee}",
    source=_RESORPTION,
    ok=[
        {
            "identification": [_END_OF_2027],
            "difficulte": [{**_PLAN, "exercice": 2026}, {**_PLAN, "exercice": 2027}],
        },
        {"identification": [_END_OF_2027], "difficulte": [{**_PLAN, "exercice": 2026}]},
        {
            "identification": [{**_END_OF_2027, "date_arrete": dt.date(2028, 4, 29)}],
            "difficulte": [{**_PLAN, "exercice": 2026}],
        },
        {
            "identification": [{**_END_OF_2027, "date_arrete": dt.date(2027, 4, 29)}],
            "difficulte": [{**_PLAN, "exercice": 2025}],
        },
        {
            "identification": [{**_END_OF_2027, "date_arrete": None}],
            "difficulte": [{**_PLAN, "exercice": 2026}],
        },
        {
            "identification": [_END_OF_2027],
            "difficulte": [{**_PLAN, "exercice": 2026}, {**_PLAN, "exercice": None}],
        },
        {"identification": [_END_OF_2027], "difficulte": [_row(2026, plan_retour="Non")]},
        {
            "identification": [{**_END_OF_2027, "annee_suivie": None}],
            "difficulte": [{**_PLAN, "exercice": 2026}],
        },
        {
            "identification": [_END_OF_2027],
            "difficulte": [{**_PLAN, "exercice": 2026}, {"exercice": 2027}],
        },
        {
            "identification": [_END_OF_2027],
            "difficulte": [{**_PLAN, "exercice": 2026}, {**_PLAN, "exercice": 2028}],
        },  # DIF-019
        {
            "identification": [_END_OF_2027],  # l'exercice de référence est le dernier clos
            "difficulte": [{**_PLAN, "exercice": 2025, "exercice_reference": 2026}],
        },
    ],
    ko=[
        {"identification": [_END_OF_2027], "difficulte": [{**_PLAN, "exercice": 2025}]},
        {
            "identification": [_END_OF_2027],
            "difficulte": [{**_PLAN, "exercice": 2025, "exercice_reference": 2025}],
        },
        {
            "identification": [{**_END_OF_2027, "date_arrete": dt.date(2028, 4, 30)}],
            "difficulte": [{**_PLAN, "exercice": 2026}],
        },
        {
            "identification": [_END_OF_2027],
            "difficulte": [{**_PLAN, "exercice": 2025}, _row(2026, finess_et=_OTHER)],
        },
    ],
)
def plan_chiffre(context: RuleContext) -> Iterator[Fault]:
    """Un établissement qui a un plan a des montants pour le dernier exercice clos.

    Les comptes d'un exercice sont déposés au plus tard le 30 avril suivant : au 31 décembre de
    l'année suivie, les derniers comptes clos sont ceux de l'année d'avant. Rien n'est demandé d'un
    exercice qui n'est pas clos.
    """
    suivie, date = context.classeur.annee_suivie, context.date
    if suivie is None or date is None:
        return
    clos = date.year - (1 if (date.month, date.day) >= _COMPTES_DEPOSES else 2)
    annee = min(suivie, clos)
    rows = context.classeur["difficulte"].rows
    if not all(row.finess_et for row in rows):
        return  # a line that names no ESMS may be the missing one
    for group in grouper(rows, "finess_et").values():
        exercices = [row.exercice for row in group]
        if not all(exercices) or max(exercices) >= annee:
            continue  # DIF-019 says an exercice to come
        references = [row.exercice_reference for row in group]
        if NON_LU in references or any((reference or 0) >= annee for reference in references):
            continue  # the reference itself is, or may be, the last closed one
        with_plan = [row for row in group if row.plan_retour == "Oui"]
        if with_plan:
            yield fault(*with_plan, columns=("exercice",), annee=str(annee))


@rule(
    "DIF-009",
    BLOQUANT,
    on=DIFFICULTE,
    columns=("exercice", "exercice_reference"),
    title="Exercice rendu non postérieur à l'exercice de référence",
    message="l'exercice rendu de l'établissement {finess_et} ({exercice}) n'est pas postérieur à "
    "l'exercice de référence ({exercice_reference})",
    fix="Corrigez « Exercice » ou « Exercice de référence » : la référence est le dernier exercice "
    "clos quand le contrat est signé.",
    expected="un exercice après {exercice_reference}",
    source=Logical("Chronologie : exercice de référence, puis exercices rendus"),
    ok=[
        _row(2026, exercice_reference=2025),
        _row(2026),
        {"finess_et": _ET, "exercice_reference": 2025},
        _row(2025, exercice_reference=2025, **{"@": _N}),
    ],
    ko=[
        _row(2025, exercice_reference=2025),
        _row(2024, exercice_reference=2025),
        _row(2024, exercice_reference=2025, **{"@": _N}),
    ],
)
def exercice_apres_la_reference(row: Row, context: RuleContext) -> bool | None:
    """Le résultat rendu est celui d'un exercice postérieur à l'exercice de référence.

    L'année de la contractualisation, l'exercice peut être celui de la référence.
    """
    if row.exercice is None or row.exercice_reference is None:
        return None
    if row.exercice == row.exercice_reference and not context.classeur.followed_rank:
        return None  # year N, or a year followed that is not known
    return bool(row.exercice > row.exercice_reference)


@table_rule(
    "DIF-010",
    BLOQUANT,
    on=DIFFICULTE,
    columns=("exercice", "finess_et"),
    title="Exercice saisi plusieurs fois dans les difficultés",
    message="l'établissement {finess_et} a {nombre} lignes pour l'exercice {exercice}",
    fix="Ne gardez qu'une ligne par établissement et par exercice.",
    expected="une seule ligne",
    source=Template(
        "Classeur standard « CPOM socle » : une ligne par établissement et par exercice"
    ),
    ok=[
        [_row(2026), _row(2027), _row(2027, finess_et=_OTHER)],
        [{"finess_et": _ET}, {"finess_et": _ET}],
    ],
    ko=[[_row(2027), _row(2026), _row(2027)]],
)
def exercice_unique(lignes: list[Row]) -> Iterator[Fault]:
    """Un établissement n'a qu'une ligne par exercice.

    Deux lignes feraient compter son déficit deux fois.
    """
    for group in duplicates(lignes, "finess_et", "exercice"):
        yield fault(*group, columns=("exercice",), nombre=len(group))


@table_rule(
    "DIF-011",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("base", "finess_et"),
    title="Déficits annuels et cumulés mêlés",
    message="les lignes de l'établissement {finess_et} mêlent des déficits annuels et cumulés",
    fix="Gardez la même valeur dans « Base » sur toutes les lignes de l'établissement, avec les "
    "montants correspondants.",
    expected="une seule base par établissement",
    source=_RESORPTION,
    ok=[
        [_row(2026, base="annuelle"), _row(2027, base="annuelle")],
        [_row(2026, base="annuelle"), _row(2027)],
        [_row(2026, base="annuelle"), _row(2026, finess_et=_OTHER, base="cumulée")],
    ],
    ko=[[_row(2026, base="annuelle"), _row(2027, base="cumulée")]],
)
def base_constante(lignes: list[Row]) -> Iterator[Fault]:
    """Le déficit d'un établissement se suit sur une seule base, annuelle ou cumulée.

    Les deux donnent des trajectoires différentes : le taux d'une année à l'autre ne se comparerait
    plus.
    """
    for group in divergences(lignes, ("finess_et",), ("base",)):
        yield fault(*group, columns=("base",))


_REFERENCE = ("exercice_reference", "deficit_reference")


@table_rule(
    "DIF-012",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=(*_REFERENCE, "base", "produits", "finess_et"),
    title="Référence du déficit modifiée en cours de contrat",
    message="le déficit ou l'exercice de référence de l'établissement {finess_et} change d'une "
    "ligne à l'autre",
    fix="Reprenez sur toutes les lignes de l'établissement la référence du contrat dans « Exercice "
    "de référence » et « Déficit de référence ».",
    expected="la même référence sur toutes les lignes de l'établissement",
    source=_RESORPTION,
    ok=[
        [
            _row(2026, exercice_reference=2025, deficit_reference=9.0),
            _row(2027, exercice_reference=2025, deficit_reference=9.0),
        ],
        [_row(2026, deficit_reference=9.0), _row(2027)],
        [
            _row(2026, deficit_reference=9.0),
            _row(2026, finess_et=_OTHER, deficit_reference=8.0),
        ],
        [
            _row(2026, base="annuelle", deficit_reference=9.0),  # DIF-011
            _row(2027, base="cumulée", deficit_reference=20.0),
        ],
        [_row(2026, deficit_reference=9.0), _row(2027, deficit_reference=0.0)],  # DIF-007
        [
            _row(2026, deficit_reference=9.0, produits=50.0),
            _row(2027, deficit_reference=50.0, produits=50.0),
        ],  # DIF-017
    ],
    ko=[
        [_row(2026, exercice_reference=2025), _row(2027, exercice_reference=2026)],
        [
            _row(2026, base="annuelle", deficit_reference=9.0),
            _row(2027, base="annuelle", deficit_reference=8.0),
        ],
        [_row(2026, deficit_reference=9.0, produits=0.0), _row(2027, deficit_reference=8.0)],
    ],
)
def reference_constante(lignes: list[Row]) -> Iterator[Fault]:
    """La référence d'un établissement ne change pas pendant le contrat.

    Une référence revue à la hausse ferait monter le taux sans que le déficit baisse.
    """
    for group in grouper(lignes, "finess_et").values():
        if len({row.base for row in group if row.base is not None}) > 1:
            continue  # DIF-011: two bases have two references
        plausibles = [row for row in group if _reference_plausible(row) is not False]
        ecarts = tuple(
            key
            for key in _REFERENCE
            if len({row[key] for row in plausibles if row[key] is not None}) > 1
        )
        if ecarts:
            yield fault(*plausibles, columns=ecarts)


@rule(
    "DIF-019",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("exercice",),
    requires=("IDE-024",),
    title="Comptes d'un exercice à venir",
    message="la ligne de l'établissement {finess_et} porte sur l'exercice {exercice}, postérieur à "
    "l'année suivie",
    fix="Corrigez « Exercice » : un résultat prévisionnel ne se saisit pas ici.",
    expected="au plus tard l'année suivie",
    source=_RESORPTION,
    ok=[_row(2027), _row(2026), {"finess_et": _ET}, _row(2028, **{"@": _WITHOUT_ANNEE})],
    ko=[_row(2028)],
)
def exercice_clos(row: Row, context: RuleContext) -> bool | None:
    """Le résultat rendu est celui d'un exercice écoulé."""
    annee = context.classeur.annee_suivie
    if row.exercice is None or annee is None:
        return None
    return bool(row.exercice <= annee)


@rule(
    "DIF-020",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("base", "deficit_reference"),
    requires=("DIF-011",),
    title="Résorption d'un déficit cumulé",
    message="le déficit de référence de l'établissement {finess_et} est cumulé : le résultat d'un "
    "exercice ne dit pas ce qu'il en reste, et le taux n'est pas calculé",
    fix="Choisissez « annuelle » dans « Base », avec le déficit du dernier exercice clos ; ou "
    "donnez le déficit cumulé à la fin de l'exercice dans « Commentaire ou justification ».",
    expected="annuelle",
    source=Logical("Un déficit cumulé se compare au déficit cumulé de la fin de l'exercice"),
    ok=[_row(2027, base="annuelle", deficit_reference=600_000.0), _row(2027, base="cumulée")],
    ko=[_row(2027, base="cumulée", deficit_reference=600_000.0)],
)
def base_calculable(row: Row) -> bool | None:
    """Le taux de résorption compare deux grandeurs de même nature.

    600 000 € de déficits cumulés, puis 180 000 € et 100 000 € de pertes : le cumul est de 880 000 €
    et la résorption de −46,7 %. Rapporter la seule perte de l'année au cumul donnerait 83,3 %, qui
    est faux : le taux est donc sans objet.
    """
    if row.deficit_reference is None or row.base is None:
        return None
    return bool(row.base != CUMULEE)
