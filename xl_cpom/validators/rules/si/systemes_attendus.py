"""SI: which systems each entity must fill in, and what it says about them.

What each line says is judged in `completude`, its dates and the référent in `calendrier`.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from xl_cpom.typography import guillemets, listing
from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.groups import duplicates, grouper
from xl_cpom.validators.facts.whole_workbook import (
    finess_du_contrat,
    secteur_certain,
    secteurs_de_la_fiche,
    some,
)
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault, missing_line
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Template
from xl_cpom.validators.rules.si.couples import (
    ANNEXE,
    CYBER,
    ECARS,
    EPRD,
    EPRD_ERRD,
    ERRD,
    MODULE,
    ROR,
    SCHEME,
    categorie_en_vigueur,
    niveau,
    system,
    system_limit,
)
from xl_cpom.workbook.presence import row_asked
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ETABLISSEMENTS, IDENTIFICATION, MODULES, SI
from xl_cpom.workbook.sheets.si import SHARED

_ET, _OTHER = "210780581", "250000015"
_RESIDENCE = [{"finess_et": _ET, "categorie": "202", "secteur": "PA"}]
_TWO = [*_RESIDENCE, {"finess_et": _OTHER, "categorie": "202", "secteur": "PA"}]
_ACTIF = [{"code": "SI", "actif": "Oui"}]


# --- the matrix of the couples SI x entity -------------------------------------------------------


def _rows_of(*couples: tuple[str, str]) -> list[Mapping[str, Any]]:
    return [{"si": si, "entite": entity, "secteur": "PA"} for si, entity in couples]


_COMPLETE = {
    "modules": _ACTIF,
    "etablissements": _RESIDENCE,
    "si": _rows_of((ROR, _ET), (ANNEXE, _ET)),
}


@workbook_rule(
    "SI-001",
    BLOQUANT,
    on=SI,
    sheets=(ETABLISSEMENTS, MODULES, IDENTIFICATION),
    columns=("si", "entite", "secteur"),
    requires=("IDE-010",),
    title="Systèmes d'information manquants pour une entité",
    message="il manque {systemes} dans les systèmes d'information de {redevable}",
    fix="Ajoutez une ligne par système manquant dans la feuille « Systèmes d'information » ; si "
    "un système n'est pas exigible, mettez « Non » dans « Exigible » et donnez le motif.",
    expected="une ligne par système exigible et par entité",
    source=Guide(MODULE, "les neuf systèmes d'information"),
    ok=[
        _COMPLETE,
        {"modules": _ACTIF, "etablissements": _RESIDENCE},  # aucune ligne : autre règle
        {
            "modules": _ACTIF,
            "etablissements": [{"finess_et": _ET}],
            "si": _rows_of((ROR, _ET)),
        },  # catégorie inconnue
        {
            "modules": _ACTIF,
            "etablissements": [{"finess_et": _ET, "categorie": "200"}],
            "si": _rows_of((ROR, _ET)),
        },  # catégorie fermée
        {
            "modules": _ACTIF,
            "etablissements": [{"finess_et": _ET, "categorie": "165"}],
            "si": _rows_of((ROR, _ET)),
        },  # catégorie hors du champ
        {
            **_COMPLETE,  # sorti du contrat l'année d'avant
            "etablissements": [*_RESIDENCE, {**_TWO[1], "sorti_le": dt.date(2026, 12, 31)}],
        },
        {
            **_COMPLETE,  # entré après la dernière échéance de l'année
            "etablissements": [*_RESIDENCE, {**_TWO[1], "entre_le": dt.date(2028, 1, 1)}],
        },
        {
            "modules": _ACTIF,
            "etablissements": _RESIDENCE,  # ligne sans système
            "si": [*_rows_of((ROR, _ET)), {"entite": _ET, "secteur": "PA"}],
        },
        {
            **_COMPLETE,
            "identification": [{"secteurs": "PA"}],
            "si": [*_rows_of((ROR, _ET), (ANNEXE, _ET), (ECARS, "x")), {"entite": "x"}],
        },
        {
            **_COMPLETE,
            "identification": [{"secteurs": "PA"}],
            "si": [
                *_rows_of((ROR, _ET), (ANNEXE, _ET), (ECARS, "x"), (EPRD_ERRD, "x")),
                {"si": CYBER, "entite": "x"},
            ],
        },
        {
            "modules": _ACTIF,
            "etablissements": _TWO,  # faute de frappe : SI-009 le dit déjà
            "si": _rows_of((ROR, _ET), (ANNEXE, _ET), (ROR, _OTHER), (ANNEXE, "210780999")),
        },
        {
            **_COMPLETE,
            "identification": [{"secteurs": "PA"}],
            "si": _rows_of((ROR, _ET), (ANNEXE, _ET), (ECARS, "x"), (EPRD_ERRD, "x"), (CYBER, "x")),
        },
        {
            **_COMPLETE,  # un organisme mixte : une ligne suffit
            "identification": [{"secteurs": "PA et PH"}],
            "si": _rows_of((ROR, _ET), (ANNEXE, _ET), (ECARS, "x"), (EPRD_ERRD, "x"), (CYBER, "x")),
        },
        {
            **_COMPLETE,  # deux lignes, une par dépôt
            "identification": [{"secteurs": "PA"}],
            "si": _rows_of(
                *((ROR, _ET), (ANNEXE, _ET), (ECARS, "x"), (EPRD, "x"), (ERRD, "x"), (CYBER, "x"))
            ),
        },
        {
            **_COMPLETE,  # une ligne sans secteur peut être celle qui manque
            "identification": [{"secteurs": "PA"}],
            "si": [
                *_rows_of((ROR, _ET), (ANNEXE, _ET), (ECARS, "x")),
                {"si": EPRD, "entite": "x"},
            ],
        },
    ],
    ko=[
        {**_COMPLETE, "si": _rows_of((ROR, _ET))},
        {
            "modules": _ACTIF,
            "etablissements": _TWO,
            "si": _rows_of((ROR, _ET), (ANNEXE, _ET), (ROR, _OTHER), (ECARS, "x")),
        },
        {
            "modules": _ACTIF,
            "etablissements": _TWO,
            "si": _rows_of((ROR, _ET), (ROR, _OTHER), (ANNEXE, "210780999")),
        },
        {
            **_COMPLETE,
            "identification": [{"secteurs": "PA"}],
            "si": _rows_of((ROR, _ET), (ANNEXE, _ET), (ECARS, "x"), (EPRD_ERRD, "x")),
        },
        {
            **_COMPLETE,
            "identification": [{"secteurs": "PA"}],
            "si": _rows_of(*((ROR, _ET), (ANNEXE, _ET), (ECARS, "x"), (EPRD, "x"), (CYBER, "x"))),
        },
    ],
)
def matrice_complete(context: RuleContext) -> Iterator[Fault]:
    """Chaque ESMS a une ligne pour chacun des systèmes d'information que sa catégorie exige.

    Le taux du module se calcule sur tous les couples système × entité exigibles : une ligne
    oubliée le fausserait. Les systèmes de l'organisme gestionnaire ont une ligne, comptée une fois,
    même dans un organisme mixte. Les systèmes exigibles sous condition seulement ne sont pas
    réclamés, ni ceux dont l'échéance tombe avant l'entrée d'un ESMS dans le contrat ou après sa
    sortie.
    """
    classeur = context.classeur
    if not classeur.actif("SI") or not classeur["si"].rows:
        return
    alike: dict[tuple[str, ...], list[str]] = {}
    for et, systemes in _missing_by_et(context).items():
        alike.setdefault(tuple(systemes), []).append(et)
    for labels, ets in alike.items():
        yield missing_line(
            classeur["si"],
            *(classeur.etablissements[et] for et in ets),
            columns=("si",),
            systemes=listing(guillemets(found) for found in labels),
            redevable=some(f"l'établissement {et}" for et in ets),
        )
    if missing := _missing_of_og(context):
        yield missing_line(
            classeur["si"],
            columns=("si",),
            systemes=listing(guillemets(found) for found in missing),
            redevable="l'organisme gestionnaire",
        )


def _missing_by_et(context: RuleContext) -> dict[str, list[str]]:
    """Labels of the missing systems by ESMS. A line that names no ESMS may stand for one."""
    etablissements = context.classeur.etablissements
    saisis = {(row.si, row.entite) for row in context.classeur["si"]}
    without_system = {row.entite for row in context.classeur["si"] if not row.si}
    egares = Counter(
        row.si or None for row in context.classeur["si"] if row.entite not in etablissements
    )
    missing: dict[str, list[str]] = {}
    for attendu in context.referentiel.si_proposes.values():
        if attendu.niveau != "ET":
            continue
        absents = [
            finess
            for finess, et in etablissements.items()
            if categorie_en_vigueur(et.categorie, context)
            and attendu.exigibilite(et.categorie) == "exigible"
            and (attendu.libelle, finess) not in saisis
            and finess not in without_system
            and not et.unread(("entre_le", "sorti_le"))
            and row_asked(
                context.classeur,
                finess,
                system_limit(attendu, et.categorie, context),
                since_entry=True,
            )
        ]
        if len(absents) > egares[attendu.libelle] + egares[None]:
            for finess in absents:
                missing.setdefault(finess, []).append(attendu.libelle)
    return missing


def _missing_of_og(context: RuleContext) -> list[str]:
    """Labels of the systems of the organisme that no line gives, in whatever secteur."""
    rows = context.classeur["si"].rows
    if not secteurs_de_la_fiche(context) or any(not row.si or not row.secteur for row in rows):
        return []
    saisis = {row.si for row in rows}
    return [
        attendu.libelle
        for attendu in context.referentiel.si_proposes.values()
        if attendu.niveau == "OG"
        and saisis.isdisjoint((attendu.libelle, *context.referentiel.old_names(attendu.code)))
    ]


@table_rule(
    "SI-008",
    BLOQUANT,
    on=SI,
    columns=("si", "secteur", "entite"),
    title="Système saisi plusieurs fois pour une entité",
    message="« {si} », au secteur {secteur}, est saisi {nombre} fois pour {entite}",
    fix="Ne gardez qu'une ligne par système d'information, secteur et entité : supprimez les "
    "autres lignes.",
    expected="une seule ligne par système, secteur et entité",
    source=Template("Classeur standard « CPOM socle » : une ligne par système et par entité"),
    ok=[
        _rows_of((ROR, _ET), (ROR, _OTHER), (ANNEXE, _ET)),
        [{"si": CYBER, "entite": _ET, "secteur": s} for s in ("PA", "PH")],
        [{"si": s, "entite": _ET, "secteur": "PA et PH"} for s in (CYBER, ECARS)],
    ],
    ko=[_rows_of((ROR, _ET), (ANNEXE, _ET), (ROR, _ET))],
)
def couple_unique(lignes: list[Row]) -> Iterator[Fault]:
    """Un système d'information n'est saisi qu'une fois par entité.

    Un couple saisi deux fois compte double dans le taux du module.
    """
    for group in duplicates(lignes, "si", "secteur", "entite"):
        yield fault(*group, nombre=len(group))


@table_rule(
    "SI-022",
    AVERTISSEMENT,
    on=SI,
    columns=("si", "secteur", "entite"),
    title="Système de l'organisme compté plusieurs fois",
    message="pour {entite}, des lignes se recouvrent ({lignes}) : le même dépôt compterait "
    "plusieurs fois",
    fix="Gardez une ligne par système : « PA et PH » suffit à un organisme mixte ; « Import EPRD » "
    "et « Import ERRD » remplacent « Import EPRD et ERRD ».",
    expected="une seule ligne par système",
    source=Template("Classeur standard « CPOM socle » : une ligne par système et par entité"),
    ok=[
        [{"si": CYBER, "entite": _ET, "secteur": s} for s in ("PA", "PH")],
        [{"si": s, "entite": _ET, "secteur": "PA et PH"} for s in (EPRD, ERRD)],
        [{"si": EPRD_ERRD, "entite": _ET, "secteur": "PA"}],
        [{"si": CYBER, "entite": s, "secteur": "PA et PH"} for s in (_ET, _OTHER)],
        [{"si": EPRD_ERRD, "entite": _ET}, {"si": EPRD, "entite": _OTHER}],
        [{"si": None, "entite": _ET, "secteur": s} for s in ("PA", "PA et PH")],
        [{"si": CYBER, "secteur": s} for s in ("PA", "PA et PH")],
    ],
    ko=[
        [{"si": CYBER, "entite": _ET, "secteur": s} for s in ("PA et PH", "PH")],
        [{"si": EPRD_ERRD, "entite": _ET}, {"si": EPRD, "entite": _ET}],
        [{"si": EPRD_ERRD, "entite": _ET}, {"si": ERRD, "entite": _ET}],
    ],
)
def lignes_qui_se_recouvrent(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Une ligne commune aux deux secteurs, ou aux deux dépôts, n'est pas doublée d'une autre.

    Une ligne « PA et PH » compte une fois. « Import EPRD et ERRD », du premier modèle, vaut pour
    les deux dépôts qui ont depuis chacun leur ligne.
    """
    for group in grouper(lignes, "entite").values():
        for row in group:
            found = system(row, context)
            if found is None:
                continue
            codes = {found.code, *found.remplace_par}
            others = [
                other
                for other in group
                if other is not row
                and (told := system(other, context)) is not None
                and (
                    (told.code in found.remplace_par)
                    or (row.secteur == SHARED and other.secteur != SHARED and told.code in codes)
                )
            ]
            if others:
                names = dict.fromkeys(guillemets(one.si) for one in (row, *others))
                yield fault(row, *others, columns=("si", "secteur"), lignes=listing(names))


@table_rule(
    "SI-009",
    BLOQUANT,
    on=SI,
    columns=("entite", "si"),
    requires=("MOD-039",),
    title="Établissement d'un système absent du classeur",
    message="« {entite} » n'est pas un établissement du classeur, alors qu'il en faut un pour "
    "{systemes}",
    fix="Dans « FINESS ET ou dispositif », saisissez le numéro FINESS d'un établissement de la "
    "feuille « Établissements », ou ajoutez-y l'établissement.",
    expected="un numéro FINESS de la feuille « Établissements »",
    source=Guide(MODULE, "niveau de chaque système d'information"),
    ok=[
        [{"si": ROR, "entite": _ET, "@": {"etablissements": _RESIDENCE}}],
        [{"si": SCHEME, "entite": "PFR de Dijon", "@": {"etablissements": _RESIDENCE}}],
        [{"si": ROR, "entite": _OTHER}],
        [{"si": ROR, "@": {"etablissements": _RESIDENCE}}],
        [
            {
                "si": ROR,
                "entite": _OTHER,  # un numéro d'établissement manque : IDE le dit
                "@": {"etablissements": [*_RESIDENCE, {"raison_sociale": "EHPAD"}]},
            }
        ],
    ],
    ko=[
        [{"si": ROR, "entite": "EHPAD Les Tilleuls", "@": {"etablissements": _RESIDENCE}}],
        [
            {"si": ROR, "entite": _OTHER, "@": {"etablissements": _RESIDENCE}},
            {"si": ANNEXE, "entite": _OTHER},
        ],
    ],
)
def entite_connue(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un système rempli par établissement est rattaché à un établissement du classeur.

    Sans ce rattachement, ni la catégorie ni le secteur de la ligne ne peuvent être vérifiés. Les
    lignes d'un même établissement absent sont signalées ensemble.
    """
    known_rows = finess_du_contrat(context)
    if known_rows is None:
        return
    unknown: dict[str, list[Row]] = {}
    for row in lignes:
        if row.entite and row.entite not in known_rows and niveau(row, context) == "ET":
            unknown.setdefault(row.entite, []).append(row)
    for group in unknown.values():
        systemes = some((guillemets(row.si) for row in group), 2)
        yield fault(*group, columns=("entite",), systemes=systemes)


@rule(
    "SI-010",
    AVERTISSEMENT,
    on=SI,
    columns=("entite", "si"),
    title="Système de l'organisme rattaché à un autre numéro",
    message="« {entite} » n'est pas le FINESS EJ de l'organisme gestionnaire, alors que « {si} » "
    "se remplit à ce niveau",
    fix="Dans « FINESS ET ou dispositif », reprenez le FINESS EJ de la feuille « Identification ».",
    source=Guide(MODULE, "niveau de chaque système d'information"),
    ok=[
        {"si": CYBER, "entite": _ET, "@": {"identification": [{"finess_ej": _ET}]}},
        {"si": ROR, "entite": _OTHER, "@": {"identification": [{"finess_ej": _ET}]}},
        {"si": CYBER, "entite": _OTHER},
        {"si": CYBER, "@": {"identification": [{"finess_ej": _ET}]}},
    ],
    ko=[{"si": CYBER, "entite": _OTHER, "@": {"identification": [{"finess_ej": _ET}]}}],
)
def entite_de_l_organisme(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un système de l'organisme gestionnaire est rattaché à son FINESS EJ."""
    finess_ej = context.classeur.identification.finess_ej
    if not row.entite or not finess_ej or niveau(row, context) != "OG":
        return None
    return bool(row.entite == finess_ej) or fault(columns=("entite",))


@rule(
    "SI-017",
    BLOQUANT,
    on=SI,
    columns=("secteur", "entite", "si"),
    title="Secteur de la ligne différent de celui de l'établissement",
    message="« {si} » de {entite} est rattaché au secteur {secteur}, qui n'est pas celui de cet "
    "établissement",
    fix="Dans « Secteur », reprenez celui de l'établissement dans la feuille « Établissements ».",
    expected="le secteur de l'établissement",
    source=Guide(MODULE, "taux calculé par secteur"),
    ok=[
        {"si": ROR, "entite": _ET, "secteur": "PA", "@": {"etablissements": _RESIDENCE}},
        {"si": ROR, "entite": _ET, "@": {"etablissements": _RESIDENCE}},
        {"si": ROR, "entite": _OTHER, "secteur": "PH", "@": {"etablissements": _RESIDENCE}},
        {"si": SCHEME, "entite": _ET, "secteur": "PH", "@": {"etablissements": _RESIDENCE}},
        {
            "si": ROR,
            "entite": _ET,
            "secteur": "PA",  # secteur contraire à la catégorie : IDE
            "@": {"etablissements": [{"finess_et": _ET, "categorie": "500", "secteur": "PH"}]},
        },
    ],
    ko=[{"si": ROR, "entite": _ET, "secteur": "PH", "@": {"etablissements": _RESIDENCE}}],
)
def secteur_de_l_etablissement(row: Row, context: RuleContext) -> bool | Fault | None:
    """Le secteur de la ligne est celui de l'établissement.

    Une ligne rattachée au mauvais secteur fausse le taux des deux secteurs.
    """
    et = context.classeur.etablissements.get(row.entite)
    secteur = None
    if et is not None and not et.unread(("categorie",)):
        secteur = secteur_certain(et, context)
    if not row.secteur or not secteur or niveau(row, context) != "ET":
        return None
    return bool(row.secteur == secteur) or fault(columns=("secteur",))
