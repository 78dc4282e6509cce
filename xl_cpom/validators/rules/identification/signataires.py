"""IDE: who signs the contract and which authorities; the ESMS are in `esms`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from xl_cpom.identifiants import finess_troisieme_zero
from xl_cpom.typography import fold, visible
from xl_cpom.validators.declaration import reading_rule, rule, table_rule, workbook_rule
from xl_cpom.validators.facts.whole_workbook import (
    missing_esms,
    secteurs_de_la_fiche,
    secteurs_du_contrat,
    secteurs_encore_suivis,
    some,
)
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Guide, RuleSource, Usage
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ETABLISSEMENTS, IDENTIFICATION

_EHPAD, _IME = "210781456", "210099032"
_PA = {"finess_et": _EHPAD, "categorie": "500", "secteur": "PA", "autorite": "ARS + CD"}
_PH = {"finess_et": _IME, "categorie": "183", "secteur": "PH", "autorite": "ARS"}

reading_rule(
    "IDE-001",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.sheets.identification",),
    title="Numéro FINESS EJ absent",
    message="le numéro FINESS EJ de l'organisme gestionnaire est absent",
    fix="Saisissez dans « FINESS EJ » le numéro de l'entité juridique qui signe le CPOM.",
    expected="un numéro FINESS à 9 caractères",
    source=Guide("généralités", "identification de l'organisme gestionnaire"),
    doc="""Le numéro FINESS EJ dit qui signe le contrat.

    Sans lui, le retour ne peut être rattaché à aucun organisme gestionnaire ni rapproché de
    e-CARS.""",
)


@rule(
    "IDE-021",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("departement",),
    title="Département du siège inconnu",
    message="« {departement} » n'est pas le code d'un département français",
    fix="Saisissez dans « Département du siège » le code du département, sur deux ou trois "
    "caractères et au format texte (exemple : 01, 21, 2A, 971).",
    expected="un code de département",
    source=RuleSource("Insee, code officiel géographique", "connu"),
    ok=[{"departement": "21"}, {"departement": "2A"}, {}],
    ko=[{"departement": "1"}, {"departement": "Côte-d'Or"}],
)
def departement_du_siege(fiche: Row, context: RuleContext) -> bool | None:
    """Le département du siège est un code connu.

    Le siège peut être hors de la région, mais son code doit exister : « 1 » pour l'Ain a perdu
    son zéro dans Excel.
    """
    if not fiche.departement:
        return None
    return fiche.departement in context.referentiel.departements_france


@rule(
    "IDE-025",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("conseils_departementaux", "autorites"),
    title="Conseil départemental signataire non précisé",
    message="le CPOM est signé avec un conseil départemental, mais aucun n'est indiqué",
    fix="Saisissez dans « Conseils départementaux signataires » les codes des départements "
    "(exemple : 21 ; 39).",
    expected="au moins un code de département",
    source=Casf("L. 313-12-2"),
    ok=[
        {"autorites": "ARS + CD", "conseils_departementaux": "21"},
        {"autorites": "ARS"},
        {},
    ],
    ko=[{"autorites": "ARS + CD"}],
)
def conseils_departementaux_nommes(fiche: Row) -> bool | None:
    """Un CPOM signé avec un conseil départemental dit lequel.

    L'ARS doit savoir à quels conseils départementaux transmettre le suivi.
    """
    if not fiche.autorites:
        return None
    return "CD" not in fiche.autorites or bool(fiche.conseils_departementaux)


@rule(
    "IDE-026",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("autorites", "conseils_departementaux"),
    title="Conseil départemental absent des autorités signataires",
    message="l'ARS est la seule autorité signataire, mais « {conseils_departementaux} » figure "
    "parmi les conseils départementaux signataires",
    fix="Choisissez « ARS + CD » dans « Autorités signataires », ou videz « Conseils "
    "départementaux signataires ».",
    source=Usage("Cohérence de la fiche d'identification"),
    ok=[
        {"autorites": "ARS"},
        {"autorites": "ARS + CD", "conseils_departementaux": "21"},
        {"conseils_departementaux": "21"},
    ],
    ko=[{"autorites": "ARS", "conseils_departementaux": "21"}],
)
def conseils_departementaux_signataires(fiche: Row) -> bool | None:
    """Un conseil départemental nommé parmi les signataires figure aussi parmi les autorités."""
    if not fiche.autorites or not fiche.conseils_departementaux:
        return None
    return "CD" in fiche.autorites


_SEPARATORS = re.compile(r"[;,/\n]| et ")
_CODE_DEPARTEMENT = re.compile(r"\b(97\d|2[AB]|\d\d)\b", re.ASCII)


@table_rule(
    "IDE-027",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("conseils_departementaux",),
    title="Conseil départemental signataire non reconnu",
    message="« {inconnu} » n'est pas reconnu parmi les conseils départementaux signataires",
    fix="Saisissez dans « Conseils départementaux signataires » les codes des départements, "
    "séparés par un point-virgule (exemple : 21 ; 39).",
    expected="des codes de département",
    source=RuleSource("Insee, code officiel géographique", "connu"),
    ok=[
        [{"conseils_departementaux": "21 ; 39"}],
        [{"conseils_departementaux": "CD 21 et Jura"}],
        [{"conseils_departementaux": "1 ; 71"}],
        [{"conseils_departementaux": "Côte d'Or (21), 2A"}],
        [{}],
    ],
    ko=[
        [{"conseils_departementaux": "21 ; 99"}],
        [{"conseils_departementaux": "oui"}],
        [{"conseils_departementaux": "2139"}],
    ],
)
def codes_des_conseils_departementaux(fiches: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Les conseils départementaux signataires sont reconnus par leur code ou leur nom.

    Un code inconnu, ou deux codes collés, empêchent de savoir à qui transmettre le suivi.
    """
    departements = context.referentiel.departements_france
    names = [fold(departement.libelle) for departement in departements.values()]
    for fiche in fiches:
        for part in _SEPARATORS.split(fiche.conseils_departementaux or ""):
            text = part.strip()
            if len(text) == 1:  # « 1 » for 01: its zero was lost
                text = text.zfill(2)
            code = _CODE_DEPARTEMENT.search(text)
            known = code[1] in departements if code else any(n in fold(text) for n in names)
            if text and not known:
                yield fault(fiche, inconnu=visible(text, 40))


@workbook_rule(
    "IDE-028",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    sheets=(ETABLISSEMENTS,),
    columns=("autorites",),
    title="Autorité d'un ESMS absente des signataires",
    message="l'ARS est la seule signataire, mais l'autorisation de {esms} relève aussi d'un "
    "conseil départemental",
    fix="Choisissez « ARS + CD » dans « Autorités signataires », ou corrigez « Autorité "
    "compétente » dans la feuille « Établissements ».",
    expected="ARS + CD",
    source=Casf("L. 313-12-2 et L. 313-3"),
    ok=[
        {"identification": [{"autorites": "ARS + CD"}], "etablissements": [_PA]},
        {"identification": [{"autorites": "ARS"}], "etablissements": [_PH]},
        {"identification": [{"autorites": "ARS"}], "etablissements": [{**_PH, "autorite": None}]},
        {"identification": [{"autorites": "ARS"}], "etablissements": [{**_PH, "autorite": "CD"}]},
        {"etablissements": [_PA]},
        {
            "identification": [{"autorites": "ARS", "date_arrete": dt.date(2026, 12, 31)}],
            "etablissements": [{**_PA, "departement": "58"}],
        },
    ],
    ko=[
        {
            "identification": [{"autorites": "ARS", "date_arrete": dt.date(2027, 1, 1)}],
            "etablissements": [{**_PA, "departement": "58"}],
        },
        {"identification": [{"autorites": "ARS"}], "etablissements": [_PA, _PH]},
        {
            "identification": [{"autorites": "ARS"}],
            "etablissements": [{**_PH, "categorie": None, "autorite": "CD"}],
        },
    ],
)
def autorites_des_esms(context: RuleContext) -> Iterator[Fault]:
    """Le CPOM est signé par toutes les autorités qui ont autorisé les ESMS.

    Lorsque l'autorisation est conjointe, le président du conseil départemental est partie au
    contrat. Un ESMS dont l'autorité contredit la catégorie est signalé à part. Là où le forfait
    global unique des EHPAD est fixé par l'ARS seule (dans la Nièvre, du 1er juillet 2025 au
    31 décembre 2026), le conseil départemental ne signe que s'il le demande.
    """
    fiche = context.classeur.identification
    if not fiche.autorites or "CD" in fiche.autorites:
        return
    shared = [
        esms.finess_et or f"la ligne {esms.number}"
        for esms in context.classeur["etablissements"]
        if esms.autorite and "CD" in esms.autorite and _autorite_admise(esms, context)
        if not _forfait_unique(esms, context)
    ]
    if shared:
        yield fault(fiche, esms=some(shared, 3))


def _forfait_unique(esms: Row, context: RuleContext) -> bool:
    """Is the ESMS under the forfait global unique, which the ARS sets alone?"""
    where = {"departement": esms.departement or "", "categorie": esms.categorie or ""}
    return context.referentiel.reforme("FORFAIT_GLOBAL_UNIQUE", context.date, **where) is not None


def _autorite_admise(esms: Row, context: RuleContext) -> bool:
    categorie = context.referentiel.categories.get(esms.categorie) if esms.categorie else None
    admises = categorie.autorites_admises if categorie else frozenset()
    return not admises or esms.autorite in admises


@workbook_rule(
    "IDE-029",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    sheets=(ETABLISSEMENTS,),
    columns=("secteurs",),
    requires=("MOD-039",),
    title="Secteurs de la fiche différents de ceux des ESMS",
    message="la fiche annonce « {secteurs} », mais les ESMS du classeur relèvent de « {attendu} »",
    fix="Corrigez « Secteurs d'activité » dans la fiche, ou complétez la feuille "
    "« Établissements ».",
    expected="{attendu}",
    source=Guide("généralités", "secteurs d'activité"),
    ok=[
        {"identification": [{"secteurs": "PA et PH"}], "etablissements": [_PA, _PH]},
        {"identification": [{"secteurs": "PA"}], "etablissements": [_PA]},
        {"identification": [{"secteurs": "PA"}], "etablissements": [{**_PA, "secteur": "PH"}]},
        {"identification": [{"secteurs": "PA"}], "etablissements": [_PA, {"finess_et": _IME}]},
        {"identification": [{"secteurs": "PA"}]},
        {"etablissements": [_PA]},
        {
            "identification": [{"secteurs": "PA", "annee_n1": 2026, "annee_suivie": "N2"}],
            "etablissements": [_PA, {**_PH, "sorti_le": dt.date(2027, 6, 30)}],
        },
        {
            "identification": [{"secteurs": "PA et PH"}],
            "etablissements": [_PA, {**_PH, "sorti_le": dt.date(2027, 6, 30)}],
        },
        {
            "identification": [{"secteurs": "PA et PH"}],  # l'IME n'a plus sa ligne : MOD-039
            "etablissements": [_PA],
            "has": [{"finess_et": _IME}],
            "mesures": [{"finess_et": _IME}],
        },
    ],
    ko=[
        {"identification": [{"secteurs": "PA et PH"}], "etablissements": [_PA]},
        {"identification": [{"secteurs": "PA"}], "etablissements": [_PA, _PH]},
        {"identification": [{"secteurs": "PA"}], "etablissements": [_PH]},
    ],
)
def secteurs_des_esms(context: RuleContext) -> Iterator[Fault]:
    """Les secteurs de la fiche sont ceux des ESMS du classeur.

    Les indicateurs sont suivis par secteur : un secteur annoncé sans ESMS, ou un ESMS d'un secteur
    non annoncé, fausse la liste des taux attendus. Un secteur dont tous les ESMS sont sortis du
    contrat peut y figurer encore, ou non.
    """
    fiche = context.classeur.identification
    presents = secteurs_du_contrat(context)
    admitted = (presents, secteurs_encore_suivis(context))
    if not fiche.secteurs or not presents or secteurs_de_la_fiche(context) in admitted:
        return
    if missing_esms(context):
        return
    yield fault(fiche, attendu=" et ".join(sorted(presents)))


@rule(
    "IDE-030",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("referent_cpom",),
    title="Adresse électronique à la place du nom du référent CPOM",
    message="le nom du référent CPOM est une adresse électronique : « {referent_cpom} »",
    fix="Saisissez le nom du référent dans « Référent CPOM : nom », et son adresse dans "
    "« Référent CPOM : courriel ».",
    expected="un nom",
    source=Usage("Saisie de la fiche d'identification"),
    ok=[{"referent_cpom": "Camille Martin"}, {}],
    ko=[{"referent_cpom": "direction@exemple.fr"}],
)
def nom_du_referent(fiche: Row) -> bool | None:
    """Le référent CPOM est désigné par son nom, et non par une adresse.

    L'ARS doit savoir qui appeler ; l'adresse a sa propre cellule.
    """
    if not fiche.referent_cpom:
        return None
    return "@" not in fiche.referent_cpom


@rule(
    "IDE-041",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("finess_ej",),
    title="Troisième caractère du FINESS EJ différent de 0",
    message="le troisième caractère du FINESS EJ « {finess_ej} » n'est pas 0 : ce n'est sans doute "
    "pas un numéro FINESS",
    fix="Recopiez dans « FINESS EJ » le numéro qui figure dans FINESS : un SIREN a aussi neuf "
    "chiffres.",
    expected="deux caractères de département, puis 0",
    source=RuleSource("FINESS, construction du numéro (ANS, finess-plus)", "trouvé"),
    ok=[{"finess_ej": "210099008"}, {"finess_ej": "2A0000014"}, {}],
    ko=[{"finess_ej": "775672272"}],
)
def finess_ej_plausible(fiche: Row) -> bool | None:
    """Un numéro FINESS EJ commence par le département, puis un zéro.

    Un SIREN saisi à la place du FINESS EJ a neuf chiffres et peut avoir une clé juste : c'est son
    troisième chiffre qui le trahit.
    """
    return finess_troisieme_zero(fiche.finess_ej) if fiche.finess_ej else None
