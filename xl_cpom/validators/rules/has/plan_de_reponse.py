"""HAS: the plan that answers the criteria under the threshold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xl_cpom.validators.declaration import rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Guide, Logical
from xl_cpom.validators.rules.has.criteres import MODULE, evaluee, exclu, type_juste
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import HAS

_CHRONOLOGIE = Logical("Chronologie : évaluation, plan d'amélioration, réalisation")
_ET = "210780581"
_A_DOMICILE = {"etablissements": [{"finess_et": _ET, "categorie": "354"}]}
_VISITE, _END = dt.date(2026, 3, 10), dt.date(2027, 12, 31)
_A_VENIR = dt.date(2028, 1, 1)
_WITHOUT_DATE: dict[str, Any] = {"identification": [{}]}


def _row(**values: Any) -> dict[str, Any]:
    """A critère impératif under the threshold."""
    return {
        "finess_et": _ET,
        "date_evaluation": _VISITE,
        "critere": "2.2.2",
        "type": "impératif",
        "cotation": 3.67,
        **values,
    }


def _under_seuil(row: Row, context: RuleContext) -> bool:
    """Under the threshold; a wrong type and a criterion that does not apply have their rules."""
    return (
        row.sous_seuil == "Oui"
        and type_juste(row, context) is not False
        and exclu(row, context) is False
    )


def _discarded(row: Row, context: RuleContext) -> bool:
    """Abandonnée or sans objet: the criterion leaves the rate."""
    return row.statut in context.parameter("statuts_amelioration_exclus")


_COMPLETE = {"action": "Charte", "pilote": "Qualité", "echeance": _END, "statut": "En cours"}


@rule(
    "HAS-006",
    BLOQUANT,
    on=HAS,
    columns=("action", "sous_seuil", "statut", "type", "critere"),
    while_present=True,
    title="Critère sous le seuil sans action d'amélioration",
    message="le critère {critere} de l'établissement {finess_et}, coté {cotation}, n'a pas "
    "d'action d'amélioration",
    fix="Décrivez dans « Action d'amélioration » ce que l'établissement fait pour ce critère.",
    expected="une action pour chaque critère sous le seuil",
    source=Guide(MODULE, "critères impératifs inférieurs à 4, standards inférieurs à 3"),
    ok=[
        _row(action="Charte"),
        _row(cotation=4.0),
        _row(cotation="★"),
        _row(critere="2.2.8", type="standard", cotation=3.0),
        _row(critere="2.2.8", cotation=3.5),  # type faux : HAS-002
        _row(critere="2.2.1", **{"@": _A_DOMICILE}),  # critère non applicable : HAS-009
        _row(statut="Sans objet", commentaire="Unité fermée"),
        _row(cotation=None),
    ],
    ko=[_row(), _row(cotation=3.99), _row(critere="2.2.8", type="standard", cotation=2.99)],
)
def critere_traite(row: Row, context: RuleContext) -> bool | Fault | None:
    """Chaque critère sous le seuil a une action au plan d'amélioration.

    Le seuil est strict : un critère impératif coté 3,67 est sous 4, un standard coté 2,99 sous 3.
    """
    if not _under_seuil(row, context) or _discarded(row, context):
        return None
    return row.action is not None or fault(columns=("action",))


@rule(
    "HAS-010",
    BLOQUANT,
    on=HAS,
    columns=("pilote", "echeance", "statut", "action", "sous_seuil", "type", "critere"),
    while_present=True,
    title="Action d'amélioration incomplète",
    message="il manque {manque} à l'action d'amélioration du critère {critere} de l'établissement "
    "{finess_et}",
    fix="Remplissez « Pilote », « Échéance » et « Statut » sur la ligne du critère.",
    expected="un pilote, une échéance et un statut",
    source=Guide(MODULE, "plan d'amélioration"),
    ok=[
        _row(**_COMPLETE),
        _row(),
        _row(action="Charte", cotation=4.0),
        _row(action="Charte", statut="Abandonnée", commentaire="Unité fermée"),
    ],
    ko=[
        _row(**{**_COMPLETE, "pilote": None}),
        _row(**{**_COMPLETE, "echeance": None}),
        _row(**{**_COMPLETE, "statut": None}),
        _row(action="Charte"),
    ],
)
def action_pilotee(row: Row, context: RuleContext) -> bool | Fault | None:
    """Une action d'amélioration a un pilote, une échéance et un statut.

    Sans statut, le critère compte pour non réalisé.
    """
    if not _under_seuil(row, context) or _discarded(row, context) or row.action is None:
        return None
    empty = tuple(key for key in ("pilote", "echeance", "statut") if row[key] is None)
    return not empty or fault(columns=empty)


@rule(
    "HAS-013",
    AVERTISSEMENT,
    on=HAS,
    columns=("date_realisation", "statut"),
    title="Action d'amélioration réalisée sans date",
    message="l'action du critère {critere} de l'établissement {finess_et} est « {statut} » sans "
    "date de réalisation",
    fix="Saisissez « Date de réalisation », ou corrigez « Statut ».",
    expected="une date de réalisation",
    source=Annexe("AMELIORATION", "taux d'avancement du plan d'actions", bloque=True),
    ok=[
        _row(statut="Réalisée", date_realisation=_END),
        _row(statut="En cours"),
        _row(),
    ],
    ko=[_row(statut="Réalisée")],
)
def realisation_datee(row: Row, context: RuleContext) -> bool | None:
    """Une action d'amélioration réalisée a une date de réalisation.

    Elle compte au numérateur du taux : sa date permet de le vérifier.
    """
    if row.statut not in context.parameter("statuts_amelioration_realises"):
        return None
    return row.date_realisation is not None


@rule(
    "HAS-014",
    BLOQUANT,
    on=HAS,
    columns=("date_realisation",),
    requires=("IDE-024",),
    title="Action d'amélioration réalisée après l'arrêté des données",
    message="l'action du critère {critere} de l'établissement {finess_et} est réalisée le "
    "{date_realisation}, après l'arrêté des données",
    fix="Corrigez « Date de réalisation », ou mettez la date prévue dans « Échéance ».",
    expected="une date déjà passée",
    source=_CHRONOLOGIE,
    ok=[
        _row(date_realisation=_END),
        _row(),
        _row(date_realisation=_A_VENIR, **{"@": _WITHOUT_DATE}),
    ],
    ko=[_row(date_realisation=_A_VENIR)],
)
def realisation_passee(row: Row, context: RuleContext) -> bool | None:
    """Une réalisation est un fait constaté, non une prévision."""
    if row.date_realisation is None or context.date is None:
        return None
    return bool(row.date_realisation <= context.date)


@rule(
    "HAS-015",
    AVERTISSEMENT,
    on=HAS,
    columns=("date_realisation", "date_evaluation"),
    title="Action d'amélioration réalisée avant l'évaluation",
    message="l'action du critère {critere} de l'établissement {finess_et} est réalisée le "
    "{date_realisation}, avant l'évaluation",
    fix="Vérifiez « Date de réalisation » et « Date d'évaluation ».",
    expected="à partir du {date_evaluation}",
    source=_CHRONOLOGIE,
    ok=[
        _row(date_realisation=_VISITE),
        _row(),
        _row(date_realisation=_VISITE, date_evaluation=None),
        _row(date_realisation=_VISITE, date_evaluation=_A_VENIR),  # HAS-012
    ],
    ko=[
        _row(date_realisation=dt.date(2026, 3, 9)),
        _row(date_realisation=_VISITE, date_evaluation=_END),
    ],
)
def realisation_apres_evaluation(row: Row, context: RuleContext) -> bool | None:
    """Une action d'amélioration répond à l'évaluation : elle la suit."""
    if row.date_realisation is None or not evaluee(row, context):
        return None
    return bool(row.date_realisation >= row.date_evaluation)


@rule(
    "HAS-016",
    AVERTISSEMENT,
    on=HAS,
    columns=("statut", "date_realisation"),
    title="Date de réalisation sur une action d'amélioration non réalisée",
    message="l'action du critère {critere} de l'établissement {finess_et} a une date de "
    "réalisation, mais elle est « {statut} »",
    fix="Mettez « Réalisée » dans « Statut », ou videz « Date de réalisation ».",
    expected="« Réalisée »",
    source=_CHRONOLOGIE,
    ok=[
        _row(statut="Réalisée", date_realisation=_END),
        _row(statut="En cours"),
        _row(date_realisation=_END),
    ],
    ko=[_row(statut="En cours", date_realisation=_END)],
)
def date_sans_realisation(row: Row, context: RuleContext) -> bool | None:
    """Une action qui a une date de réalisation est réalisée."""
    if row.date_realisation is None or row.statut is None:
        return None
    return row.statut in context.parameter("statuts_amelioration_realises")


@rule(
    "HAS-017",
    AVERTISSEMENT,
    on=HAS,
    columns=("echeance", "statut", "date_evaluation"),
    requires=("HAS-016", "IDE-024", "IDE-051"),
    while_present=True,
    title="Action d'amélioration en retard sur son échéance",
    message="l'action du critère {critere} de l'établissement {finess_et}, dont l'échéance était "
    "le {echeance}, est encore « {statut} »",
    fix="Réalisez l'action, ou justifiez le retard dans « Commentaire ou justification ».",
    source=Guide(MODULE, "plan d'amélioration"),
    ok=[
        _row(echeance=_END, statut="En cours"),
        _row(echeance=dt.date(2027, 1, 1), statut="Réalisée"),
        _row(echeance=dt.date(2027, 1, 1), statut="Abandonnée"),
        _row(echeance=dt.date(2026, 1, 1), statut="En cours"),  # avant l'évaluation : HAS-020
        _row(echeance=dt.date(2027, 1, 1)),
        _row(statut="En cours"),
        _row(echeance=_VISITE, statut="En cours", **{"@": _WITHOUT_DATE}),
    ],
    ko=[
        _row(echeance=dt.date(2027, 12, 30), statut="En cours"),
        _row(echeance=_VISITE, statut="À démarrer"),
        _row(echeance=_VISITE, statut="En cours", date_evaluation=None),
    ],
)
def echeance_tenue(row: Row, context: RuleContext) -> bool | Fault | None:
    """Une action d'amélioration dont l'échéance est passée devrait être réalisée."""
    if row.echeance is None or row.statut is None or context.date is None:
        return None
    if row.date_evaluation is not None and row.echeance < row.date_evaluation:
        return None
    close = (
        *context.parameter("statuts_amelioration_realises"),
        *context.parameter("statuts_amelioration_exclus"),
    )
    en_retard = row.echeance < context.date and row.statut not in close
    return not en_retard or fault(columns=("echeance", "statut"))


@rule(
    "HAS-018",
    AVERTISSEMENT,
    on=HAS,
    columns=("statut", "commentaire", "sous_seuil", "type", "critere"),
    while_present=True,
    title="Critère sous le seuil sorti du taux sans justification",
    message="l'action du critère {critere} de l'établissement {finess_et} est « {statut} » sans "
    "justification, ce qui sort le critère du taux",
    fix="Donnez la raison dans « Commentaire ou justification », ou corrigez « Statut ».",
    expected="une justification",
    source=Annexe("AMELIORATION", "taux d'avancement du plan d'actions", bloque=True),
    ok=[
        _row(statut="Abandonnée", commentaire="Accord de l'ARS du 3 mai 2027"),
        _row(statut="En cours"),
        _row(statut="Sans objet", cotation=4.0),
        _row(),
    ],
    ko=[_row(statut="Abandonnée"), _row(statut="Sans objet")],
)
def abandon_justifie(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un critère sous le seuil ne sort du taux qu'avec une justification.

    « Abandonnée » et « Sans objet » retirent le critère du dénominateur : le taux monte sans que
    rien soit fait.
    """
    if not _under_seuil(row, context) or not _discarded(row, context):
        return None
    return row.commentaire is not None or fault(columns=("statut", "commentaire"))


@rule(
    "HAS-020",
    AVERTISSEMENT,
    on=HAS,
    columns=("echeance", "date_evaluation"),
    title="Échéance de l'action d'amélioration avant l'évaluation",
    message="l'échéance du critère {critere} de l'établissement {finess_et} ({echeance}) est "
    "antérieure à l'évaluation",
    fix="Vérifiez « Échéance » et « Date d'évaluation ».",
    expected="à partir du {date_evaluation}",
    source=_CHRONOLOGIE,
    ok=[
        _row(echeance=_VISITE),
        _row(),
        _row(echeance=_VISITE, date_evaluation=None),
        _row(echeance=_VISITE, date_evaluation=_A_VENIR),  # HAS-012
        _row(echeance=dt.date(2026, 3, 9), **{"@": _WITHOUT_DATE}),
    ],
    ko=[_row(echeance=dt.date(2026, 3, 9))],
)
def echeance_apres_evaluation(row: Row, context: RuleContext) -> bool | None:
    """L'échéance d'une action d'amélioration suit l'évaluation."""
    if row.echeance is None or not evaluee(row, context):
        return None
    return bool(row.echeance >= row.date_evaluation)
