"""BIL: what is not done, lifted or reached when the contract ends, and that nobody explains."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xl_cpom.validators.declaration import rule
from xl_cpom.validators.facts.last_year import is_last_year
from xl_cpom.validators.facts.whole_workbook import filled
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.reported_indicators import declared, target
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Usage
from xl_cpom.validators.wording import show
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIONS, FRAGILITES, HAS, INDICATEURS, MESURES
from xl_cpom.workbook.sheets.mesures import FOLLOWED

_BILAN = Usage("Le bilan d'un contrat dit ce qui n'est pas atteint, et pourquoi")
_END = dt.date(2030, 12, 31)


def _in(year: str, end: dt.date | None = _END) -> dict[str, Any]:
    """The fiche of an example: a contract of 2026 to 2030, unless its end is not read."""
    return {"identification": [{"annee_n1": 2026, "annee_suivie": year, "date_echeance": end}]}


_LAST = _in("N5")
_BEFORE = _in("N4")
_EXTENDED = _in("N5", dt.date(2031, 12, 31))
_END_UNREAD = _in("N5", None)
_BEFORE_UNREAD = _in("N4", None)
_SIXTH = _in("N6", dt.date(2031, 12, 31))
_YEAR_UNREAD: dict[str, Any] = {"identification": [{"date_echeance": _END}]}


def _unexplained(row: Row, *answers: str) -> bool:
    return not any(filled(row[key]) for key in ("commentaire", *answers))


@rule(
    "BIL-001",
    AVERTISSEMENT,
    on=MESURES,
    columns=("statut", "type", "echeance"),
    title="Mesure non levée à la fin du contrat, sans explication",
    message="{nom_mesure} est encore « {statut} » la dernière année du contrat",
    fix="Saisissez la levée si l'autorité l'a prononcée. Sinon, dites dans « Commentaire ou "
    "justification » pourquoi la mesure n'est pas levée et ce qu'elle devient.",
    source=Guide("Inspection – Contrôle", "indicateur d'impact : 100 % des mesures levées"),
    requires=("IDE-012",),
    ok=[
        {"numero": "P1", "type": "prescription", "statut": "Levée", "@": _LAST},
        {"numero": "P1", "type": "injonction", "statut": "Annulée", "@": _LAST},
        {"numero": "P1", "type": "recommandation", "statut": "En cours", "@": _LAST},
        {"numero": "P1", "type": "prescription", "statut": "En cours", "@": _BEFORE},
        {"numero": "P1", "type": "prescription", "statut": "En cours", "@": _EXTENDED},
        {"numero": "P1", "type": "prescription", "statut": "En cours", "@": _BEFORE_UNREAD},
        {"numero": "P1", "type": "prescription", "statut": "En cours", "@": _YEAR_UNREAD},
        {"numero": "P1", "type": "prescription", "@": _LAST},
        {
            "numero": "P1",
            "type": "prescription",
            "statut": "En cours",
            "commentaire": "Travaux reportés à 2031.",
            "@": _LAST,
        },
        {
            "numero": "P1",
            "type": "prescription",
            "statut": "En cours",
            "echeance": dt.date(2031, 1, 1),
            "@": _LAST,
        },
    ],
    ko=[
        {"numero": "P1", "type": "prescription", "statut": "En cours", "@": _LAST},
        {"numero": "I1", "type": "injonction", "statut": "Non levée", "@": _SIXTH},
        {"numero": "P2", "type": "prescription", "statut": "Notifiée", "@": _END_UNREAD},
        {
            "numero": "P3",
            "type": "prescription",
            "statut": "Réalisée – en attente de levée",
            "echeance": _END,
            "@": _LAST,
        },
    ],
)
def measures_are_lifted(mesure: Row, context: RuleContext) -> bool | None:
    """À la fin du contrat, toutes les injonctions et prescriptions sont levées.

    C'est l'indicateur d'impact du module. Une mesure dont le délai court encore après l'année
    suivie n'est pas signalée.
    """
    if mesure.type not in FOLLOWED or not is_last_year(context.classeur):
        return None
    year = context.classeur.annee_suivie
    if mesure.echeance is not None and mesure.echeance.year > year:
        return None
    over = mesure.statut is None or mesure.statut in MESURES.closed
    return over or not _unexplained(mesure)


@rule(
    "BIL-002",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("statut",),
    title="Action inachevée à la fin du contrat, sans explication",
    message="{nom_action} est encore « {statut} » la dernière année du contrat",
    fix="Dites dans « Commentaire ou justification » pourquoi l'action n'est pas achevée et ce "
    "qu'elle devient : close, reportée dans le prochain contrat ou transformée.",
    source=_BILAN,
    requires=("IDE-012",),
    ok=[
        {"numero": "A1", "statut": "Réalisée", "@": _LAST},
        {"numero": "A1", "@": _LAST},
        {"numero": "A1", "statut": "En cours", "@": _BEFORE},
        {"numero": "A1", "statut": "En cours", "commentaire": "À reporter.", "@": _LAST},
        {"numero": "A1", "statut": "Reportée", "reference_avenant": "Avenant n° 3", "@": _LAST},
    ],
    ko=[
        {"numero": "A1", "statut": "En cours", "@": _LAST},
        {"numero": "A2", "statut": "Reportée", "@": _LAST},
    ],
)
def actions_are_over(action: Row, context: RuleContext) -> bool | None:
    """Une action du contrat est close quand il prend fin, ou le bilan dit ce qu'elle devient."""
    if action.statut is None or not is_last_year(context.classeur):
        return None
    return action.statut in ACTIONS.closed or not _unexplained(action, "reference_avenant")


@rule(
    "BIL-003",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("statut",),
    title="Point de fragilité non résolu à la fin du contrat, sans explication",
    message="{nom_point} est encore « {statut} » la dernière année du contrat",
    fix="Dites dans « Commentaire ou justification » pourquoi le point n'est pas résolu et ce "
    "qu'il devient.",
    source=Guide(
        "Efficience des organisations", "indicateur d'impact : résolution des points de fragilité"
    ),
    requires=("IDE-012",),
    ok=[
        {"numero": "F1", "statut": "Résolu", "@": _LAST},
        {"numero": "F1", "@": _LAST},
        {"numero": "F1", "statut": "En cours", "@": _BEFORE},
        {"numero": "F1", "statut": "En cours", "commentaire": "Chantier engagé.", "@": _LAST},
    ],
    ko=[{"numero": "F1", "statut": "Identifié", "@": _LAST}],
)
def fragilities_are_resolved(point: Row, context: RuleContext) -> bool | None:
    """Les points de fragilité repérés au départ sont résolus à la fin du contrat."""
    if point.statut is None or not is_last_year(context.classeur):
        return None
    return point.statut in FRAGILITES.closed or not _unexplained(point)


@rule(
    "BIL-004",
    AVERTISSEMENT,
    on=HAS,
    columns=("statut", "sous_seuil"),
    title="Critère HAS sans réponse achevée à la fin du contrat, ni explication",
    message="l'action qui répond au critère {critere} de l'établissement {finess_et} est encore "
    "« {statut} » la dernière année du contrat",
    fix="Dites dans « Commentaire ou justification » pourquoi l'action n'est pas achevée et ce "
    "qu'elle devient.",
    source=_BILAN,
    requires=("IDE-012",),
    ok=[
        {"critere": "2.2.3", "type": "standard", "cotation": 2, "statut": "Réalisée", "@": _LAST},
        {"critere": "2.2.3", "type": "standard", "cotation": 3, "statut": "En cours", "@": _LAST},
        {"critere": "2.2.3", "type": "standard", "cotation": 2, "@": _LAST},
        {"critere": "2.2.3", "type": "standard", "cotation": 2, "statut": "En cours", "@": _BEFORE},
        {
            "critere": "2.2.3",
            "type": "standard",
            "cotation": 2,
            "statut": "En cours",
            "commentaire": "Formation en 2031.",
            "@": _LAST,
        },
    ],
    ko=[
        {"critere": "2.2.3", "type": "standard", "cotation": 2, "statut": "En cours", "@": _LAST},
    ],
)
def criteria_are_answered(critere: Row, context: RuleContext) -> bool | None:
    """L'action qui répond à un critère sous le seuil est achevée à la fin du contrat."""
    if critere.sous_seuil != "Oui" or critere.statut is None:
        return None
    if not is_last_year(context.classeur):
        return None
    return critere.statut in HAS.closed or not _unexplained(critere)


@rule(
    "BIL-005",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    requires=("SUI-011", "IDE-012"),
    title="Cible de fin de contrat non atteinte, sans explication",
    message="pour {code}, le résultat de la dernière année est de {rendu}, pour une cible de "
    "{cible}",
    fix="Dites dans « Commentaire ou justification » pourquoi la cible n'est pas atteinte.",
    source=_BILAN,
    ok=[
        {"code": "TRANSFO/PA", "cible_n5": 1.0, "realise_n5": 1.0, "@": _LAST},
        {"code": "TRANSFO/PA", "cible_n5": 1.0, "@": _LAST},
        {"code": "TRANSFO/PA", "realise_n5": 0.8, "@": _LAST},
        {"code": "TRANSFO/PA", "cible_n4": 0.8, "realise_n4": 0.5, "@": _BEFORE},
        {
            "code": "TRANSFO/PA",
            "cible_n5": 1.0,
            "realise_n5": 0.8,
            "commentaire": "Retard.",
            "@": _LAST,
        },
    ],
    ko=[{"code": "TRANSFO/PA", "cible_n5": 1.0, "realise_n5": 0.8, "@": _LAST}],
)
def last_target_is_reached(indicateur: Row, context: RuleContext) -> bool | Fault | None:
    """La cible de la dernière année est atteinte, ou le bilan dit pourquoi elle ne l'est pas."""
    classeur = context.classeur
    told, wanted = declared(indicateur, classeur), target(indicateur, classeur)
    if told is None or wanted is None or not is_last_year(classeur):
        return None
    if told >= wanted or not _unexplained(indicateur):
        return True
    rank = classeur.followed_rank
    keys = (f"realise_n{rank}", f"cible_n{rank}")
    sheet = indicateur.table.sheet
    return fault(columns=keys, rendu=show(told, sheet[keys[0]]), cible=show(wanted, sheet[keys[1]]))
