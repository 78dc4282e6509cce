"""DCP: personal data where none belongs. Warnings only, and nothing found is ever shown whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.model import AVERTISSEMENT, INFORMATION, Fault, fault
from xl_cpom.validators.personal_data import (
    PersonalDataHit,
    dates_de_naissance,
    names_professionals,
    numeros_de_securite_sociale,
    personal_addresses,
    personnes_accompagnees,
    personnes_et_sante,
    telephones_portables,
)
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.workbook.model import Column, Kind

_RGPD = RuleSource("RGPD, art. 5 (minimisation) ; loi Informatique et Libertés", "connu")
_SANTE = RuleSource(
    "RGPD, art. 9 ; code de la santé publique, art. L. 1110-4 et L. 1111-8", "connu"
)


def _action(**values: str) -> dict[str, list[dict[str, str]]]:
    return {"actions": [{"numero": "A1", **values}]}


@workbook_rule(
    "DCP-001",
    AVERTISSEMENT,
    on=None,
    title="Numéro de sécurité sociale dans une cellule",
    message="« {colonne} » contient un numéro de sécurité sociale ({valeur})",
    fix="Effacez ce numéro de la cellule : le classeur ne doit désigner aucune personne "
    "accompagnée ni aucun salarié.",
    expected="aucun numéro de personne",
    source=_RGPD,
    ok=[
        _action(intitule="Ouvrir l'unité de 12 places"),
        _action(commentaire="SIRET 26010463300012"),
        _action(commentaire="1 85 05 78 006 084 92"),
        _action(pilote="Directrice du pôle PA"),
    ],
    ko=[
        _action(commentaire="NIR 1 85 05 78 006 084 91"),
        _action(intitule="185057800608491"),
        _action(commentaire="Dossier 2 55 08 2A 004 025 70"),
    ],
)
def sans_numero_de_securite_sociale(context: RuleContext) -> Iterator[Fault]:
    """Aucune cellule ne contient un numéro de sécurité sociale.

    Le numéro est reconnu à sa forme et à sa clé ; le rapport n'en montre que le premier chiffre.
    Toutes les cellules de texte libre sont lues.
    """
    yield from _sought(context, numeros_de_securite_sociale, lambda column: True)


@workbook_rule(
    "DCP-002",
    AVERTISSEMENT,
    on=None,
    title="Date de naissance dans un texte",
    message="« {colonne} » contient une date de naissance",
    fix="Effacez la date de naissance : le classeur ne doit désigner aucune personne.",
    expected="aucune date de naissance",
    source=_RGPD,
    ok=[
        _action(commentaire="Projet né le mois dernier"),
        _action(commentaire="Fini le 12/03/2027"),
        _action(commentaire="Avenant du 12/03/2027"),
    ],
    ko=[
        _action(commentaire="Un résident né le 12/03/1945"),
        _action(commentaire="Née le 1er mars 1938"),
        _action(intitule="Date de naissance : 12.03.45"),
    ],
)
def sans_date_de_naissance(context: RuleContext) -> Iterator[Fault]:
    """Aucun texte ne donne de date de naissance.

    Seule une date présentée comme telle est signalée (« né le », « date de naissance »).
    """
    yield from _sought(context, dates_de_naissance, _libre)


@workbook_rule(
    "DCP-003",
    AVERTISSEMENT,
    on=None,
    title="Personne accompagnée désignée dans un texte",
    message="« {colonne} » semble désigner une personne accompagnée",
    fix="Retirez le nom ou les initiales : décrivez l'action ou la situation sans désigner "
    "personne.",
    expected="aucun nom de personne accompagnée",
    source=_RGPD,
    ok=[
        _action(intitule="Nommer Mme Martin référente des usagers"),
        _action(intitule="Former M. Durand, représentant des résidents"),
        _action(intitule="Réunir les résidents avec M. Petit, directeur"),
        _action(commentaire="Mme Martin, directrice, suit chaque résident"),
        _action(pilote="Mme D., résidente"),
        _action(intitule="Enquête auprès de chaque usager"),
    ],
    ko=[
        _action(commentaire="Relogement de Mme D., résidente"),
        _action(commentaire="Le résident M. Durand a changé de chambre"),
        _action(intitule="Plan personnalisé de l'usager J. D."),
    ],
)
def sans_nom_de_personne_accompagnee(context: RuleContext) -> Iterator[Fault]:
    """Aucun texte ne désigne une personne accompagnée.

    Seul un nom ou des initiales accolés à « résident », « usager », « patient »… sont signalés. Les
    noms des pilotes, des référents et des professionnels ne le sont pas.
    """
    yield from _sought(context, personnes_accompagnees, _libre)


@workbook_rule(
    "DCP-004",
    AVERTISSEMENT,
    on=None,
    title="Personne liée à sa santé ou à son âge dans un texte",
    message="« {colonne} » semble lier une personne à son état de santé ou à son âge",
    fix="Retirez ce qui désigne la personne : aucune donnée de santé nominative n'a sa place "
    "dans le classeur.",
    expected="aucune donnée de santé nominative",
    source=_SANTE,
    requires=("DCP-003",),
    ok=[
        _action(intitule="Prévenir les chutes et les hospitalisations"),
        _action(intitule="Former Mme Martin, référente Alzheimer"),
        _action(commentaire="Décès de M. Martin, président de l'association"),
        _action(intitule="Suivre la maladie d'Alzheimer avec Mme Petit, psychologue"),
    ],
    ko=[
        _action(commentaire="Après l'hospitalisation de M. Durand"),
        _action(commentaire="Mme D. est atteinte de la maladie d'Alzheimer"),
        _action(commentaire="Chute de Mme Durand en mars"),
        _action(commentaire="Mme D., 84 ans"),
        _action(commentaire="M. Petit (Alzheimer, GIR 2)"),
    ],
)
def sans_donnee_de_sante_nominative(context: RuleContext) -> Iterator[Fault]:
    """Aucun texte ne lie le nom d'une personne à sa santé, à son âge ou à un événement grave.

    Un nom suivi d'une fonction (directeur, médecin, référent…) est celui d'un professionnel : il
    n'est pas signalé.
    """
    yield from _sought(context, personnes_et_sante, _libre)


@workbook_rule(
    "DCP-005",
    AVERTISSEMENT,
    on=None,
    title="Adresse électronique personnelle dans un texte",
    message="« {colonne} » contient une adresse électronique personnelle ({valeur})",
    fix="Retirez l'adresse, ou donnez une adresse professionnelle.",
    expected="aucune adresse personnelle",
    source=_RGPD,
    ok=[
        _action(commentaire="Voir qualite@les-tilleuls.example.fr"),
        {"identification": [{"referent_cpom_courriel": "les.tilleuls@orange.fr"}]},
    ],
    ko=[_action(commentaire="Écrire à jeanne.durand38@gmail.com")],
)
def sans_adresse_personnelle(context: RuleContext) -> Iterator[Fault]:
    """Aucun texte libre ne contient l'adresse électronique d'un particulier.

    Les adresses des référents, dans la fiche d'identification, ne sont pas concernées.
    """
    yield from _sought(context, personal_addresses, _libre)


@workbook_rule(
    "DCP-006",
    INFORMATION,
    on=None,
    title="Numéro de téléphone portable dans un texte",
    message="« {colonne} » contient un numéro de téléphone portable",
    fix="Retirez ce numéro s'il est personnel. Rien à faire pour une ligne professionnelle.",
    expected="aucun numéro personnel",
    source=_RGPD,
    ok=[
        _action(commentaire="Standard : 03 80 00 00 00"),
        _action(commentaire="210781456"),
        _action(commentaire="0,6 12 34"),
        _action(commentaire="SIRET 99900026800022"),
    ],
    ko=[_action(commentaire="Joindre le 06 12 34 56 78"), _action(commentaire="+33 6 12 34 56 78")],
)
def sans_portable(context: RuleContext) -> Iterator[Fault]:
    """Aucun texte libre ne contient un numéro de téléphone portable."""
    yield from _sought(context, telephones_portables, _libre)


def _libre(column: Column) -> bool:
    """Is the column a free text, which should name nobody?"""
    return column.kind is Kind.TEXT and not names_professionals(column.key)


def _sought(
    context: RuleContext,
    find: Callable[[str], Iterator[PersonalDataHit]],
    retain: Callable[[Column], bool],
) -> Iterator[Fault]:
    """One fault per cell where something is found, never showing it."""
    for column, texts in context.classeur.texts:
        if not retain(column):
            continue
        for row, text in texts:
            if found := list(dict.fromkeys(find(text))):
                yield fault(
                    row,
                    columns=(column.key,),
                    secrets=dict(found),
                    valeur=found[0].hidden,
                    colonne=column.header,
                )
