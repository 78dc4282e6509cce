"""LOT: the returns against the list of what the ARS expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import guillemets
from xl_cpom.validators.declaration import campaign_rule
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.model import AVERTISSEMENT, INFORMATION
from xl_cpom.validators.retours import Attendu, Campagne, CampaignFault
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.workbook.sheets import ETABLISSEMENTS, IDENTIFICATION

_PROGRAMMATION = RuleSource("Liste des organismes attendus, donnée par l'ARS", "inféré")
_TILLEULS = {"fichier": "a.xlsx", "finess_ej": "210099008", "raison_sociale": "Les Tilleuls"}
_EHPAD = {"finess_et": "210781456", "categorie": "500"}
_IME = {"finess_et": "210099032", "categorie": "183"}
_A, _B = {"finess_et": "210781456"}, {"finess_et": "710976507"}
_DE_2026 = {**_TILLEULS, "annee": 2026}
_DE_2027 = {**_TILLEULS, "annee": 2027}
_ATTENDU = {"finess_ej": "210099008", "raison_sociale": "Les Tilleuls", "etablissements": [_A]}
_BOTH = {**_ATTENDU, "etablissements": [_A, _B]}
_ERABLES = {"finess_ej": "710099003", "raison_sociale": "Les Érables", "etablissements": [_B]}


@campaign_rule(
    "LOT-009",
    AVERTISSEMENT,
    on=None,
    title="Retour attendu non rendu",
    message="aucun retour de {nom} (FINESS EJ {finess_ej}){suite}",
    fix="Relancez l'organisme gestionnaire.",
    source=_PROGRAMMATION,
    ok=[
        {"retours": [_TILLEULS], "attendus": [_ATTENDU]},
        {"retours": []},
        {"retours": [], "attendus": [{**_ATTENDU, "suspendu": True}]},
        {
            "retours": [_DE_2026, {**_DE_2027, "fichier": "b.xlsx"}],
            "attendus": [_ATTENDU],
            "annee": 2027,
        },
    ],
    ko=[
        {"retours": [_TILLEULS], "attendus": [_ATTENDU, _ERABLES]},
        {"retours": [], "attendus": [_ATTENDU]},
        {"retours": [_DE_2026], "attendus": [_ATTENDU], "annee": 2027},
        {"retours": [{**_ERABLES, "etablissements": [_A]}], "attendus": [_ATTENDU]},
        {"retours": [{**_ERABLES, "etablissements": [_A, _B]}], "attendus": [_BOTH]},
        {"retours": [{**_ERABLES, "etablissements": [_B]}], "attendus": [_BOTH]},
        {"retours": [], "attendus": [{**_ATTENDU, "etablissements": [_EHPAD]}], "annee": 2026},
    ],
)
def retour_attendu(campagne: Campagne) -> Iterator[CampaignFault]:
    """Chaque organisme attendu a rendu un classeur.

    Un fichier illisible dont le nom contient le FINESS EJ de l'organisme compte comme reçu : c'est
    un autre fichier qu'il faut lui demander, et non un premier retour. Le retour d'une autre année
    ne compte pas. Si ses établissements sont dans le retour d'un autre organisme, c'est dit. Un
    organisme dont le CPOM est suspendu n'a rien à rendre.
    """
    other_year = campagne.of_another_annee
    received = {
        rendu.finess_ej
        for rendu in campagne.rendus
        if rendu.finess_ej not in other_year or rendu.finess_ej in campagne.by_organisme
    }
    for number, attendu in campagne.attendus.items():
        if number not in received and not attendu.suspendu:
            yield CampaignFault(
                finess_ej=number,
                values={
                    "nom": guillemets(attendu.name),
                    "suite": why_missing(campagne, number) or _suspension(campagne, attendu),
                },
            )


def why_missing(campagne: Campagne, finess_ej: str) -> str:
    """What the returns say of an organisme that sent none (French, after its name), or ""."""
    if late := campagne.of_another_annee.get(finess_ej):
        return f" : celui qui est venu porte sur {late[0].annee}, et non sur {campagne.annee}"
    holders, rank = _elsewhere(campagne, finess_ej)
    if not holders:
        return ""
    where = some(dict.fromkeys(guillemets(name) for name in sorted(holders)), 3)
    what = ("son établissement est", "ses établissements sont",
            "une partie de ses établissements est")[rank]  # fmt: skip
    return f" : {what} dans le retour de {where}"


def told_to_the_missing(campagne: Campagne, finess_ej: str) -> str:
    """What its reminder says of an organisme that sent nothing (French), or "".

    It is not told whose return holds its ESMS: a letter speaks of the organisme it is for.
    """
    holders, rank = _elsewhere(campagne, finess_ej)
    if not holders:
        return ""
    what = ("votre établissement figure", "vos établissements figurent",
            "une partie de vos établissements figure")[rank]  # fmt: skip
    return f"{what} dans le retour d'un autre organisme"


def _elsewhere(campagne: Campagne, finess_ej: str) -> tuple[set[str], int]:
    """The organismes whose returns hold ESMS expected of another, and what they hold.

    0: its only one, 1: all of them, 2: some of them.
    """
    attendu = campagne.attendus.get(finess_ej)
    places = [
        campagne.by_etablissement.get(et.finess_et, ())
        for et in (attendu.etablissements if attendu else ())
    ]
    return {rendu.name for found in places for rendu, _ in found}, (
        2 if not all(places) else int(len(places) > 1)
    )


def _suspended(campagne: Campagne, categorie: str) -> bool:
    """May the CPOM of an ESMS of that category be suspended, at the end of the campaign's year?"""
    referentiel = load_referentiel()
    day = dt.date(campagne.annee or referentiel.annee_n1, 12, 31)
    return referentiel.reforme("SUSPENSION_EHPAD", day, categorie=categorie) is not None


_HINT = " : si son CPOM est suspendu, mettez « Oui » dans la colonne « suspendu » de la liste"


def _suspension(campagne: Campagne, attendu: Attendu) -> str:
    """How to say that nothing is expected, where a reform may suspend the CPOM of every ESMS."""
    found = frozenset(_suspended(campagne, et.categorie) for et in attendu.etablissements)
    return {frozenset({True}): _HINT}.get(found, "")


def champ_suspendu(campagne: Campagne, attendu: Attendu) -> list[str]:
    """The ESMS of an organisme said to be suspended that no suspension concerns."""
    return [
        et.finess_et
        for et in attendu.etablissements
        if et.categorie and not _suspended(campagne, et.categorie)
    ]


@campaign_rule(
    "LOT-020",
    AVERTISSEMENT,
    on=None,
    title="CPOM dit suspendu hors du champ de la suspension",
    message="le CPOM de {nom} (FINESS EJ {finess_ej}) est dit suspendu dans la liste des attendus, "
    "alors que la suspension ne concerne pas {esms}",
    fix="Corrigez la colonne « suspendu » de la liste, ou demandez un retour pour ces "
    "établissements.",
    source=RuleSource("Instruction n° DGCS/SD5B/2025/9 du 7 février 2025", "trouvé"),
    ok=[
        {"retours": [], "attendus": [{**_ATTENDU, "suspendu": True, "etablissements": [_EHPAD]}]},
        {"retours": [], "attendus": [{**_ATTENDU, "suspendu": True}]},
        {"retours": [], "attendus": [{**_ATTENDU, "etablissements": [_IME]}]},
    ],
    ko=[
        {
            "retours": [],
            "attendus": [{**_ATTENDU, "suspendu": True, "etablissements": [_EHPAD, _IME]}],
        },
        {
            "retours": [],
            "attendus": [{**_ATTENDU, "suspendu": True, "etablissements": [_EHPAD]}],
            "annee": 2024,
        },
    ],
)
def suspension_dans_son_champ(campagne: Campagne) -> Iterator[CampaignFault]:
    """La suspension nationale des CPOM ne concerne que les EHPAD et les petites unités de vie.

    Un organisme qui gère aussi d'autres ESMS a un contrat pour ceux-là.
    """
    for number, attendu in campagne.attendus.items():
        others = champ_suspendu(campagne, attendu) if attendu.suspendu else []
        if others:
            yield CampaignFault(
                finess_ej=number,
                values={"nom": guillemets(attendu.name), "esms": some(others, 3)},
            )


@campaign_rule(
    "LOT-010",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    title="Établissement attendu absent du retour",
    message="l'établissement {finess_et}, attendu dans ce retour, n'y figure pas",
    fix="Ajoutez l'établissement à la feuille « Établissements », ou signalez à l'ARS qu'il n'est "
    "plus géré par l'organisme.",
    expected="{finess_et}",
    source=_PROGRAMMATION,
    ok=[
        {"retours": [{**_TILLEULS, "etablissements": [_A]}], "attendus": [_ATTENDU]},
        {"retours": [_TILLEULS], "attendus": [{"finess_ej": "210099008"}]},
        {"retours": [{**_TILLEULS, "numeros_faux": ["210781457"]}], "attendus": [_ATTENDU]},
    ],
    ko=[
        {"retours": [{**_TILLEULS, "etablissements": [_B]}], "attendus": [_ATTENDU]},
        {"retours": [{**_TILLEULS, "numeros_faux": ["250000007"]}], "attendus": [_ATTENDU]},
    ],
)
def etablissements_attendus(campagne: Campagne) -> Iterator[CampaignFault]:
    """Tous les établissements attendus d'un organisme figurent dans son retour.

    Quand le retour est fait de plusieurs classeurs, l'établissement peut être dans l'un ou l'autre.
    Un numéro dont la clé est fausse et qui ressemble à celui d'un établissement absent est le
    sien : l'anomalie du numéro (FMT-002) le dit, et l'établissement n'est pas dit absent.
    """
    for number, rendus in campagne.by_organisme.items():
        attendu = campagne.attendus.get(number)
        if attendu is None:
            continue
        present = {et for rendu in rendus for et in rendu.et_numbers}
        for rendu in rendus:
            present |= set(campagne.meant_numbers.get(rendu.file, {}).values())
        for et in attendu.etablissements:
            if et.finess_et not in present:
                yield CampaignFault(
                    rendus[0],
                    finess_et=et.finess_et,
                    columns=("finess_ej",),
                )


@campaign_rule(
    "LOT-011",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    title="Organisme absent de la liste des attendus",
    message="l'organisme {nom} (FINESS EJ {finess_ej}) n'est pas dans la liste des attendus",
    fix="Vérifiez le FINESS EJ de la fiche d'identification : il doit être celui de l'organisme "
    "signataire du CPOM.",
    source=_PROGRAMMATION,
    ok=[{"retours": [_TILLEULS], "attendus": [_ATTENDU]}, {"retours": [_TILLEULS]}],
    ko=[{"retours": [_TILLEULS], "attendus": [_ERABLES]}],
)
def organisme_connu(campagne: Campagne) -> Iterator[CampaignFault]:
    """Un retour vient d'un organisme attendu.

    Un numéro inconnu est le plus souvent une erreur de saisie : le retour ne serait rattaché à
    personne, et l'organisme serait relancé à tort.
    """
    if not campagne.attendus:
        return
    for rendu in campagne.counted:
        if rendu.finess_ej and rendu.finess_ej not in campagne.attendus:
            said = {"valeur": rendu.finess_ej, "nom": guillemets(rendu.name)}
            yield CampaignFault(rendu, columns=("finess_ej",), values=said)


@campaign_rule(
    "LOT-012",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    requires=("LOT-001",),
    title="Établissement attendu dans un autre retour",
    message="l'établissement {finess_et} est attendu dans le retour de {nom}, et non dans celui-ci",
    fix="Vérifiez dans FINESS quel organisme gère l'établissement, puis retirez la ligne ou "
    "signalez le changement à l'ARS.",
    source=_PROGRAMMATION,
    ok=[{"retours": [{**_TILLEULS, "etablissements": [_A]}], "attendus": [_ATTENDU, _ERABLES]}],
    ko=[{"retours": [{**_TILLEULS, "etablissements": [_A, _B]}], "attendus": [_ATTENDU, _ERABLES]}],
)
def etablissement_du_bon_organisme(campagne: Campagne) -> Iterator[CampaignFault]:
    """Un établissement figure dans le retour de l'organisme dont on l'attend.

    La liste de l'ARS vient de FINESS : un désaccord annonce une cession, une fusion ou une erreur
    de saisie. Quand l'organisme attendu l'a aussi dans son retour, LOT-001 le dit, et rien d'autre.
    """
    for number, places in campagne.by_etablissement.items():
        owner = campagne.ej_attendu.get(number)
        for rendu, et in places:
            if owner and rendu.finess_ej and owner != rendu.finess_ej:
                name = guillemets(campagne.attendus[owner].name)
                yield CampaignFault(
                    rendu, et, ("finess_et",), values={"nom": name, "valeur": number}
                )


@campaign_rule(
    "LOT-013",
    INFORMATION,
    on=ETABLISSEMENTS,
    title="Établissement absent de la liste des attendus",
    message="l'établissement {finess_et} n'est dans aucune ligne de la liste des attendus",
    fix="Rien à faire si l'établissement vient d'entrer dans le CPOM : l'ARS complète sa liste.",
    source=_PROGRAMMATION,
    ok=[
        {"retours": [{**_TILLEULS, "etablissements": [_A]}], "attendus": [_ATTENDU]},
        {
            "retours": [{**_TILLEULS, "etablissements": [_B]}],
            "attendus": [{"finess_ej": "210099008"}],
        },
    ],
    ko=[{"retours": [{**_TILLEULS, "etablissements": [_A, _B]}], "attendus": [_ATTENDU]}],
)
def etablissement_connu(campagne: Campagne) -> Iterator[CampaignFault]:
    """Un établissement de plus que ceux de la liste est signalé à l'ARS.

    Il n'est pas contrôlé pour les organismes dont la liste ne donne pas les établissements.
    """
    for number, places in campagne.by_etablissement.items():
        if number in campagne.ej_attendu:
            continue
        for rendu, et in places:
            attendu = campagne.attendus.get(rendu.finess_ej or "")
            if attendu is not None and attendu.etablissements:
                yield CampaignFault(rendu, et, ("finess_et",), values={"valeur": number})
