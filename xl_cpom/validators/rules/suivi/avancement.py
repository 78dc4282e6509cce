"""SUI: the status of the actions; dates, points de fragilité and targets have their modules."""

from __future__ import annotations

from xl_cpom.validators.declaration import rule
from xl_cpom.validators.facts.whole_workbook import realisee
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Guide
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIONS

_TAUX = Annexe("AVANCEMENT", "taux d'avancement du plan d'actions")
_TAUX_A_CONFIRMER = Annexe("AVANCEMENT", "taux d'avancement du plan d'actions", bloque=True)


@rule(
    "SUI-001",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("statut", "avancement"),
    title="Statut et avancement de l'action contradictoires",
    message="{nom_action} est « {statut} » avec un avancement de {avancement}",
    fix="Accordez « Statut » et « Avancement » : une action réalisée est à 100 %, une action à "
    "100 % est réalisée.",
    expected="« Réalisée » avec 100 %, ou un autre statut avec moins de 100 %",
    source=_TAUX_A_CONFIRMER,
    ok=[
        {"numero": "A1", "statut": "Réalisée", "avancement": 1.0},
        {"numero": "A2", "statut": "En cours", "avancement": 0.99},
        {"numero": "A3", "statut": "Réalisée"},
        {"numero": "A4", "avancement": 1.0},
    ],
    ko=[
        {"numero": "A1", "statut": "Réalisée", "avancement": 0.99},
        {"numero": "A2", "statut": "En cours", "avancement": 1.0},
        {"numero": "A3", "statut": "Abandonnée", "avancement": 1.0},
    ],
)
def statut_et_avancement(action: Row, context: RuleContext) -> bool | None:
    """Une action est réalisée si et seulement si son avancement est de 100 %.

    Le taux d'avancement compte les actions réalisées : un statut et un avancement qui se
    contredisent rendent ce taux discutable.
    """
    if not action.statut or action.avancement is None:
        return None
    return bool(realisee(action, context) == (action.avancement >= 1))


@rule(
    "SUI-005",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("reference_avenant", "statut"),
    while_present=True,
    title="Action abandonnée sans accord de l'ARS",
    message="{nom_action} est « {statut} » sans référence d'avenant",
    fix="Saisissez dans « Avenant ou justification » la référence de l'avenant ou de l'accord de "
    "l'ARS, ou choisissez un autre statut.",
    expected="la référence de l'avenant ou de l'accord",
    source=_TAUX_A_CONFIRMER,
    ok=[
        {"numero": "A1", "statut": "Abandonnée", "reference_avenant": "Avenant n° 1"},
        {"numero": "A1", "statut": "Reportée"},
        {"numero": "A1"},
    ],
    ko=[{"numero": "A1", "statut": "Abandonnée"}],
)
def abandon_accepte(action: Row, context: RuleContext) -> bool:
    """Une action n'est abandonnée qu'avec l'accord de l'ARS.

    Elle sort alors du dénominateur du taux d'avancement : sans accord, le taux serait meilleur
    qu'il n'est.
    """
    a_justifier = context.parameter("statuts_action_a_justifier")
    return action.statut not in a_justifier or bool(action.reference_avenant)


@rule(
    "SUI-015",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("avancement", "statut"),
    title="Action à démarrer mais déjà avancée",
    message="{nom_action} est « À démarrer » avec un avancement de {avancement}",
    fix="Choisissez « En cours » dans « Statut », ou saisissez 0 % dans « Avancement ».",
    expected="0 %, ou « En cours »",
    source=_TAUX,
    ok=[
        {"numero": "A1", "statut": "À démarrer", "avancement": 0.0},
        {"numero": "A1", "statut": "En cours", "avancement": 0.1},
        {"numero": "A1", "statut": "À démarrer", "avancement": 1.0},
        {"numero": "A1", "statut": "À démarrer"},
    ],
    ko=[
        {"numero": "A1", "statut": "À démarrer", "avancement": 0.01},
        {"numero": "A1", "statut": "À démarrer", "avancement": 0.99},
    ],
)
def action_a_demarrer(action: Row) -> bool | None:
    """Une action à démarrer n'a pas encore avancé.

    Un avancement de 100 % est signalé à part.
    """
    if action.statut != "À démarrer" or action.avancement is None:
        return None
    return not 0 < action.avancement < 1


@rule(
    "SUI-018",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("reference_avenant", "statut", "commentaire"),
    while_present=True,
    title="Action reportée sans motif",
    message="{nom_action} est « Reportée » sans motif",
    fix="Donnez le motif du report dans « Avenant ou justification », et la nouvelle date dans "
    "« Échéance ».",
    expected="le motif du report",
    source=Guide("système de modules", "dialogue de gestion annuel"),
    ok=[
        {"numero": "A1", "statut": "Reportée", "reference_avenant": "Travaux retardés"},
        {"numero": "A1", "statut": "Reportée", "commentaire": "Travaux retardés"},
        {"numero": "A1", "statut": "En cours"},
    ],
    ko=[{"numero": "A1", "statut": "Reportée"}],
)
def report_motive(action: Row) -> bool | Fault:
    """Le report d'une action a un motif, que l'ARS apprécie en dialogue de gestion."""
    if action.statut != "Reportée" or action.reference_avenant or action.commentaire:
        return True
    return fault(action, columns=("reference_avenant", "statut"))


@rule(
    "SUI-019",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("reference_avenant", "statut", "commentaire"),
    title="Action « Sans objet » non motivée",
    message="{nom_action} est « {statut} » sans motif, et sort ainsi du taux d'avancement",
    fix="Dites dans « Avenant ou justification » pourquoi l'action n'a plus lieu d'être.",
    expected="un motif",
    source=_TAUX,
    ok=[
        {"numero": "A1", "statut": "Sans objet", "reference_avenant": "Service fermé"},
        {"numero": "A1", "statut": "Sans objet", "commentaire": "Service fermé"},
        {"numero": "A1", "statut": "Abandonnée"},
        {"numero": "A1", "statut": "En cours"},
    ],
    ko=[{"numero": "A1", "statut": "Sans objet"}],
)
def sans_objet_motive(action: Row, context: RuleContext) -> bool | Fault:
    """Une action sans objet sort du dénominateur : il faut dire pourquoi.

    L'abandon d'une action, plus exigeant, a sa propre règle.
    """
    a_justifier = context.parameter("statuts_action_a_justifier")
    exclue = action.statut in context.parameter("statuts_action_exclus")
    motif = action.reference_avenant or action.commentaire
    if not exclue or action.statut in a_justifier or motif:
        return True
    return fault(action, columns=("reference_avenant", "statut"))
