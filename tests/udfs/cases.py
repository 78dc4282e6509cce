"""One table of calls for every host: the cases of the indicators as cells call them, and ours.

An argument is a cell (None = left out, VIDE = an empty cell, "#N/A" = an error cell, a date) or a
column (a list of cells, None = an empty cell, "" = a formula returning an empty text).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.indicators.cases import CAS, FUNCTION_CASES, Cas
from xl_cpom import __version__
from xl_cpom.indicators import INDICATORS

NA, VALUE, NUM = "#N/A", "#VALUE!", "#NUM!"


class Empty:
    """An empty cell given as an argument (None is an argument left out)."""

    def __repr__(self) -> str:
        return "VIDE"


EMPTY = Empty()


@dataclass(frozen=True)
class Call:
    """fonction(*args) shows `attendu`. `hors`: host → why it cannot tell the case."""

    nom: str
    fonction: str
    args: tuple[Any, ...]
    attendu: Any
    hors: frozenset[str] = frozenset()


WITHOUT_BOOLEAN = frozenset({"libreoffice", "natif"})
"""LibreOffice reads a boolean cell as a number (add-in and plain formulas alike)."""

WITHOUT_LOOKUP = frozenset({"formulon"})
"""formulon 0.18 cuts the array of LOOKUP down to one row (findings/formulon_lookup_of_an_array.sh):
Excel, LibreOffice and IronCalc read it whole."""

WITHOUT_SAUT = frozenset({"lambda"})
"""The LAMBDA of CPOM_TAUX takes its data without a gap."""

WITHOUT_ENS = frozenset({"lambda"})
"""IronCalc does not spread a criterion of COUNTIFS; Excel and LibreOffice do."""

WITHOUT_TABLE = frozenset({"natif", "formulon"})
"""The plain formula answers for one cell."""

WITHOUT_MAP = WITHOUT_TABLE | {"lambda"}
"""IronCalc hands an empty cell over to MAP as 0; Excel hands the empty cell."""

WITHOUT_SIZES = frozenset({"lambda"})
"""IronCalc adds ranges of different sizes before it looks at them: #N/A instead of #VALUE!."""


def de_l_indicateur(cas: Cas) -> Iterator[Call]:
    """Calls equivalent to a case of the indicators."""
    if cas.methode is not None:
        return
    indicator = INDICATORS[cas.code]
    data = dict(cas.data)
    if "perimetre" in data and not data.get("code"):
        return  # a perimeter without a code: not a call one can write
    code = cas.code
    if "perimetre" in data:
        code = data["code"]
        if code.split("/")[0].upper() not in (cas.code, indicator.module):
            code, data["perimetre"] = _renamed(cas.code, code, data["perimetre"])
    args = [data.get(i.key) for i in indicator.inputs if i.key not in ("code", "perimetre")]
    if "perimetre" in data:
        args.insert(0, data["perimetre"])
    given = [i.key in data for i in indicator.inputs if i.key not in ("code", "perimetre")]
    shift = len(args) - len(given)
    cells = tuple(
        EMPTY if a is None and n >= shift and given[n - shift] else a for n, a in enumerate(args)
    )
    while cells and cells[-1] is None:
        cells = cells[:-1]
    outside = frozenset(WITHOUT_BOOLEAN if "libreoffice" in cas.hors else cas.hors)
    if any(c is None for c in cells):
        outside |= WITHOUT_SAUT
    for function, attendu in zip(
        ("CPOM_NUMERATEUR", "CPOM_DENOMINATEUR", "CPOM_TAUX"), cas.attendu, strict=True
    ):
        yield Call(cas.nom, function, (code, *cells), NA if attendu is None else attendu, outside)
    if indicator.module is None and cas.code != "ECHUES":
        attendu = NA if cas.attendu[2] is None else cas.attendu[2]
        yield Call(cas.nom, f"CPOM_{cas.code}", cells, attendu, outside - WITHOUT_SAUT)


def _renamed(indicateur: str, code: str, perimetre: list[Any]) -> tuple[str, list[Any]]:
    """The same case under the indicator's own code."""
    old = code.split("/")[0]
    return code.replace(old, indicateur), [
        p.replace(old, indicateur).replace(old.capitalize(), indicateur) if p else p
        for p in perimetre
    ]


def of_the_function() -> Iterator[Call]:
    """The cases of the targets."""
    from xl_cpom.indicators.cibles import TARGET_FUNCTIONS

    for cas in FUNCTION_CASES:
        args = [
            EMPTY if cas.data[i.key] is None else cas.data[i.key]
            for i in TARGET_FUNCTIONS[cas.code].inputs
            if i.key in cas.data
        ]
        attendu = NA if cas.attendu is None else cas.attendu
        yield Call(cas.nom, f"CPOM_{cas.code}", tuple(args), attendu)


D = dt.date
STATUTS = ["Réalisée", "En cours", "À démarrer", "Abandonnée", None]
AVANCES = [1, 0.75, None, 1, None]
WEIGHT = [3, None, 2, 5, None]
TYPES = ["injonction", "Prescription", "recommandation", "injonction"]
LEVEES = ["Levée", "Notifiée", "Levée", "Levée"]
DATES = [D(2027, 3, 1), None, D(2027, 3, 1), D(2028, 2, 1)]

FAMILIES = (
    Call("statuts seuls", "CPOM_AVANCEMENT", (STATUTS,), 1 / 3),
    Call("méthode moyenne", "CPOM_AVANCEMENT", (STATUTS, AVANCES, None, "MOYENNE"), 1.75 / 3),
    Call("méthode en minuscules", "CPOM_AVANCEMENT", (STATUTS, AVANCES, WEIGHT, "ponderee"),
          3.75 / 6),
    Call("méthode vide", "CPOM_AVANCEMENT", (STATUTS, AVANCES, WEIGHT, EMPTY), 1 / 3),
    Call("méthode sans avancements", "CPOM_AVANCEMENT", (STATUTS, None, None, "MOYENNE"), 0.5),
    Call("pondérée sans avancements", "CPOM_AVANCEMENT", (STATUTS, None, WEIGHT, "PONDEREE"),
          (3 + 0.5 + 0) / 6),
    Call("méthode inconnue", "CPOM_AVANCEMENT", (STATUTS, None, None, "AU PIF"), VALUE),
    Call("méthode en erreur", "CPOM_AVANCEMENT", (STATUTS, AVANCES, None, "#REF!"), "#REF!"),
    Call("un poids en erreur fait la ligne, il est lu", "CPOM_AVANCEMENT",
          (["Réalisée", "En cours"], None, ["#DIV/0!", 1], "MOYENNE"), "#DIV/0!"),
    Call("erreur dans les statuts", "CPOM_AVANCEMENT", (["Réalisée", "#NAME?"],), "#NAME?"),
    Call("« 85 % » en texte", "CPOM_AVANCEMENT",
          (["En cours", "En cours"], ["85 %", 0.5], None, "MOYENNE"), VALUE),
    Call("une seule cellule", "CPOM_AVANCEMENT", ("Réalisée",), 1.0),
    Call("colonne vide", "CPOM_AVANCEMENT", ([None, None, ""],), NA),
    Call("cellule vide", "CPOM_AVANCEMENT", (EMPTY,), NA),
    Call("toutes sans objet", "CPOM_AVANCEMENT", (["Sans objet", "Abandonnée"],), NA),
    Call("tailles différentes", "CPOM_AVANCEMENT",
          (STATUTS, [1, 0.75], None, "MOYENNE"), VALUE, WITHOUT_SIZES),
    Call("fragilités", "CPOM_RESOLUTION", (["Résolu", "Identifié", "En cours", "Sans objet"],),
          1 / 3),
    Call("fragilités, casse", "CPOM_RESOLUTION", (["RÉSOLU", "résolu"],), 1.0),
    Call("SI", "CPOM_SI", ([1, 0.99, None, 1.0],), 2 / 3),
    Call("SI exigibles", "CPOM_SI", ([1, 0.5, 1, None], ["Oui", "oui", "Non", "Oui"]), 1 / 3),
    Call("SI, aucun exigible", "CPOM_SI", ([1, 0.5], ["Non", "Non"]), NA),
    Call("SI par système", "CPOM_SI",
          ([1, 0, 1], None, ["VT par ET", "VT par ET", "e-CARS par OG"], "PAR_SI"), 0.75,
          WITHOUT_ENS),
    Call("SI par système sans systèmes", "CPOM_SI", ([1, 0], None, None, "PAR_SI"), NA),
    Call("SI, 100 % en texte", "CPOM_SI", (["100 %", 1],), VALUE),
    Call("SI, booléen", "CPOM_SI", ([True, 1],), VALUE, WITHOUT_BOOLEAN),
    Call("SI, erreur", "CPOM_SI", ([1, "#DIV/0!"],), "#DIV/0!"),
    Call("levée sans date", "CPOM_LEVEE", (TYPES, LEVEES), 2 / 3),
    Call("levée datée", "CPOM_LEVEE", (TYPES, LEVEES, DATES), 2 / 3),
    Call("levée à une date", "CPOM_LEVEE", (TYPES, LEVEES, DATES, D(2027, 12, 31)), 1 / 3),
    Call("levée, date vide", "CPOM_LEVEE", (TYPES, LEVEES, DATES, EMPTY), 2 / 3),
    Call("levée référencée", "CPOM_LEVEE",
          (TYPES, LEVEES, DATES, None, ["ARS-1", None, None, ""]), 1 / 3),
    Call("levée, date en texte", "CPOM_LEVEE",
          (TYPES, LEVEES, ["01/03/2027", *DATES[1:]]), VALUE),
    Call("levée, au en texte", "CPOM_LEVEE", (TYPES, LEVEES, DATES, "fin 2027"), VALUE),
    Call("levée, au en erreur", "CPOM_LEVEE", (TYPES, LEVEES, DATES, NA), NA),
    Call("que des recommandations", "CPOM_LEVEE", (["recommandation"], ["Levée"]), NA),
    Call("résorption", "CPOM_RESORPTION", (250000, -100000), 0.6),
    Call("résorption, déficit creusé", "CPOM_RESORPTION", (250000, -300000), -0.2),
    Call("excédent non signé", "CPOM_RESORPTION", (250000, 20000), 1.0),
    Call("excédent signé", "CPOM_RESORPTION", (250000, 20000, "Oui"), 1.08),
    Call("signé en minuscules", "CPOM_RESORPTION", (250000, 20000, "oui"), 1.08),
    Call("signé, booléen", "CPOM_RESORPTION", (250000, 20000, True), 1.08),
    Call("non signé, booléen", "CPOM_RESORPTION", (250000, 20000, False), 1.0),
    Call("signé, un", "CPOM_RESORPTION", (250000, 20000, 1), 1.08),
    Call("non signé, zéro", "CPOM_RESORPTION", (250000, 20000, 0), 1.0),
    Call("signé vide", "CPOM_RESORPTION", (250000, 20000, EMPTY), 1.0),
    Call("signé, autre mot", "CPOM_RESORPTION", (250000, 20000, "peut-être"), VALUE),
    Call("signé, autre nombre", "CPOM_RESORPTION", (250000, 20000, 2), VALUE),
    Call("déficit de référence nul", "CPOM_RESORPTION", (0, -100000), NA),
    Call("déficit de référence négatif", "CPOM_RESORPTION", (-250000, -100000), NA),
    Call("résultat vide", "CPOM_RESORPTION", (250000, EMPTY), NA),
    Call("plusieurs ET", "CPOM_RESORPTION", ([100000, 300000], [-50000, -350000]), 0.0),
    Call("résultat en texte", "CPOM_RESORPTION", (250000, "-100 000 €"), VALUE),
    Call("résultat en erreur", "CPOM_RESORPTION", (250000, "#REF!"), "#REF!"),
    Call("échues", "CPOM_REALISATION_ECHUE",
          (["Réalisée", "En cours", "Réalisée"],
           [D(2027, 6, 30), D(2027, 12, 31), D(2028, 1, 1)], D(2027, 12, 31)), 0.5),
    Call("échues, date vide", "CPOM_REALISATION_ECHUE",
          (["Réalisée"], [D(2027, 6, 30)], EMPTY), NA),
)  # fmt: skip

TAUX = (
    Call("code inconnu", "CPOM_TAUX", ("TRANSFORMATION", ["Réalisée"]), NA),
    Call("code vide", "CPOM_TAUX", (EMPTY, ["Réalisée"]), NA),
    Call("code nombre", "CPOM_TAUX", (12, ["Réalisée"]), VALUE),
    Call("code en erreur", "CPOM_TAUX", ("#NAME?", ["Réalisée"]), "#NAME?"),
    Call("code en minuscules", "CPOM_TAUX", ("transfo", ["Réalisée"]), 1.0),
    Call("secteur sur un indicateur d'activité", "CPOM_TAUX",
          ("OCCUPATION/PA", 27740, 80, 365), NA),
    Call("module et indicateur", "CPOM_TAUX",
          ("INSPECTION", ["injonction", "prescription"], ["Levée", "Notifiée"]), 0.5),
    Call("indicateur du module", "CPOM_TAUX",
          ("LEVEE", ["injonction", "prescription"], ["Levée", "Notifiée"]), 0.5),
    Call("difficulté", "CPOM_TAUX", ("DIFFICULTE", 250000, -100000), 0.6),
    Call("trop de données", "CPOM_TAUX", ("EFFICIENCE", ["Résolu"], ["x"]), VALUE),
    Call("périmètre en erreur", "CPOM_TAUX",
          ("TRANSFO/PA", ["TRANSFO/PA", NA], ["Réalisée", "Réalisée"]), NA),
    Call("erreur dans ce qui n'est pas lu", "CPOM_TAUX",
          ("TRANSFO/PA", ["TRANSFO/PA"], ["Réalisée"], ["#DIV/0!"], ["#REF!"]), 1.0),
    Call("tailles différentes", "CPOM_TAUX",
          ("TRANSFO/PA", ["TRANSFO/PA", "TRANSFO/PA"], ["Réalisée"] * 3), VALUE),
    Call("nombre d'une autre cellule en erreur", "CPOM_OCCUPATION", ("#DIV/0!", 80, 365),
          "#DIV/0!"),
)  # fmt: skip

CONTROLES = (
    Call("FINESS juste", "CPOM_FINESS_VALIDE", ("210780581",), True),
    Call("FINESS, clé fausse", "CPOM_FINESS_VALIDE", ("210780582",), False),
    Call("FINESS de Corse", "CPOM_FINESS_VALIDE", ("2A0000014",), True),
    Call("FINESS de Corse, clé fausse", "CPOM_FINESS_VALIDE", ("2A0000015",), False),
    Call("FINESS, minuscule", "CPOM_FINESS_VALIDE", ("2a0000014",), False),
    Call("FINESS, 00", "CPOM_FINESS_VALIDE", ("000000000",), False),
    Call("FINESS, zéro perdu", "CPOM_FINESS_VALIDE", ("10780001",), False),
    Call("FINESS, nombre", "CPOM_FINESS_VALIDE", (210780581,), False),
    Call("FINESS, espace", "CPOM_FINESS_VALIDE", ("210780581 ",), False),
    Call("FINESS, lettre", "CPOM_FINESS_VALIDE", ("21078058A",), False),
    Call("FINESS, signe", "CPOM_FINESS_VALIDE", ("-21078058",), False),
    Call("FINESS vide", "CPOM_FINESS_VALIDE", (EMPTY,), NA),
    Call("FINESS en erreur", "CPOM_FINESS_VALIDE", ("#REF!",), "#REF!"),
    Call("FINESS, une colonne", "CPOM_FINESS_VALIDE",
          (["210780581", "210780582", None, "#REF!"],), [[True], [False], [NA], ["#REF!"]],
          WITHOUT_MAP),
    Call("FINESS, une colonne pleine", "CPOM_FINESS_VALIDE",
          (["210780581", "210780582", "#REF!"],), [[True], [False], ["#REF!"]], WITHOUT_TABLE),
    Call("SIRET juste", "CPOM_SIRET_VALIDE", ("73282932000074",), True),
    Call("SIRET, clé fausse", "CPOM_SIRET_VALIDE", ("73282932000075",), False),
    Call("SIRET, SIREN faux", "CPOM_SIRET_VALIDE", ("73282932100074",), False),
    Call("SIRET du siège de La Poste", "CPOM_SIRET_VALIDE", ("35600000000048",), True),
    Call("SIRET de La Poste", "CPOM_SIRET_VALIDE", ("35600000049837",), True),
    Call("SIRET de La Poste faux", "CPOM_SIRET_VALIDE", ("35600000049838",), False),
    Call("SIRET nul", "CPOM_SIRET_VALIDE", ("00000000000000",), False),
    Call("SIRET court", "CPOM_SIRET_VALIDE", ("7328293200007",), False),
    Call("SIRET, nombre", "CPOM_SIRET_VALIDE", (73282932000074,), False),
    Call("SIRET vide", "CPOM_SIRET_VALIDE", ("",), NA),
    Call("impératif sous 4", "CPOM_HAS_SOUS_SEUIL", ("impératif", 3.9), True),
    Call("impératif à 4", "CPOM_HAS_SOUS_SEUIL", ("Impératif", 4), False),
    Call("standard sous 3", "CPOM_HAS_SOUS_SEUIL", ("standard", 2.99), True),
    Call("standard à 3", "CPOM_HAS_SOUS_SEUIL", ("standard", 3), False),
    Call("optimisé", "CPOM_HAS_SOUS_SEUIL", ("impératif", "★"), False),
    Call("non concerné", "CPOM_HAS_SOUS_SEUIL", ("standard", "nc"), False),
    Call("réponse inadaptée", "CPOM_HAS_SOUS_SEUIL", ("standard", "RI"), False),
    Call("cotation en texte", "CPOM_HAS_SOUS_SEUIL", ("standard", "2"), VALUE),
    Call("cotation booléenne", "CPOM_HAS_SOUS_SEUIL", ("standard", True), VALUE, WITHOUT_BOOLEAN),
    Call("type vide, cotation fausse", "CPOM_HAS_SOUS_SEUIL", (EMPTY, "x"), VALUE),
    Call("type vide", "CPOM_HAS_SOUS_SEUIL", (EMPTY, 2), NA),
    Call("cotation vide", "CPOM_HAS_SOUS_SEUIL", ("standard", EMPTY), NA),
    Call("type inconnu", "CPOM_HAS_SOUS_SEUIL", ("secondaire", 2), NA),
    Call("type en erreur", "CPOM_HAS_SOUS_SEUIL", ("#REF!", "x"), "#REF!"),
    Call("cotation en erreur", "CPOM_HAS_SOUS_SEUIL", ("standard", "#DIV/0!"), "#DIV/0!"),
    Call("deux colonnes", "CPOM_HAS_SOUS_SEUIL",
          (["impératif", "standard", None, "standard"], [3, 3, 2, "?"]),
          [[True], [False], [NA], [VALUE]], WITHOUT_MAP),
    Call("deux colonnes pleines", "CPOM_HAS_SOUS_SEUIL",
          (["impératif", "standard", "standard"], [3, 3, "?"]), [[True], [False], [VALUE]],
          WITHOUT_TABLE),
    Call("un type, une colonne", "CPOM_HAS_SOUS_SEUIL", ("standard", [2, 4]), [[True], [False]],
          WITHOUT_TABLE),
)  # fmt: skip

LIBELLES = (
    Call("catégorie", "CPOM_LIBELLE", ("categories", "500"),
          "Etablissement d'hébergement pour personnes âgées dépendantes", WITHOUT_LOOKUP),
    Call("catégorie en nombre", "CPOM_LIBELLE", ("categories", 500),
          "Etablissement d'hébergement pour personnes âgées dépendantes", WITHOUT_LOOKUP),
    Call("département dit par sa liste", "CPOM_LIBELLE", ("departements", "21 – Côte-d'Or"),
         "Côte-d'Or", WITHOUT_LOOKUP),
    Call("nomenclature en capitales", "CPOM_LIBELLE", ("DEPARTEMENTS", "21"), "Côte-d'Or",
         WITHOUT_LOOKUP),
    Call("Corse en minuscules", "CPOM_LIBELLE", ("departements", "2a"), "Corse-du-Sud",
         WITHOUT_LOOKUP),
    Call("code inconnu", "CPOM_LIBELLE", ("categories", "9999"), NA, WITHOUT_LOOKUP),
    Call("joker", "CPOM_LIBELLE", ("categories", "50*"), NA, WITHOUT_LOOKUP),
    Call("code vide", "CPOM_LIBELLE", ("categories", EMPTY), NA),
    Call("code en erreur", "CPOM_LIBELLE", ("categories", "#REF!"), "#REF!"),
    Call("nomenclature inconnue", "CPOM_LIBELLE", ("communes", "21"), NA),
    Call("nomenclature vide", "CPOM_LIBELLE", (EMPTY, "21"), NA),
    Call("une colonne", "CPOM_LIBELLE", ("departements", ["21", "25", "x"]),
          [["Côte-d'Or"], ["Doubs"], [NA]], WITHOUT_TABLE),
)  # fmt: skip

OTHERS = (
    Call("version", "CPOM_VERSION", (), __version__),
    Call("taux sans objet", "CPOM_ATTEINTE", (NA, 0.6), "Sans objet"),
    Call("cible sans objet", "CPOM_ATTEINTE", (0.5, NA), "Sans objet"),
    Call("taux en erreur", "CPOM_ATTEINTE", ("#REF!", 0.6), "#REF!"),
    Call("écart d'un taux sans objet", "CPOM_ECART", (NA, 0.6), NA),
    Call("explication de #N/A", "CPOM_EXPLIQUE", (NA,),
          "#N/A\u00a0: sans objet. Le dénominateur est nul, une donnée nécessaire est vide, ou un "
          "code est inconnu."),
    Call("explication d'une valeur", "CPOM_EXPLIQUE", (0.6,),
          "Pas d'erreur\u00a0: la cellule contient une valeur."),
    Call("explication de rien", "CPOM_EXPLIQUE", (EMPTY,), "La cellule est vide."),
)  # fmt: skip

CALLS: tuple[Call, ...] = (
    *(call for cas in CAS for call in de_l_indicateur(cas)),
    *of_the_function(),
    *FAMILIES,
    *TAUX,
    *CONTROLES,
    *LIBELLES,
    *OTHERS,
)


def pareil(found: Any, attendu: Any) -> bool:
    """Same value, as a cell shows it; a boolean is not a number."""
    if isinstance(attendu, list) or isinstance(found, list):
        return (
            isinstance(found, list)
            and isinstance(attendu, list)
            and len(found) == len(attendu)
            and all(
                len(t) == len(a) and all(map(pareil, t, a))
                for t, a in zip(found, attendu, strict=True)
            )
        )
    if isinstance(attendu, bool | str) or isinstance(found, bool | str):
        return type(found) is type(attendu) and found == attendu
    if found is None:
        return False
    return abs(found - attendu) <= 1e-12 * max(1.0, abs(attendu))
