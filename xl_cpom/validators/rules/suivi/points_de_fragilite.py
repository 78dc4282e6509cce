"""SUI: where the points de fragilité stand at the end of the year followed."""

from __future__ import annotations

import datetime as dt

from xl_cpom.validators.declaration import rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Logical
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import FRAGILITES

_TAUX = Guide("module Efficience des organisations", "taux de résolution des points de fragilité")
_CHRONOLOGIE = Logical("Chronologie d'un point de fragilité : repérage, résolution, arrêté")
_MAI, _END_N_2 = dt.date(2027, 5, 15), dt.date(2027, 12, 31)
_DAY = dt.timedelta(days=1)
_WITHOUT_DATE = {"identification": [{"date_arrete": None}]}
_ARRETE_EN_MARS = {
    "identification": [
        {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2028, 3, 31)}
    ]
}


def _resolu(point: Row, context: RuleContext) -> bool:
    return point.statut in context.parameter("statuts_fragilite_resolus")


@rule(
    "SUI-025",
    BLOQUANT,
    on=FRAGILITES,
    columns=("date_resolution",),
    requires=("IDE-024",),
    title="Point de fragilité résolu après la date d'arrêté des données",
    message="{nom_point} serait résolu le {date_resolution}, après la date d'arrêté des données",
    fix="Corrigez « Date de résolution », ou videz-la tant que le point n'est pas résolu.",
    expected="une date passée",
    source=_CHRONOLOGIE,
    ok=[
        {"numero": "F1", "date_resolution": _END_N_2},
        {"numero": "F1"},
        {"numero": "F1", "date_resolution": dt.date(2030, 1, 1), "@": _WITHOUT_DATE},
    ],
    ko=[{"numero": "F1", "date_resolution": _END_N_2 + _DAY}],
)
def resolution_passee(point: Row, context: RuleContext) -> bool | None:
    """Un point de fragilité ne peut être résolu après la date à laquelle on le constate."""
    if point.date_resolution is None or context.date is None:
        return None
    return bool(point.date_resolution <= context.date)


@rule(
    "SUI-026",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("date_resolution", "statut"),
    title="Point de fragilité résolu sans date de résolution",
    message="{nom_point} est « {statut} » sans date de résolution",
    fix="Saisissez « Date de résolution ».",
    expected="une date",
    source=_TAUX,
    ok=[
        {"numero": "F1", "statut": "Résolu", "date_resolution": _MAI},
        {"numero": "F1", "statut": "En cours"},
        {"numero": "F1"},
    ],
    ko=[{"numero": "F1", "statut": "Résolu"}],
)
def point_resolu_date(point: Row, context: RuleContext) -> bool:
    """Un point de fragilité résolu l'a été à une date.

    Elle dit dans le taux de quelle année le point compte.
    """
    return not _resolu(point, context) or point.date_resolution is not None


@rule(
    "SUI-027",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("date_resolution", "statut"),
    title="Date de résolution sur un point de fragilité non résolu",
    message="{nom_point} a une date de résolution ({date_resolution}), mais il est « {statut} »",
    fix="Choisissez « Résolu » dans « Statut », ou videz « Date de résolution ».",
    source=_TAUX,
    ok=[
        {"numero": "F1", "statut": "Résolu", "date_resolution": _MAI},
        {"numero": "F1", "statut": "En cours"},
        {"numero": "F1", "statut": "En cours", "date_resolution": _END_N_2 + _DAY},
        {"numero": "F1", "date_resolution": _MAI},
    ],
    ko=[
        {"numero": "F1", "statut": "En cours", "date_resolution": _END_N_2},
        {"numero": "F1", "statut": "Identifié", "date_resolution": _MAI, "@": _WITHOUT_DATE},
    ],
)
def date_d_un_point_resolu(point: Row, context: RuleContext) -> bool | None:
    """Une date de résolution va avec un point résolu.

    Une date à venir est signalée à part.
    """
    if point.date_resolution is None or not point.statut:
        return None
    if context.date is not None and point.date_resolution > context.date:
        return None
    return _resolu(point, context)


@rule(
    "SUI-028",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("date_resolution", "annee_identification", "statut"),
    title="Point de fragilité résolu avant d'être repéré",
    message="{nom_point} a été résolu le {date_resolution}, avant d'être repéré "
    "en {annee_identification}",
    fix="Corrigez « Date de résolution » ou « Année d'identification ».",
    expected="une date de {annee_identification} ou postérieure",
    source=_CHRONOLOGIE,
    ok=[
        {"numero": "F1", "statut": "Résolu", "annee_identification": 2027, "date_resolution": _MAI},
        {
            "numero": "F1",
            "statut": "En cours",
            "annee_identification": 2027,
            "date_resolution": dt.date(2026, 12, 31),
        },
        {"numero": "F1", "statut": "Résolu", "date_resolution": _MAI},
        {"numero": "F1", "statut": "Résolu", "annee_identification": 2027},
        {"numero": "F1", "statut": "Résolu", "annee_identification": 2028, "date_resolution": _MAI},
    ],
    ko=[
        {
            "numero": "F1",
            "statut": "Résolu",
            "annee_identification": 2027,
            "date_resolution": dt.date(2026, 12, 31),
        },
        {
            "numero": "F1",
            "statut": "Résolu",
            "annee_identification": 2028,
            "date_resolution": _MAI,
            "@": _WITHOUT_DATE,
        },
    ],
)
def resolution_apres_reperage(point: Row, context: RuleContext) -> bool | Fault | None:
    """Un point de fragilité est résolu après avoir été repéré.

    Une année de repérage à venir est signalée à part.
    """
    if point.date_resolution is None or point.annee_identification is None:
        return None
    if context.date is not None and point.annee_identification > context.date.year:
        return None
    if not _resolu(point, context) or point.date_resolution.year >= point.annee_identification:
        return True
    return fault(point, columns=("date_resolution", "annee_identification"))


@rule(
    "SUI-029",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("date_resolution", "statut"),
    requires=("IDE-024",),
    title="Point de fragilité résolu après la fin de l'année suivie",
    message="{nom_point} a été résolu le {date_resolution}, après la fin de l'année suivie",
    fix="Rendez l'état au 31 décembre de l'année suivie : « En cours » dans « Statut », sans "
    "« Date de résolution ».",
    expected="une date de l'année suivie ou antérieure",
    source=_TAUX,
    ok=[
        {"numero": "F1", "statut": "Résolu", "date_resolution": _END_N_2, "@": _ARRETE_EN_MARS},
        {
            "numero": "F1",
            "statut": "En cours",
            "date_resolution": _END_N_2 + _DAY,
            "@": _ARRETE_EN_MARS,
        },
        {
            "numero": "F1",
            "statut": "Résolu",
            "date_resolution": dt.date(2028, 4, 1),
            "@": _ARRETE_EN_MARS,
        },
        {"numero": "F1", "statut": "Résolu", "@": _ARRETE_EN_MARS},
        {
            "numero": "F1",
            "statut": "Résolu",
            "date_resolution": _END_N_2 + _DAY,
            "@": {"identification": [{"date_arrete": dt.date(2028, 3, 31)}]},
        },
        {
            "numero": "F1",
            "statut": "Résolu",
            "date_resolution": _END_N_2 + _DAY,
            "@": {"identification": [{"annee_n1": 2026, "annee_suivie": "N2"}]},
        },
    ],
    ko=[
        {
            "numero": "F1",
            "statut": "Résolu",
            "date_resolution": _END_N_2 + _DAY,
            "@": _ARRETE_EN_MARS,
        },
        {
            "numero": "F1",
            "statut": "Résolu",
            "date_resolution": dt.date(2028, 3, 31),
            "@": _ARRETE_EN_MARS,
        },
    ],
)
def resolution_dans_l_annee(point: Row, context: RuleContext) -> bool | None:
    """Le taux d'une année compte les points résolus au 31 décembre de cette année."""
    end, arrete = context.classeur.identification.fin_annee_suivie, context.date
    if point.date_resolution is None or not end or arrete is None:
        return None
    return not (_resolu(point, context) and end < point.date_resolution <= arrete)


@rule(
    "SUI-030",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("commentaire", "statut"),
    title="Point de fragilité « Sans objet » non motivé",
    message="{nom_point} est « {statut} » sans motif, et sort ainsi du taux de résolution",
    fix="Dites dans « Commentaire ou justification » pourquoi le point n'a plus lieu d'être.",
    expected="un motif",
    source=_TAUX,
    ok=[
        {"numero": "F1", "statut": "Sans objet", "commentaire": "Atelier fermé"},
        {"numero": "F1", "statut": "Résolu"},
        {"numero": "F1"},
    ],
    ko=[{"numero": "F1", "statut": "Sans objet"}],
)
def point_sans_objet_motive(point: Row, context: RuleContext) -> bool:
    """Un point de fragilité sans objet sort du dénominateur : il faut dire pourquoi."""
    exclu = point.statut in context.parameter("statuts_fragilite_exclus")
    return not exclu or bool(point.commentaire)
