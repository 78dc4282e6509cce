"""DIF: how the lines of an ESMS in difficulty agree: exercices, bases, reference."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.groups import divergences, duplicates, grouper
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Casf, Logical, Template
from xl_cpom.validators.wording import show
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets import DIFFICULTE, IDENTIFICATION
from xl_cpom.workbook.sheets.difficulte import CUMULEE

_RESORPTION = Annexe("RESORPTION", "taux de résorption du déficit")
_ET, _OTHER = "210780581", "250000015"
_ROW = {"finess_et": _ET, "exercice": 2027}
_N = {"identification": [{"annee_n1": 2026, "annee_suivie": "N"}]}
_WITHOUT_ANNEE = {"identification": [{"annee_n1": 2026}]}
_END_OF_2027 = {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2027, 12, 31)}
_MAI_2028 = {**_END_OF_2027, "date_arrete": dt.date(2028, 5, 2)}
_CUMUL = Logical("Un déficit cumulé se compare au déficit cumulé de la fin de l'exercice")
_PLAN = {"finess_et": _ET, "plan_retour": "Oui"}


def _row(exercice: int, **values: Any) -> dict[str, Any]:
    return {"finess_et": _ET, "exercice": exercice, **values}


def _cumul(exercice: int, cumul: float | None, result: float, **values: Any) -> dict[str, Any]:
    """A line on the cumulated base, whose result is this one."""
    found = {"base": CUMULEE, "deficit_cumule": cumul, "produits": 4e6, "charges": 4e6 - result}
    return _row(exercice, **{**found, **values})


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
        {
            "identification": [{**_MAI_2028, "statut_juridique": "13"}],  # 8 juillet
            "difficulte": [{**_PLAN, "exercice": 2026}],
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

    Les comptes d'un exercice sont déposés au plus tard le 30 avril suivant (8 juillet pour un
    établissement public de santé) : au 31 décembre de l'année suivie, les derniers comptes clos
    sont ceux de l'année d'avant. Rien n'est demandé d'un exercice qui n'est pas clos.
    """
    suivie, date = context.classeur.annee_suivie, context.date
    if suivie is None or date is None:
        return
    status = context.classeur.identification.statut_juridique or ""
    if context.classeur.identification.statut_juridique is NON_LU:
        return  # an établissement public de santé closes its accounts later
    annee = min(suivie, context.referentiel.dernier_exercice_clos(date, status))
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
    columns=("base", "deficit_reference", "deficit_cumule"),
    requires=("DIF-011",),
    title="Déficit cumulé à la fin de l'exercice absent",
    message="le déficit de référence de l'établissement {finess_et} est cumulé : sans le déficit "
    "cumulé à la fin de l'exercice, le taux n'est pas calculé",
    fix="Saisissez « Déficit cumulé à la fin de l'exercice » (modèle 2026.2) ; ou choisissez "
    "« annuelle » dans « Base », avec le déficit du dernier exercice clos.",
    expected="le déficit cumulé à la clôture de l'exercice",
    source=_CUMUL,
    ok=[
        _row(2027, base="annuelle", deficit_reference=600_000.0),
        _row(2027, base="cumulée"),
        _row(2027, base="cumulée", deficit_reference=600_000.0, deficit_cumule=0.0),
        _row(2027, base="cumulée", deficit_reference=600_000.0, deficit_cumule=880_000.0),
    ],
    ko=[_row(2027, base="cumulée", deficit_reference=600_000.0)],
)
def base_calculable(row: Row) -> bool | None:
    """Le taux de résorption compare deux grandeurs de même nature.

    600 000 € de déficits cumulés, puis 180 000 € et 100 000 € de pertes : le cumul est de 880 000 €
    et la résorption de −46,7 %. Rapporter la seule perte de l'année au cumul donnerait 83,3 %, qui
    est faux : sans le cumul de la fin de l'exercice, le taux est sans objet.
    """
    if row.deficit_reference is None or row.base != CUMULEE:
        return None
    return row.deficit_cumule is not None


@rule(
    "DIF-021",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("deficit_cumule", "base"),
    requires=("DIF-011",),
    title="Déficit cumulé sur une base annuelle",
    message="un déficit cumulé est saisi pour l'établissement {finess_et} en {exercice}, alors que "
    "sa base est annuelle : il n'est pas compté",
    fix="Choisissez « cumulée » dans « Base », avec un déficit de référence cumulé ; ou videz "
    "« Déficit cumulé à la fin de l'exercice ».",
    expected="une cellule vide, ou la base cumulée",
    source=_CUMUL,
    ok=[
        _row(2027, base="cumulée", deficit_cumule=5.0),
        _row(2027, base="annuelle"),
        _row(2027, deficit_cumule=5.0),
    ],
    ko=[
        _row(2027, base="annuelle", deficit_cumule=5.0),
        _row(2027, base="annuelle", deficit_cumule=0.0),
    ],
)
def cumul_de_la_base(row: Row) -> bool | None:
    """Le déficit cumulé ne se saisit que pour un déficit de référence cumulé."""
    if row.deficit_cumule is None or row.base is None:
        return None
    return bool(row.base == CUMULEE)


@table_rule(
    "DIF-022",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("deficit_cumule", "base", "exercice", "resultat", "finess_et", "produits", "charges"),
    requires=("DIF-010", "DIF-011"),
    title="Déficit cumulé qui ne suit pas les résultats",
    message="l'établissement {finess_et} avait un déficit cumulé de {avant} à la fin de "
    "{precedent} ; avec le résultat de {exercice}, il serait de {attendu}, et non de "
    "{deficit_cumule}",
    fix="Vérifiez « Déficit cumulé à la fin de l'exercice », « Produits » et « Charges » ; si une "
    "réserve ou une subvention l'a réduit, dites-le dans « Commentaire ou justification ».",
    expected="{attendu}",
    source=_CUMUL,
    ok=[
        [_cumul(2026, 780_000.0, -180_000.0), _cumul(2027, 880_000.0, -100_000.0)],
        [_cumul(2026, 780_000.0, -180_000.0), _cumul(2027, 880_001.0, -100_000.0)],
        [_cumul(2026, 50_000.0, 1.0), _cumul(2027, 0.0, 90_000.0)],
        [_cumul(2025, 780_000.0, 1.0), _cumul(2027, 5.0, 1.0)],  # une année manque
        [_cumul(2026, 780_000.0, 1.0), _cumul(2027, 5.0, 1.0, base="annuelle")],
        [_cumul(2026, None, 1.0), _cumul(2027, 5.0, 1.0)],
        [_cumul(2026, 780_000.0, 1.0), _cumul(2027, None, 1.0)],
        [_cumul(2026, 780_000.0, 1.0), _cumul(2027, 5.0, 1.0, produits=None)],
        [_cumul(2026, 780_000.0, 1.0), _cumul(2027, 5.0, 1.0, finess_et=_OTHER)],
    ],
    ko=[
        [_cumul(2026, 780_000.0, -180_000.0), _cumul(2027, 100_000.0, -100_000.0)],
        [_cumul(2026, 780_000.0, -180_000.0), _cumul(2027, 880_001.5, -100_000.0)],
        [_cumul(2027, 770_000.0, -100_000.0), _cumul(2026, 780_000.0, -180_000.0)],
    ],
)
def cumul_suivi(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le déficit cumulé d'un exercice est celui de l'exercice d'avant, moins son résultat.

    L'affectation d'une réserve ou une aide peut l'avoir réduit : il faut alors le dire.
    """
    tolerance = context.parameter("tolerance_resultat")
    for group in grouper(lignes, "finess_et").values():
        by_exercice = {row.exercice: row for row in group if row.base == CUMULEE}
        for row in group:
            before = by_exercice.get(row.exercice - 1) if row.exercice else None
            if before is None or row.base != CUMULEE or row.resultat is None:
                continue
            if before.deficit_cumule is None or row.deficit_cumule is None:
                continue
            attendu = max(0.0, before.deficit_cumule - row.resultat)
            if abs(attendu - row.deficit_cumule) > tolerance:
                yield fault(
                    row,
                    columns=("deficit_cumule",),
                    avant=show(before.deficit_cumule, DIFFICULTE["deficit_cumule"]),
                    attendu=show(attendu, DIFFICULTE["deficit_cumule"]),
                    precedent=str(before.exercice),
                )


@rule(
    "DIF-023",
    INFORMATION,
    on=DIFFICULTE,
    columns=("exercice",),
    requires=("IDE-024", "DIF-019"),
    title="Comptes d'un exercice qui n'est pas clos",
    message="les comptes de {exercice} de l'établissement {finess_et} ne sont pas encore clos : le "
    "taux de cette année porte sur {clos}",
    fix="Rien à faire : les montants provisoires seront comptés quand l'exercice sera clos.",
    expected="un exercice clos",
    source=Casf("R. 314-232"),
    ok=[
        _row(2026, **{"@": {"identification": [_END_OF_2027]}}),
        _row(2027, **{"@": {"identification": [_MAI_2028]}}),
        _row(2028, **{"@": {"identification": [_END_OF_2027]}}),  # DIF-019
        {"finess_et": _ET, "@": {"identification": [_END_OF_2027]}},
    ],
    ko=[
        _row(2027, **{"@": {"identification": [_END_OF_2027]}}),
        _row(2027, **{"@": {"identification": [{**_MAI_2028, "statut_juridique": "13"}]}}),
        _row(2027, **{"@": {"identification": [{**_END_OF_2027, "date_arrete": None}]}}),
    ],
)
def exercice_provisoire(row: Row, context: RuleContext) -> bool | Fault | None:
    """Le taux de résorption porte sur le dernier exercice dont les comptes sont clos.

    Les comptes d'une année sont déposés au printemps suivant : ceux de l'année suivie, arrêtés au
    31 décembre, sont provisoires, et changeraient le taux après coup.
    """
    classeur = context.classeur
    clos, suivie = classeur.exercice_clos, classeur.annee_suivie
    if row.exercice is None or clos is None or suivie is None or not classeur.offers("2026.2"):
        return None
    return not clos < row.exercice <= suivie or fault(clos=str(clos))
