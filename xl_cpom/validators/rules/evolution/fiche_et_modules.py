"""EVO: this return beside last year's. Here the fiche and the modules; the rows have their modules.

Without last year's return nothing is checked. The return of another organisme, or one that does
not come before, is told once and forbids every other comparison.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Guide, Usage
from xl_cpom.validators.year_pairs import (
    NO_COMPARISON,
    Pair,
    change,
    pair_rule,
    precedent,
    valeurs,
)
from xl_cpom.workbook.records import COMPULSORY, NON_LU, Row
from xl_cpom.workbook.register import MODULE, explained_by
from xl_cpom.workbook.sheets import (
    ACTIONS,
    ACTIVITE,
    DIFFICULTE,
    FRAGILITES,
    HAS,
    IDENTIFICATION,
    INDICATEURS,
    MESURES,
    MODULES,
    SI,
)

_SUIVI = Guide("suivi annuel", "les retours d'un CPOM se suivent d'année en année")
_COMPARAISON = Usage("Rapprochement avec le retour de l'année précédente")


def _fiches(**values: Any) -> dict[str, Any]:
    """An example whose two fiches differ by these columns: (last year, this year)."""
    return {
        "@precedent": {"identification": [{key: pair[0] for key, pair in values.items()}]},
        "identification": [{key: pair[1] for key, pair in values.items()}],
    }


def _fiche(context: RuleContext) -> Pair:
    return Pair(precedent(context).identification, context.classeur.identification)


@workbook_rule(
    "EVO-001",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("finess_ej",),
    scope=Scope.PRECEDENT,
    title="Retour précédent d'un autre organisme",
    message="le retour précédent est celui de l'organisme {avant}, et non de {apres} : rien n'est "
    "comparé",
    fix="Donnez le retour précédent du même organisme, ou corrigez le numéro FINESS EJ. S'il a "
    "changé (fusion, transfert), saisissez l'« Ancien FINESS EJ ».",
    expected="{avant}",
    source=_COMPARAISON,
    ok=[
        _fiches(finess_ej=("210099008", "210099008")),
        _fiches(finess_ej=(None, "210099008")),
        _fiches(finess_ej=("710099003", "210099008"), ancien_finess_ej=(None, "710099003")),
    ],
    ko=[
        _fiches(finess_ej=("710099003", "210099008")),
        _fiches(finess_ej=("710099003", "210099008"), ancien_finess_ej=(None, "390000131")),
    ],
)
def meme_organisme(context: RuleContext) -> Iterator[Fault]:
    """Le retour précédent est celui du même organisme gestionnaire.

    Comparer les retours de deux organismes n'a pas de sens : tout paraîtrait avoir changé. Aucune
    autre règle de comparaison n'est alors contrôlée.
    """
    pair = _fiche(context)
    followed = pair.apres.ancien_finess_ej in (pair.avant.finess_ej, NON_LU)
    if change(*pair, "finess_ej") and not followed:
        yield fault(pair.apres, **valeurs(pair, "finess_ej"))


@workbook_rule(
    "EVO-002",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("annee_suivie", "annee_n1"),
    scope=Scope.PRECEDENT,
    requires=("EVO-001",),
    title="Retour précédent non antérieur à celui-ci",
    message="le retour donné comme précédent porte sur {avant}, et celui-ci sur {apres} : rien "
    "n'est comparé",
    fix="Choisissez l'« Année suivie » de ce retour, ou donnez comme retour précédent celui de "
    "l'année d'avant.",
    expected="une année postérieure à {avant}",
    source=_SUIVI,
    ok=[
        _fiches(annee_suivie=("N1", "N2")),
        _fiches(annee_suivie=("N", "N1")),
        _fiches(annee_suivie=(None, "N2")),
    ],
    ko=[_fiches(annee_suivie=("N2", "N2")), _fiches(annee_suivie=("N3", "N2"))],
)
def precedent_anterieur(context: RuleContext) -> Iterator[Fault]:
    """Le retour précédent porte sur une année antérieure.

    Deux retours de la même année sont deux versions, et non deux étapes du suivi. Aucune autre
    règle de comparaison n'est alors contrôlée.
    """
    before, after = precedent(context).annee_suivie, context.classeur.annee_suivie
    if before is not None and after is not None and before >= after:
        fiche = context.classeur.identification
        yield fault(fiche, valeur=str(after), avant=str(before), apres=str(after))


@workbook_rule(
    "EVO-003",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("annee_suivie", "annee_n1"),
    scope=Scope.PRECEDENT,
    requires=(*NO_COMPARISON, "EVO-005"),
    title="Année sautée depuis le retour précédent",
    message="le retour précédent porte sur {avant} et celui-ci sur {apres} : {attendu} manque",
    fix="Vérifiez l'« Année suivie ». Si elle est juste, transmettez aussi le retour de l'année "
    "manquante.",
    expected="{attendu}",
    source=_SUIVI,
    ok=[_fiches(annee_suivie=("N1", "N2")), _fiches(annee_suivie=("N", "N1"))],
    ko=[_fiches(annee_suivie=("N1", "N3")), _fiches(annee_suivie=("N", "N4"))],
)
def annee_suivante(context: RuleContext) -> Iterator[Fault]:
    """L'année suivie est celle qui suit le retour précédent.

    Le dialogue de gestion a lieu chaque année : une année sautée est presque toujours une « Année
    suivie » mal choisie.
    """
    before, after = precedent(context).annee_suivie, context.classeur.annee_suivie
    if before is None or after is None or after <= before + 1:
        return
    missing = str(before + 1) if after == before + 2 else f"la période {before + 1}-{after - 1}"
    fiche = context.classeur.identification
    yield fault(fiche, valeur=str(after), avant=str(before), apres=str(after), attendu=missing)


_DATA = (ACTIONS, FRAGILITES, SI, HAS, MESURES, DIFFICULTE, ACTIVITE, INDICATEURS)
_ACTION = {"numero": "A1", "statut": "En cours", "avancement": 0.5}


@workbook_rule(
    "EVO-004",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("annee_suivie",),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Contenu identique au retour précédent",
    message="rien n'a changé depuis le retour précédent, hors la fiche d'identification",
    fix="Mettez à jour les statuts, les avancements et les taux de l'année suivie, ou transmettez "
    "le bon fichier.",
    expected="les données de l'année suivie",
    source=_SUIVI,
    ok=[
        {"@precedent": {"actions": [_ACTION]}, "actions": [{**_ACTION, "avancement": 0.6}]},
        {
            "@precedent": {"actions": [_ACTION]},
            "actions": [_ACTION],
            "fragilites": [{"numero": "F1"}],
        },
        {"@precedent": {}},
    ],
    ko=[{"@precedent": {"actions": [_ACTION]}, "actions": [_ACTION]}],
)
def donnees_a_jour(context: RuleContext) -> Iterator[Fault]:
    """Les données ont changé depuis le retour précédent.

    Un retour identique à celui de l'an dernier, à l'année près, est le plus souvent l'ancien
    fichier renvoyé par erreur. Toutes les feuilles de suivi sont comparées, mot pour mot.
    """
    now = [_saisies(context.classeur[sheet.key].rows) for sheet in _DATA]
    before = [_saisies(precedent(context)[sheet.key].rows) for sheet in _DATA]
    read = all(value is not NON_LU for rows in now for row in rows for value in row)
    filled = any(context.classeur[sheet.key].rows for sheet in (ACTIONS, FRAGILITES, MESURES))
    if filled and read and now == before:
        yield fault(context.classeur.identification)


def _saisies(rows: list[Row]) -> list[list[Any]]:
    """What was typed in these rows."""
    return [
        [row[column.key] for column in row.table.sheet.columns if column.is_entry] for row in rows
    ]


@workbook_rule(
    "EVO-005",
    BLOQUANT,
    on=IDENTIFICATION,
    columns=("annee_n1",),
    scope=Scope.PRECEDENT,
    requires=("EVO-001",),
    title="Première année du contrat (N1) modifiée",
    message="l'année N1 est passée de {avant} à {apres}",
    fix="Rétablissez l'année N1 du contrat : toutes les cibles et tous les résultats s'y "
    "rapportent.",
    expected="{avant}",
    source=Guide("généralités", "périodes N à N5"),
    ok=[_fiches(annee_n1=(2026, 2026), annee_suivie=("N1", "N2"))],
    ko=[_fiches(annee_n1=(2026, 2027), annee_suivie=("N1", "N1"))],
)
def annee_n1_stable(context: RuleContext) -> Iterator[Fault]:
    """La première année du contrat ne change pas.

    Décaler N1 décale les cibles et les résultats de toutes les années. Les cibles et les résultats
    ne sont alors pas comparés.
    """
    if change(*(pair := _fiche(context)), "annee_n1"):
        yield fault(pair.apres, **valeurs(pair, "annee_n1"))


@workbook_rule(
    "EVO-006",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("date_effet",),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Date d'effet du CPOM modifiée",
    message="la date d'effet du CPOM est passée du {avant} au {apres}",
    fix="Rétablissez la date d'effet du contrat signé. Une prorogation ne change que l'échéance.",
    expected="{avant}",
    source=Casf("L. 313-11"),
    ok=[
        _fiches(date_effet=(dt.date(2026, 1, 1), dt.date(2026, 1, 1))),
        _fiches(date_effet=(None, dt.date(2026, 1, 1))),
    ],
    ko=[_fiches(date_effet=(dt.date(2026, 1, 1), dt.date(2026, 7, 1)))],
)
def date_d_effet_stable(context: RuleContext) -> Iterator[Fault]:
    """La date d'effet du contrat ne change pas d'un retour à l'autre."""
    if change(*(pair := _fiche(context)), "date_effet"):
        yield fault(pair.apres, **valeurs(pair, "date_effet"))


@workbook_rule(
    "EVO-007",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("siren",),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="SIREN modifié pour un même FINESS EJ",
    message="le SIREN de l'organisme est passé de {avant} à {apres}",
    fix="Vérifiez le SIREN. S'il a changé (fusion, reprise), dites-le dans « Commentaire ou "
    "justification » et faites mettre FINESS à jour.",
    expected="{avant}",
    source=_COMPARAISON,
    ok=[_fiches(siren=("999000268", "999000268")), _fiches(siren=("999000268", None))],
    ko=[_fiches(siren=("999000268", "999000276"))],
)
def siren_stable(context: RuleContext) -> Iterator[Fault]:
    """Le SIREN d'un organisme dont le FINESS EJ n'a pas changé ne change pas non plus."""
    if change(*(pair := _fiche(context)), "siren"):
        yield fault(pair.apres, **valeurs(pair, "siren"))


@workbook_rule(
    "EVO-008",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("date_arrete",),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Date d'arrêté des données inchangée ou reculée",
    message="les données sont arrêtées au {apres}, alors que celles du retour précédent l'étaient "
    "déjà au {avant}",
    fix="Saisissez la date à laquelle les données de ce retour ont été constatées.",
    expected="une date postérieure au {avant}",
    source=_SUIVI,
    ok=[
        _fiches(date_arrete=(dt.date(2026, 12, 31), dt.date(2027, 12, 31))),
        _fiches(date_arrete=(dt.date(2026, 12, 31), None)),
    ],
    ko=[
        _fiches(date_arrete=(dt.date(2026, 12, 31), dt.date(2026, 12, 31))),
        _fiches(date_arrete=(dt.date(2026, 12, 31), dt.date(2026, 6, 30))),
    ],
)
def date_d_arrete_posterieure(context: RuleContext) -> Iterator[Fault]:
    """Les données sont arrêtées après celles du retour précédent.

    Une date qui n'a pas bougé est le plus souvent celle de l'an dernier, oubliée dans la fiche.
    """
    pair = _fiche(context)
    before, after = pair.avant.date_arrete, pair.apres.date_arrete
    if before and after and after <= before:
        yield fault(pair.apres, **valeurs(pair, "date_arrete"))


def _module(avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, Any]:
    return {
        "@precedent": {"modules": [{"code": "HAS", **avant}]},
        "modules": [{"code": "HAS", **apres}],
    }


@pair_rule(
    "EVO-009",
    AVERTISSEMENT,
    on=MODULES,
    columns=("actif", "numero_avenant"),
    title="Module à la carte désactivé depuis le retour précédent",
    message="le module « {libelle} » était actif dans le retour précédent et ne l'est plus",
    fix="Choisissez « Oui » dans « Actif », ou inscrivez dans la feuille « Avenants » celui qui "
    "retire le module, et son numéro ici.",
    expected="Oui",
    source=Guide("système de modules", "cinq modules obligatoires, trois à la carte"),
    ok=[
        _module({"actif": "Oui"}, {"actif": "Oui"}),
        _module({"actif": "Non"}, {"actif": "Non"}),
        _module({"actif": "Non"}, {"actif": "Oui"}),
        _module({"actif": "Oui"}, {"actif": "Non", "numero_avenant": "2"}),
        {
            **_module({"actif": "Oui"}, {"actif": "Non"}),
            "avenants": [{"objet": "module activé ou retiré", "concerne": "HAS"}],
        },
    ],
    ko=[
        _module({"actif": "Oui"}, {"actif": "Non"}),
        _module({"actif": "Oui", "numero_avenant": "1"}, {"actif": "Non", "numero_avenant": "1"}),
    ],
)
def module_maintenu(avant: Row, apres: Row, context: RuleContext) -> bool:
    """Un module à la carte inscrit au contrat y reste, sauf avenant.

    Retirer un module fait disparaître ses taux : il faut un nouvel avenant. Un module obligatoire
    marqué « Non » est signalé à part.
    """
    retired = avant.actif == "Oui" and apres.actif == "Non" and apres.statut != COMPULSORY
    if not retired or explained_by(context.classeur, MODULE, apres.code):
        return True
    return bool(apres.numero_avenant and apres.numero_avenant != avant.numero_avenant)
