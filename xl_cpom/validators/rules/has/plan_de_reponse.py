"""HAS: the plan that answers the criteria under the threshold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xl_cpom.validators.declaration import rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Guide, Logique
from xl_cpom.validators.rules.has.criteres import MODULE, evaluee, exclu, type_juste
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import HAS

_CHRONOLOGIE = Logique("Chronologie : évaluation, plan d'amélioration, réalisation")
_ET = "210780581"
_A_DOMICILE = {"etablissements": [{"finess_et": _ET, "categorie": "354"}]}
_VISITE, _FIN = dt.date(2026, 3, 10), dt.date(2027, 12, 31)
_A_VENIR = dt.date(2028, 1, 1)
_SANS_DATE: dict[str, Any] = {"identification": [{}]}


def _ligne(**values: Any) -> dict[str, Any]:
    """A critère impératif under the threshold."""
    return {
        "finess_et": _ET,
        "date_evaluation": _VISITE,
        "critere": "2.2.2",
        "type": "impératif",
        "cotation": 3.67,
        **values,
    }


def _sous_seuil(ligne: Row, contexte: RuleContext) -> bool:
    """Under the threshold; a wrong type and a criterion that does not apply have their rules."""
    return (
        ligne.sous_seuil == "Oui"
        and type_juste(ligne, contexte) is not False
        and exclu(ligne, contexte) is False
    )


def _ecarte(ligne: Row, contexte: RuleContext) -> bool:
    """Abandonnée or sans objet: the criterion leaves the rate."""
    return ligne.statut in contexte.parametre("statuts_amelioration_exclus")


_COMPLETE = {"action": "Charte", "pilote": "Qualité", "echeance": _FIN, "statut": "En cours"}


@rule(
    "HAS-006",
    BLOQUANT,
    on=HAS,
    columns=("action", "sous_seuil", "statut", "type", "critere"),
    title="Critère sous le seuil sans action d'amélioration",
    message="le critère {critere} de l'établissement {finess_et}, coté {cotation}, n'a pas "
    "d'action d'amélioration",
    fix="Décrivez dans « Action d'amélioration » ce que l'établissement fait pour ce critère.",
    expected="une action pour chaque critère sous le seuil",
    source=Guide(MODULE, "critères impératifs inférieurs à 4, standards inférieurs à 3"),
    ok=[
        _ligne(action="Charte"),
        _ligne(cotation=4.0),
        _ligne(cotation="★"),
        _ligne(critere="2.2.8", type="standard", cotation=3.0),
        _ligne(critere="2.2.8", cotation=3.5),  # type faux : HAS-002
        _ligne(critere="2.2.1", **{"@": _A_DOMICILE}),  # critère non applicable : HAS-009
        _ligne(statut="Sans objet", commentaire="Unité fermée"),
        _ligne(cotation=None),
    ],
    ko=[_ligne(), _ligne(cotation=3.99), _ligne(critere="2.2.8", type="standard", cotation=2.99)],
)
def critere_traite(ligne: Row, contexte: RuleContext) -> bool | Fault | None:
    """Chaque critère sous le seuil a une action au plan d'amélioration.

    Le seuil est strict : un critère impératif coté 3,67 est sous 4, un standard coté 2,99 sous 3.
    """
    if not _sous_seuil(ligne, contexte) or _ecarte(ligne, contexte):
        return None
    return ligne.action is not None or fault(columns=("action",))


@rule(
    "HAS-010",
    BLOQUANT,
    on=HAS,
    columns=("pilote", "echeance", "statut", "action", "sous_seuil", "type", "critere"),
    title="Action d'amélioration incomplète",
    message="il manque {manque} à l'action d'amélioration du critère {critere} de l'établissement "
    "{finess_et}",
    fix="Remplissez « Pilote », « Échéance » et « Statut » sur la ligne du critère.",
    expected="un pilote, une échéance et un statut",
    source=Guide(MODULE, "plan d'amélioration"),
    ok=[
        _ligne(**_COMPLETE),
        _ligne(),
        _ligne(action="Charte", cotation=4.0),
        _ligne(action="Charte", statut="Abandonnée", commentaire="Unité fermée"),
    ],
    ko=[
        _ligne(**{**_COMPLETE, "pilote": None}),
        _ligne(**{**_COMPLETE, "echeance": None}),
        _ligne(**{**_COMPLETE, "statut": None}),
        _ligne(action="Charte"),
    ],
)
def action_pilotee(ligne: Row, contexte: RuleContext) -> bool | Fault | None:
    """Une action d'amélioration a un pilote, une échéance et un statut.

    Sans statut, le critère compte pour non réalisé.
    """
    if not _sous_seuil(ligne, contexte) or _ecarte(ligne, contexte) or ligne.action is None:
        return None
    vides = tuple(key for key in ("pilote", "echeance", "statut") if ligne[key] is None)
    return not vides or fault(columns=vides)


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
        _ligne(statut="Réalisée", date_realisation=_FIN),
        _ligne(statut="En cours"),
        _ligne(),
    ],
    ko=[_ligne(statut="Réalisée")],
)
def realisation_datee(ligne: Row, contexte: RuleContext) -> bool | None:
    """Une action d'amélioration réalisée a une date de réalisation.

    Elle compte au numérateur du taux : sa date permet de le vérifier.
    """
    if ligne.statut not in contexte.parametre("statuts_amelioration_realises"):
        return None
    return ligne.date_realisation is not None


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
        _ligne(date_realisation=_FIN),
        _ligne(),
        _ligne(date_realisation=_A_VENIR, **{"@": _SANS_DATE}),
    ],
    ko=[_ligne(date_realisation=_A_VENIR)],
)
def realisation_passee(ligne: Row, contexte: RuleContext) -> bool | None:
    """Une réalisation est un fait constaté, non une prévision."""
    if ligne.date_realisation is None or contexte.date is None:
        return None
    return bool(ligne.date_realisation <= contexte.date)


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
        _ligne(date_realisation=_VISITE),
        _ligne(),
        _ligne(date_realisation=_VISITE, date_evaluation=None),
        _ligne(date_realisation=_VISITE, date_evaluation=_A_VENIR),  # HAS-012
    ],
    ko=[
        _ligne(date_realisation=dt.date(2026, 3, 9)),
        _ligne(date_realisation=_VISITE, date_evaluation=_FIN),
    ],
)
def realisation_apres_evaluation(ligne: Row, contexte: RuleContext) -> bool | None:
    """Une action d'amélioration répond à l'évaluation : elle la suit."""
    if ligne.date_realisation is None or not evaluee(ligne, contexte):
        return None
    return bool(ligne.date_realisation >= ligne.date_evaluation)


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
        _ligne(statut="Réalisée", date_realisation=_FIN),
        _ligne(statut="En cours"),
        _ligne(date_realisation=_FIN),
    ],
    ko=[_ligne(statut="En cours", date_realisation=_FIN)],
)
def date_sans_realisation(ligne: Row, contexte: RuleContext) -> bool | None:
    """Une action qui a une date de réalisation est réalisée."""
    if ligne.date_realisation is None or ligne.statut is None:
        return None
    return ligne.statut in contexte.parametre("statuts_amelioration_realises")


@rule(
    "HAS-017",
    AVERTISSEMENT,
    on=HAS,
    columns=("echeance", "statut", "date_evaluation"),
    requires=("HAS-016", "IDE-024"),
    title="Action d'amélioration en retard sur son échéance",
    message="l'action du critère {critere} de l'établissement {finess_et}, dont l'échéance était "
    "le {echeance}, est encore « {statut} »",
    fix="Réalisez l'action, ou justifiez le retard dans « Commentaire ou justification ».",
    source=Guide(MODULE, "plan d'amélioration"),
    ok=[
        _ligne(echeance=_FIN, statut="En cours"),
        _ligne(echeance=dt.date(2027, 1, 1), statut="Réalisée"),
        _ligne(echeance=dt.date(2027, 1, 1), statut="Abandonnée"),
        _ligne(echeance=dt.date(2026, 1, 1), statut="En cours"),  # avant l'évaluation : HAS-020
        _ligne(echeance=dt.date(2027, 1, 1)),
        _ligne(statut="En cours"),
        _ligne(echeance=_VISITE, statut="En cours", **{"@": _SANS_DATE}),
    ],
    ko=[
        _ligne(echeance=dt.date(2027, 12, 30), statut="En cours"),
        _ligne(echeance=_VISITE, statut="À démarrer"),
        _ligne(echeance=_VISITE, statut="En cours", date_evaluation=None),
    ],
)
def echeance_tenue(ligne: Row, contexte: RuleContext) -> bool | Fault | None:
    """Une action d'amélioration dont l'échéance est passée devrait être réalisée."""
    if ligne.echeance is None or ligne.statut is None or contexte.date is None:
        return None
    if ligne.date_evaluation is not None and ligne.echeance < ligne.date_evaluation:
        return None
    close = (
        *contexte.parametre("statuts_amelioration_realises"),
        *contexte.parametre("statuts_amelioration_exclus"),
    )
    en_retard = ligne.echeance < contexte.date and ligne.statut not in close
    return not en_retard or fault(columns=("echeance", "statut"))


@rule(
    "HAS-018",
    AVERTISSEMENT,
    on=HAS,
    columns=("statut", "commentaire", "sous_seuil", "type", "critere"),
    title="Critère sous le seuil sorti du taux sans justification",
    message="l'action du critère {critere} de l'établissement {finess_et} est « {statut} » sans "
    "justification, ce qui sort le critère du taux",
    fix="Donnez la raison dans « Commentaire ou justification », ou corrigez « Statut ».",
    expected="une justification",
    source=Annexe("AMELIORATION", "taux d'avancement du plan d'actions", bloque=True),
    ok=[
        _ligne(statut="Abandonnée", commentaire="Accord de l'ARS du 3 mai 2027"),
        _ligne(statut="En cours"),
        _ligne(statut="Sans objet", cotation=4.0),
        _ligne(),
    ],
    ko=[_ligne(statut="Abandonnée"), _ligne(statut="Sans objet")],
)
def abandon_justifie(ligne: Row, contexte: RuleContext) -> bool | Fault | None:
    """Un critère sous le seuil ne sort du taux qu'avec une justification.

    « Abandonnée » et « Sans objet » retirent le critère du dénominateur : le taux monte sans que
    rien soit fait.
    """
    if not _sous_seuil(ligne, contexte) or not _ecarte(ligne, contexte):
        return None
    return ligne.commentaire is not None or fault(columns=("statut", "commentaire"))


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
        _ligne(echeance=_VISITE),
        _ligne(),
        _ligne(echeance=_VISITE, date_evaluation=None),
        _ligne(echeance=_VISITE, date_evaluation=_A_VENIR),  # HAS-012
        _ligne(echeance=dt.date(2026, 3, 9), **{"@": _SANS_DATE}),
    ],
    ko=[_ligne(echeance=dt.date(2026, 3, 9))],
)
def echeance_apres_evaluation(ligne: Row, contexte: RuleContext) -> bool | None:
    """L'échéance d'une action d'amélioration suit l'évaluation."""
    if ligne.echeance is None or not evaluee(ligne, contexte):
        return None
    return bool(ligne.echeance >= ligne.date_evaluation)
