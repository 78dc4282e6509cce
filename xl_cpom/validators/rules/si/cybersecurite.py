"""SI: the checklist of cybersecurity, and what the line of the system says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.typography import guillemets, rate_text
from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.delays import plus_months
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, RuleSource, Template
from xl_cpom.validators.rules.si.couples import CYBER, MODULE, ROR, a_sa_list
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import CYBERSECURITE, SI
from xl_cpom.workbook.sheets.cybersecurite import points_en_place

_ET = "210780581"
_ROW = {"si": CYBER, "entite": _ET, "exigible": "Oui", "secteur": "PA"}
_CODES = ("REFERENT", "PSSI", "SAUVEGARDES", "PCA", "EXERCICE")
_EXERCICE = {"code": "EXERCICE", "en_place": "Oui"}


def _items(*answers: str | None) -> list[dict[str, Any]]:
    return [{"code": c, "en_place": a} for c, a in zip(_CODES, answers, strict=True)]


_ALL = _items("Oui", "Oui", "Oui", "Oui", "Oui")
_QUATRE = _items("Oui", "Oui", "Oui", "Oui", "Non")


@workbook_rule(
    "SI-023",
    AVERTISSEMENT,
    on=CYBERSECURITE,
    sheets=(SI,),
    columns=("en_place",),
    title="Liste de contrôle de la cybersécurité à remplir",
    message="la liste de contrôle de la cybersécurité ne dit rien de {points}",
    fix="Répondez « Oui » ou « Non » dans « En place » pour chacun des points.",
    expected="« Oui » ou « Non » à chaque point",
    source=Guide(MODULE, "système informatique global sécurisé"),
    ok=[
        {"si": [_ROW], "cybersecurite": _QUATRE},
        {"cybersecurite": _items("Oui", None, None, None, None)},  # SI-001
        {"si": [{**_ROW, "exigible": "Non"}]},
        {"si": [{**_ROW, "si": ROR}]},
    ],
    ko=[
        {"si": [_ROW]},
        {"si": [_ROW], "cybersecurite": _items("Oui", "Oui", "Oui", "Non", None)},
    ],
)
def liste_remplie(context: RuleContext) -> Iterator[Fault]:
    """La cybersécurité se rend par sa liste de contrôle, et non par un pourcentage libre.

    Sa complétude est la part des points en place : un point sans réponse compte comme absent.
    """
    rows = context.classeur["si"].rows
    if not any(row.exigible == "Oui" and a_sa_list(row, context) for row in rows):
        return
    blank = [row for row in context.classeur["cybersecurite"] if row.en_place is None]
    if blank:
        labels = some((guillemets(row.libelle) for row in blank), 2)
        yield fault(*blank, columns=("en_place",), points=labels)


@table_rule(
    "SI-024",
    AVERTISSEMENT,
    on=SI,
    columns=("taux_completude", "si"),
    title="Taux de cybersécurité différent de sa liste de contrôle",
    message="le taux saisi pour « {si} » ({taux_completude}) n'est pas celui de sa liste de "
    "contrôle ({attendu}), qui seule compte",
    fix="Videz « Taux de complétude » sur cette ligne, ou corrigez la feuille « Cybersécurité ».",
    expected="{attendu}",
    source=Template("La complétude de la cybersécurité est celle de sa liste de contrôle"),
    ok=[
        [{**_ROW, "taux_completude": 0.8, "@": {"cybersecurite": _QUATRE}}],
        [{**_ROW, "@": {"cybersecurite": _QUATRE}}],
        [{**_ROW, "taux_completude": 0.8}],  # SI-023
        [{**_ROW, "si": ROR, "taux_completude": 0.5, "@": {"cybersecurite": _ALL}}],
    ],
    ko=[[{**_ROW, "taux_completude": 0.9, "@": {"cybersecurite": _QUATRE}}]],
)
def taux_de_la_liste(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le taux de la cybersécurité n'est pas saisi : il vient de la liste de contrôle."""
    for row in lignes:
        if row.taux_completude is None or not a_sa_list(row, context):
            continue
        share = points_en_place(context.classeur)
        if share is None:
            continue
        attendu = rate_text(share, 0)
        if rate_text(row.taux_completude, 0) != attendu:
            yield fault(row, columns=("taux_completude",), attendu=attendu)


@rule(
    "SI-025",
    AVERTISSEMENT,
    on=CYBERSECURITE,
    columns=("en_place", "date"),
    requires=("IDE-024",),
    title="Point annuel de cybersécurité sans date récente",
    message="« {libelle} » est déclaré en place, {constat}",
    fix="Saisissez dans « Date » celle du dernier essai ou du dernier exercice, ou mettez « Non » "
    "dans « En place ».",
    expected="une date depuis le {depuis}",
    source=RuleSource("Programme CaRE : exercice de crise et essais annuels", "inféré"),
    ok=[
        {**_EXERCICE, "date": dt.date(2026, 12, 31)},
        {**_EXERCICE, "date": dt.date(2027, 12, 31)},
        {**_EXERCICE, "en_place": "Non"},
        {"code": "PSSI", "en_place": "Oui"},
        {**_EXERCICE, "@": {"identification": [{}]}},
    ],
    ko=[
        {**_EXERCICE},
        {**_EXERCICE, "date": dt.date(2026, 12, 30)},
        {**_EXERCICE, "date": dt.date(2028, 1, 1)},
        {"code": "SAUVEGARDES", "en_place": "Oui", "date": dt.date(2024, 1, 1)},
    ],
)
def point_annuel_date(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un essai de restauration et un exercice de crise se refont, et se datent, chaque année."""
    annuel = context.referentiel.controles_cyber[row.code].annuel
    if not annuel or row.en_place != "Oui" or context.date is None:
        return None
    since = plus_months(context.date, -12)
    if row.date is None:
        constat = "sans date"
    elif row.date > context.date:
        constat = "à une date à venir"
    elif row.date < since:
        constat = "mais il y a plus d'un an"
    else:
        return True
    return fault(columns=("date",), constat=constat, depuis=since)
