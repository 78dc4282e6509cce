"""INS: the measures notified after an inspection, and what lifts them.

The chronology of a measure and its delay are in `chronologie`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.groups import duplicates
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Fault, fault
from xl_cpom.validators.reported_indicators import may_lack_its_rows
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Casf, Guide, Logical, Template, Usage
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import MESURES, MODULES

_MODULE = "module Inspection – Contrôle"
_MARS, _JUIN = dt.date(2027, 3, 15), dt.date(2027, 6, 30)
_EN_ATTENTE = "Réalisée – en attente de levée"
_MISSION = {"numero_mission": "2026-21-014", "finess_et": "210780581"}
_SUIVIE = {"numero": "P1", "type": "prescription", "statut": "En cours"}


@rule(
    "INS-001",
    INFORMATION,
    on=MESURES,
    columns=("type",),
    title="Recommandation hors du taux de levée",
    message="{nom_mesure} est une recommandation : elle ne compte pas dans le taux de levée",
    together="{nombre} mesures sont des recommandations : elles ne comptent pas dans le "
    "taux de levée",
    fix="Rien à faire : le taux ne porte que sur les injonctions et les prescriptions.",
    source=Guide(_MODULE, "mesures (injonction – prescription)"),
    ok=[{"numero": "P1", "type": "prescription"}],
    ko=[{"numero": "R1", "type": "recommandation"}],
)
def recommandation_exclue(mesure: Row) -> bool:
    """Les recommandations sont suivies mais n'entrent pas dans le taux de levée.

    Le guide ne retient que les injonctions et les prescriptions.
    """
    return bool(mesure.type != "recommandation")


@rule(
    "INS-002",
    BLOQUANT,
    on=MESURES,
    columns=("statut", "date_levee", "reference_courrier"),
    title="Mesure levée sans date ou sans courrier",
    message="{nom_mesure} est « Levée » sans {manque}",
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
)
def levee_justifiee(mesure: Row) -> bool | Fault:
    """Une mesure n'est levée que par un courrier de l'autorité, daté et référencé.

    Une mesure que l'organisme estime réalisée reste « Réalisée – en attente de levée » tant que
    l'autorité ne l'a pas écrit.
    """
    proofs = ("date_levee", "reference_courrier")
    missing = [key for key in proofs if not mesure[key]]
    return mesure.statut != "Levée" or not missing or fault(columns=("statut", *missing))


@rule(
    "INS-003",
    BLOQUANT,
    on=MESURES,
    columns=("date_levee", "date_notification"),
    requires=("INS-018",),
    title="Mesure levée avant sa notification",
    message="{nom_mesure} est levée le {date_levee}, avant sa notification le {date_notification}",
    fix="Corrigez la date de levée ou la date de notification.",
    expected="une date de levée postérieure au {date_notification}",
    source=Logical("Chronologie de l'inspection : notification, puis levée"),
    ok=[
        {"numero": "P1", "date_notification": _MARS, "date_levee": _JUIN},
        {"numero": "P2"},
        {"numero": "P3", "date_notification": _MARS, "date_levee": _MARS},
        {"numero": "P4", "date_notification": _MARS},
        {"numero": "P5", "date_levee": _MARS},
    ],
    ko=[{"numero": "P1", "date_notification": _JUIN, "date_levee": _MARS}],
)
def levee_apres_notification(mesure: Row) -> bool | None:
    """Une mesure ne peut pas être levée avant d'avoir été notifiée."""
    if mesure.date_levee is None or mesure.date_notification is None:
        return None
    return bool(mesure.date_levee >= mesure.date_notification)


@rule(
    "INS-004",
    AVERTISSEMENT,
    on=MESURES,
    columns=("echeance", "statut", "date_notification"),
    requires=("INS-012", "IDE-024", "IDE-051"),
    while_present=True,
    title="Mesure non réalisée dans le délai",
    message="{nom_mesure}, dont l'échéance était le {echeance}, est encore « {statut} »",
    fix="Réalisez la mesure, ou justifiez le retard dans « Commentaire ou justification ».",
    source=Casf("L. 313-14"),
    ok=[
        {"numero": "P1", "echeance": _JUIN, "statut": "Levée"},
        {"numero": "P2", "echeance": dt.date(2028, 6, 30), "statut": "En cours"},
        {"numero": "P3", "echeance": _MARS, "statut": "En cours", "date_notification": _JUIN},
        {"numero": "P4", "echeance": dt.date(2027, 12, 31), "statut": "En cours"},
        {"numero": "P5", "statut": "En cours"},
        {"numero": "P6", "echeance": _MARS, "statut": "En cours", "@": {"identification": [{}]}},
    ],
    ko=[
        {"numero": "P1", "echeance": _MARS, "statut": "En cours"},
        {"numero": "P2", "echeance": _MARS, "statut": "Notifiée", "date_notification": _MARS},
        {"numero": "P3", "echeance": dt.date(2027, 12, 30), "statut": "En cours"},
    ],
)
def delai_respecte(mesure: Row, context: RuleContext) -> bool | Fault | None:
    """Une mesure dont le délai est passé devrait être réalisée.

    L'autorité peut prononcer une astreinte lorsqu'une injonction n'est pas suivie d'effet.
    """
    if mesure.echeance is None or context.date is None:
        return None
    if mesure.date_notification and mesure.echeance < mesure.date_notification:
        return None  # INS-015 says that one of the two dates is wrong
    en_retard = mesure.echeance < context.date and mesure.statut in ("Notifiée", "En cours")
    return not en_retard or fault(columns=("echeance", "statut"))


@workbook_rule(
    "INS-005",
    AVERTISSEMENT,
    on=MODULES,
    sheets=(MESURES,),
    columns=("actif",),
    title="Module Inspection – Contrôle actif sans mesure",
    message="la feuille « Inspection-contrôle » est à compléter : le module « {libelle} » est "
    "actif, mais aucune mesure n'y est saisie",
    fix="Saisissez les mesures dans la feuille « Inspection-contrôle ». Si le contrat n'a pas ce "
    "module, choisissez « Non » dans « Actif » ; s'il l'a, seul un avenant le retire.",
    source=Guide(_MODULE, "plan de résolution des mesures"),
    ok=[
        {"modules": [{"code": "INSPECTION", "actif": "Non"}, {"code": "HAS", "actif": "Oui"}]},
        {"modules": [{"code": "INSPECTION", "actif": "Oui"}], "mesures": [{"numero": "P1"}]},
        {
            "modules": [{"code": "INSPECTION", "actif": "Oui"}],
            "indicateurs": [{"code": "INSPECTION/PA", "realise_n2": 0.6}],  # IND-009
        },
    ],
    ko=[
        {"modules": [{"code": "INSPECTION", "actif": "Oui"}]},
        {
            "modules": [{"code": "INSPECTION", "actif": "Oui"}],
            "indicateurs": [{"code": "INSPECTION/PA", "realise_n2": 0.0}],
        },
    ],
)
def module_inspection_rempli(context: RuleContext) -> Iterator[Fault]:
    """Le module Inspection – Contrôle actif contient au moins une mesure.

    Sans mesure, un taux déclaré a sa propre règle.
    """
    empty = not context.classeur["mesures"].rows
    if not empty or may_lack_its_rows("INSPECTION", context.classeur):
        return
    for module in context.classeur["modules"]:
        if module.code == "INSPECTION" and module.actif == "Oui":
            yield fault(module)


@table_rule(
    "INS-006",
    BLOQUANT,
    on=MESURES,
    columns=("numero_mission", "finess_et", "numero"),
    title="Mesure saisie plusieurs fois",
    message="{nom_mesure} est saisie {nombre} fois pour l'établissement {finess_et}",
    fix="Ne gardez qu'une ligne par mesure ; si les mesures diffèrent, reprenez leur numéro du "
    "courrier dans « N° de mesure ».",
    expected="une ligne par mesure",
    source=Template("Classeur standard « CPOM socle » : une ligne par mesure"),
    ok=[
        [
            {**_MISSION, "numero": "P1"},
            {**_MISSION, "numero": "P2"},
            {**_MISSION, "numero": "P1", "finess_et": "250000015"},
        ],
        [{**_MISSION, "numero": "P1"}, {**_MISSION, "numero": "P1", "numero_mission": "x"}],
        [{**_MISSION}, {**_MISSION}],
    ],
    ko=[[{**_MISSION, "numero": "P1"}, {**_MISSION, "numero": "P2"}, {**_MISSION, "numero": "p1"}]],
)
def mesure_unique(mesures: list[Row]) -> Iterator[Fault]:
    """Une mesure n'est saisie qu'une fois.

    Saisie deux fois, elle compte double dans le taux de levée.
    """
    for group in duplicates(mesures, "numero_mission", "finess_et", "numero"):
        yield fault(*group, columns=("numero",), nombre=len(group))


@rule(
    "INS-007",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_realisation", "statut", "type"),
    title="Mesure levée sans date de réalisation",
    message="{nom_mesure} est « Levée » sans date de réalisation",
    fix="Saisissez « Date de réalisation », ou vérifiez que l'autorité a bien levé la mesure.",
    expected="une date de réalisation",
    source=Usage("Une mesure est levée parce qu'elle a été réalisée"),
    ok=[
        {**_SUIVIE, "statut": "Levée", "date_realisation": _MARS},
        _SUIVIE,
        {**_SUIVIE, "statut": "Levée", "type": "recommandation"},
    ],
    ko=[{**_SUIVIE, "statut": "Levée"}, {**_SUIVIE, "statut": "Levée", "type": "injonction"}],
)
def levee_apres_realisation(mesure: Row, context: RuleContext) -> bool | None:
    """Une injonction ou une prescription levée a d'abord été réalisée.

    Les recommandations, qui n'entrent pas dans le taux, ne sont pas concernées.
    """
    if mesure.type not in context.parameter("types_mesure_suivis"):
        return None
    if mesure.statut not in context.parameter("statuts_mesure_leves"):
        return None
    return mesure.date_realisation is not None


@rule(
    "INS-010",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_realisation", "statut"),
    title="Mesure réalisée sans date de réalisation",
    message="{nom_mesure} est « {statut} » sans date de réalisation",
    fix="Saisissez « Date de réalisation », ou ramenez « Statut » à « En cours ».",
    expected="une date de réalisation",
    source=Usage("Une mesure réalisée l'est à une date"),
    ok=[{**_SUIVIE, "statut": _EN_ATTENTE, "date_realisation": _MARS}, _SUIVIE],
    ko=[{**_SUIVIE, "statut": _EN_ATTENTE}],
)
def realisation_datee(mesure: Row) -> bool | None:
    """Une mesure que l'organisme estime réalisée a une date de réalisation."""
    if mesure.statut != _EN_ATTENTE:
        return None
    return mesure.date_realisation is not None


@rule(
    "INS-012",
    AVERTISSEMENT,
    on=MESURES,
    columns=("statut", "date_levee"),
    title="Date de levée sur une mesure non levée",
    message="{nom_mesure} a une date de levée ({date_levee}), mais elle est « {statut} »",
    fix="Mettez « Levée » dans « Statut » si l'autorité l'a écrit, ou videz « Date de levée ».",
    expected="« Levée »",
    source=Guide(_MODULE, "taux de levée des mesures"),
    ok=[
        {**_SUIVIE, "statut": "Levée", "date_levee": _MARS},
        _SUIVIE,
        {"numero": "P1", "date_levee": _MARS},
    ],
    ko=[{**_SUIVIE, "date_levee": _MARS}, {**_SUIVIE, "statut": "Annulée", "date_levee": _MARS}],
)
def date_de_levee_d_une_mesure_levee(mesure: Row, context: RuleContext) -> bool | None:
    """Une mesure qui a une date de levée est levée.

    Le taux ne compte que le statut « Levée » : oublié, il fait perdre une levée acquise.
    """
    if mesure.date_levee is None or mesure.statut is None:
        return None
    return mesure.statut in context.parameter("statuts_mesure_leves")


@rule(
    "INS-017",
    AVERTISSEMENT,
    on=MESURES,
    columns=("action_correctrice", "pilote", "statut", "type"),
    while_present=True,
    title="Mesure en cours sans action correctrice ou sans pilote",
    message="il manque {manque} à {nom_mesure}, qui est « {statut} »",
    fix="Remplissez « Action correctrice » et « Pilote » : ils font le plan de résolution.",
    expected="une action correctrice et un pilote",
    source=Guide(_MODULE, "plan de résolution des mesures"),
    ok=[
        {**_SUIVIE, "action_correctrice": "Former l'équipe", "pilote": "Cadre de santé"},
        {**_SUIVIE, "statut": "Notifiée"},
        {**_SUIVIE, "statut": "Annulée"},
        {**_SUIVIE, "statut": "Levée"},
        {**_SUIVIE, "type": "recommandation"},
        {"numero": "P1", "type": "injonction"},
    ],
    ko=[
        _SUIVIE,
        {**_SUIVIE, "pilote": "Cadre"},
        {**_SUIVIE, "action_correctrice": "Former"},
        {**_SUIVIE, "type": "injonction", "statut": _EN_ATTENTE},
    ],
)
def mesure_prise_en_charge(mesure: Row, context: RuleContext) -> bool | Fault | None:
    """Une injonction ou une prescription en cours a une action correctrice et un pilote.

    Le guide demande un plan de résolution des mesures. Une mesure tout juste notifiée, levée ou
    annulée n'est pas concernée.
    """
    closes = (
        *context.parameter("statuts_mesure_leves"),
        *context.parameter("statuts_mesure_exclus"),
        "Notifiée",
        None,
    )
    suivie = mesure.type in context.parameter("types_mesure_suivis")
    if mesure.statut in closes or not suivie:
        return None
    empty = tuple(key for key in ("action_correctrice", "pilote") if mesure[key] is None)
    return not empty or fault(columns=empty)


@rule(
    "INS-019",
    AVERTISSEMENT,
    on=MESURES,
    columns=("statut", "commentaire", "reference_courrier", "type"),
    title="Mesure annulée sans référence ni justification",
    message="{nom_mesure} est « {statut} » sans référence ni justification, ce qui la sort du taux",
    fix="Saisissez la référence du courrier dans « Référence du courrier », ou la raison dans "
    "« Commentaire ou justification ».",
    expected="la référence du courrier de l'autorité",
    source=Annexe("LEVEE", "taux de levée des mesures", bloque=True),
    ok=[
        {**_SUIVIE, "statut": "Annulée", "reference_courrier": "ARS 12"},
        {**_SUIVIE, "statut": "Annulée", "commentaire": "Jugement du 3 mai 2027"},
        {**_SUIVIE, "statut": "Annulée", "type": "recommandation"},
        _SUIVIE,
    ],
    ko=[{**_SUIVIE, "statut": "Annulée"}],
)
def annulation_justifiee(mesure: Row, context: RuleContext) -> bool | Fault | None:
    """Une mesure n'est annulée que par l'autorité, ce qui se prouve.

    Une mesure annulée quitte le numérateur et le dénominateur du taux de levée.
    """
    if mesure.type not in context.parameter("types_mesure_suivis"):
        return None
    if mesure.statut not in context.parameter("statuts_mesure_exclus"):
        return None
    justifiee = mesure.reference_courrier is not None or mesure.commentaire is not None
    return justifiee or fault(columns=("statut", "reference_courrier"))
