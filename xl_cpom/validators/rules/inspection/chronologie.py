"""INS: the chronology of a measure, from the visit to the letter that lifts it, and its delay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.validators.declaration import rule, table_rule
from xl_cpom.validators.facts.delays import plus_days, plus_months
from xl_cpom.validators.facts.groups import divergences
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Logical, Usage
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import MESURES

_CHRONOLOGIE = Logical("Chronologie de l'inspection : visite, notification, réalisation, levée")
_VISITE, _LETTER = dt.date(2027, 1, 12), dt.date(2027, 3, 15)
_ARRETE, _AFTER = dt.date(2027, 12, 31), dt.date(2028, 1, 1)
_MESURE = {"numero": "P1", "date_notification": _LETTER}
_MISSION = {"numero_mission": "2026-21-014", "finess_et": "210780581"}
_JUIN = dt.date(2027, 6, 30)

ACHEMINEMENT = 10
"""Days by which a due date may depart from the delay notified: the letter has to arrive."""


def _constatee(jour: dt.date | None, context: RuleContext) -> bool | None:
    """Is the day already past when the data are closed? None when there is nothing to compare."""
    return None if jour is None or context.date is None else jour <= context.date


@rule(
    "INS-008",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_controle", "date_notification"),
    title="Contrôle postérieur à la notification",
    message="le contrôle de {nom_mesure} est daté du {date_controle}, après sa notification "
    "du {date_notification}",
    fix="Corrigez « Date du contrôle » ou « Date de notification ».",
    expected="au plus tard le {date_notification}",
    source=_CHRONOLOGIE,
    ok=[{**_MESURE, "date_controle": _LETTER}, _MESURE, {"date_controle": _LETTER}],
    ko=[{**_MESURE, "date_controle": dt.date(2027, 3, 16)}],
)
def controle_avant_notification(mesure: Row) -> bool | None:
    """Le contrôle précède la notification des mesures."""
    if mesure.date_controle is None or mesure.date_notification is None:
        return None
    return bool(mesure.date_controle <= mesure.date_notification)


_DELAI = ("echeance", "date_notification", "delai_valeur", "delai_unite")


@table_rule(
    "INS-009",
    AVERTISSEMENT,
    on=MESURES,
    columns=_DELAI,
    title="Échéance contraire au délai notifié",
    message="l'échéance de {nom_mesure} ({echeance}) ne correspond pas au délai notifié, qui "
    "mène au {attendue}",
    fix="Corrigez « Échéance », ou « Délai » et « Unité du délai », d'après le courrier de "
    "l'autorité.",
    expected="{attendue}, à quelques jours près",
    source=Casf("L. 313-14"),
    ok=[
        [{**_MESURE, "delai_valeur": 3, "delai_unite": "mois", "echeance": dt.date(2027, 6, 15)}],
        [{**_MESURE, "delai_valeur": 3, "delai_unite": "mois", "echeance": dt.date(2027, 6, 25)}],
        [{**_MESURE, "delai_valeur": 3, "delai_unite": "mois", "echeance": dt.date(2027, 6, 5)}],
        [{**_MESURE, "delai_valeur": 30, "delai_unite": "jours", "echeance": dt.date(2027, 4, 14)}],
        [{**_MESURE, "delai_unite": "immédiat", "echeance": _LETTER}],
        [{**_MESURE, "delai_valeur": 1, "delai_unite": "mois", "echeance": _VISITE}],  # INS-015
        [{**_MESURE, "delai_valeur": 3, "echeance": _ARRETE}],  # INS-016
        [{**_MESURE, "delai_unite": "mois", "echeance": _ARRETE}],  # INS-016
        [{**_MESURE, "echeance": _ARRETE}],
        [{**_MESURE, "delai_valeur": 3, "delai_unite": "mois"}],
        [
            {
                **_MESURE,
                "date_notification": _AFTER,
                "delai_valeur": 1,
                "delai_unite": "mois",
                "echeance": dt.date(2028, 6, 30),
            }
        ],  # INS-018
        [{"numero": "P1", "delai_valeur": 1, "delai_unite": "mois", "echeance": _ARRETE}],
    ],
    ko=[
        [{**_MESURE, "delai_valeur": 3, "delai_unite": "mois", "echeance": dt.date(2027, 6, 26)}],
        [{**_MESURE, "delai_valeur": 3, "delai_unite": "mois", "echeance": dt.date(2027, 6, 4)}],
        [{**_MESURE, "delai_valeur": 30, "delai_unite": "jours", "echeance": _ARRETE}],
        [{**_MESURE, "delai_unite": "immédiat", "echeance": dt.date(2027, 3, 26)}],
        [{**_MESURE, "delai_valeur": 1, "delai_unite": "mois", "echeance": _LETTER}],
    ],
)
def echeance_selon_le_delai(mesures: list[Row], context: RuleContext) -> Iterator[Fault]:
    """L'échéance est celle que donne le délai notifié.

    Le délai court de la notification ; quelques jours d'écart sont admis pour l'acheminement du
    courrier.
    """
    for mesure in mesures:
        notifiee, echeance = mesure.date_notification, mesure.echeance
        expected = _terme(notifiee, mesure.delai_valeur, mesure.delai_unite)
        if expected is None or echeance is None or echeance < notifiee:
            continue
        if not _constatee(notifiee, context):
            continue  # INS-018 says that the date of the letter is wrong
        if abs((echeance - expected).days) > ACHEMINEMENT:
            yield fault(mesure, columns=_columns_of(mesure), attendue=expected)


def _terme(notifiee: dt.date | None, valeur: int | None, unite: str | None) -> dt.date | None:
    if notifiee is None:
        return None
    match unite, valeur:
        case "immédiat", _:
            return notifiee
        case "jours", int(days):
            return plus_days(notifiee, days)
        case "mois", int(month):
            return plus_months(notifiee, month)
    return None


def _columns_of(mesure: Row) -> tuple[str, ...]:
    filled = (key for key in ("delai_valeur", "delai_unite") if mesure[key] is not None)
    return ("echeance", *filled)


@rule(
    "INS-011",
    BLOQUANT,
    on=MESURES,
    columns=("date_levee",),
    requires=("IDE-024",),
    title="Mesure levée après la date d'arrêté des données",
    message="{nom_mesure} est levée le {date_levee}, après l'arrêté des données",
    fix="Corrigez « Date de levée » : c'est la date du courrier de levée déjà reçu.",
    expected="une date déjà passée",
    source=Logical("Une levée est un courrier reçu, non une prévision"),
    ok=[
        {**_MESURE, "date_levee": _ARRETE},
        _MESURE,
        {**_MESURE, "date_levee": _AFTER, "@": {"identification": [{}]}},
    ],
    ko=[{**_MESURE, "date_levee": _AFTER}],
)
def levee_constatee(mesure: Row, context: RuleContext) -> bool | None:
    """Une mesure n'est levée qu'à une date déjà passée."""
    return _constatee(mesure.date_levee, context)


@rule(
    "INS-013",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_realisation",),
    requires=("IDE-024",),
    title="Mesure réalisée après la date d'arrêté des données",
    message="{nom_mesure} est réalisée le {date_realisation}, après l'arrêté des données",
    fix="Corrigez « Date de réalisation », ou videz-la si la mesure n'est pas encore réalisée.",
    expected="une date déjà passée",
    source=Logical("Une réalisation est un fait constaté, non une prévision"),
    ok=[{**_MESURE, "date_realisation": _ARRETE}, _MESURE],
    ko=[{**_MESURE, "date_realisation": _AFTER}],
)
def realisation_constatee(mesure: Row, context: RuleContext) -> bool | None:
    """Une mesure n'est réalisée qu'à une date déjà passée."""
    return _constatee(mesure.date_realisation, context)


@rule(
    "INS-014",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_realisation", "date_controle", "date_notification"),
    title="Mesure réalisée avant le contrôle",
    message="{nom_mesure} est réalisée le {date_realisation}, avant le contrôle du {date_controle}",
    fix="Corrigez « Date de réalisation » ou « Date du contrôle ».",
    expected="à partir du {date_controle}",
    source=_CHRONOLOGIE,
    ok=[
        {**_MESURE, "date_controle": _VISITE, "date_realisation": _VISITE},
        {**_MESURE, "date_controle": _VISITE},
        {**_MESURE, "date_realisation": _VISITE},
        {**_MESURE, "date_controle": _AFTER, "date_realisation": _ARRETE},  # INS-008
    ],
    ko=[
        {**_MESURE, "date_controle": _VISITE, "date_realisation": dt.date(2027, 1, 11)},
        {**_MESURE, "date_controle": _LETTER, "date_realisation": _VISITE},
        {"numero": "P1", "date_controle": _LETTER, "date_realisation": _VISITE},
    ],
)
def realisation_apres_controle(mesure: Row) -> bool | Fault | None:
    """Une mesure répond à un contrôle : elle est réalisée après lui.

    Elle peut l'être avant la notification définitive, pendant la procédure contradictoire.
    """
    if mesure.date_realisation is None or mesure.date_controle is None:
        return None
    if mesure.date_notification and mesure.date_controle > mesure.date_notification:
        return None  # INS-008 says that the date of the visit is wrong
    return bool(mesure.date_realisation >= mesure.date_controle) or fault(
        columns=("date_realisation", "date_controle")
    )


@rule(
    "INS-015",
    AVERTISSEMENT,
    on=MESURES,
    columns=("echeance", "date_notification"),
    requires=("INS-018",),
    title="Échéance de la mesure avant sa notification",
    message="l'échéance de {nom_mesure} ({echeance}) est antérieure à sa notification du "
    "{date_notification}",
    fix="Corrigez « Échéance » ou « Date de notification » d'après le courrier de l'autorité.",
    expected="à partir du {date_notification}",
    source=_CHRONOLOGIE,
    ok=[{**_MESURE, "echeance": _LETTER}, _MESURE, {"numero": "P1", "echeance": _LETTER}],
    ko=[{**_MESURE, "echeance": dt.date(2027, 3, 14)}],
)
def echeance_apres_notification(mesure: Row) -> bool | None:
    """L'échéance d'une mesure suit sa notification."""
    if mesure.echeance is None or mesure.date_notification is None:
        return None
    return bool(mesure.echeance >= mesure.date_notification)


@rule(
    "INS-016",
    AVERTISSEMENT,
    on=MESURES,
    columns=("delai_valeur", "delai_unite"),
    title="Délai de la mesure incomplet",
    message="le délai de {nom_mesure} est incomplet : il manque {manque}",
    fix="Remplissez « Délai » et « Unité du délai » (« immédiat » se passe de valeur), ou videz "
    "les deux.",
    expected="une valeur et une unité",
    source=Casf("L. 313-14"),
    ok=[
        {**_MESURE, "delai_valeur": 3, "delai_unite": "mois"},
        _MESURE,
        {**_MESURE, "delai_unite": "immédiat"},
    ],
    ko=[{**_MESURE, "delai_valeur": 3}, {**_MESURE, "delai_unite": "jours"}],
)
def delai_complet(mesure: Row) -> bool | None:
    """Un délai se lit avec sa valeur et son unité, sauf s'il est immédiat."""
    if mesure.delai_unite == "immédiat":
        return None
    return (mesure.delai_valeur is None) == (mesure.delai_unite is None)


@rule(
    "INS-018",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_notification",),
    requires=("IDE-024",),
    title="Mesure notifiée après la date d'arrêté des données",
    message="{nom_mesure} est notifiée le {date_notification}, après l'arrêté des données",
    fix="Corrigez « Date de notification » : une mesure n'est suivie qu'une fois notifiée.",
    expected="une date déjà passée",
    source=_CHRONOLOGIE,
    ok=[{"numero": "P1", "date_notification": _ARRETE}, {"numero": "P1"}],
    ko=[{"numero": "P1", "date_notification": _AFTER}],
)
def notification_constatee(mesure: Row, context: RuleContext) -> bool | None:
    """Une mesure n'est notifiée qu'à une date déjà passée.

    Seules les mesures notifiées définitivement, après la procédure contradictoire, sont suivies.
    """
    return _constatee(mesure.date_notification, context)


@table_rule(
    "INS-020",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_controle", "numero_mission", "finess_et", "date_notification"),
    title="Dates de contrôle différentes pour une même mission",
    message="les mesures de la mission {numero_mission} (établissement {finess_et}) n'ont pas "
    "toutes la même date de contrôle",
    fix="Reprenez dans « Date du contrôle » la date de la mission ; une recopie vers le bas a pu "
    "l'augmenter d'un jour par ligne.",
    expected="une seule date de contrôle par mission et par établissement",
    source=Usage("Recopie incrémentée d'une date dans Excel"),
    ok=[
        [{**_MISSION, "date_controle": _LETTER}, {**_MISSION, "date_controle": _LETTER}],
        [{**_MISSION, "date_controle": _LETTER}, {**_MISSION, "date_controle": None}],
        [{**_MISSION, "date_controle": _LETTER}, {**_MISSION, "date_notification": _JUIN}],
        [
            {**_MISSION, "date_controle": _LETTER},
            {**_MISSION, "finess_et": "250000015", "date_controle": _JUIN},
        ],
        [
            {**_MISSION, "date_controle": _LETTER},
            {**_MISSION, "date_controle": _JUIN, "date_notification": _LETTER},
        ],  # INS-008
    ],
    ko=[
        [{**_MISSION, "date_controle": dt.date(2026, 3, day)} for day in (10, 11, 12)],
        [
            {**_MISSION, "date_controle": _LETTER, "date_notification": _LETTER},
            {**_MISSION, "date_controle": dt.date(2027, 3, 14)},
        ],
    ],
)
def une_date_par_mission(mesures: list[Row]) -> Iterator[Fault]:
    """Les mesures d'une même mission ont la même date de contrôle.

    La poignée de recopie d'Excel augmente les dates : 10, 11, 12 mars au lieu du 10 mars partout.
    """
    chronologiques = [
        mesure
        for mesure in mesures
        if not mesure.date_controle
        or not mesure.date_notification
        or mesure.date_controle <= mesure.date_notification  # INS-008 says the others
    ]
    for group in divergences(chronologiques, ("numero_mission", "finess_et"), ("date_controle",)):
        yield fault(*group, columns=("date_controle",))


@rule(
    "INS-021",
    AVERTISSEMENT,
    on=MESURES,
    columns=("date_levee", "date_realisation", "date_notification"),
    title="Mesure levée avant d'être réalisée",
    message="{nom_mesure} est levée le {date_levee}, avant sa réalisation du {date_realisation}",
    fix="Corrigez « Date de levée » ou « Date de réalisation ».",
    expected="à partir du {date_realisation}",
    source=_CHRONOLOGIE,
    ok=[
        {**_MESURE, "date_realisation": _ARRETE, "date_levee": _ARRETE},
        {**_MESURE, "date_realisation": _ARRETE},
        {**_MESURE, "date_levee": _ARRETE},
        {**_MESURE, "date_realisation": _AFTER, "date_levee": _ARRETE},  # INS-013
        {**_MESURE, "date_realisation": _ARRETE, "date_levee": _VISITE},  # INS-003
    ],
    ko=[
        {**_MESURE, "date_realisation": _ARRETE, "date_levee": dt.date(2027, 12, 30)},
        {**_MESURE, "date_realisation": _ARRETE, "date_levee": _LETTER},
        {"numero": "P1", "date_realisation": _ARRETE, "date_levee": _LETTER},
    ],
)
def levee_apres_la_realisation(mesure: Row, context: RuleContext) -> bool | Fault | None:
    """L'autorité lève une mesure une fois qu'elle est réalisée."""
    if mesure.date_levee is None or not _constatee(mesure.date_realisation, context):
        return None
    if mesure.date_notification and mesure.date_levee < mesure.date_notification:
        return None  # INS-003 says that the date of the letter is wrong
    return bool(mesure.date_levee >= mesure.date_realisation) or fault(
        columns=("date_levee", "date_realisation")
    )
