"""DIF: how the lines of an ESMS in difficulty agree: exercices, bases, amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.validators.contexte import Contexte
from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.model import (
    AVERTISSEMENT,
    BLOQUANT,
    Fault,
    Guide,
    Source,
    Usage,
    fault,
)
from xl_cpom.validators.rules.groupes import divergences, doublons, grouper
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIVITE, DIFFICULTE, IDENTIFICATION

_RESORPTION = Guide("annexe 2", "taux de résorption du déficit")
_UNITE = Usage("Les montants du classeur sont en euros")
_ET, _AUTRE = "210780581", "250000015"
_LIGNE = {"finess_et": _ET, "exercice": 2027}
_N = {"identification": [{"annee_n1": 2026, "annee_suivie": "N"}]}
_FIN_2027 = {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2027, 12, 31)}
_PLAN = {"finess_et": _ET, "plan_retour": "Oui"}

ORDRE_DE_GRANDEUR = 2
"""Charges and produits of one exercice never differ by more than this factor."""


def _ligne(exercice: int, **values: Any) -> dict[str, Any]:
    return {"finess_et": _ET, "exercice": exercice, **values}


def _comparable(montant: Any) -> bool:
    """A filled, readable amount whose sign is right (a wrong sign has its own rule)."""
    return isinstance(montant, int | float) and montant >= 0


def meme_ordre(ligne: Row) -> bool | None:
    """Are the produits and the charges of the same order of magnitude?"""
    if not _comparable(ligne.produits) or not _comparable(ligne.charges):
        return None
    petit, grand = sorted((ligne.produits, ligne.charges))
    return bool(grand <= ORDRE_DE_GRANDEUR * petit)


@workbook_rule(
    "DIF-005", AVERTISSEMENT, on=DIFFICULTE, sheets=(IDENTIFICATION,),
    columns=("exercice", "plan_retour"),
    message="l'établissement {finess_et} a un plan de retour à l'équilibre, mais aucun montant "
            "pour l'exercice {annee}",
    fix="Ajoutez une ligne pour l'exercice suivi, avec « Produits » et « Charges » (provisoires au "
        "besoin, en le disant dans « Commentaire ou justification »).",
    expected="une ligne pour l'exercice {annee}",
    source=_RESORPTION,
    ok=[
        {"identification": [_FIN_2027],
         "difficulte": [{**_PLAN, "exercice": 2026}, {**_PLAN, "exercice": 2027}]},
        {"identification": [{**_FIN_2027, "date_arrete": dt.date(2027, 12, 30)}],
         "difficulte": [{**_PLAN, "exercice": 2026}]},
        {"identification": [{**_FIN_2027, "date_arrete": None}],
         "difficulte": [{**_PLAN, "exercice": 2026}]},
        {"identification": [_FIN_2027],
         "difficulte": [{**_PLAN, "exercice": 2026}, {**_PLAN, "exercice": None}]},
        {"identification": [_FIN_2027], "difficulte": [_ligne(2026, plan_retour="Non")]},
    ],
    ko=[
        {"identification": [_FIN_2027], "difficulte": [{**_PLAN, "exercice": 2026}]},
        {"identification": [_FIN_2027],
         "difficulte": [{**_PLAN, "exercice": 2026}, _ligne(2027, finess_et=_AUTRE)]},
    ],
)  # fmt: skip
def plan_chiffre(contexte: Contexte) -> Iterator[Fault]:
    """Un établissement qui a un plan a des montants pour l'exercice suivi.

    Le taux de résorption de l'année ne compte que les lignes de cet exercice. Rien n'est demandé
    avant la fin de l'année.
    """
    annee = contexte.classeur.annee_suivie
    if annee is None or contexte.date is None or contexte.date < dt.date(annee, 12, 31):
        return
    for groupe in grouper(contexte.classeur["difficulte"], "finess_et").values():
        exercices = [ligne.exercice for ligne in groupe]
        if not all(exercices) or annee in exercices:
            continue
        avec_plan = [ligne for ligne in groupe if ligne.plan_retour == "Oui"]
        if avec_plan:
            yield fault(*avec_plan, columns=("exercice",), annee=str(annee))


@rule(
    "DIF-009", BLOQUANT, on=DIFFICULTE, columns=("exercice", "exercice_reference"),
    message="l'exercice rendu de l'établissement {finess_et} ({exercice}) n'est pas postérieur à "
            "l'exercice de référence ({exercice_reference})",
    fix="Corrigez « Exercice » ou « Exercice de référence » : la référence est le dernier exercice "
        "clos quand le contrat est signé.",
    expected="un exercice après {exercice_reference}",
    source=_RESORPTION,
    ok=[
        _ligne(2026, exercice_reference=2025), _ligne(2026),
        {"finess_et": _ET, "exercice_reference": 2025},
        _ligne(2025, exercice_reference=2025, **{"@": _N}),
    ],
    ko=[
        _ligne(2025, exercice_reference=2025), _ligne(2024, exercice_reference=2025),
        _ligne(2024, exercice_reference=2025, **{"@": _N}),
    ],
)  # fmt: skip
def exercice_apres_la_reference(ligne: Row, contexte: Contexte) -> bool | None:
    """Le résultat rendu est celui d'un exercice postérieur à l'exercice de référence.

    L'année de la contractualisation, l'exercice peut être celui de la référence.
    """
    if ligne.exercice is None or ligne.exercice_reference is None:
        return None
    if contexte.classeur.rang_suivi == 0:
        return bool(ligne.exercice >= ligne.exercice_reference)
    return bool(ligne.exercice > ligne.exercice_reference)


@table_rule(
    "DIF-010", BLOQUANT, on=DIFFICULTE, columns=("exercice", "finess_et"),
    message="l'établissement {finess_et} a {nombre} lignes pour l'exercice {exercice}",
    fix="Ne gardez qu'une ligne par établissement et par exercice.",
    expected="une seule ligne",
    source=_RESORPTION,
    ok=[
        [_ligne(2026), _ligne(2027), _ligne(2027, finess_et=_AUTRE)],
        [{"finess_et": _ET}, {"finess_et": _ET}],
    ],
    ko=[[_ligne(2027), _ligne(2026), _ligne(2027)]],
)  # fmt: skip
def exercice_unique(lignes: list[Row]) -> Iterator[Fault]:
    """Un établissement n'a qu'une ligne par exercice.

    Deux lignes feraient compter son déficit deux fois.
    """
    for groupe in doublons(lignes, "finess_et", "exercice"):
        yield fault(*groupe, columns=("exercice",), nombre=len(groupe))


@table_rule(
    "DIF-011", AVERTISSEMENT, on=DIFFICULTE, columns=("base", "finess_et"),
    message="les lignes de l'établissement {finess_et} mêlent des déficits annuels et cumulés",
    fix="Gardez la même valeur dans « Base » sur toutes les lignes de l'établissement, avec les "
        "montants correspondants.",
    expected="une seule base par établissement",
    source=_RESORPTION,
    ok=[
        [_ligne(2026, base="annuelle"), _ligne(2027, base="annuelle")],
        [_ligne(2026, base="annuelle"), _ligne(2027)],
        [_ligne(2026, base="annuelle"), _ligne(2026, finess_et=_AUTRE, base="cumulée")],
    ],
    ko=[[_ligne(2026, base="annuelle"), _ligne(2027, base="cumulée")]],
)  # fmt: skip
def base_constante(lignes: list[Row]) -> Iterator[Fault]:
    """Le déficit d'un établissement se suit sur une seule base, annuelle ou cumulée.

    Les deux donnent des trajectoires différentes : le taux d'une année à l'autre ne se comparerait
    plus.
    """
    for groupe in divergences(lignes, ("finess_et",), ("base",)):
        yield fault(*groupe, columns=("base",))


_REFERENCE = ("exercice_reference", "deficit_reference")


@table_rule(
    "DIF-012", AVERTISSEMENT, on=DIFFICULTE, columns=(*_REFERENCE, "base", "finess_et"),
    message="le déficit ou l'exercice de référence de l'établissement {finess_et} change d'une "
            "ligne à l'autre",
    fix="Reprenez sur toutes les lignes de l'établissement la référence du contrat dans « Exercice "
        "de référence » et « Déficit de référence ».",
    expected="la même référence sur toutes les lignes de l'établissement",
    source=_RESORPTION,
    ok=[
        [_ligne(2026, exercice_reference=2025, deficit_reference=9.0),
         _ligne(2027, exercice_reference=2025, deficit_reference=9.0)],
        [_ligne(2026, deficit_reference=9.0), _ligne(2027)],
        [_ligne(2026, deficit_reference=9.0),
         _ligne(2026, finess_et=_AUTRE, deficit_reference=8.0)],
        [_ligne(2026, base="annuelle", deficit_reference=9.0),  # DIF-011
         _ligne(2027, base="cumulée", deficit_reference=20.0)],
    ],
    ko=[
        [_ligne(2026, exercice_reference=2025), _ligne(2027, exercice_reference=2026)],
        [_ligne(2026, deficit_reference=9.0), _ligne(2027, deficit_reference=8.0)],
    ],
)  # fmt: skip
def reference_constante(lignes: list[Row]) -> Iterator[Fault]:
    """La référence d'un établissement ne change pas pendant le contrat.

    Une référence revue à la hausse ferait monter le taux sans que le déficit baisse.
    """
    for groupe in divergences(lignes, ("finess_et",), _REFERENCE):
        if len({ligne.base for ligne in groupe if ligne.base is not None}) > 1:
            continue
        ecarts = tuple(
            key
            for key in _REFERENCE
            if len({ligne[key] for ligne in groupe if ligne[key] is not None}) > 1
        )
        yield fault(*groupe, columns=ecarts)


@workbook_rule(
    "DIF-016", AVERTISSEMENT, on=DIFFICULTE, sheets=(ACTIVITE,), columns=("produits", "charges"),
    message="les montants de l'établissement {finess_et} pour {exercice} diffèrent entre "
            "« Difficulté financière » et « Activité et ressources »",
    fix="Mettez d'accord les colonnes « Produits » et « Charges » des deux feuilles, ou expliquez "
        "l'écart de périmètre dans « Commentaire ou justification ».",
    expected="les mêmes montants, à un euro près",
    source=Source("ERRD et CA : un seul résultat par établissement et par exercice", "trouvé"),
    ok=[
        {"difficulte": [_ligne(2027, produits=100.0, charges=120.0)],
         "activite": [_ligne(2027, produits=101.0, charges=119.0)]},
        {"difficulte": [_ligne(2027, produits=100.0)], "activite": [_ligne(2027, charges=5.0)]},
        {"difficulte": [_ligne(2027, produits=100.0)], "activite": [_ligne(2026, produits=5.0)]},
        {"difficulte": [_ligne(2027, charges=-100.0)], "activite": [_ligne(2027, charges=100.0)]},
        {"difficulte": [_ligne(2027, charges=100.0)], "activite": [_ligne(2027, charges=-100.0)]},
        {"difficulte": [_ligne(2027, produits=100.0)],
         "activite": [_ligne(2027, finess_et=_AUTRE, produits=5.0)]},
    ],
    ko=[
        {"difficulte": [_ligne(2027, produits=100.0)], "activite": [_ligne(2027, produits=101.5)]},
        {"difficulte": [_ligne(2027, charges=100.0)], "activite": [_ligne(2027, charges=98.0)]},
    ],
)  # fmt: skip
def memes_montants(contexte: Contexte) -> Iterator[Fault]:
    """Les produits et les charges d'un exercice sont les mêmes dans les deux feuilles.

    Le résultat comptable et le résultat administratif, ou deux périmètres, expliquent parfois un
    écart : il faut alors le dire.
    """
    tolerance = contexte.parametre("tolerance_resultat")
    activite = grouper(contexte.classeur["activite"], "finess_et", "exercice")
    difficulte = grouper(contexte.classeur["difficulte"], "finess_et", "exercice")
    for cle, lignes in difficulte.items():
        autre = activite.get(cle, [None])[0]
        if autre is None:
            continue
        ecarts = tuple(
            key
            for key in ("produits", "charges")
            if _comparable(lignes[0][key]) and _comparable(autre[key])
            and abs(lignes[0][key] - autre[key]) > tolerance
        )  # fmt: skip
        if ecarts:
            yield fault(lignes[0], columns=ecarts)


@rule(
    "DIF-017", AVERTISSEMENT, on=DIFFICULTE, columns=("deficit_reference", "produits", "charges"),
    message="le déficit de référence de l'établissement {finess_et} ({deficit_reference}) atteint "
            "ses produits de l'exercice",
    fix="Vérifiez « Déficit de référence » et « Produits » : les montants sont en euros, ni en "
        "centimes ni en milliers d'euros.",
    expected="un déficit inférieur aux produits",
    source=_UNITE,
    ok=[
        _ligne(2027, deficit_reference=99.0, produits=100.0, charges=110.0),
        _ligne(2027, deficit_reference=99.0), _ligne(2027, produits=100.0),
        _ligne(2027, deficit_reference=250_000.0, produits=4_000.0, charges=4_100_000.0),
    ],
    ko=[
        _ligne(2027, deficit_reference=100.0, produits=100.0, charges=110.0),
        _ligne(2027, deficit_reference=250_000.0, produits=4_000.0),
    ],
)  # fmt: skip
def deficit_sous_les_produits(ligne: Row) -> bool | Fault | None:
    """Le déficit de référence est inférieur aux produits de l'exercice.

    L'inverse vient presque toujours d'un montant saisi dans une autre unité.
    """
    if ligne.deficit_reference is None or ligne.produits is None or meme_ordre(ligne) is False:
        return None
    return bool(ligne.deficit_reference < ligne.produits) or fault(
        columns=("deficit_reference", "produits")
    )


@rule(
    "DIF-018", AVERTISSEMENT, on=DIFFICULTE, columns=("produits", "charges"),
    message="les produits ({produits}) et les charges ({charges}) de l'établissement {finess_et} "
            "ne sont pas du même ordre de grandeur",
    fix="Vérifiez « Produits » et « Charges » : les deux montants sont en euros et portent sur "
        "l'exercice entier.",
    expected="des montants du même ordre de grandeur",
    source=_UNITE,
    ok=[
        _ligne(2027, produits=100.0, charges=200.0), _ligne(2027, produits=200.0, charges=100.0),
        _ligne(2027, produits=200.0, charges=-10.0), _ligne(2027, produits=200.0),
        _ligne(2027, produits=0.0, charges=0.0),
    ],
    ko=[
        _ligne(2027, produits=100.0, charges=201.0), _ligne(2027, produits=201.0, charges=100.0),
        _ligne(2027, produits=4_000.0, charges=4_100_000.0),
        _ligne(2027, produits=0.0, charges=1.0),
    ],
)  # fmt: skip
def montants_dumeme_ordre(ligne: Row) -> bool | None:
    """Les produits et les charges d'un exercice sont du même ordre de grandeur."""
    return meme_ordre(ligne)


@rule(
    "DIF-019", AVERTISSEMENT, on=DIFFICULTE, columns=("exercice",),
    message="la ligne de l'établissement {finess_et} porte sur l'exercice {exercice}, postérieur à "
            "l'année suivie",
    fix="Corrigez « Exercice » : un résultat prévisionnel ne se saisit pas ici.",
    expected="au plus tard l'année suivie",
    source=_RESORPTION,
    ok=[_ligne(2027), _ligne(2026), {"finess_et": _ET}],
    ko=[_ligne(2028)],
)  # fmt: skip
def exercice_clos(ligne: Row, contexte: Contexte) -> bool | None:
    """Le résultat rendu est celui d'un exercice écoulé."""
    annee = contexte.classeur.annee_suivie
    if ligne.exercice is None or annee is None:
        return None
    return bool(ligne.exercice <= annee)
