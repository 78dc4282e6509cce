"""One table of calls for every host: the cases of the indicators as cells call them, and ours.

An argument is a cell (None = left out, VIDE = an empty cell, "#N/A" = an error cell, a date) or a
column (a list of cells, None = an empty cell, "" = a formula returning an empty text).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.indicators.cases import CAS, CAS_FONCTIONS, Cas
from xl_cpom import __version__
from xl_cpom.indicators import INDICATORS

NA, VALUE, NUM = "#N/A", "#VALUE!", "#NUM!"


class Vide:
    """An empty cell given as an argument (None is an argument left out)."""

    def __repr__(self) -> str:
        return "VIDE"


VIDE = Vide()


@dataclass(frozen=True)
class Appel:
    """fonction(*args) shows `attendu`. `hors`: host → why it cannot tell the case."""

    nom: str
    fonction: str
    args: tuple[Any, ...]
    attendu: Any
    hors: frozenset[str] = frozenset()


SANS_BOOLEEN = frozenset({"libreoffice", "natif"})
"""LibreOffice reads a boolean cell as a number (add-in and plain formulas alike)."""

SANS_SAUT = frozenset({"lambda"})
"""The LAMBDA of CPOM_TAUX takes its data without a gap."""

SANS_ENS = frozenset({"lambda"})
"""IronCalc does not spread a criterion of COUNTIFS; Excel and LibreOffice do."""

SANS_TABLEAU = frozenset({"natif"})
"""The plain formula answers for one cell."""

SANS_MAP = SANS_TABLEAU | {"lambda"}
"""IronCalc hands an empty cell over to MAP as 0; Excel hands the empty cell."""

SANS_TAILLES = frozenset({"lambda"})
"""IronCalc adds ranges of different sizes before it looks at them: #N/A instead of #VALUE!."""


def de_l_indicateur(cas: Cas) -> Iterator[Appel]:
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
            code, data["perimetre"] = _renomme(cas.code, code, data["perimetre"])
    args = [data.get(i.key) for i in indicator.inputs if i.key not in ("code", "perimetre")]
    if "perimetre" in data:
        args.insert(0, data["perimetre"])
    given = [i.key in data for i in indicator.inputs if i.key not in ("code", "perimetre")]
    shift = len(args) - len(given)
    cells = tuple(
        VIDE if a is None and n >= shift and given[n - shift] else a for n, a in enumerate(args)
    )
    while cells and cells[-1] is None:
        cells = cells[:-1]
    hors = frozenset(SANS_BOOLEEN if "libreoffice" in cas.hors else cas.hors)
    if any(c is None for c in cells):
        hors |= SANS_SAUT
    for fonction, attendu in zip(
        ("CPOM_NUMERATEUR", "CPOM_DENOMINATEUR", "CPOM_TAUX"), cas.attendu, strict=True
    ):
        yield Appel(cas.nom, fonction, (code, *cells), NA if attendu is None else attendu, hors)
    if indicator.module is None and cas.code != "ECHUES":
        attendu = NA if cas.attendu[2] is None else cas.attendu[2]
        yield Appel(cas.nom, f"CPOM_{cas.code}", cells, attendu, hors - SANS_SAUT)


def _renomme(indicateur: str, code: str, perimetre: list[Any]) -> tuple[str, list[Any]]:
    """The same case under the indicator's own code."""
    old = code.split("/")[0]
    return code.replace(old, indicateur), [
        p.replace(old, indicateur).replace(old.capitalize(), indicateur) if p else p
        for p in perimetre
    ]


def de_la_fonction() -> Iterator[Appel]:
    """The cases of the targets."""
    from xl_cpom.indicators.cibles import TARGET_FUNCTIONS

    for cas in CAS_FONCTIONS:
        args = [
            VIDE if cas.data[i.key] is None else cas.data[i.key]
            for i in TARGET_FUNCTIONS[cas.code].inputs
            if i.key in cas.data
        ]
        attendu = NA if cas.attendu is None else cas.attendu
        yield Appel(cas.nom, f"CPOM_{cas.code}", tuple(args), attendu)


D = dt.date
STATUTS = ["Réalisée", "En cours", "À démarrer", "Abandonnée", None]
AVANCES = [1, 0.75, None, 1, None]
POIDS = [3, None, 2, 5, None]
TYPES = ["injonction", "Prescription", "recommandation", "injonction"]
LEVEES = ["Levée", "Notifiée", "Levée", "Levée"]
DATES = [D(2027, 3, 1), None, D(2027, 3, 1), D(2028, 2, 1)]

FAMILLES = (
    Appel("statuts seuls", "CPOM_AVANCEMENT", (STATUTS,), 1 / 3),
    Appel("méthode moyenne", "CPOM_AVANCEMENT", (STATUTS, AVANCES, None, "MOYENNE"), 1.75 / 3),
    Appel("méthode en minuscules", "CPOM_AVANCEMENT", (STATUTS, AVANCES, POIDS, "ponderee"),
          3.75 / 6),
    Appel("méthode vide", "CPOM_AVANCEMENT", (STATUTS, AVANCES, POIDS, VIDE), 1 / 3),
    Appel("méthode sans avancements", "CPOM_AVANCEMENT", (STATUTS, None, None, "MOYENNE"), 0.5),
    Appel("pondérée sans avancements", "CPOM_AVANCEMENT", (STATUTS, None, POIDS, "PONDEREE"),
          (3 + 0.5 + 0) / 6),
    Appel("méthode inconnue", "CPOM_AVANCEMENT", (STATUTS, None, None, "AU PIF"), VALUE),
    Appel("méthode en erreur", "CPOM_AVANCEMENT", (STATUTS, AVANCES, None, "#REF!"), "#REF!"),
    Appel("un poids en erreur fait la ligne, il est lu", "CPOM_AVANCEMENT",
          (["Réalisée", "En cours"], None, ["#DIV/0!", 1], "MOYENNE"), "#DIV/0!"),
    Appel("erreur dans les statuts", "CPOM_AVANCEMENT", (["Réalisée", "#NAME?"],), "#NAME?"),
    Appel("« 85 % » en texte", "CPOM_AVANCEMENT",
          (["En cours", "En cours"], ["85 %", 0.5], None, "MOYENNE"), VALUE),
    Appel("une seule cellule", "CPOM_AVANCEMENT", ("Réalisée",), 1.0),
    Appel("colonne vide", "CPOM_AVANCEMENT", ([None, None, ""],), NA),
    Appel("cellule vide", "CPOM_AVANCEMENT", (VIDE,), NA),
    Appel("toutes sans objet", "CPOM_AVANCEMENT", (["Sans objet", "Abandonnée"],), NA),
    Appel("tailles différentes", "CPOM_AVANCEMENT",
          (STATUTS, [1, 0.75], None, "MOYENNE"), VALUE, SANS_TAILLES),
    Appel("fragilités", "CPOM_RESOLUTION", (["Résolu", "Identifié", "En cours", "Sans objet"],),
          1 / 3),
    Appel("fragilités, casse", "CPOM_RESOLUTION", (["RÉSOLU", "résolu"],), 1.0),
    Appel("SI", "CPOM_SI", ([1, 0.99, None, 1.0],), 2 / 3),
    Appel("SI exigibles", "CPOM_SI", ([1, 0.5, 1, None], ["Oui", "oui", "Non", "Oui"]), 1 / 3),
    Appel("SI, aucun exigible", "CPOM_SI", ([1, 0.5], ["Non", "Non"]), NA),
    Appel("SI par système", "CPOM_SI",
          ([1, 0, 1], None, ["VT par ET", "VT par ET", "e-CARS par OG"], "PAR_SI"), 0.75,
          SANS_ENS),
    Appel("SI par système sans systèmes", "CPOM_SI", ([1, 0], None, None, "PAR_SI"), NA),
    Appel("SI, 100 % en texte", "CPOM_SI", (["100 %", 1],), VALUE),
    Appel("SI, booléen", "CPOM_SI", ([True, 1],), VALUE, SANS_BOOLEEN),
    Appel("SI, erreur", "CPOM_SI", ([1, "#DIV/0!"],), "#DIV/0!"),
    Appel("levée sans date", "CPOM_LEVEE", (TYPES, LEVEES), 2 / 3),
    Appel("levée datée", "CPOM_LEVEE", (TYPES, LEVEES, DATES), 2 / 3),
    Appel("levée à une date", "CPOM_LEVEE", (TYPES, LEVEES, DATES, D(2027, 12, 31)), 1 / 3),
    Appel("levée, date vide", "CPOM_LEVEE", (TYPES, LEVEES, DATES, VIDE), 2 / 3),
    Appel("levée référencée", "CPOM_LEVEE",
          (TYPES, LEVEES, DATES, None, ["ARS-1", None, None, ""]), 1 / 3),
    Appel("levée, date en texte", "CPOM_LEVEE",
          (TYPES, LEVEES, ["01/03/2027", *DATES[1:]]), VALUE),
    Appel("levée, au en texte", "CPOM_LEVEE", (TYPES, LEVEES, DATES, "fin 2027"), VALUE),
    Appel("levée, au en erreur", "CPOM_LEVEE", (TYPES, LEVEES, DATES, NA), NA),
    Appel("que des recommandations", "CPOM_LEVEE", (["recommandation"], ["Levée"]), NA),
    Appel("résorption", "CPOM_RESORPTION", (250000, -100000), 0.6),
    Appel("résorption, déficit creusé", "CPOM_RESORPTION", (250000, -300000), -0.2),
    Appel("excédent non signé", "CPOM_RESORPTION", (250000, 20000), 1.0),
    Appel("excédent signé", "CPOM_RESORPTION", (250000, 20000, "Oui"), 1.08),
    Appel("signé en minuscules", "CPOM_RESORPTION", (250000, 20000, "oui"), 1.08),
    Appel("signé, booléen", "CPOM_RESORPTION", (250000, 20000, True), 1.08),
    Appel("non signé, booléen", "CPOM_RESORPTION", (250000, 20000, False), 1.0),
    Appel("signé, un", "CPOM_RESORPTION", (250000, 20000, 1), 1.08),
    Appel("non signé, zéro", "CPOM_RESORPTION", (250000, 20000, 0), 1.0),
    Appel("signé vide", "CPOM_RESORPTION", (250000, 20000, VIDE), 1.0),
    Appel("signé, autre mot", "CPOM_RESORPTION", (250000, 20000, "peut-être"), VALUE),
    Appel("signé, autre nombre", "CPOM_RESORPTION", (250000, 20000, 2), VALUE),
    Appel("déficit de référence nul", "CPOM_RESORPTION", (0, -100000), NA),
    Appel("déficit de référence négatif", "CPOM_RESORPTION", (-250000, -100000), NA),
    Appel("résultat vide", "CPOM_RESORPTION", (250000, VIDE), NA),
    Appel("plusieurs ET", "CPOM_RESORPTION", ([100000, 300000], [-50000, -350000]), 0.0),
    Appel("résultat en texte", "CPOM_RESORPTION", (250000, "-100 000 €"), VALUE),
    Appel("résultat en erreur", "CPOM_RESORPTION", (250000, "#REF!"), "#REF!"),
    Appel("échues", "CPOM_REALISATION_ECHUE",
          (["Réalisée", "En cours", "Réalisée"],
           [D(2027, 6, 30), D(2027, 12, 31), D(2028, 1, 1)], D(2027, 12, 31)), 0.5),
    Appel("échues, date vide", "CPOM_REALISATION_ECHUE",
          (["Réalisée"], [D(2027, 6, 30)], VIDE), NA),
)  # fmt: skip

TAUX = (
    Appel("code inconnu", "CPOM_TAUX", ("TRANSFORMATION", ["Réalisée"]), NA),
    Appel("code vide", "CPOM_TAUX", (VIDE, ["Réalisée"]), NA),
    Appel("code nombre", "CPOM_TAUX", (12, ["Réalisée"]), VALUE),
    Appel("code en erreur", "CPOM_TAUX", ("#NAME?", ["Réalisée"]), "#NAME?"),
    Appel("code en minuscules", "CPOM_TAUX", ("transfo", ["Réalisée"]), 1.0),
    Appel("secteur sur un indicateur d'activité", "CPOM_TAUX",
          ("OCCUPATION/PA", 27740, 80, 365), NA),
    Appel("module et indicateur", "CPOM_TAUX",
          ("INSPECTION", ["injonction", "prescription"], ["Levée", "Notifiée"]), 0.5),
    Appel("indicateur du module", "CPOM_TAUX",
          ("LEVEE", ["injonction", "prescription"], ["Levée", "Notifiée"]), 0.5),
    Appel("difficulté", "CPOM_TAUX", ("DIFFICULTE", 250000, -100000), 0.6),
    Appel("trop de données", "CPOM_TAUX", ("EFFICIENCE", ["Résolu"], ["x"]), VALUE),
    Appel("périmètre en erreur", "CPOM_TAUX",
          ("TRANSFO/PA", ["TRANSFO/PA", NA], ["Réalisée", "Réalisée"]), NA),
    Appel("erreur dans ce qui n'est pas lu", "CPOM_TAUX",
          ("TRANSFO/PA", ["TRANSFO/PA"], ["Réalisée"], ["#DIV/0!"], ["#REF!"]), 1.0),
    Appel("tailles différentes", "CPOM_TAUX",
          ("TRANSFO/PA", ["TRANSFO/PA", "TRANSFO/PA"], ["Réalisée"] * 3), VALUE),
    Appel("nombre d'une autre cellule en erreur", "CPOM_OCCUPATION", ("#DIV/0!", 80, 365),
          "#DIV/0!"),
)  # fmt: skip

CONTROLES = (
    Appel("FINESS juste", "CPOM_FINESS_VALIDE", ("210780581",), True),
    Appel("FINESS, clé fausse", "CPOM_FINESS_VALIDE", ("210780582",), False),
    Appel("FINESS de Corse", "CPOM_FINESS_VALIDE", ("2A0000014",), True),
    Appel("FINESS de Corse, clé fausse", "CPOM_FINESS_VALIDE", ("2A0000015",), False),
    Appel("FINESS, minuscule", "CPOM_FINESS_VALIDE", ("2a0000014",), False),
    Appel("FINESS, 00", "CPOM_FINESS_VALIDE", ("000000000",), False),
    Appel("FINESS, zéro perdu", "CPOM_FINESS_VALIDE", ("10780001",), False),
    Appel("FINESS, nombre", "CPOM_FINESS_VALIDE", (210780581,), False),
    Appel("FINESS, espace", "CPOM_FINESS_VALIDE", ("210780581 ",), False),
    Appel("FINESS, lettre", "CPOM_FINESS_VALIDE", ("21078058A",), False),
    Appel("FINESS, signe", "CPOM_FINESS_VALIDE", ("-21078058",), False),
    Appel("FINESS vide", "CPOM_FINESS_VALIDE", (VIDE,), NA),
    Appel("FINESS en erreur", "CPOM_FINESS_VALIDE", ("#REF!",), "#REF!"),
    Appel("FINESS, une colonne", "CPOM_FINESS_VALIDE",
          (["210780581", "210780582", None, "#REF!"],), [[True], [False], [NA], ["#REF!"]],
          SANS_MAP),
    Appel("FINESS, une colonne pleine", "CPOM_FINESS_VALIDE",
          (["210780581", "210780582", "#REF!"],), [[True], [False], ["#REF!"]], SANS_TABLEAU),
    Appel("SIRET juste", "CPOM_SIRET_VALIDE", ("73282932000074",), True),
    Appel("SIRET, clé fausse", "CPOM_SIRET_VALIDE", ("73282932000075",), False),
    Appel("SIRET, SIREN faux", "CPOM_SIRET_VALIDE", ("73282932100074",), False),
    Appel("SIRET du siège de La Poste", "CPOM_SIRET_VALIDE", ("35600000000048",), True),
    Appel("SIRET de La Poste", "CPOM_SIRET_VALIDE", ("35600000049837",), True),
    Appel("SIRET de La Poste faux", "CPOM_SIRET_VALIDE", ("35600000049838",), False),
    Appel("SIRET nul", "CPOM_SIRET_VALIDE", ("00000000000000",), False),
    Appel("SIRET court", "CPOM_SIRET_VALIDE", ("7328293200007",), False),
    Appel("SIRET, nombre", "CPOM_SIRET_VALIDE", (73282932000074,), False),
    Appel("SIRET vide", "CPOM_SIRET_VALIDE", ("",), NA),
    Appel("impératif sous 4", "CPOM_HAS_SOUS_SEUIL", ("impératif", 3.9), True),
    Appel("impératif à 4", "CPOM_HAS_SOUS_SEUIL", ("Impératif", 4), False),
    Appel("standard sous 3", "CPOM_HAS_SOUS_SEUIL", ("standard", 2.99), True),
    Appel("standard à 3", "CPOM_HAS_SOUS_SEUIL", ("standard", 3), False),
    Appel("optimisé", "CPOM_HAS_SOUS_SEUIL", ("impératif", "★"), False),
    Appel("non concerné", "CPOM_HAS_SOUS_SEUIL", ("standard", "nc"), False),
    Appel("réponse inadaptée", "CPOM_HAS_SOUS_SEUIL", ("standard", "RI"), False),
    Appel("cotation en texte", "CPOM_HAS_SOUS_SEUIL", ("standard", "2"), VALUE),
    Appel("cotation booléenne", "CPOM_HAS_SOUS_SEUIL", ("standard", True), VALUE, SANS_BOOLEEN),
    Appel("type vide, cotation fausse", "CPOM_HAS_SOUS_SEUIL", (VIDE, "x"), VALUE),
    Appel("type vide", "CPOM_HAS_SOUS_SEUIL", (VIDE, 2), NA),
    Appel("cotation vide", "CPOM_HAS_SOUS_SEUIL", ("standard", VIDE), NA),
    Appel("type inconnu", "CPOM_HAS_SOUS_SEUIL", ("secondaire", 2), NA),
    Appel("type en erreur", "CPOM_HAS_SOUS_SEUIL", ("#REF!", "x"), "#REF!"),
    Appel("cotation en erreur", "CPOM_HAS_SOUS_SEUIL", ("standard", "#DIV/0!"), "#DIV/0!"),
    Appel("deux colonnes", "CPOM_HAS_SOUS_SEUIL",
          (["impératif", "standard", None, "standard"], [3, 3, 2, "?"]),
          [[True], [False], [NA], [VALUE]], SANS_MAP),
    Appel("deux colonnes pleines", "CPOM_HAS_SOUS_SEUIL",
          (["impératif", "standard", "standard"], [3, 3, "?"]), [[True], [False], [VALUE]],
          SANS_TABLEAU),
    Appel("un type, une colonne", "CPOM_HAS_SOUS_SEUIL", ("standard", [2, 4]), [[True], [False]],
          SANS_TABLEAU),
)  # fmt: skip

LIBELLES = (
    Appel("catégorie", "CPOM_LIBELLE", ("categories", "500"),
          "Etablissement d'hébergement pour personnes âgées dépendantes"),
    Appel("catégorie en nombre", "CPOM_LIBELLE", ("categories", 500),
          "Etablissement d'hébergement pour personnes âgées dépendantes"),
    Appel("nomenclature en capitales", "CPOM_LIBELLE", ("DEPARTEMENTS", "21"), "Côte-d'Or"),
    Appel("Corse en minuscules", "CPOM_LIBELLE", ("departements", "2a"), "Corse-du-Sud"),
    Appel("code inconnu", "CPOM_LIBELLE", ("categories", "9999"), NA),
    Appel("joker", "CPOM_LIBELLE", ("categories", "50*"), NA),
    Appel("code vide", "CPOM_LIBELLE", ("categories", VIDE), NA),
    Appel("code en erreur", "CPOM_LIBELLE", ("categories", "#REF!"), "#REF!"),
    Appel("nomenclature inconnue", "CPOM_LIBELLE", ("communes", "21"), NA),
    Appel("nomenclature vide", "CPOM_LIBELLE", (VIDE, "21"), NA),
    Appel("une colonne", "CPOM_LIBELLE", ("departements", ["21", "25", "x"]),
          [["Côte-d'Or"], ["Doubs"], [NA]], SANS_TABLEAU),
)  # fmt: skip

AUTRES = (
    Appel("version", "CPOM_VERSION", (), __version__),
    Appel("taux sans objet", "CPOM_ATTEINTE", (NA, 0.6), "Sans objet"),
    Appel("cible sans objet", "CPOM_ATTEINTE", (0.5, NA), "Sans objet"),
    Appel("taux en erreur", "CPOM_ATTEINTE", ("#REF!", 0.6), "#REF!"),
    Appel("écart d'un taux sans objet", "CPOM_ECART", (NA, 0.6), NA),
    Appel("explication de #N/A", "CPOM_EXPLIQUE", (NA,),
          "#N/A\u00a0: sans objet. Le dénominateur est nul, une donnée nécessaire est vide, ou un "
          "code est inconnu."),
    Appel("explication d'une valeur", "CPOM_EXPLIQUE", (0.6,),
          "Pas d'erreur\u00a0: la cellule contient une valeur."),
    Appel("explication de rien", "CPOM_EXPLIQUE", (VIDE,), "La cellule est vide."),
)  # fmt: skip

APPELS: tuple[Appel, ...] = (
    *(appel for cas in CAS for appel in de_l_indicateur(cas)),
    *de_la_fonction(),
    *FAMILLES,
    *TAUX,
    *CONTROLES,
    *LIBELLES,
    *AUTRES,
)


def pareil(trouve: Any, attendu: Any) -> bool:
    """Same value, as a cell shows it; a boolean is not a number."""
    if isinstance(attendu, list) or isinstance(trouve, list):
        return (
            isinstance(trouve, list)
            and isinstance(attendu, list)
            and len(trouve) == len(attendu)
            and all(
                len(t) == len(a) and all(map(pareil, t, a))
                for t, a in zip(trouve, attendu, strict=True)
            )
        )
    if isinstance(attendu, bool | str) or isinstance(trouve, bool | str):
        return type(trouve) is type(attendu) and trouve == attendu
    if trouve is None:
        return False
    return abs(trouve - attendu) <= 1e-12 * max(1.0, abs(attendu))
