"""Both flows of FINESS, invented, at any size up to the country's: for tests and for the bench.

`python -m tools.finess_synthetique DOSSIER [--entites 50000]` writes the pair. The shapes are those
of the examples that the ANS publishes (spellings, nulls, padded texts, closed entities, capacities
said twice), the numbers are drawn with a right key, the names are invented. The same seed gives
the same files.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xl_cpom.identifiants import luhn_key

NATIONAL = 50_000
"""Entités juridiques of the country, closed ones included; about two établissements each."""

DEPARTEMENTS = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B"]
MEDICOSOCIAL = ("500", "500", "183", "186", "182", "246", "255", "354", "448", "449", "445", "202")
SANITAIRE = ("365", "355", "620", "611", "698")
MODES = {"500": ("924", "11", "711"), "183": ("844", "13", "115"), "354": ("358", "16", "700")}
DAY = "2026-09-11"


class Draw:
    """The draw: numbers never given twice, everything from one seed."""

    def __init__(self, seed: int) -> None:
        self.hasard = random.Random(seed)
        self.rang = dict.fromkeys(DEPARTEMENTS, 0)
        self.identifiant = 0

    def finess(self, departement: str) -> str:
        """The next number of a département, with its key."""
        self.rang[departement] += 1
        head = f"{departement}0{self.rang[departement]:05}"
        return head + luhn_key(head.replace("A", "1").replace("B", "2"))

    def ident(self) -> str:
        """A technical identifier."""
        self.identifiant += 1
        return str(self.identifiant)

    def jour(self, first: int, last: int) -> str:
        """A day between two years."""
        h = self.hasard
        return f"{h.randint(first, last)}-{h.randint(1, 12):02}-{h.randint(1, 28):02}"


def entites(nombre: int, seed: int = 1) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(pmej of « structures », pmej of « activités ») of as many invented entities."""
    draw = Draw(seed)
    for _ in range(nombre):
        yield _entity(draw)


def _entity(t: Draw) -> tuple[dict[str, Any], dict[str, Any]]:
    h = t.hasard
    dep = h.choice(DEPARTEMENTS)
    ident, number = t.ident(), t.finess(dep)
    closed = h.random() < 0.2
    infos: dict[str, Any] = {
        "pmSmsseId": ident,
        "codeApe": "87.10A",
        "dateCreation": t.jour(1960, 2024),
        "denominationLonguePmSmsse": f"ASSOCIATION INVENTEE {number}".ljust(60),
        "denominationPm": f"ASSO {number}".ljust(32),
        "numFinessPm": number,
        "siren": f"{h.randrange(10**8):08}0",
        "statutJuridique": h.choice(("60", "61", "21", "13", "72")),
        "typePersonneMorale": "01",
    }
    if closed:
        infos["dateFermeture"] = t.jour(1993, 2026)
    structures: list[dict[str, Any]] = []
    activities: list[dict[str, Any]] = []
    allowed: list[dict[str, Any]] = []
    for rank in range(min(40, int(h.expovariate(0.5)) + 1)):
        eg, exercised, authorised = _etablissement(t, dep, ident, closed, structures[:1], rank)
        structures.append(eg)
        allowed.extend(authorised)
        infos_eg = eg["informationsGeneralesEGE"]
        activities.append({
            "egeId": infos_eg["egeId"], "numFinessEge": infos_eg["numFinessEge"],
            "activitesExercees": exercised,
        })  # fmt: skip
    pmej = {
        "informationsGeneralesPMEJ": infos,
        "adresse": [_adresse(t, dep, "02")],
        "contact": [{"typeContact": {"roleContact": "01"}, "telecom": {"telephone": "0300000000"}}],
        "engagement": [],
        "evenement": [_evenement(t, "001", "PM", ident, infos["dateCreation"])]
        + ([_evenement(t, "005", "PM", ident, infos["dateFermeture"])] if closed else []),
        "ege": structures,
        "etatObjet": "I" if closed else "A",
        "dateDerniereMaj": "2026-05-01 00:00:00",
    }
    return pmej, {"numFiness": number, "pmSmsseId": ident, "activitesAutorisees": allowed,
                  "ege": activities}  # fmt: skip


def _etablissement(
    t: Draw, dep: str, pm: str, closed: bool, first: list[dict[str, Any]], rank: int
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    h = t.hasard
    ident, number = t.ident(), t.finess(dep)
    category = h.choice(MEDICOSOCIAL if h.random() < 0.5 else SANITAIRE)
    gone = closed or h.random() < 0.15
    opening = t.jour(1960, 2025)
    infos = {
        "egeId": ident, "dateOuverture": opening, "datePremiereAutorisation": opening,
        "nomEgeCourt": f"ETABLISSEMENT {number}".ljust(32),
        "nomEgeLong": f"ETABLISSEMENT INVENTE {number}".ljust(60),
        "numFinessEge": number, "espic": ["0"], "siret": f"{h.randrange(10**13):013}0",
    }  # fmt: skip
    if gone:
        infos["dateFermeture"] = t.jour(1993, 2026)
    bearer = first[0]["informationsGeneralesEGE"]["egeId"] if first and rank % 3 else ident
    eg = {
        "informationsGeneralesEGE": infos,
        "categorieentiteGeographiqueExercice": category,
        "modefixationtarifaire": "57",
        "typeBudget": ["01"],
        "adresse": [_adresse(t, dep, "03")],
        "contact": [],
        "engagement": [],
        "evenement": [
            _evenement(t, "003", "EG", ident, opening),
            _evenement(t, "007", "EG", ident, opening),
        ]
        + ([_evenement(t, "005", "EG", ident, infos["dateFermeture"])] if gone else []),
        "roleEge": [{"idEgePorteuse": bearer, "idEgeNonPorteuse": ident}],
        "etatObjet": "I" if gone else "A",
        "dateDerniereMaj": "2026-05-01 00:00:00",
    }
    exercised, authorised = [], []
    for _ in range(h.randint(1, 4)):
        places = h.randint(5, 90)
        activity = _activite(t, category, None, None, places, (("09", places, None),))
        link = activity["caracteristiquesGeneriques"]["activiteAeId"]
        authorised.append(activity)
        details = (("09", places, None), ("08", places - h.randint(0, 4), None),
                   ("09", places // 2, "A"))  # fmt: skip
        exercised.append(_activite(t, category, link, ident, places, details))
    return eg, exercised, authorised


def _activite(
    t: Draw, category: str, link: str | None, eg: str | None, places: int,
    capacities: tuple[tuple[str, int, str | None], ...],
) -> dict[str, Any]:  # fmt: skip
    ident = t.ident()
    discipline, mode, public = MODES.get(category, ("925", "14", "120"))
    return {
        "caracteristiquesGeneriques": {
            "activiteAeId": ident, "etatObjet": "A", "identifiantAutorisation": link,
            "numAutorisationArhgos": None, "dateDebutActiviteAutorisee": "2010-01-01",
            "dateFinActiviteAutorisee": None, "dateFinEffectiveActivite": None,
            "dateCaduciteAutorisation": None, "egeId": eg, "typeActiviteSMSSE": "1301",
        },
        "nature": {
            "codeNature": t.hasard.choice(("ASMR", "AMSR")),
            "caracteristiquesSpecifiques": {
                "aaSocialeReguleeId": None, "activiteAeId": None,
                "typeActiviteAMSR": {"activiteSocialeRegulee": discipline,
                                     "modeFonctionnement": mode, "public": public},
            },
        },
        "evenement": [_evenement(t, "010", "AC", ident, "2010-01-01")],
        "engagement": [],
        "capacite": [
            {"idCapacite": t.ident(), "nombre": str(count), "precision": None, "variation": None,
             "activiteAeId": ident, "engagementId": None, "habilitation": habilitation,
             "statutCapacite": statut, "modeFinancement": None, "uniteMesureCapacite": "02",
             "typeLogement": None, "genre": None}
            for statut, count, habilitation in capacities
        ],
        "zoneIntervention": None,
    }  # fmt: skip


def _adresse(t: Draw, dep: str, usage: str) -> dict[str, Any]:
    h = t.hasard
    postal = "20" if dep in ("2A", "2B") else dep
    return {
        "usageAdresse": usage, "numeroVoie": str(h.randint(1, 99)), "typeVoie": "R   ",
        "libelleVoie": "DES INVENTIONS     ", "cogCommune": f"{dep}{h.randint(1, 599):03}",
        "ligneAcheminement": "VILLE INVENTEE", "ligneQuatre": "1 RUE DES INVENTIONS",
        "codePostal": f"{postal}{h.randint(0, 99):02}0",
        "coordonneesGeographique": {"coordonneeX": "6589480.53", "coordonneeY": "941342.52",
                                    "directionLatitude": "46.36", "directionLongitude": "6.13"},
    }  # fmt: skip


def _evenement(t: Draw, code: str, objet: str, ident: str, day: str) -> dict[str, Any]:
    return {
        "evenementId": t.ident(), "dateEnregistrement": "2025-10-21 18:36:29",
        "dateEvenement": day, "etatObjet1": code, "identifiantObjet1": ident,
        "systemeMaitre": "01", "typeObjet1": objet, "codeEvenement": code,
    }  # fmt: skip


def write(folder: Path, nombre: int = NATIONAL, seed: int = 1) -> tuple[Path, Path]:
    """Write the pair under a folder, entity after entity; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    day = DAY.replace("-", "")
    paths = (
        folder / f"finess-structures-journalier-{day}.json",
        folder / f"finess-activites-journalier-{day}.json",
    )
    head = f'{{\n  "schemaVersion" : "v1.0.0",\n  "generatedAt" : "{DAY}T05:00:00.000Z",\n  '
    with (
        paths[0].open("w", encoding="utf-8") as structures,
        paths[1].open("w", encoding="utf-8") as activities,
    ):
        structures.write(head + '"gcc" : [ ],\n  "gco" : [ ],\n  "pmej" : [ ')
        activities.write(head + '"pmej" : [ ')
        for rank, (one, other) in enumerate(entites(nombre, seed)):
            comma = ", " if rank else ""
            structures.write(comma + json.dumps(one, ensure_ascii=False, indent=2))
            activities.write(comma + json.dumps(other, ensure_ascii=False, indent=2))
        structures.write(" ]\n}\n")
        activities.write(" ]\n}\n")
    return paths


def main() -> None:
    """Write the pair asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dossier", type=Path)
    parser.add_argument("--entites", type=int, default=NATIONAL)
    parser.add_argument("--graine", type=int, default=1)
    given = parser.parse_args()
    for path in write(given.dossier, given.entites, given.graine):
        print(f"{path} : {path.stat().st_size / 1e6:.0f} Mo")


if __name__ == "__main__":
    main()
