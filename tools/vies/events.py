"""What happens to contracts: entries and exits of ESMS, new numbers, avenants, modules, extensions.

Each event is told as an honest gestionnaire tells it: the register of avenants, then the rows it
changes. An event between two organismes changes both workbooks.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tools.vies.numbers import NewNumbers

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

Content = dict[str, list[dict[str, Any]]]

OF_AN_ESMS = ("has", "mesures", "difficulte", "activite")
OF_SEVERAL = ("actions", "fragilites")


@dataclass
class Region:
    """The workbooks of a year, by FINESS EJ, while events happen to them.

    absorbed: organismes that send their last return this year; told: what happened, by kind.
    """

    year: int
    rank: int
    contents: dict[str, Content]
    referentiel: Referentiel
    numbers: NewNumbers
    absorbed: set[str] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str) -> None:
        """Count an event."""
        self.told[kind] = self.told.get(kind, 0) + 1


def live_events(region: Region, draw: random.Random, eventful: float = 1.0) -> None:
    """Events of a year, each organisme having its chance of each, so many times more often."""
    touched: set[str] = set()
    order = sorted(region.contents)
    draw.shuffle(order)
    for number in order:
        for kind, (chance, happen) in EVENTS.items():
            if number not in touched and draw.random() < chance * eventful:
                others = happen(region, number, draw)
                if others is not None:
                    region.note(kind)
                    touched |= {number, *others}


def present(content: Content) -> list[dict[str, Any]]:
    """The ESMS still in the contract, and there for more than a year."""
    return [
        row
        for row in content["etablissements"]
        if row.get("sorti_le") is None and row.get("entre_le") is None
    ]


def movable(content: Content) -> list[dict[str, Any]]:
    """The ESMS that may leave: their contract goes on without them, and no other hangs on them."""
    parents = {row.get("finess_principal") for row in content["etablissements"]}
    sectors = [row["secteur"] for row in present(content)]
    in_deficit = {row["finess_et"] for row in content["difficulte"]}
    return [
        row
        for row in present(content)
        if row["finess_et"] not in parents | in_deficit
        and sectors.count(row["secteur"]) > 1
        and not row.get("finess_principal")
    ]


def register(region: Region, number: str, objet: str, concerns: str, day: dt.date) -> str:
    """Write an avenant in the register of an organisme; its number."""
    rows = region.contents[number]["avenants"]
    name = str(len({row["numero"] for row in rows}) + 1)
    rows.append({
        "numero": name, "date_signature": day, "date_effet": day, "objet": objet,
        "concerne": concerns, "signataires": "ARS ; organisme gestionnaire",
    })  # fmt: skip
    return name


Others = set[str] | None
"""The other organismes that an event changed; None when it could not happen."""


def open_esms(region: Region, number: str, draw: random.Random) -> Others:
    """An ESMS opens at the end of the year: its deposits are those of the next one."""
    content = region.contents[number]
    hosts = [row for row in present(content) if not row.get("finess_principal")]
    if not hosts:
        return None
    model = draw.choice(hosts)
    new = region.numbers.finess(model["finess_et"][:2])
    day = dt.date(region.year, 12, 31)
    avenant = register(region, number, "périmètre", new, day)
    content["etablissements"].append({
        **model, "finess_et": new, "raison_sociale": f"{model['raison_sociale']} (nouveau)",
        "siret": None, "date_evaluation_has": None, "date_autorisation": day, "entre_le": day,
        "motif_mouvement": "ouverture", "avenant": avenant,
    })  # fmt: skip
    for row in [row for row in content["si"] if row["entite"] == model["finess_et"]]:
        if row["si"].startswith(("ROR", "VT")):
            content["si"].append(
                {**row, "entite": new, "taux_completude": 1, "valide": "Oui", "derniere_maj": day}
            )
    return set()


def close_esms(region: Region, number: str, draw: random.Random) -> Others:
    """An ESMS closes in the year: its rows stay, nothing is asked after."""
    content = region.contents[number]
    if not (leaving := movable(content)):
        return None
    row = draw.choice(leaving)
    day = dt.date(region.year, 6, 30)
    avenant = register(region, number, "périmètre", row["finess_et"], day)
    row.update(sorti_le=day, motif_mouvement="fermeture", avenant=avenant)
    return set()


def cede_esms(region: Region, number: str, draw: random.Random) -> Others:
    """An ESMS passes to another organisme at the end of the year."""
    content = region.contents[number]
    takers = [n for n in sorted(region.contents) if n != number and n not in region.absorbed]
    leaving = movable(content)
    if not leaving or not takers:
        return None
    row = draw.choice(leaving)
    taker = draw.choice([n for n in takers if _has_sector(region.contents[n], row)] or [""])
    if not taker:
        return None
    pass_on(region, number, taker, row, "cession")
    return {taker}


def _has_sector(content: Content, esms: Mapping[str, Any]) -> bool:
    return any(row["secteur"] == esms["secteur"] for row in present(content))


def pass_on(region: Region, giver: str, taker: str, row: dict[str, Any], reason: str) -> None:
    """An ESMS leaves one organisme and enters another, at the end of the year."""
    day = dt.date(region.year, 12, 31)
    number = row["finess_et"]
    out = register(region, giver, "périmètre", number, day)
    entered = register(region, taker, "périmètre", number, day)
    content = region.contents[taker]
    siren = content["identification"][0]["siren"]
    content["etablissements"].append({
        **{key: value for key, value in row.items() if value is not None},
        "entre_le": day, "motif_mouvement": "reprise", "avenant": entered, "siret": None,
        "finess_principal": None, "date_evaluation_has": None,
    })  # fmt: skip
    assert siren
    row.update(sorti_le=day, motif_mouvement=reason, avenant=out)
    for line in region.contents[giver]["si"]:
        if line["entite"] == number and line["si"].startswith(("ROR", "VT")):
            content["si"].append(
                {**line, "taux_completude": 1, "valide": "Oui", "derniere_maj": day}
            )


def renumber_esms(region: Region, number: str, draw: random.Random) -> Others:
    """An ESMS takes another FINESS number, said."""
    content = region.contents[number]
    if not (rows := present(content)):
        return None
    row = draw.choice(rows)
    old, new = row["finess_et"], region.numbers.finess(row["finess_et"][:2])
    replace_number(content, old, new)
    row |= {"ancien_finess_et": old, "motif_mouvement": "changement de numéro"}
    return set()


def replace_number(content: Content, old: str, new: str) -> None:
    """Write another number wherever an ESMS is named."""
    for row in content["etablissements"]:
        for key in ("finess_et", "finess_principal"):
            if row.get(key) == old:
                row[key] = new
    for row in content["si"]:
        row["entite"] = new if row["entite"] == old else row["entite"]
    for key in OF_AN_ESMS:
        for row in content[key]:
            row["finess_et"] = new if row["finess_et"] == old else row["finess_et"]
    for key in OF_SEVERAL:
        for row in content[key]:
            if row.get("finess_et"):
                row["finess_et"] = tuple(new if n == old else n for n in row["finess_et"])


def absorb(region: Region, number: str, draw: random.Random) -> Others:
    """A small organisme is absorbed by another one, which takes a new legal entity."""
    content = region.contents[number]
    if any(content[key] for key in ("difficulte", "mesures", "has")) or region.rank > 3:
        return None
    esms = present(content)
    others = [n for n in sorted(region.contents) if n != number and n not in region.absorbed
              and all(_has_sector(region.contents[n], row) for row in esms)]  # fmt: skip
    if len(esms) != 1 or len(content["etablissements"]) != 1 or not others:
        return None
    taker = draw.choice(others)
    pass_on(region, number, taker, esms[0], "fusion")
    region.absorbed.add(number)
    renumber_entity(region, taker)
    return {taker}


def renumber_entity(region: Region, number: str) -> None:
    """The organisme takes another FINESS EJ, said."""
    content = region.contents[number]
    fiche = content["identification"][0]
    new = region.numbers.finess(fiche["departement"])
    for row in content["si"]:
        row["entite"] = new if row["entite"] == number else row["entite"]
    fiche |= {"finess_ej": new, "ancien_finess_ej": number}


def withdraw_action(region: Region, number: str, draw: random.Random) -> Others:
    """An action is taken out of the plan by avenant."""
    content = region.contents[number]
    open_ = [row for row in content["actions"] if row["statut"] in ("À démarrer", "En cours")]
    if not open_:
        return None
    row = draw.choice(open_)
    day = dt.date(region.year, 9, 1)
    avenant = register(region, number, "action retirée", row["numero"], day)
    row.update(statut="Abandonnée", reference_avenant=f"Avenant n° {avenant} du 01/09/{day.year}")
    return set()


def change_target(region: Region, number: str, draw: random.Random) -> Others:
    """The target of a year to come is changed by avenant."""
    if region.rank >= 4:
        return None
    content = region.contents[number]
    rows = [row for row in content["indicateurs"] if row.get("cible_n4") == 0.8]
    if not rows:
        return None
    row = draw.choice(rows)
    register(region, number, "cible", row["code"], dt.date(region.year, 10, 1))
    row["cible_n4"] = 0.75
    return set()


def trigger_inspection(region: Region, number: str, draw: random.Random) -> Others:
    """An inspection: the module is opened by avenant when it was not, its measures are told."""
    content = region.contents[number]
    if not (rows := present(content)):
        return None
    esms = draw.choice(rows)
    day = dt.date(region.year, 6, 15)
    module = next(row for row in content["modules"] if row["code"] == "INSPECTION")
    if module.get("actif") != "Oui":
        avenant = register(region, number, "module activé ou retiré", "INSPECTION", day)
        module.update(actif="Oui", date_activation=day, origine="avenant", numero_avenant=avenant)
    mission = f"{region.year}-VIE-{int(number[3:8]) % 10_000:04}"
    for rank in (1, 2):
        content["mesures"].append({
            "numero_mission": mission, "finess_et": esms["finess_et"], "autorite": "ARS",
            "mode": "sur site", "date_controle": dt.date(region.year, 2, 10),
            "date_notification": day, "numero": f"P{rank}", "type": "prescription",
            "libelle": f"Mettre en conformité le point {rank} de la mission {mission}",
            "reference_juridique": "Art. L. 311-3 du CASF", "theme": "Organisation",
            "delai_valeur": 18, "delai_unite": "mois",
            "echeance": dt.date(region.year + 1, 12, 15),
            "action_correctrice": "Protocole revu et diffusé", "pilote": "Direction",
            "statut": "En cours",
        })  # fmt: skip
    return set()


def extend(region: Region, number: str, draw: random.Random) -> Others:
    """The contract is extended by a year: an avenant opens N6."""
    if region.rank != 5:
        return None
    content = region.contents[number]
    fiche = content["identification"][0]
    register(region, number, "prorogation", "", dt.date(region.year, 11, 2))
    fiche["date_echeance"] = fiche["date_echeance"].replace(year=region.year + 1)
    for row in content["indicateurs"]:
        if row.get("cible_n5") is not None:
            row["cible_n6"] = 1.0
    return set()


Event = Callable[[Region, str, random.Random], Others]

EVENTS: dict[str, tuple[float, Event]] = {
    "prorogation": (0.5, extend),
    "fusion et nouvelle entité": (0.06, absorb),
    "cession": (0.08, cede_esms),
    "ouverture": (0.08, open_esms),
    "fermeture": (0.05, close_esms),
    "nouveau numéro": (0.06, renumber_esms),
    "inspection": (0.08, trigger_inspection),
    "action retirée": (0.08, withdraw_action),
    "cible changée": (0.08, change_target),
}
"""Kind -> (chance each year, what happens)."""
