"""A `Directory` as the lines that the rest of the product has always read from an extract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from xl_cpom.identifiants import repair_finess
from xl_cpom.typography import fold

from .fields import entier, field_text, jour
from .model import Capacite, Directory, Entity, Etablissement

COLUMNS = (
    "nofinesset", "nofinessej", "rs", "rslongue", "categetab", "siret", "adresse", "code_postal",
    "commune", "departement", "dateouv", "dateautor", "datefermeture", "etat", "typeet",
    "nofinessppal", "capacite", "capacite_installee", "rs_ej", "siren", "statutjuridique",
    "adresse_ej", "commune_ej", "departement_ej", "etat_ej", "datefermeture_ej",
)  # fmt: skip
"""What a line says, in the order of the CSV that `xl-cpom finess extraire` writes."""


def as_rows(directory: Directory) -> Iterator[Mapping[str, str]]:
    """One line per établissement, closed ones included: `etat` and `datefermeture` say so."""
    for entity in directory.entities:
        for et in entity.etablissements:
            yield _row(entity, et, *directory.places(et.finess_et))


def _row(
    entity: Entity, et: Etablissement, allowed: int | None, installed: int | None
) -> Mapping[str, str]:
    secondary = et.main not in ("", et.finess_et)
    return {
        "nofinesset": et.finess_et,
        "nofinessej": et.finess_ej,
        "rs": et.name,
        "rslongue": et.long_name,
        "categetab": et.categorie,
        "siret": et.siret,
        "adresse": et.address,
        "code_postal": et.code_postal,
        "commune": et.commune,
        "departement": et.departement,
        "dateouv": _day(et.ouverture),
        "dateautor": _day(et.autorisation),
        "datefermeture": _day(et.fermeture),
        "etat": "Fermé" if et.closed else "Ouvert",
        "typeet": "S" if secondary else "P" if et.main else "",
        "nofinessppal": et.main if secondary else "",
        "capacite": "" if allowed is None else str(allowed),
        "capacite_installee": "" if installed is None else str(installed),
        "rs_ej": entity.name,
        "siren": entity.siren,
        "statutjuridique": entity.statut_juridique,
        "adresse_ej": entity.address,
        "commune_ej": entity.commune,
        "departement_ej": entity.departement,
        "etat_ej": "Fermé" if entity.closed else "Ouvert",
        "datefermeture_ej": _day(entity.fermeture),
    }


def _day(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()


def from_rows(nom: str, lines: Iterable[Mapping[str, str]], date: str = "") -> Directory:
    """The lines of an older extract as a `Directory`, so that it may be compared with a flow.

    An older extract names neither the technical identifiers nor the events.
    """
    groups: dict[str, list[Etablissement]] = {}
    heads: dict[str, Mapping[str, str]] = {}
    places: dict[str, tuple[Capacite, ...]] = {}
    seen: set[str] = set()
    for line in lines:
        et = _etablissement(line)
        if not et.finess_et or et.finess_et in seen:
            continue
        seen.add(et.finess_et)
        groups.setdefault(et.finess_ej, []).append(et)
        heads.setdefault(et.finess_ej, line)
        allowed, installed = entier(line.get("capacite")), entier(line.get("capacite_installee"))
        if allowed is not None or installed is not None:
            places[et.finess_et] = (Capacite("", "", "", allowed, installed),)
    entities = tuple(
        Entity(
            identifiant="",
            finess_ej=ej,
            name=field_text(heads[ej].get("rs_ej")),
            siren=field_text(heads[ej].get("siren")),
            departement=field_text(heads[ej].get("departement_ej")),
            fermeture=jour(heads[ej].get("datefermeture_ej")),
            active=fold(field_text(heads[ej].get("etat_ej"))) != "ferme",
            etablissements=tuple(group),
        )
        for ej, group in groups.items()
        if ej
    )
    return Directory(nom, "", jour(date), entities, places or None, len(entities))


def _etablissement(line: Mapping[str, str]) -> Etablissement:
    def said(key: str) -> str:
        return field_text(line.get(key))

    number = said("nofinesset")
    return Etablissement(
        identifiant="",
        finess_et=repair_finess(number) or number,
        finess_ej=repair_finess(said("nofinessej")) or said("nofinessej"),
        name=said("rs"),
        long_name=said("rslongue"),
        categorie=said("categetab"),
        siret=said("siret"),
        commune=said("commune"),
        departement=said("departement").zfill(2) if said("departement") else number[:2],
        ouverture=jour(said("dateouv")),
        fermeture=jour(said("datefermeture")),
        active=not fold(said("etat")).startswith("ferme"),
    )
