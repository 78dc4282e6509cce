"""LOT: an ESMS that stands in the returns of two organismes, and when it may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import guillemets
from xl_cpom.validators.declaration import campaign_rule
from xl_cpom.validators.model import BLOQUANT
from xl_cpom.validators.retours import Campagne, CampaignFault, EtablissementRendu, Rendu
from xl_cpom.validators.rule_sources import Casf
from xl_cpom.validators.rules.campagne.naming import organismes_named
from xl_cpom.workbook.sheets import ETABLISSEMENTS

_TILLEULS = {"fichier": "a.xlsx", "finess_ej": "210099008", "raison_sociale": "Les Tilleuls"}
_ERABLES = {"fichier": "b.xlsx", "finess_ej": "710099003", "raison_sociale": "Les Érables"}
_ET = {"finess_et": "210781456", "categorie": "500", "secteur": "PA", "capacite_autorisee": 80}
_OTHER = {"finess_et": "710976507", "categorie": "500", "secteur": "PA", "capacite_autorisee": 64}


@campaign_rule(
    "LOT-001",
    BLOQUANT,
    on=ETABLISSEMENTS,
    title="Établissement présent dans plusieurs retours",
    message="l'établissement {finess_et} figure aussi dans le retour de {autres}{attendu}",
    fix="Gardez-le seulement dans le classeur de l'organisme qui le gère (FINESS). S'il est passé "
    "de l'un à l'autre, saisissez « Sorti du CPOM le » chez l'un, « Entré dans le CPOM le » chez "
    "l'autre, à la même date.",
    expected="un établissement dans un seul CPOM",
    source=Casf("L. 313-11 et L. 313-12"),
    ok=[
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [_OTHER]},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "etablissements": [{**_ET, "categorie": "209"}]},
                {**_ERABLES, "etablissements": [{**_ET, "categorie": "209"}]},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "finess_ej": "", "etablissements": [_ET]},
            ],
            "attendus": [
                {"finess_ej": "210099008", "etablissements": [{"finess_et": "210781456"}]}
            ],
        },
        *(
            {
                "retours": [
                    {**_TILLEULS, "etablissements": [{**_ET, "sorti_le": "2027-06-30"}]},
                    {**_ERABLES, "etablissements": [{**_ET, "entre_le": day}]},
                ]
            }
            for day in ("2027-06-30", "2027-07-01")
        ),
        {
            "retours": [
                {**_TILLEULS, "etablissements": [{**_ET, "co_titulaire": "710099003"}]},
                {**_ERABLES, "etablissements": [_ET]},
            ]
        },
    ],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [_OTHER, _ET]},
            ]
        },
        *(
            {
                "retours": [
                    {**_TILLEULS, "etablissements": [{**_ET, "sorti_le": "2027-06-30"}]},
                    {**_ERABLES, "etablissements": [{**_ET, **entry}]},
                ]
            }
            for entry in ({"entre_le": "2027-06-29"}, {"entre_le": "2027-07-02"}, {})
        ),
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [{**_ET, "entre_le": "2027-07-01"}]},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "etablissements": [{**_ET, "co_titulaire": "250000015"}]},
                {**_ERABLES, "etablissements": [_ET]},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [_OTHER, _ET]},
            ],
            "attendus": [
                {"finess_ej": "210099008", "etablissements": [{"finess_et": "210781456"}]}
            ],
        },
    ],
)
def et_dans_un_seul_cpom(campagne: Campagne) -> Iterator[CampaignFault]:
    """Un établissement ne figure que dans le classeur d'un organisme gestionnaire.

    Un ESMS compté dans deux CPOM serait compté deux fois dans les totaux de la région. Seuls les
    retours retenus sont comparés : une version remplacée ne fait pas doublon. Un service autonomie
    à domicile mixte, autorisé conjointement à deux gestionnaires, est dans deux CPOM. Quand la
    liste des attendus, qui vient de FINESS, dit à qui est l'établissement, seul le retour de
    l'autre organisme est en faute. Un établissement qui sort d'un CPOM et entre dans un autre à la
    même date est dans les deux, comme celui dont un retour nomme l'autre organisme co-titulaire.
    """
    for number, places in campagne.by_etablissement.items():
        owner = campagne.ej_attendu.get(number)
        for rendu, et in places:
            if _with_two(rendu, et):
                continue
            others = [
                other
                for other, theirs in places
                if other.finess_ej != rendu.finess_ej
                and not _succeed(et, theirs)
                and not _share(rendu, et, other, theirs)
            ]
            if others and rendu.finess_ej and rendu.finess_ej != owner:
                yield CampaignFault(
                    rendu,
                    et,
                    ("finess_et",),
                    values={
                        "autres": organismes_named(others),
                        "attendu": _where_expected(campagne, owner),
                        "valeur": et.finess_et,
                    },
                )


def _where_expected(campagne: Campagne, owner: str | None) -> str:
    """End of the sentence: in whose return the list expects the ESMS, when it says so."""
    if owner is None:
        return ""
    return f" ; il est attendu dans celui de {guillemets(campagne.attendus[owner].name)}"


def _succeed(one: EtablissementRendu, other: EtablissementRendu) -> bool:
    """Does the ESMS leave one contract the day it enters the other, or the day before?"""
    for went, came in ((one.sorti_le, other.entre_le), (other.sorti_le, one.entre_le)):
        if went and came and came - went in (dt.timedelta(0), dt.timedelta(days=1)):
            return True
    return False


def _share(rendu: Rendu, et: EtablissementRendu, other: Rendu, theirs: EtablissementRendu) -> bool:
    """Does one of the returns name the organisme of the other as co-titulaire?"""
    return et.co_titulaire == other.finess_ej or theirs.co_titulaire == rendu.finess_ej


def _with_two(rendu: Rendu, et: EtablissementRendu) -> bool:
    """May the service be authorised to two gestionnaires together that year (SAD mixte)?"""
    referentiel = load_referentiel()
    end = dt.date(rendu.annee or referentiel.annee_n1, 12, 31)
    return referentiel.reforme("SAD_MIXTE", end, categorie=et.categorie) is not None
