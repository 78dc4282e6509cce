"""The organismes gestionnaires of the synthetic campaign and their ESMS."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tools.synthese.numeros import Numberer, siret

OG, PRINCIPAUX, SECONDAIRES = 363, 774, 270
"""Size of the region's programming (guide CPOM 2026-2030)."""

WEIGHT: Final = {"71": 95, "21": 82, "89": 71, "25": 66, "39": 50, "58": 37, "70": 34, "90": 14}
"""Weight of each département, after the number of its ESMS."""

COMMUNES: Final = {
    "21": ("Dijon", "Beaune", "Chenôve", "Talant", "Montbard", "Semur-en-Auxois", "Auxonne"),
    "25": ("Besançon", "Montbéliard", "Pontarlier", "Audincourt", "Valentigney", "Morteau"),
    "39": ("Lons-le-Saunier", "Dole", "Saint-Claude", "Champagnole", "Poligny", "Arbois"),
    "58": ("Nevers", "Cosne-Cours-sur-Loire", "Decize", "Clamecy", "Château-Chinon"),
    "70": ("Vesoul", "Lure", "Gray", "Héricourt", "Luxeuil-les-Bains"),
    "71": ("Mâcon", "Chalon-sur-Saône", "Le Creusot", "Autun", "Paray-le-Monial", "Louhans"),
    "89": ("Auxerre", "Sens", "Joigny", "Avallon", "Tonnerre", "Migennes"),
    "90": ("Belfort", "Delle", "Beaucourt", "Valdoie"),
}

CATEGORIES: Final = {
    "PA": (("500", 62, (40, 120)), ("354", 14, (20, 80)), ("202", 8, (24, 60)),
           ("207", 4, (8, 16)), ("501", 2, (12, 30))),
    "PH": (("183", 14, (20, 80)), ("182", 20, (12, 60)), ("246", 16, (30, 120)),
           ("255", 9, (20, 60)), ("448", 11, (16, 50)), ("186", 6, (15, 45)),
           ("445", 6, (12, 40)), ("446", 8, (15, 60)), ("449", 10, (12, 50))),
}  # fmt: skip
"""Secteur -> (category, weight, bounds of the capacity)."""

NAMES: Final = (
    "Acacias", "Alisiers", "Aulnes", "Bouleaux", "Charmes", "Châtaigniers", "Cornouillers",
    "Érables", "Frênes", "Genévriers", "Hêtres", "Houx", "Ifs", "Mélèzes", "Merisiers", "Mûriers",
    "Noisetiers", "Ormes", "Peupliers", "Platanes", "Saules", "Sorbiers", "Sureaux", "Trembles",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Esms:
    """An invented ESMS."""

    finess: str
    nom: str
    categorie: str
    secteur: str
    departement: str
    commune: str
    capacite: int
    siret: str
    principal: str = ""
    """FINESS of its ESMS principal, "" for a principal."""


@dataclass(frozen=True, slots=True)
class Organisme:
    """An invented organisme gestionnaire."""

    rang: int
    finess: str
    nom: str
    siren: str
    statut: str
    departement: str
    commune: str
    type_contrat: str
    esms: tuple[Esms, ...]

    @property
    def secteurs(self) -> tuple[str, ...]:
        """The secteurs of its ESMS, PA first."""
        return tuple(s for s in ("PA", "PH") if any(e.secteur == s for e in self.esms))


@dataclass(frozen=True)
class Territory:
    """Where the organismes are. weights: département -> its share; communes: their names there.

    prefixes: département -> first digits of its FINESS numbers, where they are not its code.
    """

    weights: Mapping[str, int]
    communes: Mapping[str, Sequence[str]]
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def draw(self, chance: random.Random) -> str:
        """A département."""
        return chance.choices(list(self.weights), list(self.weights.values()))[0]


BFC = Territory(WEIGHT, COMMUNES)


def organismes(nombre: int = OG, graine: int = 2026, territory: Territory = BFC) -> list[Organisme]:
    """The organismes of a campaign of that size, the ESMS in proportion (774 + 270 for 363)."""
    chance = random.Random(graine)
    numbers = Numberer(territory.prefixes)
    sizes = _share_out(chance, nombre, round(PRINCIPAUX * nombre / OG) - nombre)
    seconds = [0] * nombre
    for _ in range(round(SECONDAIRES * nombre / OG)):
        seconds[chance.choices(range(nombre), [1 + 2 * extra for extra in sizes])[0]] += 1
    return [
        _organisme(chance, numbers, territory, rank, 1 + sizes[rank], seconds[rank])
        for rank in range(nombre)
    ]


def _share_out(chance: random.Random, nombre: int, reste: int) -> list[int]:
    """Share `reste` ESMS between organismes: most have one, a few have a score."""
    weights = [min(chance.paretovariate(1.1) - 1, 18.0) for _ in range(nombre)]
    shared = [0] * nombre
    for rank in chance.choices(range(nombre), weights, k=max(0, reste)):
        shared[rank] += 1
    return shared


def _organisme(
    chance: random.Random,
    numbers: Numberer,
    territory: Territory,
    rang: int,
    principaux: int,
    secondaires: int,
) -> Organisme:
    departement = territory.draw(chance)
    commune = chance.choice(territory.communes[departement])
    secteurs = _secteurs(chance, principaux)
    siren = numbers.siren()
    tree = NAMES[rang % len(NAMES)]
    if principaux == 1 and secteurs == ("PA",) and chance.random() < 0.4:
        name, statut = f"EHPAD public Les {tree} de {commune}", "21"
    else:
        name, statut = f"Association Les {tree} n° {rang + 1}", "60"
    finess = numbers.finess(departement)
    esms: list[Esms] = []
    for number in range(principaux):
        secteur = secteurs[number % len(secteurs)]
        esms.append(_esms(chance, numbers, territory, siren, len(esms), secteur, departement, tree))
    for _ in range(secondaires):
        parent = chance.choice(esms[:principaux])
        child = _esms(
            chance, numbers, territory, siren, len(esms), parent.secteur, parent.departement, tree
        )
        esms.append(Esms(**{key: getattr(child, key) for key in Esms.__slots__
                            if key != "principal"}, principal=parent.finess))  # fmt: skip
    type_contrat = chance.choices(
        ("renouvellement", "primo-CPOM", "CPOM en cours de validité"), (55, 30, 15)
    )[0]
    return Organisme(
        rang, finess, name, siren, statut, departement, commune, type_contrat, tuple(esms)
    )


def _secteurs(chance: random.Random, principaux: int) -> tuple[str, ...]:
    if principaux >= 4 and chance.random() < 0.45:
        return ("PH", "PA", "PH")
    return ("PH",) if chance.random() < (0.7 if principaux > 2 else 0.2) else ("PA",)


def _esms(
    chance: random.Random,
    numbers: Numberer,
    territory: Territory,
    siren: str,
    rang: int,
    secteur: str,
    departement: str,
    tree: str,
) -> Esms:
    if chance.random() < 0.1:
        departement = territory.draw(chance)
    codes = CATEGORIES["PA" if secteur == "PA" else "PH"]
    categorie, _, (low, high) = chance.choices(codes, [weight for _, weight, _ in codes])[0]
    return Esms(
        finess=numbers.finess(departement),
        nom=f"Les {tree} – site {rang + 1}",
        categorie=categorie,
        secteur=secteur,
        departement=departement,
        commune=chance.choice(territory.communes[departement]),
        capacite=chance.randint(low, high),
        siret=siret(siren, rang + 1),
    )
