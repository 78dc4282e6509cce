"""INS: the measures notified after an inspection, and what lifts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.validators.contexte import Contexte
from xl_cpom.validators.declaration import rule, workbook_rule
from xl_cpom.validators.model import (
    AVERTISSEMENT,
    BLOQUANT,
    INFORMATION,
    Casf,
    Fault,
    Guide,
    Usage,
    fault,
)
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import MESURES, MODULES

_MODULE = "module Inspection – Contrôle"
_MARS, _JUIN = dt.date(2027, 3, 15), dt.date(2027, 6, 30)


@rule(
    "INS-001", INFORMATION, on=MESURES, columns=("type",),
    message="la mesure {numero} est une recommandation : elle ne compte pas dans le taux de levée",
    fix="Rien à faire : le taux ne porte que sur les injonctions et les prescriptions.",
    source=Guide(_MODULE, "mesures (injonction – prescription)"),
    ok=[{"numero": "P1", "type": "prescription"}],
    ko=[{"numero": "R1", "type": "recommandation"}],
)  # fmt: skip
def recommandation_exclue(mesure: Row) -> bool:
    """Les recommandations sont suivies mais n'entrent pas dans le taux de levée.

    Le guide ne retient que les injonctions et les prescriptions.
    """
    return bool(mesure.type != "recommandation")


@rule(
    "INS-002", BLOQUANT, on=MESURES, columns=("statut", "date_levee", "reference_courrier"),
    message="la mesure {numero} est « Levée » sans {manque}",
    fix="Saisissez la date de levée et la référence du courrier de l'autorité, ou ramenez le "
        "statut à « Réalisée – en attente de levée ».",
    expected="une date de levée et la référence du courrier",
    source=Guide(_MODULE, "taux de levée des mesures"),
    ok=[
        {"numero": "P1", "statut": "Levée", "date_levee": _MARS, "reference_courrier": "ARS 12"},
        {"numero": "P2", "statut": "En cours"},
    ],
    ko=[
        {"numero": "P1", "statut": "Levée", "date_levee": _MARS},
        {"numero": "P2", "statut": "Levée", "reference_courrier": "ARS 12"},
        {"numero": "P3", "statut": "Levée"},
    ],
)  # fmt: skip
def levee_justifiee(mesure: Row) -> bool:
    """Une mesure n'est levée que par un courrier de l'autorité, daté et référencé.

    Une mesure que l'organisme estime réalisée reste « Réalisée – en attente de levée » tant que
    l'autorité ne l'a pas écrit.
    """
    return mesure.statut != "Levée" or bool(mesure.date_levee and mesure.reference_courrier)


@rule(
    "INS-003", BLOQUANT, on=MESURES, columns=("date_levee", "date_notification"),
    message="la mesure {numero} est levée le {date_levee}, avant sa notification le "
            "{date_notification}",
    fix="Corrigez la date de levée ou la date de notification.",
    expected="une date de levée postérieure au {date_notification}",
    source=Usage("Chronologie de l'inspection : notification, puis levée"),
    ok=[{"numero": "P1", "date_notification": _MARS, "date_levee": _JUIN}, {"numero": "P2"}],
    ko=[{"numero": "P1", "date_notification": _JUIN, "date_levee": _MARS}],
)  # fmt: skip
def levee_apres_notification(mesure: Row) -> bool | None:
    """Une mesure ne peut pas être levée avant d'avoir été notifiée."""
    if mesure.date_levee is None or mesure.date_notification is None:
        return None
    return bool(mesure.date_levee >= mesure.date_notification)


@rule(
    "INS-004", AVERTISSEMENT, on=MESURES, columns=("echeance", "statut"),
    message="le délai de la mesure {numero} est dépassé depuis le {echeance} et elle est "
            "« {statut} »",
    fix="Réalisez la mesure, ou justifiez le retard dans « Commentaire ou justification ».",
    source=Casf("L. 313-14"),
    ok=[
        {"numero": "P1", "echeance": _JUIN, "statut": "Levée"},
        {"numero": "P2", "echeance": dt.date(2028, 6, 30), "statut": "En cours"},
    ],
    ko=[{"numero": "P1", "echeance": _MARS, "statut": "En cours"}],
)  # fmt: skip
def delai_respecte(mesure: Row, contexte: Contexte) -> bool | None:
    """Une mesure dont le délai est passé devrait être réalisée.

    L'autorité peut prononcer une astreinte lorsqu'une injonction n'est pas suivie d'effet.
    """
    if mesure.echeance is None or contexte.date is None:
        return None
    return not (mesure.echeance < contexte.date and mesure.statut in ("Notifiée", "En cours"))


@workbook_rule(
    "INS-005", AVERTISSEMENT, on=MODULES, sheets=(MESURES,), columns=("actif",),
    message="le module « {libelle} » est actif, mais aucune mesure n'est saisie",
    fix="Saisissez les mesures dans la feuille « Inspection-contrôle », ou désactivez le module.",
    source=Guide(_MODULE, "plan de résolution des mesures"),
    ok=[{"modules": [{"code": "INSPECTION", "actif": "Non"}]}],
    ko=[{"modules": [{"code": "INSPECTION", "actif": "Oui"}]}],
)  # fmt: skip
def module_inspection_rempli(contexte: Contexte) -> Iterator[Fault]:
    """Le module Inspection – Contrôle actif contient au moins une mesure."""
    if contexte.classeur["mesures"].rows:
        return
    for module in contexte.classeur["modules"]:
        if module.code == "INSPECTION" and module.actif == "Oui":
            yield fault(module)
