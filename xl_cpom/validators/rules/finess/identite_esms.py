"""REF: what the workbook says of an ESMS, and what FINESS says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from xl_cpom.identifiants import siret_valide
from xl_cpom.typography import fold
from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.model import AVERTISSEMENT, INFORMATION, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.validators.rules.finess.rapprochement import EHPAD, EJ, known_rows, retour
from xl_cpom.workbook.sheets import ETABLISSEMENTS

_FINESS = RuleSource("Répertoire FINESS, extrait donné avec le contrôle", "trouvé")
_UP_TO_DATE = (
    "Reportez ce que dit FINESS. Si FINESS est en retard, faites-le mettre à jour par l'ARS "
    "et dites-le dans « Commentaire ou justification »."
)


@workbook_rule(
    "REF-007",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("categorie",),
    scope=Scope.REFERENTIEL,
    requires=("IDE-005",),
    while_present=True,
    title="Catégorie différente de celle de FINESS",
    message="la catégorie de {finess_et} est {lue} ici et {attendu} dans FINESS",
    fix=_UP_TO_DATE,
    expected="{attendu}",
    source=_FINESS,
    ok=[retour({**EHPAD, "categorie": "500"}), retour(EHPAD)],
    ko=[retour({**EHPAD, "categorie": "202"})],
)
def categorie_de_finess(context: RuleContext) -> Iterator[Fault]:
    """La catégorie de l'établissement est celle de FINESS.

    C'est elle qui dit quels systèmes d'information et quelles règles lui sont applicables.
    """
    for row, known in known_rows(context):
        if row.categorie and known.categorie and row.categorie != known.categorie:
            said = context.referentiel.category_said
            yield fault(row, lue=said(row.categorie), attendu=said(known.categorie))


@workbook_rule(
    "REF-008",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("departement",),
    scope=Scope.REFERENTIEL,
    while_present=True,
    title="Département différent de celui de FINESS",
    message="le département de {finess_et} est {departement} ici et {attendu} dans FINESS",
    fix=_UP_TO_DATE,
    expected="{attendu}",
    source=_FINESS,
    ok=[retour({**EHPAD, "departement": "21"}), retour(EHPAD)],
    ko=[retour({**EHPAD, "departement": "71"})],
)
def departement_de_finess(context: RuleContext) -> Iterator[Fault]:
    """Le département d'implantation est celui de FINESS."""
    for row, known in known_rows(context):
        if row.departement and known.departement and row.departement != known.departement:
            yield fault(row, attendu=known.departement)


@workbook_rule(
    "REF-009",
    INFORMATION,
    on=ETABLISSEMENTS,
    columns=("commune",),
    scope=Scope.REFERENTIEL,
    requires=("REF-008",),
    while_present=True,
    title="Commune différente de celle de FINESS",
    message="la commune de {finess_et} est « {commune} » ici et « {attendu} » dans FINESS",
    fix="Vérifiez la commune d'implantation. Rien à faire si FINESS donne l'adresse postale.",
    expected="{attendu}",
    source=_FINESS,
    ok=[
        retour({**EHPAD, "commune": "Selongey"}),
        retour({**EHPAD, "commune": "selongey cedex"}),
        retour({"finess_et": "710976507", "commune": "Paray-le-Monial"}),
        retour(EHPAD),
    ],
    ko=[retour({**EHPAD, "commune": "Dijon"})],
)
def commune_de_finess(context: RuleContext) -> Iterator[Fault]:
    """La commune d'implantation est celle de FINESS, à l'écriture près."""
    for row, known in known_rows(context):
        if row.commune and known.commune and _place(row.commune) != _place(known.commune):
            yield fault(row, attendu=known.commune)


@workbook_rule(
    "REF-010",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("siret",),
    scope=Scope.REFERENTIEL,
    while_present=True,
    title="SIRET différent de celui de FINESS",
    message="le SIRET de {finess_et} est {siret} ici et {attendu} dans FINESS",
    fix=_UP_TO_DATE,
    expected="{attendu}",
    source=_FINESS,
    ok=[
        retour({**EHPAD, "siret": "99900026800022"}),
        retour(EHPAD),
        retour({"finess_et": "710976507", "siret": "99900026800030"}),
    ],
    ko=[retour({**EHPAD, "siret": "99900026800030"})],
)
def siret_de_finess(context: RuleContext) -> Iterator[Fault]:
    """Le SIRET de l'établissement est celui de FINESS.

    Un SIRET de l'extrait dont la clé est fausse n'est pas opposé au classeur.
    """
    for row, known in known_rows(context):
        if row.siret and siret_valide(known.siret) and row.siret != known.siret:
            yield fault(row, attendu=known.siret)


def _named(nom: str, in_finess: str) -> Any:
    """An example: the name of an ESMS in the workbook, and in the extract."""
    line = {"nofinesset": "210099016", "nofinessej": EJ, "rs": in_finess, "categetab": "500"}
    return retour({"finess_et": "210099016", "raison_sociale": nom}, extrait=[line])


@workbook_rule(
    "REF-011",
    INFORMATION,
    on=ETABLISSEMENTS,
    columns=("raison_sociale",),
    scope=Scope.REFERENTIEL,
    requires=("REF-002", "REF-003"),
    while_present=True,
    title="Nom éloigné de celui de FINESS",
    message="le nom de {finess_et} est « {raison_sociale} » ici et « {attendu} » dans FINESS",
    fix="Vérifiez que le numéro est bien celui de l'établissement. Rien à faire si seul le nom "
    "d'usage diffère.",
    expected="{attendu}",
    source=_FINESS,
    ok=[
        retour({**EHPAD, "raison_sociale": "EHPAD Les Tilleuls de la Tille"}),
        retour({**EHPAD, "raison_sociale": "Résidence Les Tilleuls"}),
        retour({**EHPAD, "raison_sociale": "Tilleuls (Selongey)"}),
        retour(EHPAD),
        retour({**EHPAD, "raison_sociale": "EHPAD"}),  # rien qui lui soit propre
        retour({**EHPAD, "raison_sociale": "EHPAD Les Tileuls"}),
        retour({**EHPAD, "raison_sociale": "Résidence Til."}),
        _named("EHPAD M2", "RESIDENCE M2"),
    ],
    ko=[
        retour({**EHPAD, "raison_sociale": "IME Jean Moulin"}),
        retour({**EHPAD, "raison_sociale": "EHPAD de la Roche"}),
        retour({**EHPAD, "raison_sociale": "EHPAD Tilde"}),
        retour({**EHPAD, "raison_sociale": "EHPAD Ti"}),
        _named("EHPAD L'Allée", "EHPAD L'ORME"),
    ],
)
def nom_de_finess(context: RuleContext) -> Iterator[Fault]:
    """Le nom de l'établissement ressemble à celui de FINESS.

    FINESS abrège les noms : seul un nom qui n'a aucun mot propre en commun est signalé, car le
    numéro est alors peut-être celui d'un autre établissement.
    """
    for row, known in known_rows(context):
        name = row.raison_sociale
        if name and known.raison_sociale and not _same_name(name, known.raison_sociale):
            yield fault(row, attendu=known.raison_sociale)


_CEDEX = re.compile(r"\bcedex\b.*|\b\d+\b")
_SMALL = frozenset(
    {
        "le",
        "la",
        "les",
        "de",
        "du",
        "des",
        "en",
        "et",
        "au",
        "aux",
        "sur",
        "sous",
        "saint",
        "sainte",
        "st",
        "ste",
        "residence",
        "maison",
        "foyer",
        "centre",
        "service",
        "services",
        "etablissement",
        "association",
        "ehpad",
        "ehpa",
        "ime",
        "sessad",
        "esat",
        "mas",
        "fam",
        "eam",
        "eanm",
        "ssiad",
        "saad",
        "sad",
        "spasad",
        "itep",
        "dame",
        "iem",
        "camsp",
        "cmpp",
        "savs",
        "samsah",
        "ueros",
        "crp",
        "retraite",
        "accueil",
        "hebergement",
    }
)
"""Words that any name may have: they do not tell one établissement from another."""


def _place(text: str) -> str:
    """A commune folded: no CEDEX, no arrondissement, Saint written in full."""
    plain = re.sub(r"[-'.]", " ", fold(text))
    words = _CEDEX.sub("", plain).split()
    full = {"st": "saint", "ste": "sainte"}
    return " ".join(full.get(word, word) for word in words)


def _own(text: str) -> set[str]:
    words = re.split(r"[^a-z0-9]+", fold(text))
    return {word for word in words if len(word) > 1 and word not in _SMALL}


def _same_name(one: str, other: str) -> bool:
    """Have two names a word of their own in common, or one cut short or misspelled?"""
    left, right = _own(one), _own(other)
    if not left or not right:
        return True
    return any(
        a.startswith(b[:4]) or b.startswith(a[:4]) or SequenceMatcher(None, a, b).ratio() > 0.8
        for a in left
        for b in right
        if min(len(a), len(b)) > 2 or a == b
    )
