"""MOD: the plan as a whole: how many actions, which ones are said twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from xl_cpom.typography import visible
from xl_cpom.validators.declaration import rule, table_rule
from xl_cpom.validators.facts.groups import duplicates, grouper
from xl_cpom.validators.facts.whole_workbook import some, the_rows
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Logical, Template, Usage
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIONS, FRAGILITES

_LIMIT = Guide("types d'actions des modules", "« 5 au maximum par secteur d'activité »")
_LANDMARK = Template("Suivi d'une action ou d'un point d'une année à l'autre par son numéro")
_TYPES = (
    "Autodétermination",
    "Transformation du secteur PSH – Enfant, Jeunes et Adultes",
    "Actions d'inclusion scolaire en milieu ordinaire",
    "Actions en lien à la transition liée à l'âge",
    "Évolution des pratiques professionnelles",
    "Prise en compte des aidants",
)


def _plan(types: Sequence[str], **values: str) -> list[dict[str, str]]:
    """One action for each type, for the examples."""
    common = {"module": "TRANSFO", "secteur": "PH", "statut": "En cours"}
    return [
        {"numero": f"A{i}", "type_action": type_action, **common, **values}
        for i, type_action in enumerate(types, start=1)
    ]


def _by_module_and_secteur(rows: Sequence[Row], context: RuleContext) -> list[list[Row]]:
    """The actions kept in the plan, by (module, secteur), for the modules that have a limit."""
    limited = context.parameter("modules_limites")
    out = context.parameter("statuts_action_exclus")
    kept = [row for row in rows if row.module in limited and row.statut not in out]
    return list(grouper(kept, "module", "secteur").values())


def _types(rows: Sequence[Row]) -> set[str]:
    return {row.type_action for row in rows if row.type_action}


@table_rule(
    "MOD-003",
    BLOQUANT,
    on=ACTIONS,
    columns=("type_action", "module", "secteur", "statut"),
    title="Plus de cinq types d'action par module et par secteur",
    message="le module « {libelle} » compte {nombre} types d'action pour le secteur {secteur}",
    fix="Gardez {maximum} types d'action au plus par module et par secteur : donnez le même « Type "
    "d'action » à des actions proches, ou retirez celles qui ne sont pas au contrat.",
    expected="{maximum} types d'action au plus",
    source=_LIMIT,
    ok=[
        _plan(_TYPES[:5]),
        _plan((*_TYPES[:5], _TYPES[0])),
        [*_plan(_TYPES[:5]), *_plan(_TYPES[5:], statut="Abandonnée")],
        [*_plan(_TYPES[:5]), *_plan(_TYPES[5:], secteur="PA")],
        _plan(_TYPES, module="HAS"),
    ],
    ko=[_plan(_TYPES), _plan(_TYPES, statut="À démarrer")],
)
def cinq_types_par_secteur(actions: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un module retient cinq types d'action au plus par secteur.

    Le guide écrit « type d'actions à mettre en place (5 au maximum par secteur d'activité) ». Les
    actions abandonnées ou sans objet ne sont pas comptées.
    """
    maximum = context.parameter("max_types_par_secteur")
    for group in _by_module_and_secteur(actions, context):
        if len(_types(group)) > maximum:
            yield fault(
                *group,
                columns=("type_action",),
                libelle=context.referentiel.modules[group[0].module].libelle,
                nombre=str(len(_types(group))),
                maximum=str(maximum),
            )


@table_rule(
    "MOD-021",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("numero", "module", "secteur", "statut", "type_action"),
    title="Plus de cinq actions par module et par secteur",
    message="le module « {libelle} » compte {nombre} actions pour le secteur {secteur}",
    fix="Justifiez leur nombre dans « Commentaire ou justification ». Avant la signature "
    "seulement, retenez {maximum} actions prioritaires : une action du contrat ne se retire "
    "que par avenant.",
    expected="{maximum} actions au plus",
    source=_LIMIT,
    ok=[
        _plan(_TYPES[:5]),
        _plan((*_TYPES[:4], _TYPES[0])),
        _plan(_TYPES),
        [*_plan(_TYPES[:5]), *_plan(_TYPES[:1], statut="Sans objet")],
    ],
    ko=[_plan((*_TYPES[:5], _TYPES[0])), _plan(_TYPES[:1] * 6)],
)
def cinq_actions_par_secteur(actions: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un module retient en principe cinq actions au plus par secteur.

    Le guide peut se lire ainsi : cinq types, donc cinq actions. Un sixième type est signalé à
    part.
    """
    maximum = context.parameter("max_actions_par_secteur")
    for group in _by_module_and_secteur(actions, context):
        trop_de_types = len(_types(group)) > context.parameter("max_types_par_secteur")
        if len(group) > maximum and not trop_de_types:
            yield fault(
                *group,
                columns=("numero",),
                libelle=context.referentiel.modules[group[0].module].libelle,
                nombre=str(len(group)),
                maximum=str(maximum),
            )


_TITLE = {"module": "TRANSFO", "secteur": "PA", "intitule": "Former les équipes de nuit"}
_BIS_TITLE = {**_TITLE, "intitule": "former les équipes  de NUIT"}
_TILLE, _CHAROLAIS = "210781456", "710976507"


@table_rule(
    "MOD-008",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("intitule", "module", "secteur", "finess_et"),
    requires=("MOD-023",),
    title="Même intitulé pour plusieurs actions",
    message="les actions {actions} ont le même intitulé : « {intitule_commun} »",
    fix="Distinguez-les dans « Intitulé », ou supprimez l'action saisie deux fois.",
    expected="un intitulé par action",
    source=Usage("Lisibilité du plan d'actions"),
    ok=[
        [{"numero": "A1", **_TITLE}, {"numero": "A2", **_TITLE, "secteur": "PH"}],
        [{"numero": "A1", **_TITLE}, {"numero": "A2", **_TITLE, "module": "PREVENTION"}],
        [
            {"numero": "A1", **_TITLE, "finess_et": (_TILLE,)},
            {"numero": "A2", **_TITLE, "finess_et": (_CHAROLAIS,)},
        ],
        [
            {"numero": "A1", "module": "TRANSFO", "secteur": "PA"},
            {"numero": "A2", "module": "TRANSFO", "secteur": "PA"},
        ],
    ],
    ko=[
        [{"numero": "A1", **_TITLE}, {"numero": "A2", **_BIS_TITLE}],
        [
            {"numero": "A1", **_TITLE, "finess_et": (_TILLE, _CHAROLAIS)},
            {"numero": "A2", **_TITLE, "finess_et": (_CHAROLAIS, _TILLE)},
        ],
    ],
)
def intitules_distincts(actions: list[Row]) -> Iterator[Fault]:
    """Deux actions du même module, du même secteur et des mêmes ESMS ont des intitulés distincts.

    Une action saisie deux fois compterait deux fois dans le taux d'avancement.
    """
    for same_title in duplicates(actions, "module", "secteur", "intitule"):
        by_esms: dict[frozenset[str], list[Row]] = {}
        for action in same_title:
            by_esms.setdefault(frozenset(action.finess_et or ()), []).append(action)
        for group in by_esms.values():
            if len(group) > 1:
                yield fault(
                    *group,
                    columns=("intitule",),
                    actions=_landmarks(group),
                    intitule_commun=visible(group[0].intitule, 90),
                )


_POINT = {"secteur": "PA", "description": "Recours élevé à l'intérim soignant"}


@table_rule(
    "MOD-037",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("description", "secteur", "finess_et"),
    title="Même description pour plusieurs points de fragilité",
    message="les points de fragilité {points} ont la même description : « {texte} »",
    fix="Distinguez-les dans « Description », ou supprimez le point saisi deux fois.",
    expected="une description par point",
    source=Usage("Lisibilité du diagnostic"),
    ok=[
        [{"numero": "F1", **_POINT}, {"numero": "F2", **_POINT, "secteur": "PH"}],
        [
            {"numero": "F1", **_POINT, "finess_et": (_TILLE,)},
            {"numero": "F2", **_POINT, "finess_et": (_CHAROLAIS,)},
        ],
        [{"numero": "F1", "secteur": "PA"}, {"numero": "F2", "secteur": "PA"}],
    ],
    ko=[[{"numero": "F1", **_POINT}, {"numero": "F2", **_POINT}]],
)
def descriptions_distinctes(points: list[Row]) -> Iterator[Fault]:
    """Deux points de fragilité du même secteur et des mêmes ESMS ont des descriptions distinctes.

    Un point saisi deux fois compterait deux fois dans le taux de résolution.
    """
    for same in duplicates(points, "secteur", "description"):
        by_esms: dict[frozenset[str], list[Row]] = {}
        for point in same:
            by_esms.setdefault(frozenset(point.finess_et or ()), []).append(point)
        for group in by_esms.values():
            if len(group) > 1:
                yield fault(
                    *group,
                    columns=("description",),
                    points=_landmarks(group),
                    texte=visible(group[0].description, 90),
                )


def _landmarks(rows: Sequence[Row]) -> str:
    return some(visible(row.numero, 20) if row.numero else "sans numéro" for row in rows)


@table_rule(
    "MOD-023",
    BLOQUANT,
    on=ACTIONS,
    columns=("numero",),
    title="Même numéro pour plusieurs actions",
    message="le numéro {numero} désigne {nombre} actions ({lignes})",
    fix="Donnez dans « N° » un numéro différent à chaque action, sans changer ceux de l'an passé.",
    expected="un numéro par action",
    source=_LANDMARK,
    ok=[[{"numero": "A1"}, {"numero": "A2"}], [{}, {}]],
    ko=[[{"numero": "A1"}, {"numero": "A1"}], [{"numero": "A1"}, {"numero": "a1"}]],
)
def numeros_d_action_uniques(actions: list[Row]) -> Iterator[Fault]:
    """Chaque action a son numéro.

    C'est par lui qu'une action est suivie d'une année à l'autre et liée aux points de fragilité.
    """
    for group in duplicates(actions, "numero"):
        yield fault(*group, nombre=str(len(group)), lignes=the_rows(group))


@table_rule(
    "MOD-024",
    BLOQUANT,
    on=FRAGILITES,
    columns=("numero",),
    title="Même numéro pour plusieurs points de fragilité",
    message="le numéro {numero} désigne {nombre} points de fragilité ({lignes})",
    fix="Donnez dans « N° » un numéro différent à chaque point, sans changer ceux de l'an passé.",
    expected="un numéro par point de fragilité",
    source=_LANDMARK,
    ok=[[{"numero": "F1"}, {"numero": "F2"}], [{}, {}]],
    ko=[[{"numero": "F1"}, {"numero": "F1"}], [{"numero": "F1"}, {"numero": "f1"}]],
)
def numeros_de_point_uniques(points: list[Row]) -> Iterator[Fault]:
    """Chaque point de fragilité a son numéro, par lequel il est suivi d'une année à l'autre."""
    for group in duplicates(points, "numero"):
        yield fault(*group, nombre=str(len(group)), lignes=the_rows(group))


@rule(
    "MOD-031",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("numero_action", "statut"),
    while_present=True,
    title="Point de fragilité sans action liée",
    message="{nom_point} est « {statut} », mais aucune action ne lui répond",
    fix="Saisissez dans « N° de l'action liée » le numéro de l'action du plan qui y répond.",
    expected="le numéro d'une action",
    source=Guide("module Efficience des organisations", "résolution des points de fragilité"),
    ok=[
        {"numero": "F1", "statut": "Identifié", "numero_action": "A7"},
        {"numero": "F1", "statut": "Résolu"},
        {"numero": "F1", "statut": "Sans objet"},
        {"numero": "F1"},
    ],
    ko=[{"numero": "F1", "statut": "Identifié"}, {"numero": "F1", "statut": "En cours"}],
)
def point_avec_action(point: Row, context: RuleContext) -> bool | None:
    """Une action du plan répond à chaque point de fragilité qui reste à résoudre."""
    clos = (
        *context.parameter("statuts_fragilite_resolus"),
        *context.parameter("statuts_fragilite_exclus"),
    )
    if not point.statut or point.statut in clos:
        return None
    return bool(point.numero_action)


@rule(
    "MOD-036",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("annee_identification",),
    requires=("IDE-024",),
    title="Point de fragilité repéré après la date d'arrêté des données",
    message="{nom_point} serait repéré en {annee_identification}, après la date "
    "d'arrêté des données",
    fix="Corrigez « Année d'identification » : c'est l'année où le point a été repéré.",
    expected="une année passée",
    source=Logical("Chronologie du diagnostic : repérage, puis arrêté des données"),
    ok=[
        {"numero": "F1", "annee_identification": 2027},
        {"numero": "F1", "annee_identification": 2025},
        {"numero": "F1"},
        {
            "numero": "F1",
            "annee_identification": 2030,
            "@": {"identification": [{"date_arrete": None}]},
        },
        {
            "numero": "F1",
            "annee_identification": 2028,
            "@": {"identification": [{"date_arrete": dt.date(2028, 1, 31)}]},
        },
    ],
    ko=[{"numero": "F1", "annee_identification": 2028}],
)
def point_deja_repere(point: Row, context: RuleContext) -> bool | None:
    """Un point de fragilité a été repéré au plus tard à la date d'arrêté des données."""
    if point.annee_identification is None or context.date is None:
        return None
    return bool(point.annee_identification <= context.date.year)
