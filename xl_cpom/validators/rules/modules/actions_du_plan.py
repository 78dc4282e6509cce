"""MOD: the actions of the plan, one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.validators.declaration import reading_rule, rule, table_rule
from xl_cpom.validators.facts.whole_workbook import meaningless, period
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Logical, RuleSource, Usage
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIONS, FRAGILITES

_TYPES = Guide("types d'actions des modules", "listes fermées par module et par secteur")
_PLAN = Usage("Lisibilité du plan d'actions")
_INCLUSION = "Actions d'inclusion scolaire en milieu ordinaire"
_START, _END = dt.date(2026, 1, 1), dt.date(2030, 12, 31)
_DAY = dt.timedelta(days=1)

reading_rule(
    "MOD-005",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.sheets.actions",),
    title="Action sans intitulé, sans pilote ou sans échéance",
    message="la cellule « {colonne} » {de_qui} est vide",
    fix="Remplissez « {colonne} » : une action a un intitulé, un pilote et une échéance.",
    expected="{attendu}",
    source=Guide("système de modules", "plan d'actions"),
    doc="""Une action dit ce qui sera fait, par qui et pour quand.

    Sans intitulé, sans pilote ou sans échéance, elle ne peut être suivie en dialogue de
    gestion.""",
)


@rule(
    "MOD-004",
    BLOQUANT,
    on=ACTIONS,
    columns=("type_action", "module", "secteur"),
    title="Type d'action fermé au secteur de l'action",
    message="{nom_action} est du secteur {secteur}, auquel le type « {type_action} » n'est "
    "pas ouvert",
    fix="Choisissez dans « Type d'action » un type ouvert à ce secteur, ou corrigez « Secteur ».",
    expected="un type ouvert au secteur {secteur}",
    source=_TYPES,
    ok=[
        {"numero": "A1", "module": "TRANSFO", "secteur": "PH", "type_action": _INCLUSION},
        {"numero": "A1", "module": "TRANSFO", "secteur": "PA", "type_action": "Autodétermination"},
        {"numero": "A1", "module": "PREVENTION", "secteur": "PA", "type_action": _INCLUSION},
        {"numero": "A1", "module": "TRANSFO", "type_action": _INCLUSION},
        {"numero": "A1", "secteur": "PA", "type_action": _INCLUSION},
    ],
    ko=[
        {"numero": "A1", "module": "TRANSFO", "secteur": "PA", "type_action": _INCLUSION},
        {
            "numero": "A1",
            "module": "TRANSFO",
            "secteur": "PH",
            "type_action": "Transformation du secteur PA",
        },
    ],
)
def type_ouvert_au_secteur(action: Row, context: RuleContext) -> bool | None:
    """Certains types d'action ne sont ouverts qu'à un secteur.

    L'inclusion scolaire, par exemple, ne concerne que le secteur du handicap.
    """
    if not action.secteur:
        return None
    for type_action in context.referentiel.types_de(action.module):
        if type_action.libelle == action.type_action:
            return action.secteur in type_action.secteurs
    return None


@rule(
    "MOD-022",
    BLOQUANT,
    on=ACTIONS,
    columns=("type_action", "module"),
    title="Type d'action étranger au module",
    message="{nom_action} est du module {module}, dont « {type_action} » n'est pas un type "
    "d'action",
    fix="Choisissez de nouveau « Type d'action » dans la liste du module, ou corrigez « Module ».",
    expected="un type d'action du module {module}",
    source=_TYPES,
    ok=[
        {"numero": "A1", "module": "TRANSFO", "type_action": "Autodétermination"},
        {"numero": "A1", "type_action": "Autodétermination"},
        {"numero": "A1", "module": "TRANSFO"},
    ],
    ko=[
        {"numero": "A1", "module": "TRANSFO", "type_action": "Vaccination"},
        {"numero": "A1", "module": "EFFICIENCE", "type_action": "ROR par ET"},
    ],
)
def type_du_module(action: Row, context: RuleContext) -> bool | None:
    """Le type d'une action est dans la liste de son module.

    La liste déroulante dépend du module : un module changé après coup laisse un type qui n'est
    plus le sien.
    """
    if not action.module or not action.type_action:
        return None
    types = context.referentiel.types_de(action.module)
    return any(type_action.libelle == action.type_action for type_action in types)


@rule(
    "MOD-038",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("type_action",),
    title="Action personnalisée, hors des types du guide",
    message="{nom_action} est d'un type hors de la liste du guide (« {type_action} »)",
    fix="Choisissez si possible un type du guide. Sinon, dites dans « Commentaire ou "
    "justification » que l'action a été convenue avec l'ARS.",
    expected="un type de la liste du module",
    source=RuleSource(
        "ARS Bourgogne-Franche-Comté, déploiement des CPOM : les gestionnaires peuvent proposer "
        "des actions personnalisées",
        "trouvé",
    ),
    ok=[{"numero": "A1", "type_action": "Autodétermination"}, {"numero": "A1"}],
    ko=[{"numero": "A1", "type_action": "Autre, à préciser"}],
)
def type_du_guide(action: Row, context: RuleContext) -> bool:
    """Une action relève d'un type du guide ; une action personnalisée se convient avec l'ARS.

    Elle compte comme les autres dans le taux d'avancement et dans la limite par secteur.
    """
    return bool(action.type_action != context.parameter("type_action_libre"))


@table_rule(
    "MOD-006",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("echeance",),
    title="Échéance d'action hors du contrat",
    message="l'échéance de {nom_action} ({echeance}) est hors du contrat",
    fix="Corrigez « Échéance » : une action se réalise pendant le CPOM.",
    expected="une date du {debut} au {fin}",
    source=Guide("système de modules", "plan d'actions de N1 à N5"),
    ok=[
        [{"numero": "A1", "echeance": _START}, {"numero": "A2", "echeance": _END}],
        [{"numero": "A1"}],
        [
            {
                "numero": "A1",
                "echeance": dt.date(2031, 6, 30),
                "@": {
                    "identification": [{"annee_n1": 2026, "date_echeance": dt.date(2031, 6, 30)}]
                },
            }
        ],
        [
            {
                "numero": "A1",
                "echeance": dt.date(2025, 10, 1),
                "@": {"identification": [{"annee_n1": 2026, "date_effet": dt.date(2025, 10, 1)}]},
            }
        ],
        [
            {
                "numero": "A1",
                "echeance": dt.date(2040, 1, 1),
                "@": {"identification": [{"annee_n1": None}]},
            }
        ],
    ],
    ko=[
        [{"numero": "A1", "echeance": _START - _DAY}],
        [{"numero": "A1", "echeance": _END + _DAY}],
        [
            {
                "numero": "A1",
                "echeance": _END + _DAY,
                "@": {
                    "identification": [
                        {
                            "annee_n1": 2026,
                            "date_effet": dt.date(2026, 7, 1),
                            "date_echeance": dt.date(2029, 6, 30),
                        }
                    ]
                },
            }
        ],
    ],
)
def echeance_dans_le_contrat(actions: list[Row], context: RuleContext) -> Iterator[Fault]:
    """L'échéance d'une action tombe pendant le contrat.

    Les années N1 à N5 sont retenues, étendues aux dates d'effet et d'échéance du CPOM.
    """
    bounds = period(context)
    for action in actions:
        if bounds is None or action.echeance is None:
            continue
        start, end = bounds
        if not start <= action.echeance <= end:
            yield fault(action, debut=start, fin=end)


@table_rule(
    "MOD-025",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("annee_entree",),
    title="Année d'entrée de l'action hors du cycle",
    message="{nom_action} entre dans le plan en {annee_entree}, hors du cycle",
    fix="Saisissez dans « Année d'entrée » l'année à partir de laquelle l'action compte.",
    expected="une année de {premiere} à {derniere}",
    source=Guide("généralités", "années N à N5"),
    ok=[
        [{"numero": "A1", "annee_entree": 2025}, {"numero": "A2", "annee_entree": 2030}],
        [{"numero": "A1"}],
        [{"numero": "A1", "annee_entree": 2020, "@": {"identification": [{"annee_n1": None}]}}],
    ],
    ko=[[{"numero": "A1", "annee_entree": 2024}], [{"numero": "A1", "annee_entree": 2031}]],
)
def annee_entree_dans_le_cycle(actions: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Une action entre dans le plan à la contractualisation (N) ou pendant le contrat.

    Une action qui entrerait après la fin du contrat ne serait jamais comptée.
    """
    for action in actions:
        if not context.classeur.identification.annee_n1 or action.annee_entree is None:
            continue
        first, last = context.start.year - 1, context.end.year
        if not first <= action.annee_entree <= last:
            yield fault(action, premiere=str(first), derniere=str(last))


@rule(
    "MOD-026",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("annee_entree", "echeance"),
    title="Action entrée dans le plan après son échéance",
    message="{nom_action} entre dans le plan en {annee_entree}, après son échéance du {echeance}",
    fix="Corrigez « Année d'entrée » ou « Échéance ».",
    expected="au plus tard l'année de l'échéance",
    source=Logical("Chronologie d'une action : entrée dans le plan, puis échéance"),
    ok=[
        {"numero": "A1", "annee_entree": 2027, "echeance": dt.date(2027, 1, 1)},
        {"numero": "A1", "annee_entree": 2031, "echeance": _END},
        {"numero": "A1", "annee_entree": 2027, "echeance": dt.date(2025, 6, 30)},
        {"numero": "A1", "annee_entree": 2027},
        {"numero": "A1", "echeance": _END},
        {
            "numero": "A1",
            "annee_entree": 2028,
            "echeance": dt.date(2027, 12, 31),
            "@": {"identification": [{"annee_n1": None}]},
        },
    ],
    ko=[
        {"numero": "A1", "annee_entree": 2028, "echeance": dt.date(2027, 12, 31)},
        {"numero": "A1", "annee_entree": 2030, "echeance": _START},
    ],
)
def entree_avant_echeance(action: Row, context: RuleContext) -> bool | None:
    """Une action entre dans le plan au plus tard l'année de son échéance.

    Une année ou une échéance hors du contrat est signalée à part.
    """
    bounds = period(context)
    if action.annee_entree is None or action.echeance is None or bounds is None:
        return None
    if action.annee_entree > context.end.year or action.echeance < bounds[0]:
        return None
    return bool(action.annee_entree <= action.echeance.year)


@rule(
    "MOD-009",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("intitule",),
    title="Intitulé d'action vide de sens",
    message="l'intitulé de l'action {numero} ne dit pas ce qui sera fait : « {intitule} »",
    fix="Dites dans « Intitulé », en une phrase, ce que l'organisme s'engage à faire.",
    expected="une phrase",
    source=_PLAN,
    ok=[
        {"numero": "A1", "intitule": "Former dix"},
        {"numero": "A1"},
    ],
    ko=[
        {"numero": "A1", "intitule": "Formation"},
        {"numero": "A1", "intitule": "À compléter"},
        {"numero": "A1", "intitule": "xxxxxxxxxxxx"},
    ],
)
def intitule_parlant(action: Row, context: RuleContext) -> bool | None:
    """L'intitulé d'une action dit ce qui sera fait.

    Un mot seul, « à compléter » ou « xxx » ne permet pas de constater qu'une action est réalisée.
    """
    if not action.intitule:
        return None
    assez_long = len(action.intitule) >= context.parameter("longueur_min_intitule")
    return assez_long and not meaningless(action.intitule, context)


@rule(
    "MOD-032",
    AVERTISSEMENT,
    on=FRAGILITES,
    columns=("description",),
    title="Description d'un point de fragilité vide de sens",
    message="la description du point de fragilité {numero} ne dit pas ce qui fragilise "
    "l'organisme : « {description} »",
    fix="Dites dans « Description », en une phrase, le point de fragilité repéré.",
    expected="une phrase",
    source=Guide("module Efficience des organisations", "repérage des points de fragilité"),
    ok=[{"numero": "F1", "description": "Turn-over!"}, {"numero": "F1"}],
    ko=[
        {"numero": "F1", "description": "Turn-over"},
        {"numero": "F1", "description": "À définir"},
        {"numero": "F1", "description": "------------"},
    ],
)
def description_parlante(point: Row, context: RuleContext) -> bool | None:
    """La description d'un point de fragilité dit ce qui fragilise l'organisme."""
    if not point.description:
        return None
    assez_long = len(point.description) >= context.parameter("longueur_min_intitule")
    return assez_long and not meaningless(point.description, context)


@rule(
    "MOD-033",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("pilote",),
    title="Pilote d'action désigné par une adresse électronique",
    message="le pilote de {nom_action} est désigné par une adresse électronique",
    fix="Saisissez dans « Pilote » la fonction ou le nom du pilote, sans adresse.",
    expected="une fonction ou un nom",
    source=RuleSource("RGPD, art. 5 (minimisation des données)", "connu"),
    ok=[{"numero": "A1", "pilote": "Responsable qualité"}, {"numero": "A1"}],
    ko=[{"numero": "A1", "pilote": "c.martin@exemple.fr"}],
)
def pilote_sans_adresse(action: Row) -> bool | None:
    """Le pilote d'une action est désigné par sa fonction ou son nom.

    Le plan d'actions circule : une adresse n'y est pas utile, et change plus vite que la fonction.
    """
    return "@" not in action.pilote if action.pilote else None


@rule(
    "MOD-034",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("pilote",),
    while_present=True,
    title="Action encore sans pilote",
    message="{nom_action} n'a pas encore de pilote : « {pilote} »",
    fix="Saisissez dans « Pilote » la fonction ou le nom de la personne qui répond de l'action.",
    expected="une fonction ou un nom",
    source=_PLAN,
    ok=[{"numero": "A1", "pilote": "DRH"}, {"numero": "A1"}],
    ko=[{"numero": "A1", "pilote": "à définir"}, {"numero": "A1", "pilote": "?"}],
)
def pilote_designe(action: Row, context: RuleContext) -> bool | None:
    """Une action a un pilote, et non un texte d'attente."""
    return not meaningless(action.pilote, context) if action.pilote else None


@rule(
    "MOD-035",
    AVERTISSEMENT,
    on=ACTIONS,
    columns=("serafin", "secteur"),
    title="Code SERAFIN-PH sur une action du secteur PA",
    message="{nom_action} du secteur PA porte un code SERAFIN-PH ({serafin})",
    fix="Videz « Code SERAFIN-PH », ou corrigez « Secteur ».",
    source=RuleSource("CNSA, nomenclatures SERAFIN-PH", "trouvé"),
    ok=[
        {"numero": "A1", "secteur": "PH", "serafin": "2.3.3"},
        {"numero": "A1", "secteur": "PA"},
        {"numero": "A1", "serafin": "2.3.3"},
    ],
    ko=[{"numero": "A1", "secteur": "PA", "serafin": "2.3.3"}],
)
def serafin_du_secteur_ph(action: Row) -> bool:
    """La nomenclature SERAFIN-PH décrit les besoins et prestations du secteur du handicap."""
    return action.secteur != "PA" or not action.serafin
