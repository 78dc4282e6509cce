"""HAS: the date of the evaluation whose criteria are followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import table_rule, workbook_rule
from xl_cpom.validators.facts.delays import plus_ans
from xl_cpom.validators.facts.groups import grouper
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Logical, RuleSource, Template
from xl_cpom.validators.rules.has.criteres import evaluee
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ETABLISSEMENTS, HAS

_ET = "210780581"
_VISITE, _RECENTE = dt.date(2026, 3, 10), dt.date(2027, 1, 5)
_OLD, _A_VENIR = dt.date(2022, 12, 30), dt.date(2028, 1, 1)


def _row(date_evaluation: dt.date | None, critere: str = "2.2.2") -> dict[str, Any]:
    return {"finess_et": _ET, "critere": critere, "date_evaluation": date_evaluation}


def _declaree(derniere: dt.date | None) -> dict[str, Any]:
    return {"etablissements": [{"finess_et": _ET, "date_evaluation_has": derniere}]}


def _oldest(context: RuleContext) -> dt.date | None:
    """The first day of an evaluation that is still valid."""
    ans = context.parameter("has_validite_annees")
    return None if context.date is None else plus_ans(context.date, -ans)


def _en_cours(row: Row, context: RuleContext) -> bool:
    """Is the evaluation past, and still valid?"""
    since = _oldest(context)
    return since is not None and evaluee(row, context) and row.date_evaluation >= since


@table_rule(
    "HAS-008",
    AVERTISSEMENT,
    on=HAS,
    columns=("date_evaluation", "finess_et"),
    while_present=True,
    title="Évaluation de plus de cinq ans",
    message="l'évaluation du {date_evaluation} de l'établissement {finess_et} a plus de {ans} ans",
    fix="Vérifiez « Date d'évaluation » ; si une évaluation plus récente a eu lieu, reprenez ses "
    "critères.",
    expected="une évaluation depuis le {depuis}",
    source=RuleSource("Décret n° 2021-1476 du 12 novembre 2021 ; CASF, art. L. 312-8", "trouvé"),
    ok=[
        [_row(dt.date(2022, 12, 31))],
        [_row(None)],
    ],
    ko=[
        [_row(_OLD)],
        [_row(_OLD, c) for c in ("2.2.2", "2.2.3")],
    ],
)
def evaluation_en_cours_de_validite(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """L'évaluation dont on suit le plan date de moins de cinq ans.

    Les ESSMS sont évalués tous les cinq ans, selon un calendrier fixé par l'autorité.
    """
    since, ans = _oldest(context), context.parameter("has_validite_annees")
    if since is None:
        return
    for group in grouper(lignes, "finess_et", "date_evaluation").values():
        if group[0].date_evaluation < since:
            yield fault(*group, columns=("date_evaluation",), ans=ans, depuis=since)


@table_rule(
    "HAS-012",
    BLOQUANT,
    on=HAS,
    columns=("date_evaluation", "finess_et"),
    requires=("IDE-024",),
    title="Évaluation postérieure à la date d'arrêté des données",
    message="l'évaluation de l'établissement {finess_et} est datée du {date_evaluation}, après "
    "l'arrêté des données ({au})",
    fix="Corrigez « Date d'évaluation » : seule une évaluation qui a eu lieu a des cotations.",
    expected="au plus tard le {au}",
    source=Logical("Les cotations viennent du rapport d'évaluation"),
    ok=[
        [_row(dt.date(2027, 12, 31))],
        [_row(None)],
        [{**_row(_A_VENIR), "@": {"identification": [{}]}}],
    ],
    ko=[[_row(_A_VENIR, c) for c in ("2.2.2", "2.2.3")]],
)
def evaluation_passee(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Une évaluation notée a déjà eu lieu."""
    for group in grouper(lignes, "finess_et", "date_evaluation").values():
        if context.date is not None and group[0].date_evaluation > context.date:
            yield fault(*group, columns=("date_evaluation",), au=context.date)


@workbook_rule(
    "HAS-019",
    AVERTISSEMENT,
    on=HAS,
    sheets=(ETABLISSEMENTS,),
    columns=("date_evaluation", "finess_et"),
    while_present=True,
    title="Dernière évaluation sans aucun critère suivi",
    message="la dernière évaluation de l'établissement {finess_et} est datée du {derniere} dans "
    "« Établissements », mais aucun critère n'en vient",
    fix="Mettez d'accord « Date d'évaluation » et « Dernière évaluation HAS » de la feuille "
    "« Établissements ».",
    expected="{derniere}",
    source=Template("Une même date se lit à deux endroits du classeur"),
    ok=[
        {**_declaree(_VISITE), "has": [_row(_VISITE)]},
        {**_declaree(None), "has": [_row(_VISITE)]},
        {**_declaree(_RECENTE), "has": [_row(_VISITE), _row(_RECENTE, "2.2.3")]},
        {**_declaree(_RECENTE), "has": [_row(_VISITE), _row(None, "2.2.3")]},
        {**_declaree(_RECENTE), "has": [_row(_A_VENIR)]},  # HAS-012
        {**_declaree(_RECENTE), "has": [_row(_OLD)]},  # HAS-008
        {**_declaree(_RECENTE)},
        {**_declaree(_RECENTE), "has": [_row(_VISITE)], "identification": [{}]},
        {**_declaree(_RECENTE), "has": [_row(_VISITE), {"date_evaluation": _RECENTE}]},
        {"has": [_row(_VISITE)]},
    ],
    ko=[
        {**_declaree(_RECENTE), "has": [_row(_VISITE), _row(_VISITE, "2.2.3")]},
        {**_declaree(_RECENTE), "has": [_row(dt.date(2022, 12, 31))]},
    ],
)
def evaluation_la_plus_recente(context: RuleContext) -> Iterator[Fault]:
    """Les critères suivis viennent de la dernière évaluation déclarée pour l'établissement."""
    rows = context.classeur["has"].rows
    if not all(row.finess_et for row in rows):
        return  # a line that names no ESMS may come from the last evaluation
    for group in grouper(rows, "finess_et").values():
        et = context.classeur.etablissements.get(group[0].finess_et)
        last = et.date_evaluation_has if et is not None else None
        if not last or not all(_en_cours(row, context) for row in group):
            continue
        if last not in {row.date_evaluation for row in group}:
            yield fault(*group, columns=("date_evaluation",), derniere=last)
