"""SI: what a line says: due or not, and how complete."""

from __future__ import annotations

import datetime as dt

from xl_cpom.validators.declaration import rule
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Guide, Logical, RuleSource, Usage
from xl_cpom.validators.rules.si.couples import (
    CYBER,
    MODULE,
    ROR,
    SCHEME,
    TDB,
    VT,
    a_sa_list,
    exigibilite,
    system,
)
from xl_cpom.validators.rules.si.reasons import (
    CLOSED,
    DATES,
    OUVERT,
    a_un_motif,
    motif_said,
    recevable,
)
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import SI

_TDB_90 = RuleSource(
    "Arrêté du 11 août 2022 : tableau de bord de la performance validé à partir de 90 %", "trouvé"
)
_TABLEAU_DE_BORD = "TDB_PERF"
_ET = "210780581"
_EHPAD = {"etablissements": [{"finess_et": _ET, "categorie": "500", "secteur": "PA"}]}
_RESIDENCE = {"etablissements": [{"finess_et": _ET, "categorie": "202", "secteur": "PA"}]}
_FERMEE = {"etablissements": [{"finess_et": _ET, "categorie": "200", "secteur": "PA"}]}
_ROR = {"si": ROR, "entite": _ET}
_DISCARDED = {**_ROR, "exigible": "Non"}
_MOTIF = ("motif_non_exigibilite", "motif_reconnu", "motif_date")
_VALIDE = {"si": TDB, "entite": _ET, "valide": "Oui"}


@rule(
    "SI-002",
    BLOQUANT,
    on=SI,
    columns=("exigible", *_MOTIF, "si", "entite"),
    while_present=True,
    title="Système exigible écarté sans motif",
    message="« {si} » est déclaré non exigible pour {entite} sans motif, alors qu'il doit y être "
    "rempli",
    fix="Mettez « Oui » dans « Exigible », ou donnez la raison dans « Motif de non-exigibilité ».",
    expected="« Oui », ou un motif",
    source=Guide(MODULE, "niveau de chaque système d'information"),
    ok=[
        {**_ROR, "exigible": "Oui", "@": _EHPAD},
        {**_ROR, "exigible": "Non", "motif_non_exigibilite": "ouvre en 2028", "@": _EHPAD},
        {**_ROR, "exigible": "Non", "motif_reconnu": "hors périmètre", "@": _EHPAD},
        {"si": VT, "entite": _ET, "exigible": "Non", "@": _RESIDENCE},
        {"si": TDB, "entite": _ET, "exigible": "Non", "@": _RESIDENCE},
        {**_ROR, "exigible": "Non"},
    ],
    ko=[
        {**_ROR, "exigible": "Non", "@": _EHPAD},
        {"si": CYBER, "entite": _ET, "exigible": "Non"},
    ],
)
def exigible_sauf_motif(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un système que la catégorie rend exigible ne peut être écarté sans motif.

    Un couple non exigible sort du taux du module : l'ARS doit savoir pourquoi.
    """
    if row.exigible != "Non" or exigibilite(row, context) != "exigible":
        return None
    return a_un_motif(row) or fault(columns=("exigible", "motif_non_exigibilite"))


@rule(
    "SI-007",
    AVERTISSEMENT,
    on=SI,
    columns=("exigible", *_MOTIF, "si", "entite"),
    while_present=True,
    title="Système exigible écarté avec un motif à apprécier",
    message="« {si} » est déclaré non exigible pour {entite}, alors que sa catégorie l'exige : "
    "l'ARS appréciera le motif",
    together="{nombre} systèmes exigibles sont déclarés non exigibles : l'ARS appréciera le "
    "motif de chacun",
    fix="Choisissez un motif daté dans « Nature du motif » (ouverture, fermeture) s'il convient ; "
    "sinon, expliquez-le une fois dans « Commentaire ou justification », ou mettez « Oui » dans "
    "« Exigible ».",
    source=Guide(MODULE, "niveau de chaque système d'information"),
    ok=[
        {**_ROR, "exigible": "Oui", "motif_non_exigibilite": "ancien motif", "@": _EHPAD},
        {**_ROR, "exigible": "Non", "@": _EHPAD},
        {**_ROR, "exigible": "Non", "motif_reconnu": "ouvert le", "@": _EHPAD},  # SI-026
        {
            "si": VT,
            "entite": _ET,
            "exigible": "Non",
            "motif_non_exigibilite": "aucune demande",
            "@": _RESIDENCE,
        },
    ],
    ko=[
        {**_ROR, "exigible": "Non", "motif_non_exigibilite": "ouvre en 2028", "@": _EHPAD},
        {**_ROR, "exigible": "Non", "motif_non_exigibilite": "fermé", "@": _EHPAD},
        {**_ROR, "exigible": "Non", "motif_reconnu": "autre motif", "@": _EHPAD},
    ],
)
def motif_a_apprecier(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un système que la catégorie rend exigible est écarté avec un motif, que l'ARS apprécie.

    « Ouvert le » ou « fermé le », suivis d'une date, et « hors périmètre » sont des motifs
    recevables : ils sont dits à part, pour information.
    """
    if exigibilite(row, context) != "exigible" or not a_un_motif(row):
        return None
    if recevable(row) or row.motif_reconnu in DATES:
        return None
    return bool(row.exigible != "Non") or fault(columns=("exigible", "motif_non_exigibilite"))


@rule(
    "SI-021",
    INFORMATION,
    on=SI,
    columns=("exigible", *_MOTIF, "si", "entite"),
    while_present=True,
    title="Système exigible écarté pour un motif recevable",
    message="« {si} » n'est pas compté pour {entite}, pour le motif « {motif} »",
    together="{nombre} systèmes ne sont pas comptés, pour un motif recevable",
    fix="Rien à faire si le motif est exact.",
    source=Guide(MODULE, "niveau de chaque système d'information"),
    ok=[
        {**_ROR, "exigible": "Non", "motif_reconnu": "ouvert le", "@": _EHPAD},  # SI-026
        {
            **_ROR,
            "exigible": "Non",
            "motif_reconnu": "autre motif",
            "motif_date": dt.date(2027, 6, 30),
            "@": _EHPAD,
        },
        {**_ROR, "exigible": "Non", "motif_non_exigibilite": "fermé", "@": _EHPAD},
        {**_ROR, "exigible": "Oui", "motif_non_exigibilite": "ouvert le 1/9/2027", "@": _EHPAD},
        {
            "si": VT,  # exigible sous condition : SI-012
            "entite": _ET,
            "exigible": "Non",
            "motif_non_exigibilite": "Fermé le 30/06/2027",
            "@": _RESIDENCE,
        },
    ],
    ko=[
        {**_ROR, "exigible": "Non", "motif_non_exigibilite": motif, "@": _EHPAD}
        for motif in ("ouvert le 01/09/2027", "Fermé le 30/06/2027", "Hors périmètre")
    ]
    + [
        {**_ROR, "exigible": "Non", "motif_reconnu": "hors périmètre", "@": _EHPAD},
        {
            **_ROR,
            "exigible": "Non",
            "motif_reconnu": "fermé le",
            "motif_date": dt.date(2027, 6, 30),
            "@": _EHPAD,
        },
    ],
)
def motif_recevable(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un établissement ouvert ou fermé dans l'année, ou hors du périmètre, ne remplit pas tout.

    Le couple est écarté du taux sans qu'il y ait à s'en justifier davantage.
    """
    if exigibilite(row, context) != "exigible" or row.exigible != "Non":
        return None
    columns = ("exigible", "motif_non_exigibilite")
    return not recevable(row) or fault(columns=columns, motif=motif_said(row))


@rule(
    "SI-026",
    AVERTISSEMENT,
    on=SI,
    columns=("motif_date", "motif_reconnu", "exigible", "si", "entite"),
    title="Date d'ouverture ou de fermeture absente, ou hors de l'année",
    message="« {si} » est écarté pour {entite}, « {motif_reconnu} », {constat}",
    fix="Saisissez dans « Ouvert ou fermé le » la date de FINESS ; si l'établissement a fonctionné "
    "toute l'année, mettez « Oui » dans « Exigible ».",
    expected="une date de {annee}",
    source=Logical("Un établissement ouvert toute l'année remplit tous ses systèmes"),
    ok=[
        {**_DISCARDED, "motif_reconnu": "ouvert le", "motif_date": dt.date(2027, 9, 1)},
        {**_DISCARDED, "motif_reconnu": "ouvert le", "motif_date": dt.date(2028, 9, 1)},
        {**_DISCARDED, "motif_reconnu": "fermé le", "motif_date": dt.date(2026, 9, 1)},
        {**_DISCARDED, "motif_reconnu": "fermé le", "motif_date": dt.date(2027, 12, 31)},
        {**_DISCARDED, "motif_reconnu": "hors périmètre"},
        {**_DISCARDED, "motif_reconnu": "ouvert le", "exigible": "Oui"},
        {**_DISCARDED, "motif_reconnu": "ouvert le", "@": {"identification": [{}]}},
        {**_DISCARDED},
    ],
    ko=[
        {**_DISCARDED, "motif_reconnu": "ouvert le"},
        {**_DISCARDED, "motif_reconnu": "fermé le"},
        {**_DISCARDED, "motif_reconnu": "ouvert le", "motif_date": dt.date(2026, 12, 31)},
        {**_DISCARDED, "motif_reconnu": "fermé le", "motif_date": dt.date(2028, 1, 1)},
    ],
)
def motif_date(row: Row, context: RuleContext) -> bool | Fault | None:
    """« Ouvert le » et « fermé le » écartent un système quand la date le justifie.

    Un établissement ouvert avant l'année suivie, ou fermé après elle, l'a remplie entière.
    """
    annee = context.classeur.annee_suivie
    if row.exigible != "Non" or row.motif_reconnu not in DATES or annee is None:
        return None
    if row.motif_date is None:
        constat = "sans date"
    elif row.motif_reconnu == OUVERT and row.motif_date.year < annee:
        constat = f"alors qu'il l'était déjà avant {annee}"
    elif row.motif_reconnu == CLOSED and row.motif_date.year > annee:
        constat = f"alors qu'il ne l'est qu'après {annee}"
    else:
        return True
    return fault(columns=("motif_date", "motif_reconnu"), constat=constat, annee=str(annee))


@rule(
    "SI-012",
    AVERTISSEMENT,
    on=SI,
    columns=(*_MOTIF, "exigible", "si", "entite"),
    while_present=True,
    title="Système exigible sous condition écarté sans motif",
    message="« {si} » est déclaré non exigible pour {entite} sans que le motif soit donné",
    fix="Donnez la raison dans « Motif de non-exigibilité » (exemple : pas d'hébergement).",
    expected="un motif",
    source=Usage("Un couple écarté du taux s'explique"),
    ok=[
        {
            "si": VT,
            "entite": _ET,
            "exigible": "Non",
            "motif_non_exigibilite": "aucune demande",
            "@": _RESIDENCE,
        },
        {
            "si": VT,
            "entite": _ET,
            "exigible": "Non",
            "motif_reconnu": "hors périmètre",
            "@": _RESIDENCE,
        },
        {"si": VT, "entite": _ET, "exigible": "Oui", "@": _RESIDENCE},
        {"si": TDB, "entite": _ET, "exigible": "Non", "@": _RESIDENCE},
        {**_ROR, "exigible": "Non", "@": _EHPAD},
    ],
    ko=[
        {"si": VT, "entite": _ET, "exigible": "Non", "@": _RESIDENCE},
        {"si": SCHEME, "entite": "PFR de Dijon", "exigible": "Non"},
    ],
)
def non_exigible_motive(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un système exigible sous condition n'est écarté qu'avec un motif.

    Pour les catégories qui ne sont jamais concernées, la catégorie suffit à l'expliquer.
    """
    if row.exigible != "Non" or exigibilite(row, context) != "sous condition":
        return None
    return a_un_motif(row) or fault(columns=("motif_non_exigibilite",))


@rule(
    "SI-018",
    INFORMATION,
    on=SI,
    columns=("exigible", "si", "entite"),
    while_present=True,
    title="Système déclaré exigible au-delà de la catégorie",
    message="« {si} » est déclaré exigible pour {entite}, alors que sa catégorie ne l'exige pas : "
    "il compte dans le taux",
    together="{nombre} systèmes sont déclarés exigibles alors que la catégorie de "
    "l'établissement ne l'exige pas : ils comptent dans le taux",
    fix="Rien à faire si l'établissement remplit ce système ; sinon, mettez « Non » dans "
    "« Exigible ».",
    source=RuleSource("ANAP, périmètre du tableau de bord de la performance", "trouvé"),
    ok=[
        {"si": TDB, "entite": _ET, "exigible": "Non", "@": _RESIDENCE},
        {"si": TDB, "entite": _ET, "exigible": "Oui", "@": _EHPAD},
        {"si": VT, "entite": _ET, "exigible": "Oui", "@": _RESIDENCE},
        {"si": TDB, "entite": _ET, "exigible": "Oui", "@": _FERMEE},
        {"si": TDB, "entite": _ET, "exigible": "Oui"},
    ],
    ko=[{"si": TDB, "entite": _ET, "exigible": "Oui", "@": _RESIDENCE}],
)
def exigible_sans_obligation(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un système est déclaré exigible pour un établissement que sa catégorie n'y oblige pas.

    Ce n'est pas une faute : la ligne entre dans le taux du module, ce qu'il faut savoir.
    """
    if row.exigible != "Oui":
        return None
    return exigibilite(row, context) != "non exigible" or fault(columns=("exigible",))


@rule(
    "SI-011",
    AVERTISSEMENT,
    on=SI,
    columns=("taux_completude", "exigible", "si"),
    while_present=True,
    title="Taux de complétude absent pour un système exigible",
    message="le taux de complétude de « {si} » manque pour {entite}, alors que ce système est "
    "exigible",
    together="le taux de complétude manque pour {nombre} systèmes exigibles",
    fix="Saisissez le taux constaté dans « Taux de complétude » (0 % si rien n'est rempli).",
    expected="un taux entre 0 % et 100 %",
    source=Annexe("SI", "taux de SI complétés ou mis à jour à 100 %", bloque=True),
    ok=[
        {**_ROR, "exigible": "Oui", "taux_completude": 0.0},
        {**_ROR, "exigible": "Non"},
        {**_ROR},
        {"si": CYBER, "entite": _ET, "exigible": "Oui"},  # sa liste de contrôle : SI-023
    ],
    ko=[{**_ROR, "exigible": "Oui"}],
)
def completude_saisie(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un système exigible a un taux de complétude.

    Vide et zéro ne disent pas la même chose : sans taux, le couple ne peut pas être compté. La
    cybersécurité a sa liste de contrôle.
    """
    if row.exigible != "Oui" or a_sa_list(row, context):
        return None
    return row.taux_completude is not None or fault(columns=("taux_completude", "exigible"))


@rule(
    "SI-003",
    AVERTISSEMENT,
    on=SI,
    columns=("taux_completude", "valide", "si"),
    while_present=True,
    title="Tableau de bord validé mais incomplet",
    message="le tableau de bord de {entite} est validé à {taux_completude} : il ne compte comme "
    "complété qu'à 100 %",
    fix="Complétez le tableau de bord, ou expliquez l'écart dans « Commentaire ou justification ».",
    expected="100 %",
    source=_TDB_90,
    ok=[
        {**_VALIDE, "taux_completude": 1.0},
        {**_VALIDE, "taux_completude": 0.89},
        {**_VALIDE, "taux_completude": 0.95, "valide": "Non"},
        {**_VALIDE, "taux_completude": 0.95, "si": ROR},
        {**_VALIDE, "taux_completude": 0.95, "si": None},
        {**_VALIDE},
    ],
    ko=[{**_VALIDE, "taux_completude": 0.9}, {**_VALIDE, "taux_completude": 0.999}],
)
def tableau_de_bord_complet(row: Row, context: RuleContext) -> bool | Fault | None:
    """Le tableau de bord validé au niveau national n'est pas encore complet pour le CPOM.

    La validation nationale demande 90 % ; le guide du CPOM en demande 100 %.
    """
    if not _valid_table(row, context):
        return None
    national = context.parameter("seuil_tdb_validation")
    complete = context.parameter("seuil_si_complet")
    return not national <= row.taux_completude < complete or fault(
        columns=("taux_completude", "valide")
    )


@rule(
    "SI-013",
    AVERTISSEMENT,
    on=SI,
    columns=("taux_completude", "valide", "si"),
    while_present=True,
    title="Tableau de bord validé sous le seuil national",
    message="le tableau de bord de {entite} est déclaré validé avec {taux_completude} de "
    "complétude, ce que la plateforme nationale refuse",
    fix="Corrigez « Taux de complétude », ou mettez « Non » dans « Validé ».",
    expected="au moins 90 % pour un tableau validé",
    source=_TDB_90,
    ok=[
        {**_VALIDE, "taux_completude": 0.9},
        {**_VALIDE, "taux_completude": 0.5, "valide": "Non"},
        {**_VALIDE, "taux_completude": 0.5, "si": ROR},
        {**_VALIDE},
    ],
    ko=[{**_VALIDE, "taux_completude": 0.89}, {**_VALIDE, "taux_completude": 0.0}],
)
def tableau_de_bord_validable(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un tableau de bord ne peut être validé sous le seuil national de remplissage.

    L'une des deux informations est donc fausse.
    """
    if not _valid_table(row, context):
        return None
    national = context.parameter("seuil_tdb_validation")
    return bool(row.taux_completude >= national) or fault(columns=("taux_completude", "valide"))


def _valid_table(row: Row, context: RuleContext) -> bool:
    found = system(row, context)
    return (
        found is not None
        and found.code == _TABLEAU_DE_BORD
        and row.valide == "Oui"
        and row.taux_completude is not None
    )
