"""EVO: figures that the contract or a past return has settled, and that were changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.indicators import arrondi
from xl_cpom.typography import listing
from xl_cpom.validators.declaration import workbook_rule
from xl_cpom.validators.facts.thresholds import DECIMALES
from xl_cpom.validators.model import AVERTISSEMENT, Fault, Scope, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Annexe, Casf, Guide, Usage
from xl_cpom.validators.rules.evolution.disparitions import deux_ans
from xl_cpom.validators.wording import show
from xl_cpom.validators.year_pairs import (
    NO_COMPARISON,
    Pair,
    augmente,
    change,
    new_numbers,
    pair_rule,
    paired_rows,
    precedent,
)
from xl_cpom.workbook.records import NON_LU, Row
from xl_cpom.workbook.register import CIBLE, explained_by
from xl_cpom.workbook.sheets import DIFFICULTE, ETABLISSEMENTS, INDICATEURS
from xl_cpom.workbook.sheets.indicateurs import RANKS, SUIVIS

_CONTRAT = Annexe("SUIVI", "cibles des indicateurs de suivi annuel")
_RENDU = Annexe("SUIVI", "indicateurs de suivi annuel, années passées")
_DEFICIT = Guide("Suivi ESMS en difficulté financière", "taux de résorption du déficit")
_TAUX = {"code": "TRANSFO/PA"}
_N1 = {"annee_n1": 2026, "annee_suivie": "N1"}


def _indicateur(avant: dict[str, Any], apres: dict[str, Any]) -> dict[str, Any]:
    return {
        "@precedent": {"identification": [_N1], "indicateurs": [{**_TAUX, **avant}]},
        "indicateurs": [{**_TAUX, **apres}],
    }


def _changees(avant: Row, apres: Row, keys: list[str]) -> list[str]:
    """The rates filled both years that would not show the same."""
    return [
        key
        for key in keys
        if change(avant, apres, key) and _affiche(avant[key]) != _affiche(apres[key])
    ]


def _affiche(valeur: float) -> float:
    return arrondi(valeur, DECIMALES)


def _enumeration(avant: Row, apres: Row, keys: list[str]) -> str:
    """« Cible N2 » : 40,0 % puis 30,0 %, and the next."""
    texts = []
    for key in keys:
        column = apres.table.sheet[key]
        before, after = show(avant[key], column), show(apres[key], column)
        texts.append(f"« {column.header} » : {before} puis {after}")
    return " ; ".join(texts)


@pair_rule(
    "EVO-030",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    requires=("EVO-005",),
    title="Cibles modifiées depuis le retour précédent",
    message="les cibles de {code} ont changé depuis le retour précédent ({details})",
    fix="Rétablissez les cibles du contrat, ou inscrivez dans la feuille « Avenants » celui qui "
    "les change, avec l'objet « cible » : il concerne {code}.",
    expected="les cibles du retour précédent",
    source=_CONTRAT,
    ok=[
        _indicateur({"cible_n2": 0.4}, {"cible_n2": 0.4}),
        _indicateur({"cible_n2": 0.4}, {"cible_n2": 0.4004}),
        _indicateur({"cible_n2": None}, {"cible_n2": 0.4}),
        _indicateur({"cible_n2": 0.4}, {"cible_n2": None}),
        {
            **_indicateur({"cible_n2": 0.4}, {"cible_n2": 0.3}),
            "avenants": [{"objet": "cible", "concerne": "TRANSFO/PA"}],
        },
        {
            **_indicateur({"cible_n2": 0.4}, {"cible_n2": 0.3}),
            "avenants": [{"objet": "cible", "concerne": "TRANSFO"}],
        },
        *(
            {
                **_indicateur({"cible_n2": 0.4}, {"cible_n2": 0.3}),
                "avenants": [{"objet": "cible", "concerne": f"« Transformation de l'offre »{who}"}],
            }
            for who in ("", " (PA)", " (PA et PH)")
        ),
    ],
    ko=[
        *(
            {
                **_indicateur({"cible_n2": 0.4}, {"cible_n2": 0.3}),
                "avenants": [{"objet": "cible", "concerne": said}],
            }
            for said in ("« Transformation de l'offre » (PH)", "« Prévention » (PA)")
        ),
        {
            **_indicateur({"cible_n2": 0.4}, {"cible_n2": 0.3}),
            "avenants": [{"objet": "cible", "concerne": "TRANSFO/PH"}],
        },
        _indicateur({"cible_n6": 0.9}, {"cible_n6": 0.8}),
        _indicateur({"cible_n2": 0.4}, {"cible_n2": 0.3}),
        _indicateur({"cible_n1": 0.2, "cible_n5": 1.0}, {"cible_n1": 0.1, "cible_n5": 0.9}),
    ],
)
def cibles_stables(avant: Row, apres: Row, context: RuleContext) -> bool | Fault:
    """Les cibles d'un indicateur sont celles du contrat : elles ne changent pas après coup.

    Abaisser une cible une fois le résultat connu rend l'atteinte sans valeur. Un avenant peut les
    changer : il est inscrit au registre.
    """
    keys = _changees(avant, apres, [f"cible_n{rank}" for rank in SUIVIS])
    if not keys or explained_by(context.classeur, CIBLE, apres.code, apres.module):
        return True
    return fault(columns=tuple(keys), details=_enumeration(avant, apres, keys))


@pair_rule(
    "EVO-031",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("code",),
    requires=("EVO-005",),
    title="Résultat déjà rendu réécrit",
    message="le résultat déjà rendu pour {code} a été réécrit ({details})",
    fix="Rétablissez le résultat rendu. S'il était faux, dites-le dans « Commentaire ou "
    "justification ».",
    expected="les résultats du retour précédent",
    source=_RENDU,
    ok=[
        _indicateur({"realise_n1": 0.2}, {"realise_n1": 0.2, "realise_n2": 0.4}),
        _indicateur({"realise_n1": 0.2}, {"realise_n1": 0.2003}),
        _indicateur({"realise_n2": 0.2}, {"realise_n2": 0.4}),
        _indicateur({"realise_n1": 0.2}, {"realise_n1": None}),
    ],
    ko=[_indicateur({"realise_n1": 0.2}, {"realise_n1": 0.4})],
)
def resultats_rendus_stables(avant: Row, apres: Row, context: RuleContext) -> bool | Fault:
    """Le résultat d'une année rendue ne change plus.

    La trajectoire depuis N1 se lit d'un retour à l'autre : un résultat réécrit la fausse. Un
    résultat effacé est signalé à part.
    """
    rendu = precedent(context).followed_rank
    if rendu is None:
        return True
    keys = _changees(avant, apres, [f"realise_n{rank}" for rank in RANKS if rank <= rendu])
    if not keys:
        return True
    return fault(columns=tuple(keys), details=_enumeration(avant, apres, keys))


_ET = {"finess_et": "210781456"}
_ARRETE, _NEW_ARRETE = dt.date(2017, 1, 3), dt.date(2027, 3, 1)


def _et(avant: dict[str, Any], apres: dict[str, Any]) -> Any:
    return deux_ans("etablissements", [{**_ET, **avant}], [{**_ET, **apres}])


def _new_autorisation(avant: Row, apres: Row) -> bool:
    return augmente(avant, apres, "date_autorisation")


@pair_rule(
    "EVO-032",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("capacite_autorisee",),
    read=("date_autorisation",),
    title="Capacité autorisée modifiée depuis le retour précédent",
    message="la capacité autorisée de {finess_et} est passée de {avant} à {apres} places",
    fix="Vérifiez la capacité. Si un arrêté la change, mettez à jour la « Date d'autorisation » ou "
    "citez-le dans « Commentaire ou justification ».",
    source=Casf("L. 313-1"),
    ok=[
        _et({"capacite_autorisee": 80}, {"capacite_autorisee": 80}),
        _et(
            {"capacite_autorisee": 80, "date_autorisation": _ARRETE},
            {"capacite_autorisee": 84, "date_autorisation": _NEW_ARRETE},
        ),
    ],
    ko=[
        _et({"capacite_autorisee": 80}, {"capacite_autorisee": 84}),
        _et(
            {"capacite_autorisee": 80, "date_autorisation": _ARRETE},
            {"capacite_autorisee": 60, "date_autorisation": _ARRETE},
        ),
    ],
)
def capacite_stable(avant: Row, apres: Row) -> bool:
    """La capacité autorisée ne change que par un arrêté d'autorisation.

    Une capacité qui change avec la date d'autorisation n'est pas signalée.
    """
    return not change(avant, apres, "capacite_autorisee") or _new_autorisation(avant, apres)


@pair_rule(
    "EVO-033",
    AVERTISSEMENT,
    on=ETABLISSEMENTS,
    columns=("categorie",),
    read=("date_autorisation",),
    title="Catégorie modifiée depuis le retour précédent",
    message="la catégorie de {finess_et} est passée de {ancienne} à {nouvelle}",
    fix="Vérifiez le code de catégorie. Si un arrêté le change, mettez à jour la « Date "
    "d'autorisation » ou citez-le dans « Commentaire ou justification ».",
    source=Casf("L. 312-1 et L. 313-1"),
    ok=[
        _et({"categorie": "500"}, {"categorie": "500"}),
        _et(
            {"categorie": "437", "date_autorisation": _ARRETE},
            {"categorie": "448", "date_autorisation": _NEW_ARRETE},
        ),
    ],
    ko=[_et({"categorie": "500"}, {"categorie": "202"})],
)
def categorie_stable(avant: Row, apres: Row, context: RuleContext) -> bool | Fault:
    """La catégorie d'un établissement ne change que par un arrêté d'autorisation."""
    if not change(avant, apres, "categorie") or _new_autorisation(avant, apres):
        return True
    said = context.referentiel.category_said
    return fault(ancienne=said(avant.categorie), nouvelle=said(apres.categorie))


_ROW = {
    "finess_et": "210781456",
    "base": "annuelle",
    "exercice_reference": 2025,
    "deficit_reference": 250_000,
    "exercice": 2026,
}
_NEXT = {**_ROW, "exercice": 2027}


@workbook_rule(
    "EVO-034",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("deficit_reference", "exercice_reference", "base"),
    scope=Scope.PRECEDENT,
    requires=NO_COMPARISON,
    title="Déficit de référence modifié depuis le retour précédent",
    message="le déficit de référence de {finess_et} a changé depuis le retour précédent "
    "({details})",
    fix="Rétablissez le déficit de référence du contrat, ou citez l'avenant qui le change dans "
    "« Commentaire ou justification ».",
    expected="le déficit de référence du retour précédent",
    source=_DEFICIT,
    ok=[
        deux_ans("difficulte", [_ROW], [_ROW, _NEXT]),
        deux_ans(
            "difficulte", [_ROW], [{**_ROW, "finess_et": "710976507", "deficit_reference": 1}]
        ),
        deux_ans(
            "difficulte",
            [_ROW, {**_NEXT, "deficit_reference": 1}],
            [{**_ROW, "deficit_reference": 2}],
        ),
    ],
    ko=[
        deux_ans("difficulte", [_ROW], [{**_NEXT, "deficit_reference": 300_000}]),
        deux_ans("difficulte", [_ROW], [{**_NEXT, "base": "cumulée"}]),
        deux_ans("difficulte", [_ROW], [{**_NEXT, "exercice_reference": 2024}]),
        {
            **deux_ans(
                "difficulte",
                [_ROW],
                [{**_NEXT, "finess_et": "390000131", "deficit_reference": 1}],
            ),
            "etablissements": [{"finess_et": "390000131", "ancien_finess_et": "210781456"}],
        },
    ],
)
def deficit_de_reference_stable(context: RuleContext) -> Iterator[Fault]:
    """Le déficit de référence d'un ESMS, son exercice et sa base ne changent pas.

    Le taux de résorption se mesure toujours depuis le même point : l'agrandir améliore le taux sans
    rien résorber. Un déficit qui varie d'une ligne à l'autre d'un même retour est signalé à part.
    """
    keys = ("deficit_reference", "exercice_reference", "base")
    numbers = new_numbers(context)
    alone = _seules(precedent(context)["difficulte"].rows, keys)
    before = {numbers.get(number, number): row for number, row in alone.items()}
    after = _seules(context.classeur["difficulte"].rows, keys)
    for number, row in after.items():
        if number not in before:
            continue
        changed = [key for key in keys if change(before[number], row, key)]
        if changed:
            details = _enumeration(before[number], row, changed)
            yield fault(row, columns=tuple(changed), details=details)


def _seules(rows: list[Row], keys: tuple[str, ...]) -> dict[str, Row]:
    """One row per ESMS, when all of its rows say the same; none when a number is not read."""
    groups: dict[str, list[Row]] = {}
    if any(row.finess_et is NON_LU for row in rows):
        return {}
    for row in rows:
        if row.finess_et:
            groups.setdefault(row.finess_et, []).append(row)
    return {
        number: group[0]
        for number, group in groups.items()
        if all(len({str(row[key]) for row in group}) == 1 for key in keys)
        and not any(row[key] is NON_LU for row in group for key in keys)
    }


_COMPTES = {**_ROW, "produits": 3_310_000, "charges": 3_490_000}


@workbook_rule(
    "EVO-035",
    AVERTISSEMENT,
    on=DIFFICULTE,
    columns=("produits", "charges"),
    scope=Scope.PRECEDENT,
    requires=(*NO_COMPARISON, "EVO-005"),
    title="Comptes d'un exercice déjà rendu réécrits",
    message="les comptes de {exercice} de {finess_et} ont été réécrits depuis le retour "
    "précédent ({details})",
    fix="Rétablissez les produits et les charges déjà rendus. Si les comptes ont été arrêtés "
    "depuis, dites-le dans « Commentaire ou justification ».",
    expected="{attendu}",
    source=Usage("Les comptes d'un exercice rendu ne changent plus, sauf arrêté définitif"),
    ok=[
        deux_ans("difficulte", [_COMPTES], [_COMPTES]),
        deux_ans("difficulte", [_COMPTES], [{**_COMPTES, "produits": 3_310_000.4}]),
    ],
    ko=[
        deux_ans("difficulte", [_COMPTES], [{**_COMPTES, "charges": 3_400_000}]),
        deux_ans("difficulte", [_COMPTES], [{**_COMPTES, "produits": 3_310_001}]),
    ],
)
def comptes_rendus_stables(context: RuleContext) -> Iterator[Fault]:
    """Les produits et les charges d'un exercice déjà rendu ne changent plus.

    Un compte arrêté après le retour peut différer : la ligne le dit alors en commentaire. Un écart
    de moins d'un euro n'est pas signalé.
    """
    for before, after in paired_rows(context, DIFFICULTE):
        keys = [key for key in ("produits", "charges") if _ecart(Pair(before, after), key)]
        if keys:
            shown = listing(
                f"{DIFFICULTE[k].header} {show(before[k], DIFFICULTE[k])}" for k in keys
            )
            details = _enumeration(before, after, keys)
            yield fault(after, columns=tuple(keys), attendu=shown, details=details)


def _ecart(pair: Pair, key: str) -> bool:
    return change(*pair, key) and abs(pair.avant[key] - pair.apres[key]) >= 1
