"""SI: the dates of the deposits, the freshness of the data, the référent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.validators.declaration import reading_rule, rule, table_rule
from xl_cpom.validators.facts.delays import plus_months
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, Guide, Logical, RuleSource, Usage
from xl_cpom.validators.rules.si.couples import (
    ANNEXE,
    CYBER,
    ECARS,
    EPRD,
    EPRD_ERRD,
    ERRD,
    MODULE,
    ROR,
    ROR_HEBERGEMENT,
    TDB,
    VT,
    limite,
    system,
)
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import IDENTIFICATION, SI

_ET = "210780581"
_EHPAD = {"etablissements": [{"finess_et": _ET, "categorie": "500", "secteur": "PA"}]}
_DOMICILE = {"etablissements": [{"finess_et": _ET, "categorie": "460", "secteur": "PA"}]}
_N2 = {"annee_n1": 2026, "annee_suivie": "N2"}
_AFTER = {**_N2, "date_arrete": dt.date(2028, 12, 31)}
_HOPITAL = {"identification": [{**_AFTER, "statut_juridique": "13"}]}
_ASSOCIATION = {"identification": [{**_AFTER, "statut_juridique": "60"}]}
_WITHOUT_ANNEE = {"identification": [{"annee_n1": 2026, "date_arrete": dt.date(2027, 12, 31)}]}
_WITHOUT_DATE = {"identification": [{**_N2, "date_arrete": None}]}
_ANNEXE = {"si": ANNEXE, "entite": _ET, "exigible": "Oui"}
_TDB = {"si": TDB, "entite": _ET, "exigible": "Oui"}
_EPRD = {"si": EPRD, "entite": _ET, "exigible": "Oui"}
_ERRD = {**_EPRD, "si": ERRD}
_TWO = {**_EPRD, "si": EPRD_ERRD}
_ROR_COMPLETE = {"si": ROR, "entite": _ET, "exigible": "Oui", "taux_completude": 1.0}
_REFERENT = {"referent_si": "M. Martin", "date_echeance": dt.date(2030, 12, 31)}


@table_rule(
    "SI-004",
    AVERTISSEMENT,
    on=SI,
    columns=("date_depot", "si", "entite", "exigible"),
    requires=("IDE-023", "IDE-024"),
    while_present=True,
    title="Dépôt hors délai",
    message="le dépôt de « {si} » pour {entite} date du {date_depot}, après l'échéance du {limite}",
    together="{nombre} dépôts ont été faits après leur échéance",
    fix="Vérifiez « Date de dépôt » ; si elle est exacte, expliquez le retard dans « Commentaire "
    "ou justification ».",
    expected="au plus tard le {limite}",
    source=Casf("R. 314-214 et R. 314-232"),
    ok=[
        [{**_ANNEXE, "date_depot": dt.date(2027, 10, 31), "@": _EHPAD}],
        [{**_ANNEXE, "date_depot": dt.date(2027, 3, 15), "@": _DOMICILE}],
        [{**_TDB, "date_depot": dt.date(2027, 6, 30)}],
        [{**_EPRD, "date_depot": dt.date(2027, 6, 30), "@": _ASSOCIATION}],
        [{**_EPRD, "date_depot": dt.date(2027, 6, 30), "@": _HOPITAL}],
        [{**_ERRD, "date_depot": dt.date(2027, 4, 30), "@": _ASSOCIATION}],
        [{**_ERRD, "date_depot": dt.date(2027, 7, 8), "@": _HOPITAL}],
        [{**_TWO, "date_depot": dt.date(2027, 4, 30), "@": _ASSOCIATION}],
        [{**_TDB, "si": ECARS, "date_depot": dt.date(2027, 12, 30)}],
        [{**_TDB, "exigible": "Non", "date_depot": dt.date(2027, 7, 1)}],
        [{**_TDB, "date_depot": dt.date(2028, 1, 1)}],  # à venir : SI-015
        [{**_TDB, "date_depot": dt.date(2027, 7, 1), "@": _WITHOUT_DATE}],
        [{**_ANNEXE, "date_depot": dt.date(2027, 3, 15)}],  # catégorie inconnue
        [{**_ERRD, "date_depot": dt.date(2027, 5, 1)}],  # statut juridique inconnu
        [{**_TDB}],
    ],
    ko=[
        [{**_ANNEXE, "date_depot": dt.date(2027, 11, 1), "@": _EHPAD}],
        [{**_ANNEXE, "date_depot": dt.date(2027, 3, 16), "@": _DOMICILE}],
        [{**_TDB, "date_depot": dt.date(2027, 7, 1)}],
        [{**_TDB, "date_depot": dt.date(2027, 12, 31)}],
        [{**_EPRD, "date_depot": dt.date(2027, 7, 1)}],
        [{**_ERRD, "date_depot": dt.date(2027, 5, 1), "@": _ASSOCIATION}],
        [{**_ERRD, "date_depot": dt.date(2027, 7, 9), "@": _HOPITAL}],
        [{**_TWO, "date_depot": dt.date(2027, 5, 1), "@": _ASSOCIATION}],
    ],
)
def depot_a_temps(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un dépôt respecte le calendrier national quand il est connu.

    Compte pour une année ce qui devait être déposé pendant cette année civile. Annexe d'activité
    de l'année d'après : 31 octobre, 15 mars pour les services autonomie à domicile. Tableau de
    bord : 30 juin. EPRD de l'année : 30 juin au plus tard. ERRD de l'année précédente : 30 avril,
    8 juillet pour les établissements publics de santé. Rien n'est vérifié quand le calendrier n'est
    pas connu.
    """
    if context.date is None:
        return
    for row in lignes:
        echeance = limite(row, context)
        if row.exigible != "Oui" or not row.date_depot or echeance is None:
            continue
        if echeance < row.date_depot <= context.date:  # beyond that date: SI-015
            yield fault(row, columns=("date_depot",), limite=echeance)


@table_rule(
    "SI-014",
    AVERTISSEMENT,
    on=SI,
    columns=("date_depot", "si", "entite", "exigible"),
    requires=("IDE-023", "IDE-024"),
    while_present=True,
    title="Dépôt d'une campagne précédente",
    message="le dépôt de « {si} » pour {entite} date du {date_depot} : c'est celui d'une campagne "
    "précédente",
    together="{nombre} dates de dépôt sont celles d'une campagne précédente : elles ont dû "
    "rester de l'an passé",
    fix="Saisissez dans « Date de dépôt » la date du dépôt fait pour l'année suivie, ou videz la "
    "cellule s'il n'a pas eu lieu.",
    expected="une date à partir du {debut}",
    source=Usage("Calendrier annuel des dépôts"),
    ok=[
        [{**_ANNEXE, "date_depot": dt.date(2027, 1, 1), "@": _EHPAD}],
        [{**_TDB, "date_depot": dt.date(2027, 1, 1)}],
        [{**_EPRD, "date_depot": dt.date(2027, 1, 1), "@": _ASSOCIATION}],
        [{**_TDB, "si": VT, "date_depot": dt.date(2026, 6, 1)}],
        [{**_TDB, "si": CYBER, "date_depot": dt.date(2026, 6, 1)}],
        [{**_TDB, "exigible": "Non", "date_depot": dt.date(2026, 12, 31)}],
        [{**_TDB, "date_depot": dt.date(2020, 1, 1), "@": _WITHOUT_ANNEE}],
        [{**_TDB, "si": ECARS, "date_depot": dt.date(2020, 1, 1)}],
        [{**_TDB}],
    ],
    ko=[
        [{**_ANNEXE, "date_depot": dt.date(2026, 10, 31), "@": _EHPAD}],
        [{**_TDB, "date_depot": dt.date(2026, 12, 31)}],
        [{**_EPRD, "date_depot": dt.date(2026, 12, 31), "@": _ASSOCIATION}],
    ],
)
def depot_de_l_annee(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """La date de dépôt est celle de l'année suivie, et non celle d'une campagne précédente.

    Compte ce qui devait être déposé pendant l'année civile suivie : l'annexe d'activité déposée en
    octobre est celle de l'année d'après. La date de l'an passé reste souvent dans la cellule. Les
    systèmes remplis en continu ne sont pas concernés.
    """
    annee = context.classeur.annee_suivie
    for row in lignes:
        echeance = limite(row, context)
        if row.exigible != "Oui" or not row.date_depot or annee is None or echeance is None:
            continue
        start = dt.date(min(annee, echeance.year), 1, 1)
        en_continu = echeance == dt.date(annee, 12, 31)
        if not en_continu and row.date_depot < start:
            yield fault(row, columns=("date_depot",), debut=start)


@table_rule(
    "SI-015",
    AVERTISSEMENT,
    on=SI,
    columns=("date_depot", "derniere_maj"),
    requires=("IDE-024",),
    title="Dépôt ou mise à jour après la date d'arrêté des données",
    message="la ligne « {si} » de {entite} porte une date postérieure au {au}, date à laquelle les "
    "données sont arrêtées",
    together="{nombre} lignes portent une date postérieure à l'arrêté des données",
    fix="Corrigez « Date de dépôt » ou « Dernière mise à jour » : une date à venir n'est pas un "
    "constat.",
    expected="au plus tard le {au}",
    source=Logical("Les dates saisies sont celles de faits constatés"),
    ok=[
        [{**_TDB, "date_depot": dt.date(2027, 12, 31), "derniere_maj": dt.date(2027, 12, 31)}],
        [{**_TDB, "date_depot": dt.date(2028, 1, 1), "@": _WITHOUT_DATE}],
    ],
    ko=[
        [{**_TDB, "date_depot": dt.date(2028, 1, 1)}],
        [{**_TDB, "derniere_maj": dt.date(2028, 1, 1)}],
    ],
)
def dates_constatees(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un dépôt ou une mise à jour ne peut être postérieur à la date d'arrêté des données."""
    au = context.date
    for row in lignes:
        a_venir = tuple(
            key for key in ("date_depot", "derniere_maj") if au and row[key] and row[key] > au
        )
        if a_venir:
            yield fault(row, columns=a_venir, au=au)


@table_rule(
    "SI-019",
    AVERTISSEMENT,
    on=SI,
    columns=("derniere_maj", "taux_completude", "exigible", "si", "entite"),
    requires=("IDE-024",),
    while_present=True,
    title="Mise à jour trop ancienne d'un répertoire déclaré complet",
    message="« {si} » est déclaré complet pour {entite}, mais sa mise à jour du {derniere_maj} a "
    "plus de {mois} mois",
    together="{nombre} répertoires sont déclarés complets, mais leur mise à jour est trop ancienne",
    fix="Mettez le répertoire à jour et corrigez « Dernière mise à jour », ou ramenez « Taux de "
    "complétude » sous 100 %.",
    expected="une mise à jour depuis le {depuis}",
    source=RuleSource("Décret n° 2023-1057 du 17 novembre 2023 (répertoire ROR)", "inféré"),
    ok=[
        [{**_ROR_COMPLETE, "derniere_maj": dt.date(2026, 12, 31)}],
        [{**_ROR_COMPLETE, "si": ROR_HEBERGEMENT, "derniere_maj": dt.date(2027, 6, 30)}],
        [{**_ROR_COMPLETE, "taux_completude": 0.99, "derniere_maj": dt.date(2026, 1, 1)}],
        [{**_ROR_COMPLETE, "exigible": "Non", "derniere_maj": dt.date(2026, 1, 1)}],
        [{**_ROR_COMPLETE, "si": VT, "derniere_maj": dt.date(2026, 1, 1)}],
        [{**_ROR_COMPLETE}],
        [{**_ROR_COMPLETE, "taux_completude": None, "derniere_maj": dt.date(2026, 1, 1)}],
        [{**_ROR_COMPLETE, "si": None, "derniere_maj": dt.date(2026, 1, 1)}],
        [{**_ROR_COMPLETE, "derniere_maj": dt.date(2026, 1, 1), "@": _WITHOUT_DATE}],
        [{**_ROR_COMPLETE, "derniere_maj": dt.date(2026, 1, 1), "@": _WITHOUT_ANNEE}],
    ],
    ko=[
        [{**_ROR_COMPLETE, "derniere_maj": dt.date(2026, 12, 30)}],
        [{**_ROR_COMPLETE, "si": ROR_HEBERGEMENT, "derniere_maj": dt.date(2027, 6, 29)}],
    ],
)
def donnees_fraiches(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un répertoire déclaré complet a été mis à jour récemment.

    Douze mois pour le ROR, six pour les capacités d'hébergement : au-delà, « complété ou mis à
    jour à 100 % » ne peut être soutenu. Le délai s'apprécie à la fin de l'année suivie.
    """
    annee = context.classeur.annee_suivie
    if context.date is None or annee is None:
        return
    au = min(context.date, dt.date(annee, 12, 31))
    complete = context.parameter("seuil_si_complet")
    for row in lignes:
        found = system(row, context)
        if found is None or not found.fraicheur_mois or row.exigible != "Oui":
            continue
        if row.derniere_maj is None or row.taux_completude is None:
            continue
        since = plus_months(au, -found.fraicheur_mois)
        if row.taux_completude >= complete and row.derniere_maj < since:
            yield fault(row, columns=("derniere_maj",), mois=found.fraicheur_mois, depuis=since)


# --- the référent --------------------------------------------------------------------------------

reading_rule(
    "SI-005",
    BLOQUANT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.sheets.identification",),
    title="Référent SI absent",
    message="aucun référent des systèmes d'information n'est nommé dans « Identification »",
    fix="Saisissez le nom du référent dans « Référent SI : nom ».",
    expected="le nom du référent SI",
    source=Guide(MODULE, "nomination du ou des pilotes ou référents"),
    doc="""Le guide demande qu'un référent des systèmes d'information soit identifié, formé et en
    poste tout au long du CPOM.""",
)


@rule(
    "SI-006",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("referent_si_fin", "referent_si_successeur", "date_echeance"),
    requires=("SI-020",),
    title="Départ du référent SI sans successeur",
    message="le référent SI part le {referent_si_fin}, avant la fin du CPOM, et aucun successeur "
    "n'est nommé",
    fix="Saisissez le nom du successeur dans « Référent SI : successeur », ou corrigez la date de "
    "fin.",
    expected="un successeur",
    source=Guide(MODULE, "pilote en poste tout au long du CPOM"),
    ok=[
        {**_REFERENT, "referent_si_fin": dt.date(2030, 12, 31)},
        {**_REFERENT, "referent_si_fin": dt.date(2028, 6, 30), "referent_si_successeur": "Mme A."},
        {**_REFERENT},
        {"referent_si_fin": dt.date(2030, 12, 31)},
    ],
    ko=[
        {**_REFERENT, "referent_si_fin": dt.date(2030, 12, 30)},
        {"date_echeance": dt.date(2031, 6, 30), "referent_si_fin": dt.date(2031, 6, 29)},
        {"referent_si_fin": dt.date(2030, 12, 30)},
    ],
)
def referent_jusqu_au_bout(fiche: Row, context: RuleContext) -> bool | None:
    """Le référent SI est en poste jusqu'à la fin du CPOM, ou son successeur est nommé."""
    if fiche.referent_si_fin is None or fiche.referent_si_successeur is not None:
        return None
    return bool(fiche.referent_si_fin >= (fiche.date_echeance or context.end))


@rule(
    "SI-016",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("referent_si_forme",),
    title="Référent SI non formé",
    message="le référent SI n'est pas formé",
    fix="Prévoyez sa formation et dites-en la date dans « Commentaire ou justification » ; une "
    "fois formé, mettez « Oui » dans « Référent SI : formé ».",
    expected="« Oui »",
    source=Guide(MODULE, "pilote identifié, formé et en poste tout au long du CPOM"),
    ok=[{"referent_si_forme": "Oui"}, {"referent_si": "M. Martin"}],
    ko=[{"referent_si_forme": "Non"}],
)
def referent_forme(fiche: Row) -> bool:
    """Le référent SI a été formé aux systèmes d'information du CPOM."""
    return bool(fiche.referent_si_forme != "Non")


@rule(
    "SI-020",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("referent_si_fin", "referent_si_nomme"),
    title="Fin de mission du référent SI avant sa nomination",
    message="le référent SI termine sa mission le {referent_si_fin}, avant sa nomination le "
    "{referent_si_nomme}",
    fix="Corrigez « Référent SI : nommé le » ou « Référent SI : en poste jusqu'au ».",
    expected="une date après le {referent_si_nomme}",
    source=Logical("Chronologie d'une mission"),
    ok=[
        {"referent_si_nomme": dt.date(2026, 1, 1), "referent_si_fin": dt.date(2026, 1, 1)},
        {"referent_si_nomme": dt.date(2026, 1, 1)},
        {"referent_si_fin": dt.date(2026, 1, 1)},
    ],
    ko=[{"referent_si_nomme": dt.date(2026, 1, 2), "referent_si_fin": dt.date(2026, 1, 1)}],
)
def referent_nomme_avant_de_partir(fiche: Row) -> bool | None:
    """Le référent SI est nommé avant la fin de sa mission."""
    if fiche.referent_si_fin is None or fiche.referent_si_nomme is None:
        return None
    return bool(fiche.referent_si_fin >= fiche.referent_si_nomme)
