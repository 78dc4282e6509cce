"""IDE: what the authorisation of an ESMS says: category, secteur, authority, places, date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.typography import listing
from xl_cpom.validators.declaration import reading_rule, rule, table_rule
from xl_cpom.validators.facts.delays import plus_ans
from xl_cpom.validators.facts.whole_workbook import OTHER_CHAMP
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, RuleSource
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ETABLISSEMENTS

_CATEGORIES = RuleSource("FINESS, nomenclature des catégories d'établissements", "trouvé")
_TILLE = "210781456"
_ARRETE = dt.date(2027, 12, 31)
_DAY = dt.timedelta(days=1)
_AUTORISATION_DURATION = 15  # ans : CASF, art. L. 313-1
_WITHOUT_PLACES = frozenset({"189", "190", "221", "460", "461", "463"})
"""CMPP, CAMSP, BAPU, SAA, centres de ressources, CLIC: authorised without a number of places."""

reading_rule(
    "IDE-005",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.sheets.etablissements",),
    title="Catégorie FINESS inconnue",
    message="« {lu} » n'est pas un code de la nomenclature FINESS des catégories",
    fix="Choisissez le code à trois chiffres dans la liste de « Catégorie » (exemple : 500 pour un "
    "EHPAD).",
    expected="un code de catégorie FINESS",
    source=_CATEGORIES,
    doc="""La catégorie d'un ESMS est un code de la nomenclature FINESS.

    Elle commande le secteur, l'autorité compétente et les systèmes d'information exigibles : un
    code inconnu empêche tous ces contrôles.""",
)


@table_rule(
    "IDE-006",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("secteur", "categorie"),
    title="Secteur contraire à la catégorie de l'ESMS",
    message="l'établissement {finess_et} est déclaré dans le secteur {secteur}, alors que sa "
    "catégorie « {libelle_categorie} » relève du secteur {attendu}",
    fix="Corrigez « Secteur » ou « Catégorie ».",
    expected="{attendu}",
    source=RuleSource("CASF, art. L. 312-1 ; nomenclature FINESS des catégories", "inféré"),
    ok=[
        [{"finess_et": _TILLE, "categorie": "500", "secteur": "PA"}],
        [{"finess_et": _TILLE, "categorie": "354", "secteur": "PH"}],
        [{"finess_et": _TILLE, "categorie": "165", "secteur": "PH"}],
        [{"finess_et": _TILLE, "categorie": "500"}],
        [{"finess_et": _TILLE, "secteur": "PH"}],
    ],
    ko=[
        [{"finess_et": _TILLE, "categorie": "500", "secteur": "PH"}],
        [{"finess_et": _TILLE, "categorie": "183", "secteur": "PA"}],
    ],
)
def secteur_de_la_categorie(rows: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le secteur d'un ESMS est celui de sa catégorie.

    Un EHPAD relève des personnes âgées, un IME du handicap ; un SSIAD peut relever des deux. Le
    secteur décide de l'indicateur où l'ESMS est compté.
    """
    for row in rows:
        categorie = context.referentiel.categories.get(row.categorie) if row.categorie else None
        if categorie is None or not row.secteur or not categorie.secteurs:
            continue
        if row.secteur not in categorie.secteurs:
            yield fault(row, attendu=listing(sorted(categorie.secteurs), "ou"))


@table_rule(
    "IDE-007",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("autorite", "categorie"),
    title="Autorité compétente contraire à la catégorie de l'ESMS",
    message="l'autorité de l'établissement {finess_et} est « {autorite} », alors que sa catégorie "
    "« {libelle_categorie} » demande {attendu}",
    fix="Corrigez « Autorité compétente » d'après l'arrêté d'autorisation, ou « Catégorie ».",
    expected="{attendu}",
    source=Casf("L. 313-3"),
    ok=[
        [{"finess_et": _TILLE, "categorie": "500", "autorite": "ARS + CD"}],
        [{"finess_et": _TILLE, "categorie": "202", "autorite": "CD"}],
        [{"finess_et": _TILLE, "categorie": "200", "autorite": "CD"}],
        [{"finess_et": _TILLE, "categorie": "500"}],
        [{"finess_et": _TILLE, "autorite": "CD"}],
    ],
    ko=[
        [{"finess_et": _TILLE, "categorie": "500", "autorite": "ARS"}],
        [{"finess_et": _TILLE, "categorie": "202", "autorite": "ARS"}],
    ],
)
def autorite_de_la_categorie(rows: list[Row], context: RuleContext) -> Iterator[Fault]:
    """L'autorité compétente est celle que la loi donne à la catégorie.

    L'ARS autorise les ESMS financés par l'assurance maladie, le conseil départemental ceux de
    l'aide sociale, les deux ensemble ceux qui relèvent des deux.
    """
    for row in rows:
        categorie = context.referentiel.categories.get(row.categorie) if row.categorie else None
        admises = categorie.autorites_admises if categorie else frozenset()
        if row.autorite and admises and row.autorite not in admises:
            yield fault(row, attendu=listing([f"« {a} »" for a in sorted(admises)], "ou"))


@rule(
    "IDE-011",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("capacite_autorisee", "categorie"),
    while_present=True,
    title="Capacité autorisée de 0 place",
    message="la capacité autorisée de l'établissement {finess_et} est de 0 place",
    fix="Saisissez dans « Capacité autorisée » le nombre de places de l'arrêté d'autorisation, ou "
    "dites pourquoi il n'y en a pas dans « Commentaire ou justification ».",
    expected="au moins 1 place",
    source=Casf("L. 313-1"),
    ok=[
        {"finess_et": _TILLE, "categorie": "500", "capacite_autorisee": 1},
        {"finess_et": _TILLE, "categorie": "189", "capacite_autorisee": 0},
        {"finess_et": _TILLE, "capacite_autorisee": 0},
        {"finess_et": _TILLE, "categorie": "500"},
    ],
    ko=[{"finess_et": _TILLE, "categorie": "500", "capacite_autorisee": 0}],
)
def capacite_non_nulle(esms: Row) -> bool | None:
    """Une autorisation fixe un nombre de places.

    Les CMPP, CAMSP, BAPU, CLIC, services autonomie aide et centres de ressources peuvent être
    autorisés sans nombre de places : ils ne sont pas contrôlés.
    """
    if esms.capacite_autorisee is None or not esms.categorie or esms.categorie in _WITHOUT_PLACES:
        return None
    return bool(esms.capacite_autorisee > 0)


@table_rule(
    "IDE-015",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("categorie",),
    while_present=True,
    title="Catégorie FINESS fermée",
    message="la catégorie {categorie}, « {libelle_categorie} », de l'établissement {finess_et} "
    "n'existe plus dans FINESS depuis le {fermee}",
    fix="Choisissez dans « Catégorie » le code actuel de l'établissement, tel qu'il figure dans "
    "FINESS.",
    expected="{attendu}",
    source=_CATEGORIES,
    ok=[
        [{"categorie": "500"}],
        [{"categorie": "200", "@": {"identification": [{"date_arrete": dt.date(2014, 12, 31)}]}}],
        [{}],
    ],
    ko=[
        [{"categorie": "200"}],
        [{"categorie": "200", "@": {"identification": [{"date_arrete": dt.date(2015, 1, 1)}]}}],
        [{"categorie": "184", "@": {"identification": [{}]}}],
    ],
)
def categorie_ouverte(rows: list[Row], context: RuleContext) -> Iterator[Fault]:
    """La catégorie d'un ESMS est un code encore ouvert de la nomenclature.

    D'anciens codes (maison de retraite, IMP, IMPro…) traînent dans les fichiers : FINESS les a
    fermés et les a remplacés.
    """
    for row in rows:
        categorie = context.referentiel.categories.get(row.categorie) if row.categorie else None
        if categorie is not None and not categorie.ouverte(context.date):
            attendu = listing(map(context.referentiel.category_said, categorie.remplacee_par), "ou")
            yield fault(row, fermee=categorie.date_fin, attendu=attendu or "un code ouvert")


@rule(
    "IDE-032",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("categorie", "secteur"),
    title="Catégorie étrangère aux secteurs PA et PH",
    message="la catégorie {categorie}, « {libelle_categorie} », de l'établissement {finess_et} "
    "n'est pas celle d'un ESMS pour personnes âgées ou handicapées",
    fix="Vérifiez « Catégorie » dans FINESS ; si l'établissement relève bien de ce CPOM, mettez "
    "« autre champ » dans « Secteur » : il n'entre alors dans aucun taux.",
    expected="une catégorie d'ESMS des secteurs PA ou PH",
    source=_CATEGORIES,
    ok=[
        {"categorie": "500"},
        {"categorie": "003"},
        {},
        {"categorie": "197", "secteur": "autre champ"},
    ],
    ko=[{"categorie": "165"}, {"categorie": "101"}],
)
def categorie_dans_le_champ(esms: Row, context: RuleContext) -> bool | None:
    """Le CPOM socle porte sur les secteurs des personnes âgées et des personnes handicapées.

    Un service d'addictologie ou une entreprise adaptée peuvent être du même contrat, sans être PA
    ni PH : leur secteur est « autre champ ». Un code fermé est signalé à part.
    """
    if esms.secteur == OTHER_CHAMP:
        return None
    categorie = context.referentiel.categories.get(esms.categorie) if esms.categorie else None
    if categorie is None or not categorie.ouverte(context.date):
        return None
    return categorie.dans_le_champ


@rule(
    "IDE-036",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("capacite_installee", "capacite_autorisee"),
    title="Capacité installée supérieure à la capacité autorisée",
    message="la capacité installée de l'établissement {finess_et}, {capacite_installee}, dépasse "
    "sa capacité autorisée, {capacite_autorisee}",
    fix="Corrigez « Capacité installée » ou « Capacité autorisée » d'après le dernier arrêté.",
    expected="au plus {capacite_autorisee}",
    source=Casf("L. 313-1"),
    ok=[
        {"finess_et": _TILLE, "capacite_installee": 80, "capacite_autorisee": 80},
        {"finess_et": _TILLE, "capacite_installee": 5, "capacite_autorisee": 0},
        {"finess_et": _TILLE, "capacite_installee": 80},
        {"finess_et": _TILLE, "capacite_autorisee": 80},
    ],
    ko=[
        {"finess_et": _TILLE, "capacite_installee": 81, "capacite_autorisee": 80},
        {"finess_et": _TILLE, "capacite_installee": 2, "capacite_autorisee": 1},
    ],
)
def installee_et_autorisee(esms: Row) -> bool | None:
    """Un ESMS n'installe pas plus de places qu'il n'en a d'autorisées.

    Une capacité autorisée nulle est signalée à part.
    """
    if esms.capacite_installee is None or not esms.capacite_autorisee:
        return None
    return bool(esms.capacite_installee <= esms.capacite_autorisee)


@rule(
    "IDE-037",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("capacite_financee", "capacite_autorisee"),
    title="Capacité financée supérieure à la capacité autorisée",
    message="la capacité financée de l'établissement {finess_et}, {capacite_financee}, dépasse sa "
    "capacité autorisée, {capacite_autorisee}",
    fix="Corrigez « Capacité financée » ou « Capacité autorisée » d'après le dernier arrêté.",
    expected="au plus {capacite_autorisee}",
    source=Casf("R. 314-43-2"),
    ok=[
        {"finess_et": _TILLE, "capacite_financee": 80, "capacite_autorisee": 80},
        {"finess_et": _TILLE, "capacite_financee": 5, "capacite_autorisee": 0},
        {"finess_et": _TILLE, "capacite_financee": 80},
        {"finess_et": _TILLE, "capacite_autorisee": 80},
    ],
    ko=[
        {"finess_et": _TILLE, "capacite_financee": 81, "capacite_autorisee": 80},
        {"finess_et": _TILLE, "capacite_financee": 2, "capacite_autorisee": 1},
    ],
)
def financee_et_autorisee(esms: Row) -> bool | None:
    """Les places financées font partie des places autorisées.

    Le taux d'occupation se calcule sur la capacité autorisée et financée : l'une ne peut dépasser
    l'autre.
    """
    if esms.capacite_financee is None or not esms.capacite_autorisee:
        return None
    return bool(esms.capacite_financee <= esms.capacite_autorisee)


@rule(
    "IDE-039",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("date_autorisation",),
    requires=("IDE-024",),
    title="Autorisation postérieure à la date d'arrêté des données",
    message="l'autorisation de l'établissement {finess_et} est datée du {date_autorisation}, après "
    "la date d'arrêté des données",
    fix="Corrigez « Date d'autorisation » : c'est la date du dernier arrêté.",
    expected="une date passée",
    source=Casf("L. 313-1"),
    ok=[
        {"finess_et": _TILLE, "date_autorisation": _ARRETE},
        {"finess_et": _TILLE},
        {
            "date_autorisation": dt.date(2028, 6, 1),
            "@": {"identification": [{"date_arrete": None}]},
        },
    ],
    ko=[{"finess_et": _TILLE, "date_autorisation": _ARRETE + _DAY}],
)
def autorisation_passee(esms: Row, context: RuleContext) -> bool | None:
    """L'autorisation d'un ESMS est déjà donnée lorsque les données sont arrêtées."""
    if esms.date_autorisation is None or context.date is None:
        return None
    return bool(esms.date_autorisation <= context.date)


@rule(
    "IDE-040",
    INFORMATION,
    on=ETABLISSEMENTS,
    columns=("date_autorisation",),
    while_present=True,
    title="Autorisation de plus de quinze ans",
    message="l'autorisation de l'établissement {finess_et}, datée du {date_autorisation}, a plus "
    "de quinze ans",
    together="{nombre} autorisations ont plus de quinze ans",
    fix="Rien à faire si elle a été renouvelée tacitement ; sinon, saisissez la date du "
    "renouvellement dans « Date d'autorisation ».",
    expected="une date de moins de quinze ans",
    source=Casf("L. 313-1 et L. 313-5"),
    ok=[
        {"finess_et": _TILLE, "date_autorisation": dt.date(2013, 1, 1)},
        {"finess_et": _TILLE},
        {
            "date_autorisation": dt.date(2002, 1, 3),
            "@": {"identification": [{"date_arrete": None}]},
        },
    ],
    ko=[{"finess_et": _TILLE, "date_autorisation": dt.date(2012, 12, 31)}],
)
def autorisation_en_cours(esms: Row, context: RuleContext) -> bool | None:
    """Une autorisation est donnée pour quinze ans.

    Au-delà, elle a été renouvelée, souvent tacitement : la date saisie n'est plus la dernière.
    """
    if esms.date_autorisation is None or context.date is None:
        return None
    return plus_ans(esms.date_autorisation, _AUTORISATION_DURATION) > context.date
