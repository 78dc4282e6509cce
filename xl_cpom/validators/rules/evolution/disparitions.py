"""EVO: records that vanished, appeared, or changed their number since last year's return."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from xl_cpom.typography import fold, visible
from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.model import AVERTISSEMENT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Casf, Guide
from xl_cpom.validators.year_pairs import (
    NO_COMPARISON,
    at_the_header,
    disparues,
    guessed_numbers,
    nouvelles,
    pair_rule,
    ressemble,
    without_precedent,
)
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.register import PERIMETRE, REGISTER_SINCE, explained_by
from xl_cpom.workbook.sheets import ACTIONS, ETABLISSEMENTS, FRAGILITES, HAS

_PLAN = Annexe("AVANCEMENT", "taux d'avancement du plan d'actions")
_PLAN_A_CONFIRMER = Annexe("AVANCEMENT", "taux d'avancement du plan d'actions", bloque=True)
_A1 = {
    "numero": "A1",
    "module": "TRANSFO",
    "secteur": "PA",
    "intitule": "Ouvrir une plateforme de services aux seniors",
}
_A2 = {
    "numero": "A2",
    "module": "TRANSFO",
    "secteur": "PA",
    "intitule": "Former les équipes à l'accompagnement",
}
_AVENANT_WORDS = re.compile(r"\b(?:avenants?|arretes?)\b")
"""« Les données sont arrêtées » is no arrêté."""


def deux_ans(feuille: str, avant: Iterable[Any], apres: Iterable[Any], **fiche: Any) -> Any:
    """An example: the rows of a sheet last year and this year, and the fiche of this year."""
    return {"@precedent": {feuille: list(avant)}, feuille: list(apres), "identification": [fiche]}


@pair_rule(
    "EVO-011",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("numero", "intitule"),
    title="Numéro d'action donné à une autre action",
    message="le numéro {numero} désignait une autre action dans le retour précédent : « {ancien} »",
    fix="Rendez à chaque action son numéro d'origine : il ne change pas d'une année à l'autre. Une "
    "action nouvelle prend un numéro nouveau.",
    expected="{ancien}",
    source=_PLAN,
    ok=[
        deux_ans(
            "actions",
            [_A1],
            [{**_A1, "intitule": "Ouvrir la plateforme de services aux seniors de la Tille"}],
        ),
        deux_ans("actions", [_A1], [{**_A1, "intitule": None}]),
        deux_ans("actions", [{**_A1, "intitule": "Forum"}], [{**_A1, "intitule": "Forêt"}]),
        deux_ans("actions", [_A1], [_A1, _A2]),
    ],
    ko=[
        deux_ans("actions", [_A1], [{**_A2, "numero": "A1"}]),
        deux_ans("actions", [_A1, _A2], [{**_A1, "numero": "A2"}, {**_A2, "numero": "A1"}]),
    ],
)
def numero_d_action_stable(avant: Row, apres: Row) -> bool | Fault:
    """Le numéro d'une action désigne la même action d'une année à l'autre.

    Une action renumérotée ne peut plus être suivie : son statut, son avancement et son échéance ne
    sont pas comparés. Un intitulé précisé ou corrigé n'est pas signalé.
    """
    if ressemble(avant.intitule, apres.intitule):
        return True
    return fault(ancien=visible(avant.intitule, 70))


@workbook_rule(
    "EVO-010",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("numero", "intitule"),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Action disparue du plan",
    message="{nom_action} était dans le retour précédent et n'est plus dans le plan",
    fix="Rétablissez la ligne de l'action, au besoin « Abandonnée » avec la référence de "
    "l'avenant. Si un avenant l'a retirée, inscrivez-le dans « Avenants » (objet « action "
    "retirée », concerne {numero}).",
    expected="{nom_action}",
    source=_PLAN_A_CONFIRMER,
    ok=[
        deux_ans("actions", [_A1], [_A1, _A2]),
        deux_ans("actions", [_A1, _A2], [_A1, {**_A2, "numero": "A3"}]),
        deux_ans("actions", [_A1, _A2], [_A1, {**_A2, "numero": None}]),
        {
            **deux_ans("actions", [_A1, _A2], [_A1]),
            "avenants": [{"numero": "2", "objet": "action retirée", "concerne": "A2 ; A7"}],
        },
    ],
    ko=[
        deux_ans("actions", [_A1, _A2], [_A1]),
        {
            **deux_ans("actions", [_A1, _A2], [_A1]),
            "avenants": [{"numero": "2", "objet": "action retirée", "concerne": "A7"}],
        },
        deux_ans("actions", [_A1], []),
        deux_ans("actions", [_A1, _A2], [_A1, {**_A2, "numero": "A3", "intitule": None}]),
    ],
)
def actions_conservees(context: RuleContext) -> Iterator[Fault]:
    """Une action du contrat reste dans le plan jusqu'à la fin du contrat.

    Une action qui disparaît quitte le dénominateur du taux d'avancement sans avenant. Une action
    qui a seulement changé de numéro est signalée à part.
    """
    for row in _perdues(context, ACTIONS, "intitule", ("module", "secteur")):
        yield _perdue(context, row, "intitule")


@workbook_rule(
    "EVO-017",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("numero",),
    scope=Scope.PRECEDENT,
    requires=(*NO_COMPARISON, "EVO-011"),
    title="Action renumérotée",
    message="{nom_action} portait le numéro {ancien} dans le retour précédent",
    fix="Rendez à l'action son numéro {ancien}.",
    expected="{ancien}",
    source=_PLAN,
    ok=[deux_ans("actions", [_A1, _A2], [_A1, _A2]), deux_ans("actions", [_A1], [_A1, _A2])],
    ko=[deux_ans("actions", [_A1, _A2], [_A1, {**_A2, "numero": "A3"}])],
)
def actions_non_renumerotees(context: RuleContext) -> Iterator[Fault]:
    """Une action garde son numéro d'une année à l'autre.

    L'intitulé est le même et le numéro a changé : l'action ne peut plus être rapprochée de ce
    qu'elle était l'an dernier.
    """
    news = nouvelles(context, ACTIONS)
    for before in disparues(context, ACTIONS):
        after = _retrouvee(before, news, "intitule", ("module", "secteur"))
        if after is not None:
            yield fault(after, ancien=before.numero)


_F1 = {"numero": "F1", "secteur": "PA", "description": "Recours élevé à l'intérim soignant"}


@workbook_rule(
    "EVO-012",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("numero", "description"),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Point de fragilité disparu",
    message="{nom_point} était dans le retour précédent et n'est plus dans la feuille",
    fix="Rétablissez sa ligne, avec le statut « Résolu » ou « Sans objet » s'il n'est plus à "
    "suivre.",
    expected="le point {numero}",
    source=Guide("Efficience des organisations", "taux de résolution des points de fragilité"),
    ok=[
        deux_ans("fragilites", [_F1], [{**_F1, "statut": "Résolu"}]),
        deux_ans("fragilites", [_F1], [{**_F1, "numero": "F9"}]),
    ],
    ko=[
        deux_ans("fragilites", [_F1], []),
        deux_ans("fragilites", [_F1], [{"numero": "F2", "description": "Locaux vétustes"}]),
    ],
)
def fragilites_conservees(context: RuleContext) -> Iterator[Fault]:
    """Un point de fragilité repéré reste dans la feuille, même résolu.

    Un point résolu qui disparaît ne compte plus dans le taux de résolution.
    """
    for row in _perdues(context, FRAGILITES, "description", ()):
        yield _perdue(context, row, "description")


_EVAL = dt.date(2026, 3, 14)
_CRITERE = {"finess_et": "210781456", "date_evaluation": _EVAL, "critere": "2.2.3"}


@workbook_rule(
    "EVO-014",
    AVERTISSEMENT,
    on=HAS,
    columns=("critere", "finess_et", "date_evaluation"),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Critère sous le seuil disparu",
    message="le critère {critere} de l'établissement {finess_et} (évaluation du {date_evaluation}) "
    "n'est plus dans la feuille",
    fix="Rétablissez la ligne du critère : une action d'amélioration réalisée reste dans le plan.",
    expected="le critère {critere}",
    source=Guide("Évaluation HAS", "taux d'avancement du plan d'amélioration"),
    ok=[
        deux_ans("has", [_CRITERE], [_CRITERE]),
        deux_ans(
            "has",
            [_CRITERE],
            [{**_CRITERE, "critere": "1.1.1", "date_evaluation": dt.date(2027, 3, 1)}],
        ),
    ],
    ko=[
        deux_ans("has", [_CRITERE], []),
        deux_ans("has", [_CRITERE], [{**_CRITERE, "critere": "1.1.1"}]),
    ],
)
def criteres_conserves(context: RuleContext) -> Iterator[Fault]:
    """Un critère sous le seuil reste dans la feuille tant que l'évaluation est la dernière.

    Une évaluation plus récente du même établissement remplace l'ancienne : rien n'est alors
    signalé.
    """
    after = context.classeur["has"]
    for row in disparues(context, HAS):
        newer = any(
            r.finess_et == row.finess_et and r.date_evaluation > row.date_evaluation for r in after
        )
        if not newer:
            yield fault(at_the_header(row, after))


_ET_NUMBER = "210781456"
_ET = {"finess_et": _ET_NUMBER, "raison_sociale": "EHPAD de la Tille"}
_OTHER = {"finess_et": "710976507", "raison_sociale": "EHPAD du Charolais"}


@workbook_rule(
    "EVO-015",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et", "raison_sociale"),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Établissement disparu du classeur",
    message="l'établissement {finess_et} était dans le retour précédent et n'est plus dans la "
    "feuille",
    fix="Rétablissez sa ligne. S'il a quitté le CPOM, saisissez « Sorti du CPOM le », le motif et "
    "l'avenant : plus rien ne lui sera demandé ensuite.",
    expected="l'établissement {finess_et}",
    source=Casf("L. 313-12 et L. 313-12-2"),
    ok=[
        deux_ans("etablissements", [_ET], [_ET, _OTHER]),
        {
            **deux_ans("etablissements", [_ET, _OTHER], [_ET]),
            "avenants": [{"numero": "2", "objet": "périmètre", "concerne": "710976507"}],
        },
        deux_ans("etablissements", [_OTHER], [{**_ET, "ancien_finess_et": "710976507"}]),
        deux_ans("etablissements", [_ET, _OTHER], [_ET, {"raison_sociale": "EHPAD"}]),
        {
            **deux_ans(
                "etablissements",
                [_ET, _OTHER],
                [_ET],
                commentaire="Avenant n° 2 : l'EHPAD du Charolais est cédé.",
            ),
            "@versions": ("2026.1",),
        },
    ],
    ko=[
        deux_ans("etablissements", [_ET, _OTHER], [_ET]),
        deux_ans("etablissements", [_ET, _OTHER], [_ET], commentaire="Avenant n° 2 : cédé."),
        {**deux_ans("etablissements", [_ET, _OTHER], [_ET]), "@versions": ("2026.1",)},
    ],
)
def etablissements_conserves(context: RuleContext) -> Iterator[Fault]:
    """Un établissement du contrat y reste, sauf avenant ou fermeture.

    Le périmètre du CPOM ne change que par avenant. L'établissement qui sort garde sa ligne, avec sa
    date de sortie : ses actions, ses critères et ses mesures gardent leur histoire. Dans un retour
    fait sur le modèle 2026.1, qui n'a pas ces colonnes, l'avenant se cite dans le commentaire de la
    fiche.
    """
    if _by_avenant(context, context.classeur.identification):
        return
    for row in disparues(context, ETABLISSEMENTS):
        yield _perdue(context, row, "raison_sociale")


@workbook_rule(
    "EVO-016",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et",),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Établissement apparu sans avenant",
    message="l'établissement {finess_et} n'était pas dans le retour précédent",
    fix="Vérifiez son numéro. S'il est entré dans le CPOM, saisissez « Entré dans le CPOM le », le "
    "motif et l'avenant ; s'il a changé de numéro, son « Ancien FINESS ET ».",
    expected="un établissement du retour précédent, ou la référence de l'avenant",
    source=Casf("L. 313-12 et L. 313-12-2"),
    ok=[
        deux_ans("etablissements", [_ET, _OTHER], [_ET]),
        deux_ans("etablissements", [_ET], [_ET, {**_OTHER, "entre_le": dt.date(2027, 3, 1)}]),
        {
            **deux_ans("etablissements", [_ET], [_ET, _OTHER]),
            "avenants": [{"numero": "2", "objet": "périmètre", "concerne": "710976507"}],
        },
        deux_ans("etablissements", [_ET, {"raison_sociale": "EHPAD"}], [_ET, _OTHER]),
        {
            **deux_ans("etablissements", [_ET], [_ET, {**_OTHER, "commentaire": "Avenant n° 2"}]),
            "@versions": ("2026.1",),
        },
    ],
    ko=[
        deux_ans("etablissements", [_ET], [_ET, _OTHER]),
        deux_ans("etablissements", [_ET], [_ET, {**_OTHER, "commentaire": "Avenant n° 2"}]),
        {
            **deux_ans(
                "etablissements", [_ET], [_ET, {**_OTHER, "commentaire": "Données arrêtées"}]
            ),
            "@versions": ("2026.1",),
        },
    ],
)
def etablissements_nouveaux(context: RuleContext) -> Iterator[Fault]:
    """Un établissement n'entre dans le contrat que par avenant.

    Un numéro qui apparaît peut aussi être celui d'un établissement déjà présent, mal saisi.
    """
    for row in nouvelles(context, ETABLISSEMENTS):
        told = row.entre_le is not None or explained_by(context.classeur, PERIMETRE, row.finess_et)
        if not told and not _by_avenant(context, row):
            yield fault(row)


@workbook_rule(
    "EVO-038",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("finess_et", "ancien_finess_et"),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Numéro FINESS d'un ESMS changé sans le dire",
    message="l'établissement {finess_et} portait le numéro {ancien} dans le retour précédent, sans "
    "que le changement soit dit",
    fix="Corrigez le numéro. S'il a changé, saisissez l'ancien dans « Ancien FINESS ET » et le "
    "motif « changement de numéro », et citez l'arrêté dans « Commentaire ou justification ».",
    expected="{ancien}",
    source=Casf("L. 313-1"),
    ok=[
        deux_ans("etablissements", [{**_ET, "categorie": "500"}], [{**_ET, "categorie": "500"}]),
        deux_ans(
            "etablissements",
            [{**_ET, "categorie": "500"}],
            [{**_ET, "categorie": "500", "finess_et": "390000131", "ancien_finess_et": _ET_NUMBER}],
        ),
        deux_ans(
            "etablissements",
            [{**_ET, "categorie": "500"}],
            [{**_ET, "categorie": "202", "finess_et": "390000131"}],
        ),
        deux_ans(
            "etablissements",
            [{"finess_et": _ET_NUMBER, "categorie": "500"}],
            [{"finess_et": "390000131", "categorie": "500"}],
        ),
        deux_ans(
            "etablissements",
            [{**_ET, "categorie": "500"}],
            [
                {**_ET, "categorie": "500", "sorti_le": dt.date(2027, 6, 30)},
                {**_ET, "categorie": "500", "finess_et": "390000131"},
            ],
        ),
        deux_ans(
            "etablissements",
            [{**_ET, "categorie": "500"}, {**_OTHER, "categorie": "500"}],
            [
                {
                    **_ET,
                    "categorie": "500",
                    "finess_et": "390000131",
                    "ancien_finess_et": "710976507",
                },
            ],
        ),
        {
            **deux_ans(
                "etablissements",
                [{**_ET, "categorie": "500"}],
                [{**_ET, "categorie": "500", "finess_et": "390000131"}],
            ),
            "avenants": [{"numero": "2", "objet": "périmètre", "concerne": _ET_NUMBER}],
        },
        deux_ans(
            "etablissements",
            [{**_ET, "categorie": "500"}, {**_ET, "categorie": "500", "finess_et": "390000131"}],
            [{**_ET, "categorie": "500", "finess_et": "390000131"}],
        ),
        deux_ans(
            "etablissements",
            [{**_ET, "categorie": "500"}],
            [
                {**_OTHER, "ancien_finess_et": _ET_NUMBER},
                {**_ET, "categorie": "500", "finess_et": "390000131"},
            ],
        ),
    ],
    ko=[
        deux_ans(
            "etablissements",
            [{**_ET, "categorie": "500"}],
            [{**_ET, "categorie": "500", "finess_et": "390000131"}],
        )
    ],
)
def numero_change_dit(context: RuleContext) -> Iterator[Fault]:
    """Un ESMS dont le numéro change le dit : son histoire le suit sous le nouveau.

    Même raison sociale et même catégorie sous deux numéros : ses lignes sont rapprochées, et seul
    le changement est signalé.
    """
    for old, new in guessed_numbers(context).items():
        yield fault(context.classeur.etablissements[new], ancien=old)


def _by_avenant(context: RuleContext, row: Row) -> bool:
    """On a template without register: does the comment speak of an avenant or of an arrêté?

    It may when it was not read.
    """
    if context.classeur.offers(REGISTER_SINCE):
        return False
    comment = row.commentaire
    if comment is NON_LU:
        return True
    return isinstance(comment, str) and _AVENANT_WORDS.search(fold(comment)) is not None


def _perdues(
    context: RuleContext, sheet: Sheet, texte: str, autres: tuple[str, ...]
) -> Iterator[Row]:
    """Last year's records that are gone, those found again under another number left out.

    None is told when a new record is not read: it may be the one that is gone.
    """
    news = without_precedent(context, sheet)
    for row in disparues(context, sheet):
        doubtful = news and any(one.unread((texte, *autres)) for one in (row, *news))
        if not doubtful and _retrouvee(row, news, texte, autres) is None:
            yield row


def _retrouvee(row: Row, news: Iterable[Row], texte: str, autres: tuple[str, ...]) -> Row | None:
    """The new record that says the same thing as a vanished one."""
    wanted = row[texte]
    for new in news:
        same = isinstance(wanted, str) and isinstance(new[texte], str)
        if same and fold(wanted) == fold(new[texte]) and all(row[k] == new[k] for k in autres):
            return new
    return None


def _perdue(context: RuleContext, row: Row, texte: str) -> Fault:
    table = context.classeur[row.table.sheet.key]
    said = row[texte] if isinstance(row[texte], str) else "sans intitulé"
    return fault(at_the_header(row, table), ancien=visible(said, 70))
