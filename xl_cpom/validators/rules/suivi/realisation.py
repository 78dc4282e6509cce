"""SUI: when the actions were done, against the year followed and the date of the data."""

from __future__ import annotations

import datetime as dt

from xl_cpom.validators.declaration import rule
from xl_cpom.validators.facts.whole_workbook import filled, period, realisee
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Guide, Logical
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIONS

_TAUX = Annexe("AVANCEMENT", "taux d'avancement du plan d'actions")
_CHRONOLOGIE = Logical("Chronologie d'une action : entrée dans le plan, réalisation, arrêté")
_MAI, _END_N_2 = dt.date(2027, 5, 15), dt.date(2027, 12, 31)
_DAY = dt.timedelta(days=1)
_WITHOUT_DATE = {"identification": [{"date_arrete": None}]}
_ARRETE_EN_MARS = {
    "identification": [
        {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2028, 3, 31)}
    ]
}


@rule(
    "SUI-002",
    BLOQUANT,
    on=ACTIONS,
    columns=("date_realisation",),
    requires=("IDE-024",),
    title="Action réalisée après la date d'arrêté des données",
    message="{nom_action} serait réalisée le {date_realisation}, après la date d'arrêté des "
    "données",
    fix="Corrigez « Date de réalisation » : une date prévue se saisit dans « Échéance ».",
    expected="une date passée",
    source=_CHRONOLOGIE,
    ok=[
        {"numero": "A1", "date_realisation": _END_N_2},
        {"numero": "A1"},
        {"numero": "A1", "date_realisation": dt.date(2030, 1, 1), "@": _WITHOUT_DATE},
    ],
    ko=[{"numero": "A1", "date_realisation": _END_N_2 + _DAY}],
)
def realisation_passee(action: Row, context: RuleContext) -> bool | None:
    """Une action ne peut être réalisée après la date à laquelle on le constate."""
    if action.date_realisation is None or context.date is None:
        return None
    return bool(action.date_realisation <= context.date)


@rule(
    "SUI-003",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("echeance", "statut"),
    requires=("SUI-022", "IDE-024", "IDE-051"),
    while_present=True,
    title="Action en retard sur son échéance",
    message="{nom_action}, dont l'échéance était le {echeance}, est encore « {statut} »",
    fix="Réalisez l'action, ou passez-la à « Reportée » avec une nouvelle « Échéance » ; sinon, "
    "expliquez le retard dans « Commentaire ou justification ».",
    source=Guide("système de modules", "dialogue de gestion annuel"),
    ok=[
        {"numero": "A1", "statut": "En cours", "echeance": _END_N_2},
        {"numero": "A1", "statut": "Réalisée", "echeance": _MAI},
        {"numero": "A1", "statut": "Reportée", "echeance": _MAI},
        {"numero": "A1", "statut": "En cours", "avancement": 1.0, "echeance": _MAI},
        {"numero": "A1", "statut": "En cours", "echeance": dt.date(2025, 12, 31)},
        {"numero": "A1", "statut": "En cours"},
        {"numero": "A1", "statut": "En cours", "echeance": _MAI, "@": _WITHOUT_DATE},
    ],
    ko=[
        {"numero": "A1", "statut": "En cours", "echeance": _END_N_2 - _DAY},
        {"numero": "A2", "statut": "À démarrer", "echeance": dt.date(2026, 1, 1)},
        {"numero": "A3", "statut": "En cours", "avancement": 0.9, "echeance": _MAI},
        {
            "numero": "A4",
            "statut": "En cours",
            "echeance": _MAI,
            "@": {"identification": [{"date_arrete": _END_N_2}]},
        },
    ],
)
def action_a_l_heure(action: Row, context: RuleContext) -> bool | None:
    """Une action dont l'échéance est passée devrait être réalisée.

    Une échéance hors du contrat, ou une action à 100 % dont le statut a été oublié, sont
    signalées à part.
    """
    bounds = period(context)
    if action.echeance is None or context.date is None or action.avancement == 1:
        return None
    if bounds is not None and action.echeance < bounds[0]:
        return None
    return not (action.echeance < context.date and action.statut in ("À démarrer", "En cours"))


@rule(
    "SUI-016",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("date_realisation", "annee_entree", "statut"),
    requires=("MOD-026",),
    title="Action réalisée avant son entrée dans le plan",
    message="{nom_action} a été réalisée le {date_realisation}, avant d'entrer dans le plan "
    "en {annee_entree}",
    fix="Corrigez « Date de réalisation » ou « Année d'entrée ».",
    expected="une date de {annee_entree} ou postérieure",
    source=_CHRONOLOGIE,
    ok=[
        {"numero": "A1", "statut": "Réalisée", "annee_entree": 2027, "date_realisation": _MAI},
        {"numero": "A1", "statut": "En cours", "annee_entree": 2028, "date_realisation": _MAI},
        {"numero": "A1", "statut": "Réalisée", "annee_entree": 2028},
        {"numero": "A1", "statut": "Réalisée", "date_realisation": _MAI},
    ],
    ko=[{"numero": "A1", "statut": "Réalisée", "annee_entree": 2028, "date_realisation": _MAI}],
)
def realisation_apres_entree(action: Row, context: RuleContext) -> bool | Fault | None:
    """Une action est réalisée après être entrée dans le plan.

    Inscrire au plan ce qui est déjà fait améliorerait le taux sans rien changer.
    """
    if action.date_realisation is None or action.annee_entree is None:
        return None
    if not realisee(action, context):
        return None
    if action.date_realisation.year >= action.annee_entree:
        return True
    return fault(action, columns=("date_realisation", "annee_entree"))


@rule(
    "SUI-017",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("date_realisation", "statut"),
    requires=("IDE-024",),
    title="Action réalisée après la fin de l'année suivie",
    message="{nom_action} a été réalisée le {date_realisation}, après la fin de l'année suivie",
    fix="Rendez l'état au 31 décembre de l'année suivie : « En cours » dans « Statut », sans "
    "« Date de réalisation ».",
    expected="une date de l'année suivie ou antérieure",
    source=_TAUX,
    ok=[
        {"numero": "A1", "statut": "Réalisée", "date_realisation": _END_N_2, "@": _ARRETE_EN_MARS},
        {
            "numero": "A1",
            "statut": "En cours",
            "date_realisation": _END_N_2 + _DAY,
            "@": _ARRETE_EN_MARS,
        },
        {
            "numero": "A1",
            "statut": "Réalisée",
            "date_realisation": dt.date(2028, 4, 1),
            "@": _ARRETE_EN_MARS,
        },
        {"numero": "A1", "statut": "Réalisée", "@": _ARRETE_EN_MARS},
        {
            "numero": "A1",
            "statut": "Réalisée",
            "date_realisation": _END_N_2 + _DAY,
            "@": {"identification": [{"date_arrete": dt.date(2028, 3, 31)}]},
        },
        {
            "numero": "A1",
            "statut": "Réalisée",
            "date_realisation": _END_N_2 + _DAY,
            "@": {"identification": [{"annee_n1": 2026, "annee_suivie": "N2"}]},
        },
    ],
    ko=[
        {
            "numero": "A1",
            "statut": "Réalisée",
            "date_realisation": _END_N_2 + _DAY,
            "@": _ARRETE_EN_MARS,
        },
        {
            "numero": "A1",
            "statut": "Réalisée",
            "date_realisation": dt.date(2028, 3, 31),
            "@": _ARRETE_EN_MARS,
        },
    ],
)
def realisation_dans_l_annee(action: Row, context: RuleContext) -> bool | None:
    """Le taux d'une année compte ce qui était réalisé au 31 décembre de cette année.

    Ce qui est réalisé entre la fin de l'année et l'arrêté des données compte l'année d'après.
    """
    end, arrete = context.classeur.identification.fin_annee_suivie, context.date
    if action.date_realisation is None or not end or arrete is None:
        return None
    return not (realisee(action, context) and end < action.date_realisation <= arrete)


@rule(
    "SUI-022",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("date_realisation", "statut"),
    title="Date de réalisation sur une action non réalisée",
    message="{nom_action} a une date de réalisation ({date_realisation}), mais elle est "
    "« {statut} »",
    fix="Choisissez « Réalisée » et 100 %, ou videz « Date de réalisation ».",
    source=_TAUX,
    ok=[
        {"numero": "A1", "statut": "Réalisée", "date_realisation": _MAI},
        {"numero": "A1", "statut": "En cours"},
        {"numero": "A1", "statut": "En cours", "avancement": 1.0, "date_realisation": _MAI},
        {"numero": "A1", "statut": "En cours", "date_realisation": _END_N_2 + _DAY},
        {"numero": "A1", "date_realisation": _MAI},
    ],
    ko=[
        {"numero": "A1", "statut": "En cours", "avancement": 0.9, "date_realisation": _MAI},
        {"numero": "A1", "statut": "En cours", "date_realisation": _END_N_2},
        {"numero": "A1", "statut": "Abandonnée", "date_realisation": _MAI, "@": _WITHOUT_DATE},
    ],
)
def date_d_une_actionrealisee(action: Row, context: RuleContext) -> bool | None:
    """Une date de réalisation va avec une action réalisée.

    Une date à venir, ou un avancement de 100 %, sont signalés à part.
    """
    if action.date_realisation is None or not action.statut or action.avancement == 1:
        return None
    if context.date is not None and action.date_realisation > context.date:
        return None
    return realisee(action, context)


@rule(
    "SUI-023",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("date_realisation", "statut"),
    title="Action réalisée sans date de réalisation",
    message="{nom_action} est « {statut} » sans date de réalisation",
    fix="Saisissez « Date de réalisation ».",
    expected="une date",
    source=_TAUX,
    ok=[
        {"numero": "A1", "statut": "Réalisée", "date_realisation": _MAI},
        {"numero": "A1", "statut": "En cours"},
        {"numero": "A1", "statut": "Réalisée", "avancement": 0.9},
    ],
    ko=[
        {"numero": "A1", "statut": "Réalisée", "avancement": 1.0},
        {"numero": "A1", "statut": "Réalisée"},
    ],
)
def action_realisee_datee(action: Row, context: RuleContext) -> bool | None:
    """Une action réalisée l'a été à une date.

    Elle dit dans le taux de quelle année l'action compte.
    """
    if filled(action.avancement) and action.avancement < 1:
        return None
    return not realisee(action, context) or action.date_realisation is not None


@rule(
    "SUI-024",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("annee_entree", "statut", "date_realisation"),
    requires=("IDE-024",),
    title="Action commencée avant son année d'entrée dans le plan",
    message="{nom_action} n'entre dans le plan qu'en {annee_entree}, mais elle est déjà "
    "« {statut} » : elle ne compte dans aucun taux",
    fix="Corrigez « Année d'entrée », ou choisissez « À démarrer » dans « Statut ».",
    expected="au plus tard l'année suivie",
    source=_CHRONOLOGIE,
    ok=[
        {"numero": "A1", "statut": "En cours", "annee_entree": 2027},
        {"numero": "A1", "statut": "À démarrer", "annee_entree": 2028},
        {"numero": "A1", "statut": "En cours", "annee_entree": 2031},
        {"numero": "A1", "statut": "Réalisée", "annee_entree": 2028, "date_realisation": _MAI},
        {"numero": "A1", "statut": "En cours"},
        {
            "numero": "A1",
            "statut": "En cours",
            "annee_entree": 2028,
            "@": {"identification": [{"annee_n1": 2026}]},
        },
    ],
    ko=[
        {"numero": "A1", "statut": "En cours", "annee_entree": 2028},
        {"numero": "A1", "statut": "Réalisée", "annee_entree": 2030},
        {
            "numero": "A1",
            "statut": "Réalisée",
            "annee_entree": 2028,
            "date_realisation": dt.date(2028, 1, 1),
        },
    ],
)
def action_deja_commencee(action: Row, context: RuleContext) -> bool | Fault | None:
    """Une action commencée compte dans le plan de l'année.

    Une année d'entrée hors du cycle, ou postérieure à la réalisation, est signalée à part.
    """
    suivie = context.classeur.annee_suivie
    if action.annee_entree is None or suivie is None or action.annee_entree > context.end.year:
        return None
    if action.date_realisation is not None and action.date_realisation.year < action.annee_entree:
        return None
    commencee = action.statut == "En cours" or realisee(action, context)
    if not commencee or action.annee_entree <= suivie:
        return True
    return fault(action, columns=("annee_entree", "statut"))
