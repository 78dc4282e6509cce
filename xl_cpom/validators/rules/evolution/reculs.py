"""EVO: actions, points de fragilité and HAS criteria whose progress went back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xl_cpom.validators.model import AVERTISSEMENT
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Guide, Usage
from xl_cpom.validators.rules.evolution.disparitions import deux_ans
from xl_cpom.validators.year_pairs import augmente, change, pair_rule, ressemble
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIONS, FRAGILITES, HAS

_TAUX = Annexe("AVANCEMENT", "taux d'avancement du plan d'actions")
_HAS = Guide("Évaluation HAS", "taux d'avancement du plan d'amélioration")
_FRAGILITE = Guide("Efficience des organisations", "taux de résolution des points de fragilité")
_STORY = Usage("Une date constatée dans un retour ne change plus dans les suivants")
_JUIN, _JUILLET = dt.date(2026, 6, 30), dt.date(2026, 7, 31)
_READY, _FAIT = "À démarrer", "En cours"


def _action(avant: dict[str, Any], apres: dict[str, Any]) -> Any:
    return deux_ans("actions", [{"numero": "A1", **avant}], [{"numero": "A1", **apres}])


def _recule(avant: Row, apres: Row, context: RuleContext) -> bool:
    """Did a status go back: from done to something else, or from begun to not begun?"""
    done = context.parameter("statuts_action_realises")
    if not avant.statut or not apres.statut:
        return False
    if avant.statut in done:
        return apres.statut not in done
    return bool(avant.statut == _FAIT and apres.statut == _READY)


@pair_rule(
    "EVO-020",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("statut",),
    requires=("EVO-011",),
    title="Statut d'une action en recul",
    message="{nom_action} était « {avant} » dans le retour précédent, elle est « {apres} »",
    fix="Rétablissez « {avant} », ou expliquez le retour en arrière dans « Commentaire ou "
    "justification ».",
    source=_TAUX,
    ok=[
        _action({"statut": "En cours"}, {"statut": "Réalisée"}),
        _action({"statut": "Réalisée"}, {"statut": "Réalisée"}),
        _action({"statut": "En cours"}, {"statut": "Reportée"}),
        _action({"statut": "À démarrer"}, {"statut": "En cours"}),
        _action({"statut": "Réalisée"}, {"statut": None}),
    ],
    ko=[
        _action({"statut": "Réalisée"}, {"statut": "En cours"}),
        _action({"statut": "Réalisée"}, {"statut": "Abandonnée"}),
        _action({"statut": "En cours"}, {"statut": "À démarrer"}),
    ],
)
def statut_d_action_acquis(avant: Row, apres: Row, context: RuleContext) -> bool:
    """Une action réalisée le reste ; une action commencée n'est plus à démarrer.

    Un retour en arrière corrige une erreur du retour précédent ou en est une : dans les deux cas,
    il s'explique.
    """
    return not _recule(avant, apres, context)


@pair_rule(
    "EVO-021",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("avancement",),
    requires=("EVO-011", "EVO-020", "SUI-001"),
    title="Avancement d'une action en baisse",
    message="l'avancement de {nom_action} est passé de {avant} à {apres}",
    fix="Vérifiez l'avancement : il ne diminue pas. S'il corrige une erreur, dites-le dans "
    "« Commentaire ou justification ».",
    expected="au moins {avant}",
    source=_TAUX,
    ok=[
        _action({"avancement": 0.4}, {"avancement": 0.4}),
        _action({"avancement": 0.4}, {"avancement": 1.0}),
        _action({"avancement": 0.4}, {"avancement": None}),
    ],
    ko=[
        _action({"avancement": 0.4}, {"avancement": 0.39}),
        _action({"avancement": 0.4}, {"avancement": 0.0}),
    ],
)
def avancement_croissant(avant: Row, apres: Row) -> bool:
    """L'avancement d'une action ne diminue pas d'une année à l'autre.

    Ce qui a été fait reste fait. Un statut revenu en arrière est signalé à part.
    """
    return not augmente(apres, avant, "avancement")


@pair_rule(
    "EVO-025",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("date_realisation",),
    requires=("EVO-011", "EVO-020"),
    title="Date de réalisation d'une action modifiée",
    message="la date de réalisation de {nom_action} est passée du {avant} au {apres}",
    fix="Rétablissez la date du retour précédent, ou dites dans « Commentaire ou justification » "
    "pourquoi elle change.",
    source=_STORY,
    ok=[
        _action(
            {"statut": "Réalisée", "date_realisation": _JUIN},
            {"statut": "Réalisée", "date_realisation": _JUIN},
        ),
        _action(
            {"statut": "En cours", "date_realisation": _JUIN},
            {"statut": "Réalisée", "date_realisation": _JUILLET},
        ),
    ],
    ko=[
        _action(
            {"statut": "Réalisée", "date_realisation": _JUIN},
            {"statut": "Réalisée", "date_realisation": _JUILLET},
        )
    ],
)
def date_de_realisation_acquise(avant: Row, apres: Row, context: RuleContext) -> bool:
    """La date d'une action déjà réalisée ne change plus."""
    done = context.parameter("statuts_action_realises")
    return avant.statut not in done or not change(avant, apres, "date_realisation")


@pair_rule(
    "EVO-029",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("echeance", "statut", "reference_avenant"),
    requires=("EVO-011",),
    title="Échéance d'une action repoussée sans explication",
    message="l'échéance de {nom_action} a été repoussée du {avant} au {apres}",
    fix="Rétablissez l'échéance du contrat, ou choisissez « Reportée » et saisissez « Avenant ou "
    "justification ».",
    source=_TAUX,
    ok=[
        _action({"echeance": _JUIN}, {"echeance": _JUIN}),
        _action({"echeance": _JUILLET}, {"echeance": _JUIN}),
        _action({"echeance": _JUIN}, {"echeance": _JUILLET, "statut": "Reportée"}),
        _action({"echeance": _JUIN}, {"echeance": _JUILLET, "reference_avenant": "Avenant n° 1"}),
    ],
    ko=[
        _action({"echeance": _JUIN}, {"echeance": _JUILLET, "statut": "En cours"}),
        _action({"echeance": _JUIN}, {"echeance": _JUILLET}),
    ],
)
def echeance_tenue(avant: Row, apres: Row) -> bool:
    """L'échéance d'une action ne se repousse pas sans le dire.

    Déplacer l'échéance efface le retard. Une action « Reportée », ou dont la référence d'avenant
    est donnée, n'est pas signalée.
    """
    return (
        not augmente(avant, apres, "echeance")
        or apres.statut == "Reportée"
        or bool(apres.reference_avenant)
    )


@pair_rule(
    "EVO-036",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("annee_entree",),
    requires=("EVO-011",),
    title="Année d'entrée d'une action modifiée",
    message="l'année d'entrée de {nom_action} est passée de {avant} à {apres}",
    fix="Rétablissez l'année d'entrée : c'est elle qui dit depuis quand l'action compte.",
    source=_TAUX,
    ok=[
        _action({"annee_entree": 2026}, {"annee_entree": 2026}),
        _action({"annee_entree": None}, {"annee_entree": 2026}),
    ],
    ko=[_action({"annee_entree": 2026}, {"annee_entree": 2028})],
)
def annee_d_entree_stable(avant: Row, apres: Row) -> bool:
    """L'année d'entrée d'une action dans le plan ne change pas.

    La repousser fait sortir l'action du dénominateur des années déjà rendues.
    """
    return not change(avant, apres, "annee_entree")


def _fragilite(avant: dict[str, Any], apres: dict[str, Any]) -> Any:
    return deux_ans("fragilites", [{"numero": "F1", **avant}], [{"numero": "F1", **apres}])


@pair_rule(
    "EVO-023",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("statut",),
    read=("description",),
    title="Statut d'un point de fragilité en recul",
    message="{nom_point} était « {avant} » dans le retour précédent, il est « {apres} »",
    fix="Rétablissez « {avant} », ou expliquez dans « Commentaire ou justification » pourquoi le "
    "point est revenu.",
    source=_FRAGILITE,
    ok=[
        _fragilite({"statut": "En cours"}, {"statut": "Résolu"}),
        _fragilite({"statut": "En cours"}, {"statut": "Sans objet"}),
        _fragilite(
            {"statut": "Résolu", "description": "Locaux vétustes"},
            {"statut": "Identifié", "description": "Intérim soignant élevé"},
        ),
    ],
    ko=[
        _fragilite({"statut": "Résolu"}, {"statut": "En cours"}),
        _fragilite({"statut": "Résolu"}, {"statut": "Identifié"}),
        _fragilite({"statut": "En cours"}, {"statut": "Identifié"}),
    ],
)
def fragilite_resolue_acquise(avant: Row, apres: Row, context: RuleContext) -> bool:
    """Un point de fragilité résolu le reste ; un point en cours n'est plus seulement identifié.

    Un numéro qui désigne un autre point que l'an dernier n'est pas comparé.
    """
    if not avant.statut or not apres.statut or not ressemble(avant.description, apres.description):
        return True
    done = context.parameter("statuts_fragilite_resolus")
    if avant.statut in done:
        return apres.statut in done
    return not (avant.statut == "En cours" and apres.statut == "Identifié")


_EVAL = {"finess_et": "210781456", "date_evaluation": dt.date(2026, 3, 14), "critere": "2.2.3"}


def _critere(avant: dict[str, Any], apres: dict[str, Any]) -> Any:
    return deux_ans("has", [{**_EVAL, **avant}], [{**_EVAL, **apres}])


@pair_rule(
    "EVO-024",
    AVERTISSEMENT,
    on=HAS,
    columns=("statut",),
    title="Statut d'une action d'amélioration en recul",
    message="l'action d'amélioration du critère {critere} de l'établissement {finess_et} était "
    "« {avant} » dans le retour précédent, elle est « {apres} »",
    fix="Rétablissez « {avant} », ou expliquez le retour en arrière dans « Commentaire ou "
    "justification ».",
    source=_HAS,
    ok=[
        _critere({"statut": "En cours"}, {"statut": "Réalisée"}),
        _critere({"statut": "Réalisée"}, {"statut": "Réalisée"}),
    ],
    ko=[
        _critere({"statut": "Réalisée"}, {"statut": "En cours"}),
        _critere({"statut": "En cours"}, {"statut": "À démarrer"}),
    ],
)
def amelioration_acquise(avant: Row, apres: Row, context: RuleContext) -> bool:
    """Une action d'amélioration réalisée le reste."""
    return not _recule(avant, apres, context)


@pair_rule(
    "EVO-037",
    AVERTISSEMENT,
    on=HAS,
    columns=("cotation",),
    title="Cotation modifiée pour une même évaluation",
    message="la cotation du critère {critere} de {finess_et} est passée de {avant} à {apres} pour "
    "la même évaluation",
    fix="Rétablissez la cotation du rapport d'évaluation. Une nouvelle évaluation se saisit avec "
    "sa date.",
    source=_HAS,
    ok=[
        _critere({"cotation": 3.0}, {"cotation": 3}),
        _critere({"cotation": 3}, {"cotation": None}),
        deux_ans(
            "has",
            [{**_EVAL, "cotation": 2}],
            [{**_EVAL, "cotation": 4, "date_evaluation": dt.date(2027, 3, 1)}],
        ),
    ],
    ko=[_critere({"cotation": 2}, {"cotation": 4}), _critere({"cotation": 2}, {"cotation": "★"})],
)
def cotation_stable(avant: Row, apres: Row) -> bool:
    """La cotation d'un critère est celle du rapport d'évaluation : elle ne change pas après coup.

    La relever ferait sortir le critère du plan d'amélioration.
    """
    return not change(avant, apres, "cotation")
