"""A small pair of flows, written as the files of the ANS are or as its first schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EJ, ET, CLOSED, SECONDAIRE = "210099008", "210781456", "210780524", "210780565"
DAY = "20260911"


def adresse(usage: str = "03", **autres: Any) -> dict[str, Any]:
    return {"usageAdresse": usage, "ligneQuatre": "1 RUE DU MOULIN     ", "cogCommune": "21599",
            "codePostal": "21260", "ligneAcheminement": "SELONGEY  ", **autres}  # fmt: skip


def ege(ident: str, number: str, **autres: Any) -> dict[str, Any]:
    infos = {"egeId": ident, "numFinessEge": number, "nomEgeCourt": "EHPAD TILLEULS   ",
             "nomEgeLong": "EHPAD LES TILLEULS DE LA TILLE            ",
             "dateOuverture": "2001-02-03", "datePremiereAutorisation": "2017-01-03",
             "siret": "99900026800022", **autres.pop("infos", {})}  # fmt: skip
    return {
        "informationsGeneralesEGE": infos,
        "categorieentiteGeographiqueExercice": "500",
        "modefixationtarifaire": "45",
        "adresse": [adresse("02", cogCommune="75056"), adresse()],
        "evenement": [{"codeEvenement": "003", "dateEvenement": "2001-02-03", "typeObjet1": "EG",
                       "identifiantObjet1": ident}],
        "roleEge": [{"idEgePorteuse": ident}],
        "etatObjet": "A",
        **autres,
    }  # fmt: skip


def pmej(
    number: str = EJ, ident: str = "7", egs: list[dict[str, Any]] | None = None, **infos: Any
) -> dict[str, Any]:
    if egs is None:
        egs = [
            ege("1", ET),
            ege("2", CLOSED, infos={"dateFermeture": "2025-06-30"}, etatObjet="I"),
            ege("3", SECONDAIRE, roleEge=[{"idEgePorteuse": "1", "idEgeNonPorteuse": "3"}]),
        ]
    return {
        "informationsGeneralesPMEJ": {
            "pmSmsseId": ident, "numFinessPm": number, "siren": "999000268",
            "denominationLonguePmSmsse": "ASSOCIATION LES TILLEULS    ", "statutJuridique": "60",
            "dateCreation": "1990-01-01", **infos},
        "adresse": [adresse("02")], "evenement": [], "ege": egs, "etatObjet": "A",
    }  # fmt: skip


def capacite(statut: str, nombre: str, **autres: Any) -> dict[str, Any]:
    return {"nombre": nombre, "statutCapacite": statut, "uniteMesureCapacite": "02",
            "habilitation": None, "modeFinancement": None, "typeLogement": None, "genre": None,
            **autres}  # fmt: skip


def activite(
    ident: str, link: str | None, *capacites: dict[str, Any], **autres: Any
) -> dict[str, Any]:
    return {
        "caracteristiquesGeneriques": {"activiteAeId": ident, "etatObjet": "A",
                                       "identifiantAutorisation": link, "egeId": None},
        "nature": {"codeNature": "ASMR", "caracteristiquesSpecifiques": {
            "typeActiviteAMSR": {"activiteSocialeRegulee": "924", "modeFonctionnement": "11",
                                 "public": "711"}}},
        "capacite": list(capacites), "zoneIntervention": None, **autres,
    }  # fmt: skip


def pmej_activites(
    number: str = EJ,
    autorisees: list[dict[str, Any]] | None = None,
    exercees: dict[str, list[dict[str, Any]]] | None = None,
) -> dict[str, Any]:
    if autorisees is None:
        autorisees = [activite("a1", None, capacite("09", "80"))]
    if exercees is None:
        exercees = {
            ET: [activite("e1", "a1", capacite("08", "78"), capacite("08", "40", habilitation="A"))]
        }
    return {"numFiness": number, "pmSmsseId": "7", "activitesAutorisees": autorisees,
            "ege": [{"egeId": n, "numFinessEge": n, "activitesExercees": found}
                    for n, found in exercees.items()]}  # fmt: skip


def write(
    dossier: Path,
    structures: list[dict[str, Any]] | None = None,
    activites: list[dict[str, Any]] | None = None,
    *,
    version: str = "v1.0.0",
    jour: str = "2026-09-11",
    activites_day: str = "",
) -> tuple[Path, Path]:
    """Write the pair under the public names; returns both paths."""
    dossier.mkdir(parents=True, exist_ok=True)
    paths = (
        dossier / f"finess-structures-journalier-{DAY}.json",
        dossier / f"finess-activites-journalier-{DAY}.json",
    )
    head = {"schemaVersion": version, "generatedAt": f"{jour}T15:49:37.615Z"}
    one = {**head, "gcc": [{"gccId": "1", "pmejDuGcc": []}], "gco": [],
           "pmej": [pmej()] if structures is None else structures}  # fmt: skip
    other = {**head, "generatedAt": f"{activites_day or jour}T14:46:05Z",
             "pmej": [pmej_activites()] if activites is None else activites}  # fmt: skip
    paths[0].write_text(json.dumps(one, ensure_ascii=False, indent=2), encoding="utf-8")
    paths[1].write_text(json.dumps(other, ensure_ascii=False, indent=2), encoding="utf-8")
    return paths
