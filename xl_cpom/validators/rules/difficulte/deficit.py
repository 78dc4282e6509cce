"""DIF: the ESMS in financial difficulty: deficit of reference, results, plan.

How the lines agree is judged in `exercices`, their amounts in `montants`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.indicators import BY_MODULE, arrondi
from xl_cpom.typography import rate_text
from xl_cpom.validators.declaration import reading_rule, rule, table_rule
from xl_cpom.validators.facts.thresholds import out_of_bounds, usuel
from xl_cpom.validators.model import AVERTISSEMENT, INFORMATION, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Casf, Guide, RuleSource, Usage
from xl_cpom.validators.rules.difficulte.montants import same_order
from xl_cpom.workbook.computation import parametres
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIVITE, DIFFICULTE
from xl_cpom.workbook.sheets.difficulte import CUMULEE, exercice_juge

_MODULE = "module Suivi ESMS en difficulté financière"
_HELIOS = RuleSource("Hélios (ANAP, ATIH, CNSA) : valeurs atypiques du taux de CAF", "trouvé")
_ET = "210780581"
_ROW = {"finess_et": _ET, "exercice": 2026}
_ACTIF = {"modules": [{"code": "DIFFICULTE", "actif": "Oui"}]}


def _rendu(result: float, **values: Any) -> dict[str, Any]:
    """A line whose result is this one, for a deficit of reference of 250 000 €."""
    return {
        **_ROW,
        "deficit_reference": 250_000.0,
        "produits": 4_000_000.0,
        "charges": 4_000_000.0 - result,
        **values,
    }


def _caf(for_mille: float) -> list[dict[str, Any]]:
    return [{**_ROW, "caf": for_mille, "produits_caf": 1000.0}]


reading_rule(
    "DIF-001",
    AVERTISSEMENT,
    Scope.CELL,
    raised_by=("xl_cpom.workbook.sheets.difficulte",),
    title="Déficit de référence absent",
    message="le déficit de référence {de_qui} est vide",
    fix="Saisissez dans « Déficit de référence » le déficit du dernier exercice clos, en montant "
    "positif.",
    expected="un montant positif",
    source=Annexe("RESORPTION", "taux de résorption du déficit", bloque=True),
    doc="""Le taux de résorption se rapporte au déficit de référence.

    C'est le résultat du dernier exercice clos quand le contrat est signé, en montant positif :
    250 000 pour un déficit de 250 000 €. Sans lui, aucun taux ne peut être calculé.""",
)


@rule(
    "DIF-003",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("charges",),
    title="Charges négatives",
    message="les charges de l'établissement {finess_et} pour {exercice} sont négatives ({charges})",
    fix="Saisissez « Charges » en montant positif : le signe est ajouté par le calcul du résultat.",
    expected="un montant positif",
    source=RuleSource("DIAMANT, convention de signe des charges", "trouvé"),
    ok=[{**_ROW, "charges": 0.0}, {**_ROW, "charges": 1000.0}, _ROW],
    ko=[{**_ROW, "charges": -1.0}, {**_ROW, "charges": -4_200_000.0}],
)
def charges_positives(row: Row) -> bool | None:
    """Les charges sont saisies en montant positif.

    Certaines extractions donnent les charges en négatif : le résultat produits − charges en
    deviendrait un excédent énorme, et le déficit disparaîtrait.
    """
    return None if row.charges is None else bool(row.charges >= 0)


@table_rule(
    "DIF-004",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("taux_caf", "caf", "produits_caf", "finess_et", "exercice"),
    title="Taux de CAF hors des valeurs usuelles",
    message="le taux de CAF de l'établissement {finess_et} pour {exercice} est de {taux_caf}, hors "
    "des valeurs usuelles ({usuel})",
    fix="Vérifiez « Capacité d'autofinancement » et les produits du taux de CAF ; si la valeur est "
    "exacte, expliquez-la dans « Commentaire ou justification ».",
    expected="{usuel}",
    source=_HELIOS,
    ok=[_caf(210), _caf(-210), _caf(0), [_ROW]],
    ko=[_caf(211), _caf(-211), _caf(5000)],
)
def caf_plausible(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le taux de capacité d'autofinancement reste dans les valeurs usuelles.

    L'outil national signale comme atypique un taux de CAF sous −21 % ou au-delà de 21 %.
    """
    seuil = context.referentiel.seuils["CAF"]
    for row in lignes:
        if row.taux_caf is not None and out_of_bounds(row.taux_caf, seuil):
            yield fault(row, columns=("taux_caf", "caf", "produits_caf"), usuel=usuel(seuil))


@table_rule(
    "DIF-008",
    INFORMATION,
    on=ACTIVITE,
    columns=("taux_caf", "caf", "produits_caf", "finess_et", "exercice"),
    title="Taux de CAF inférieur à 2 %",
    message="le taux de CAF de l'établissement {finess_et} pour {exercice} est de {taux_caf} : "
    "c'est un signe de déséquilibre",
    fix="Rien à corriger si les montants sont exacts : l'ARS suivra la situation de "
    "l'établissement.",
    expected="au moins {repere}",
    source=_HELIOS,
    ok=[_caf(20), _caf(-211), _caf(211), [_ROW]],
    ko=[_caf(19), _caf(-210)],
)
def caf_suffisante(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un taux de CAF sous 2 % est un critère de déséquilibre.

    Ce n'est pas une faute de saisie. Un taux hors des valeurs usuelles est signalé à part.
    """
    seuil = context.referentiel.seuils["CAF"]
    if seuil.repere is None:
        return
    for row in lignes:
        if row.taux_caf is None or out_of_bounds(row.taux_caf, seuil):
            continue
        if arrondi(row.taux_caf, 3) < seuil.repere:
            yield fault(row, columns=("taux_caf",), repere=rate_text(seuil.repere, 0))


@table_rule(
    "DIF-006",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=(
        "resultat_retenu",
        "resultat",
        "deficit_reference",
        "produits",
        "charges",
        "base",
        "deficit_cumule",
        "finess_et",
        "exercice",
    ),
    title="Taux de résorption inférieur à 0 % ou supérieur à 100 %",
    message="le taux de résorption du déficit de l'établissement {finess_et} pour {exercice} est "
    "de {resorption}, au lieu d'être entre 0 % et 100 %",
    fix="Vérifiez « Produits », « Charges » et « Déficit de référence » ; si le déficit s'est bien "
    "creusé, expliquez-le dans « Commentaire ou justification ».",
    expected="entre 0 % et 100 %",
    source=Annexe("RESORPTION", "taux de résorption du déficit"),
    ok=[
        [_rendu(-250_000)],
        [_rendu(-100_000)],
        [_rendu(20_000)],
        [_rendu(0)],
        [_rendu(-300_000, deficit_reference=0.0)],
        [_rendu(-300_000, produits=4_000.0)],
        [_rendu(-300_000, charges=-1.0)],
        [_ROW],
        [_rendu(-300_000, deficit_reference=None)],
        [_rendu(-300_000, base=CUMULEE, deficit_cumule=100_000.0)],
        [_rendu(-300_000, base=CUMULEE)],  # DIF-020
    ],
    ko=[
        [_rendu(-250_300)],
        [_rendu(-500_000)],
        [_rendu(-100_000, base=CUMULEE, deficit_cumule=250_300.0)],
    ],
)
def resorption_plausible(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Le taux de résorption se situe entre 0 % et 100 %.

    Il est négatif quand le déficit s'est creusé depuis l'exercice de référence : l'ARS a besoin
    d'en connaître la raison.
    """
    this_set = parametres(context.referentiel)
    for row in lignes:
        if row.deficit_reference is None or not same_order(row):
            continue
        data = {"deficit_reference": row.deficit_reference, "resultat": row.resultat_retenu}
        value = BY_MODULE["DIFFICULTE"].compute(data, parametres=this_set).value
        if value is not None and not 0 <= arrondi(value, 3) <= 1:
            yield fault(row, columns=("resultat", "deficit_reference"), resorption=rate_text(value))


@rule(
    "DIF-007",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("deficit_reference",),
    title="Déficit de référence nul ou négatif",
    message="le déficit de référence de l'établissement {finess_et} est de {deficit_reference} : "
    "il n'y a rien à résorber",
    fix="Si c'est un déficit, saisissez « Déficit de référence » en montant positif. Si "
    "l'établissement est suivi sans déficit (trésorerie), laissez la ligne et dites-le dans "
    "« Commentaire ou justification » : son taux est sans objet.",
    expected="un montant positif",
    source=Annexe("RESORPTION", "taux de résorption du déficit"),
    ok=[
        {**_ROW, "deficit_reference": 1.0, "@": _ACTIF},
        {**_ROW, "@": _ACTIF},
        {**_ROW, "deficit_reference": -1.0},
    ],
    ko=[
        {**_ROW, "deficit_reference": 0.0, "@": _ACTIF},
        {**_ROW, "deficit_reference": -250_000.0, "@": _ACTIF},
    ],
)
def deficit_positif(row: Row, context: RuleContext) -> bool | None:
    """Le déficit de référence est un montant positif.

    Un déficit de 250 000 € s'écrit 250 000. Nul ou négatif, il rend le taux sans objet : c'est le
    cas d'un établissement suivi pour sa trésorerie, ce qui ne fait jamais refuser le classeur.
    """
    if row.deficit_reference is None or not context.classeur.actif("DIFFICULTE"):
        return None
    return bool(row.deficit_reference > 0)


@rule(
    "DIF-013",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("date_plan", "plan_retour"),
    while_present=True,
    title="Plan de retour à l'équilibre sans date",
    message="le plan de retour à l'équilibre de l'établissement {finess_et} n'a pas de date",
    fix="Saisissez dans « Date du plan » la date à laquelle il a été adopté.",
    expected="une date",
    source=Casf("L. 313-14-1"),
    ok=[
        {**_ROW, "plan_retour": "Oui", "date_plan": dt.date(2026, 9, 1)},
        {**_ROW, "plan_retour": "Non"},
        _ROW,
    ],
    ko=[{**_ROW, "plan_retour": "Oui"}],
)
def plan_date(row: Row) -> bool | None:
    """Un plan de retour à l'équilibre adopté a une date."""
    return None if row.plan_retour != "Oui" else row.date_plan is not None


@rule(
    "DIF-014",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("date_plan",),
    requires=("IDE-024",),
    title="Plan de retour à l'équilibre daté après l'arrêté des données",
    message="le plan de retour à l'équilibre de l'établissement {finess_et} est daté du "
    "{date_plan}, après l'arrêté des données",
    fix="Corrigez « Date du plan », ou mettez « Non » dans « Plan de retour à l'équilibre » s'il "
    "n'est pas encore adopté.",
    expected="une date déjà passée",
    source=Usage("La date du plan est celle de son adoption"),
    ok=[
        {**_ROW, "date_plan": dt.date(2027, 12, 31)},
        _ROW,
        {**_ROW, "date_plan": dt.date(2028, 1, 1), "@": {"identification": [{}]}},
    ],
    ko=[{**_ROW, "date_plan": dt.date(2028, 1, 1)}],
)
def plan_adopte(row: Row, context: RuleContext) -> bool | None:
    """Un plan de retour à l'équilibre est adopté à une date déjà passée."""
    if row.date_plan is None or context.date is None:
        return None
    return bool(row.date_plan <= context.date)


@rule(
    "DIF-015",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=(
        "plan_retour",
        "preconisations",
        "exercice",
        "deficit_residuel",
        "produits",
        "charges",
    ),
    requires=("IDE-024",),
    while_present=True,
    title="Déficit sans plan ni préconisations",
    message="l'établissement {finess_et} reste en déficit ({deficit_residuel}) sans plan de retour "
    "à l'équilibre ni préconisations",
    fix="Mettez « Oui » dans « Plan de retour à l'équilibre » avec sa date, ou reprenez les "
    "préconisations de la commission départementale.",
    expected="un plan ou des préconisations",
    source=Guide(_MODULE, "plan d'actions et préconisations de la commission départementale"),
    ok=[
        _rendu(-100_000, plan_retour="Oui"),
        _rendu(-1, preconisations="Revoir les contrats"),
        _rendu(0, plan_retour="Non"),
        _rendu(-100_000, exercice=2027),
        _rendu(-100_000, base=CUMULEE),  # DIF-020
        _ROW,
        _rendu(-100_000, produits=4_000.0),  # montants d'unités différentes : DIF-018
    ],
    ko=[_rendu(-1), _rendu(-100_000, plan_retour="Non")],
)
def deficit_traite(row: Row, context: RuleContext) -> bool | Fault | None:
    """Un établissement encore en déficit l'année suivie a un plan ou des préconisations.

    Le module suit un plan d'actions de retour à l'équilibre, ou les préconisations de la
    commission départementale de suivi.
    """
    if not same_order(row) or row.exercice != exercice_juge(context.classeur):
        return None
    if row.deficit_residuel is None:
        return None  # DIF-020
    traite = row.plan_retour == "Oui" or row.preconisations is not None
    en_deficit = row.deficit_residuel > 0
    return not en_deficit or traite or fault(columns=("plan_retour", "preconisations"))
