"""LOT: what only shows when the returns of a campaign stand side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import guillemets, value_text
from xl_cpom.validators.declaration import campaign_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION
from xl_cpom.validators.retours import (
    Campagne,
    CampaignFault,
    EtablissementRendu,
    Rendu,
)
from xl_cpom.validators.rule_sources import Casf, Guide, Usage
from xl_cpom.validators.rules.campagne.naming import organismes_named
from xl_cpom.workbook.sheets import ETABLISSEMENTS, IDENTIFICATION, VERSIONS

_CAMPAGNE = Usage("Rapprochement des retours d'une campagne")
_TILLEULS = {"fichier": "a.xlsx", "finess_ej": "210099008", "raison_sociale": "Les Tilleuls"}
_ERABLES = {"fichier": "b.xlsx", "finess_ej": "710099003", "raison_sociale": "Les Érables"}
_ET = {"finess_et": "210781456", "categorie": "500", "secteur": "PA", "capacite_autorisee": 80}
_OTHER = {"finess_et": "710976507", "categorie": "500", "secteur": "PA", "capacite_autorisee": 64}
_CITES = 3


@campaign_rule(
    "LOT-002",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    title="Capacité différente d'un retour à l'autre",
    message="la capacité autorisée de l'établissement {finess_et} est de {lu} places ici et de "
    "{autre} places dans {ou}",
    fix="Reportez la capacité de l'arrêté d'autorisation en vigueur.",
    expected="{autre}",
    source=Casf("L. 313-1"),
    ok=[
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [_ET]},
            ]
        },
        {
            "retours": [{**_TILLEULS, "etablissements": [_ET]}],
            "attendus": [
                {
                    "finess_ej": "210099008",
                    "etablissements": [{"finess_et": "210781456", "capacite": 80}],
                }
            ],
        },
    ],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [{**_ET, "capacite_autorisee": 64}]},
            ]
        },
        {
            "retours": [{**_TILLEULS, "etablissements": [_ET]}],
            "attendus": [
                {
                    "finess_ej": "210099008",
                    "etablissements": [{"finess_et": "210781456", "capacite": 81}],
                }
            ],
        },
    ],
)
def capacites_concordantes(campagne: Campagne) -> Iterator[CampaignFault]:
    """La capacité autorisée d'un établissement est la même partout où il figure.

    Elle est comparée entre les retours, et avec la liste des organismes attendus si elle la donne.
    """
    yield from _contradictions(campagne, "capacite_autorisee", "capacite", value_text)


@campaign_rule(
    "LOT-003",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    title="Catégorie différente d'un retour à l'autre",
    message="la catégorie de l'établissement {finess_et} est {lu} ici et {autre} dans {ou}",
    fix="Reportez le code de catégorie qui figure dans FINESS.",
    expected="{autre}",
    source=_CAMPAGNE,
    ok=[
        {"retours": [{**_TILLEULS, "etablissements": [_ET]}, {**_ERABLES, "etablissements": [_ET]}]}
    ],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "etablissements": [_ET]},
                {**_ERABLES, "etablissements": [{**_ET, "categorie": "202"}]},
            ]
        }
    ],
)
def categories_concordantes(campagne: Campagne) -> Iterator[CampaignFault]:
    """La catégorie FINESS d'un établissement est la même partout où il figure.

    Elle est comparée entre les retours, et avec la liste des organismes attendus si elle la donne.
    """
    said = load_referentiel().category_said
    yield from _contradictions(campagne, "categorie", "categorie", said)


@campaign_rule(
    "LOT-004",
    INFORMATION,
    on=None,
    title="Fichier déposé deux fois",
    message="ce fichier est la copie de {original} : il n'est pas compté{nuance}",
    fix="Rien à faire : le retour est compté une fois. Retirez la copie du dossier.",
    source=_CAMPAGNE,
    ok=[{"retours": [{**_TILLEULS, "sha256": "aa"}, {**_ERABLES, "sha256": "bb"}]}],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "sha256": "aa"},
                {**_TILLEULS, "fichier": "c.xlsx", "sha256": "aa"},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "contenu": "cc"},
                {**_TILLEULS, "fichier": "c.xlsx", "contenu": "cc"},
            ]
        },
    ],
)
def fichier_en_double(campagne: Campagne) -> Iterator[CampaignFault]:
    """Un même retour déposé deux fois n'est compté qu'une fois.

    Deux fichiers sont une copie l'un de l'autre si leurs octets sont les mêmes, ou si le même
    organisme y dit mot pour mot la même chose. Le premier dans l'ordre des noms est compté. Le même
    fichier illisible envoyé par deux organismes n'est pas une copie : chacun doit un retour.
    """
    for rendu in campagne.rendus:
        ecart = campagne.discarded.get(rendu.file)
        if ecart is not None and ecart.kept is not None and ecart.motif == "copie":
            words = {"original": guillemets(ecart.kept.file), "nuance": ""}
            if ecart.nuance:
                words["nuance"] = f" ({ecart.nuance})"
            yield CampaignFault(rendu, values=words)


@campaign_rule(
    "LOT-005",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    title="Même contenu rendu par deux organismes",
    message="ce classeur dit mot pour mot la même chose que celui de {autres}",
    fix="Vérifiez que le classeur est bien celui de votre organisme, puis saisissez ses propres "
    "données.",
    source=_CAMPAGNE,
    ok=[{"retours": [{**_TILLEULS, "contenu": "cc"}, {**_ERABLES, "contenu": "dd"}]}],
    ko=[{"retours": [{**_TILLEULS, "contenu": "cc"}, {**_ERABLES, "contenu": "cc"}]}],
)
def contenu_recopie(campagne: Campagne) -> Iterator[CampaignFault]:
    """Deux organismes ne rendent pas le même contenu.

    Un classeur recopié d'un autre organisme, dont seule la fiche d'identification a été changée,
    ne rend compte de rien. Toutes les feuilles, hors la fiche, sont comparées.
    """
    same: dict[str, list[Rendu]] = defaultdict(list)
    for rendu in campagne.counted:
        if rendu.content:
            same[rendu.content].append(rendu)
    for group in same.values():
        for rendu in group:
            others = [other for other in group if other.finess_ej != rendu.finess_ej]
            if others:
                yield CampaignFault(
                    rendu, columns=("finess_ej",), values={"autres": organismes_named(others)}
                )


@campaign_rule(
    "LOT-006",
    INFORMATION,
    on=IDENTIFICATION,
    title="Version remplacée par une plus récente",
    message="une version plus récente du retour remplace celle-ci : {recent}",
    fix="Rien à faire si la version récente est la bonne : elle seule est comptée.",
    source=_CAMPAGNE,
    ok=[
        {"retours": [_TILLEULS, _ERABLES]},
        {
            "retours": [
                {**_TILLEULS, "annee": 2026},
                {**_TILLEULS, "fichier": "c.xlsx", "annee": 2027},
            ]
        },
    ],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "date_arrete": "2027-12-31"},
                {**_TILLEULS, "fichier": "c.xlsx", "date_arrete": "2027-11-30"},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "fichier": "retour_v2.xlsx"},
                {**_TILLEULS, "fichier": "retour_v10.xlsx"},
            ]
        },
        {
            "retours": [
                {**_TILLEULS, "enregistre": "2028-01-15T10:22:00Z"},
                {**_TILLEULS, "fichier": "c.xlsx", "enregistre": "2028-01-12T08:00:00Z"},
            ]
        },
    ],
)
def versions_d_un_organisme(campagne: Campagne) -> Iterator[CampaignFault]:
    """De deux versions du retour d'un organisme, la plus récente est comptée.

    La plus récente est celle dont la date d'arrêté des données est la plus tardive ; à égalité,
    celle dont le nom de fichier porte la date (AAAAMMJJ) ou la version (« v10 » après « v9 ») la
    plus haute, si les deux en portent ; sinon celle qui a été enregistrée en dernier. Le message
    dit ce qui a départagé les deux. Deux classeurs sans établissement commun sont deux parties du
    retour : les deux sont comptés.
    """
    for rendu in campagne.rendus:
        ecart = campagne.discarded.get(rendu.file)
        if ecart is not None and ecart.kept is not None and ecart.motif == "version":
            newer = f"{guillemets(ecart.kept.file)}, {ecart.reason}"
            yield CampaignFault(rendu, columns=("date_arrete",), values={"recent": newer})


@campaign_rule(
    "LOT-007",
    BLOQUANT,
    on=IDENTIFICATION,
    title="Année suivie différente de celle de la campagne",
    message="le retour porte sur {lu}, alors que la campagne porte sur {attendu}",
    fix="Choisissez l'« Année suivie » de la campagne et mettez les statuts à jour, ou transmettez "
    "le classeur de l'année demandée.",
    expected="{attendu}",
    source=Guide("généralités", "suivi annuel"),
    ok=[{"retours": [{**_TILLEULS, "annee": 2027}, {**_ERABLES, "annee": 2027}], "annee": 2027}],
    ko=[{"retours": [{**_TILLEULS, "annee": 2026}, {**_ERABLES, "annee": 2027}], "annee": 2027}],
)
def annee_de_la_campagne(campagne: Campagne) -> Iterator[CampaignFault]:
    """Le retour porte sur l'année de la campagne.

    L'année est celle de la liste des organismes attendus ; si elle ne la donne pas, celle de plus
    de la moitié des retours. Le retour d'une autre année ne compte pas comme reçu : celui de
    l'année reste attendu, et aucun de ses chiffres n'entre dans les totaux.
    """
    for rendus in campagne.of_another_annee.values():
        for rendu in rendus:
            yield CampaignFault(
                rendu,
                columns=("annee_suivie", "annee_n1"),
                values={
                    "lu": str(rendu.annee),
                    "valeur": str(rendu.annee),
                    "attendu": str(campagne.annee),
                },
            )


@campaign_rule(
    "LOT-008",
    AVERTISSEMENT,
    on=None,
    title="Modèle différent de celui de la campagne",
    message="le classeur vient du modèle {lu}, alors que la campagne se fait sur le modèle "
    "{attendu}",
    fix="Reportez les données dans le modèle de la campagne (« transvaser » le fait, sans rien "
    "ressaisir), puis renvoyez ce nouveau classeur.",
    expected="{attendu}",
    source=_CAMPAGNE,
    ok=[
        {"retours": [{**_TILLEULS, "gabarit": "2026.1"}, {**_ERABLES, "gabarit": "2026.1"}]},
        {
            "retours": [
                {**_TILLEULS, "gabarit": "2026.1"},
                {**_ERABLES, "gabarit": "2026.2"},
                {"fichier": "c.xlsx", "finess_ej": "250099002", "gabarit": "2026.2"},
            ]
        },
    ],
    ko=[
        {
            "retours": [
                {**_TILLEULS, "gabarit": "2025.3"},
                {**_ERABLES, "gabarit": "2026.1"},
                {"fichier": "c.xlsx", "finess_ej": "250099002", "gabarit": "2026.1"},
            ]
        }
    ],
)
def modele_de_la_campagne(campagne: Campagne) -> Iterator[CampaignFault]:
    """Tous les retours viennent du même modèle et du même cycle.

    Le modèle de la campagne est celui de plus de la moitié des retours : d'un modèle à l'autre, les
    listes et les colonnes changent. Un retour fait sur une version publiée plus ancienne est jugé
    avec ce qu'elle demandait (STR-070) : rien n'en est dit ici.
    """
    for rendu in campagne.counted:
        for mine, common in ((rendu.gabarit, campagne.gabarit), (rendu.cycle, campagne.cycle)):
            if mine and common and mine != common and mine not in VERSIONS:
                yield CampaignFault(rendu, values={"lu": mine, "valeur": mine, "attendu": common})
                break


def _contradictions(
    campagne: Campagne, key: str, expected: str, told: Callable[[Any], str]
) -> Iterator[CampaignFault]:
    known = {
        et.finess_et: getattr(et, expected)
        for attendu in campagne.attendus.values()
        for et in attendu.etablissements
    }
    for number, places in campagne.by_etablissement.items():
        for rendu, et in places:
            read = getattr(et, key)
            if read in (None, ""):
                continue
            other = _other(campagne, rendu, read, places, key, known.get(number))
            if other is not None:
                value, where = other
                yield CampaignFault(
                    rendu,
                    et,
                    (key,),
                    values={
                        "lu": told(read),
                        "valeur": value_text(read),
                        "autre": told(value),
                        "ou": where,
                    },
                )


def _other(
    campagne: Campagne,
    rendu: Rendu,
    read: Any,
    places: tuple[tuple[Rendu, EtablissementRendu], ...],
    key: str,
    known: Any,
) -> tuple[Any, str] | None:
    """A value that contradicts the one read, and where it stands."""
    if known not in (None, "") and known != read:
        return known, "la liste des organismes attendus"
    for other, et in places:
        value = getattr(et, key)
        if other is not rendu and value not in (None, "") and value != read:
            return value, f"le retour de {guillemets(other.name)}"
    return None
