"""MOD: what the financing reform of the ESMS for disabled children asks of the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.typography import date_text
from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.model import INFORMATION, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.sheets import ACTIONS, ETABLISSEMENTS, IDENTIFICATION

_REFORME = "SERAFIN_ENFANTS"
_IME, _SESSAD, _EHPAD = "210099032", "210099040", "210781456"
_ESMS = [
    {"finess_et": _IME, "categorie": "183", "secteur": "PH"},
    {"finess_et": _SESSAD, "categorie": "182", "secteur": "PH"},
    {"finess_et": _EHPAD, "categorie": "500", "secteur": "PA"},
]
_N1 = [{"annee_n1": 2026, "annee_suivie": "N1"}]
_N2 = [{"annee_n1": 2026, "annee_suivie": "N2"}]
_CODEE = {"numero": "A1", "secteur": "PH", "serafin": "2.3.3"}


@workbook_rule(
    "MOD-060",
    INFORMATION,
    on=ETABLISSEMENTS,
    sheets=(ACTIONS, IDENTIFICATION),
    columns=("finess_et", "categorie"),
    title="ESMS pour enfants sans action rattachée à SERAFIN-PH",
    message="depuis le {debut}, la tarification SERAFIN-PH s'applique, et aucune action du plan ne "
    "porte de code SERAFIN-PH pour {esms}",
    fix="Rien à corriger cette année. Le CPOM définit les financements complémentaires : "
    "« Code SERAFIN-PH » dit à quelle prestation chaque action répond.",
    expected="une action avec un code SERAFIN-PH",
    source=RuleSource("Loi n° 2025-1403 du 30 décembre 2025, article 90 (SERAFIN-PH)", "trouvé"),
    ok=[
        {"identification": _N1, "etablissements": _ESMS},
        {"identification": _N2, "etablissements": _ESMS, "actions": [_CODEE]},
        {"identification": _N2, "etablissements": _ESMS[2:]},
        {"identification": [{"annee_n1": 2026}], "etablissements": _ESMS},
        {
            "identification": _N2,
            "etablissements": _ESMS,
            "actions": [{**_CODEE, "finess_et": (_IME, _SESSAD)}],
        },
        {"identification": _N2, "etablissements": [{"categorie": "183", "secteur": "PH"}]},
    ],
    ko=[
        {"identification": _N2, "etablissements": _ESMS},
        {"identification": _N2, "etablissements": _ESMS[:1], "actions": [{"numero": "A1"}]},
        {
            "identification": _N2,
            "etablissements": _ESMS,
            "actions": [{**_CODEE, "finess_et": (_IME,)}],
        },
        {
            "identification": _N2,
            "etablissements": _ESMS[:1],
            "actions": [{**_CODEE, "secteur": "PA"}],
        },
    ],
)
def enfants_et_serafin(context: RuleContext) -> Iterator[Fault]:
    """Les ESMS pour enfants handicapés sont tarifés selon SERAFIN-PH à partir de 2027.

    Leur dotation globale est modulée par l'activité et par des objectifs de qualité et de
    coopération ; le CPOM définit les financements complémentaires. Une action qui cite une
    prestation SERAFIN-PH en garde la trace.
    """
    classeur = context.classeur
    annee = classeur.annee_suivie
    if annee is None:
        return
    actions = classeur["actions"].rows
    if any(NON_LU in (row.serafin, row.secteur, row.finess_et) for row in actions):
        return  # the one that could not be read may be the one looked for
    coded = [row for row in actions if row.serafin and row.secteur != "PA"]
    if any(not row.finess_et for row in coded):
        return  # an action of the whole secteur
    named = {number for row in coded for number in row.finess_et}
    found: list[Row] = []
    start = ""
    for esms in classeur["etablissements"]:
        reforme = context.referentiel.reforme(
            _REFORME, dt.date(annee, 12, 31), categorie=esms.categorie or ""
        )
        if reforme is not None and esms.finess_et and esms.finess_et not in named:
            found.append(esms)
            start = date_text(reforme.debut)
    if found:
        who = some([f"l'établissement {esms.finess_et}" for esms in found], 3)
        yield fault(*found, columns=("categorie",), esms=who, debut=start)
