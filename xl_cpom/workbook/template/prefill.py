"""Content of a pre-filled workbook, from a FINESS extract (see `workbook.finess`)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.errors import XlCpomError
from xl_cpom.finess.flows import Filter, ReadProgress
from xl_cpom.finess.flows.fields import entier, jour
from xl_cpom.finess.layouts import (
    NAMES,
    POSITIONS,
    UnreadableExtractError,
    commune,
    departement,
    ferme,
    read_extract,
)
from xl_cpom.identifiants import finess_valide, siren_valide, siret_valide
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import listing, typeset, visible
from xl_cpom.workbook.sheets.indicateurs import SECTEURS
from xl_cpom.workbook.sheets.si import SHARED
from xl_cpom.workbook.template.proposed_targets import compulsory_modules, proposed_targets

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

__all__ = [
    "NAMES",
    "POSITIONS",
    "Prefilling",
    "UnknownOrganismeError",
    "UnreadableExtractError",
    "build",
    "prefill",
    "read_extract",
]


class UnknownOrganismeError(XlCpomError, ValueError):
    """No ESMS of the extract belongs to the organisme. The message is French."""


@dataclass(frozen=True)
class Prefilling:
    """Content to write, and how many ESMS of the organisme were set aside, and why.

    fermes: those that FINESS says are closed, « EHPAD Les Lacs (390000131), fermé le 30/06/2025 ».
    """

    content: dict[str, list[dict[str, Any]]]
    hors_champ: int
    hors_region: int
    closed: tuple[str, ...] = ()

    @property
    def etablissements(self) -> int:
        """How many ESMS are written."""
        return len(self.content["etablissements"])


def prefill(
    extract: str | os.PathLike[str],
    finess_ej: str,
    referentiel: Referentiel,
    suivi: ReadProgress | None = None,
) -> Prefilling:
    """Content of the workbook of one organisme gestionnaire.

    Only the open ESMS of its region and of the field of the CPOM are kept; those that are closed
    are named apart. Secteur, public and autorité are those of the category, and stay empty where it
    leaves a choice. The compulsory modules are active, and each system that the categories make due
    has its line. Raises UnreadableExtractError, UnknownOrganismeError.
    """
    asked = Filter(entities=frozenset({finess_ej}))
    return build(read_extract(extract, asked, suivi), finess_ej, referentiel)


def build(
    lines: Iterator[Mapping[str, str]], finess_ej: str, referentiel: Referentiel
) -> Prefilling:
    """Same as `prefill`, from lines already read."""
    kept: dict[str, dict[str, Any]] = {}
    closed: dict[str, str] = {}
    head: Mapping[str, str] = {}
    outside_field = outside_region = 0
    for line in lines:
        if line.get("nofinessej", "").strip() != finess_ej:
            continue
        head = head or line
        category = referentiel.categories.get(line.get("categetab", "").strip())
        if category is None or not category.dans_le_champ:
            outside_field += 1
        elif departement(line) not in referentiel.departements:
            outside_region += 1
        elif ferme(line):
            closed.setdefault(line["nofinesset"].strip(), _fermeture(line))
        else:
            row = _row(line, referentiel)
            kept.setdefault(row["finess_et"], row)
    if not kept:
        raise UnknownOrganismeError(
            _none_kept(finess_ej, outside_field, outside_region, tuple(closed.values()))
        )
    rows = [kept[number] for number in sorted(kept)]
    sectors = {row["secteur"] for row in rows if "secteur" in row}
    fiche: dict[str, Any] = {"finess_ej": finess_ej, **_organisme(head, referentiel)}
    if len(sectors) == 1 and all("secteur" in row for row in rows):
        fiche["secteurs"] = sectors.pop()
    elif len(sectors) == 2:
        fiche["secteurs"] = "PA et PH"
    content = {
        "identification": [fiche],
        "etablissements": rows,
        "modules": compulsory_modules(referentiel),
        "si": list(due_systems(finess_ej, rows, referentiel)),
        "indicateurs": proposed_targets(referentiel, sectors or SECTEURS),
    }
    return Prefilling(content, outside_field, outside_region, tuple(closed.values()))


def _fermeture(line: Mapping[str, str]) -> str:
    """How a closed ESMS is named to whoever will not find it in the workbook."""
    name = visible((line.get("rslongue") or line.get("rs") or "").strip()) or "sans nom"
    day = jour(line.get("datefermeture") or "")
    since = f"fermé le {day:%d/%m/%Y}" if day else "fermé, sans date"
    return f"{name} ({line['nofinesset'].strip()}), {since}"


def _organisme(line: Mapping[str, str], referentiel: Referentiel) -> dict[str, Any]:
    """What the extract says of the entité juridique itself, when it does."""
    found: dict[str, Any] = {}
    if name := visible(line.get("rs_ej", "").strip()):
        found["raison_sociale"] = name
    if siren_valide(siren := line.get("siren", "").strip()):
        found["siren"] = siren
    if (status := line.get("statutjuridique", "").strip()) in referentiel.statuts_juridiques:
        found["statut_juridique"] = status
    for key, name in (("adresse", "adresse_ej"), ("commune", "commune_ej")):
        if said := visible(line.get(name, "").strip()):
            found[key] = said
    if (place := line.get("departement_ej", "").strip()) in referentiel.departements_france:
        found["departement"] = place
    return found


def due_systems(
    finess_ej: str, etablissements: list[dict[str, Any]], referentiel: Referentiel
) -> Iterator[dict[str, Any]]:
    """One line per system and entity that has to fill it in, whatever its secteur.

    A system of the organisme has one, even when it is of both secteurs.

    Those due under condition are left to the gestionnaire, who knows whether the condition holds.
    """
    secteurs = sorted({row["secteur"] for row in etablissements if "secteur" in row})
    for system in referentiel.si_proposes.values():
        if system.niveau == "OG":
            if secteurs:
                shared = SHARED if len(secteurs) == 2 else secteurs[0]
                yield {"si": system.libelle, "secteur": shared, "entite": finess_ej,
                       "exigible": "Oui"}  # fmt: skip
        elif system.niveau == "ET":
            for row in etablissements:
                if system.exigibilite(row["categorie"]) == "exigible":
                    known = {"secteur": row["secteur"]} if "secteur" in row else {}
                    yield {"si": system.libelle, **known, "entite": row["finess_et"],
                           "exigible": "Oui"}  # fmt: skip


_PLACES_MAX = 10_000


def _rattachement(line: Mapping[str, str]) -> dict[str, Any]:
    """Principal or secondaire, of which principal, and the places, when the extract says so."""
    found: dict[str, Any] = {}
    kind = line.get("typeet", "").strip().upper()[:1]
    if kind in ("P", "S"):
        found["principal_secondaire"] = "Principal" if kind == "P" else "Secondaire"
    principal = line.get("nofinessppal", "").strip()
    if kind == "S" and finess_valide(principal):
        found["finess_principal"] = principal
    allowed = entier(line.get("capacite"))
    if allowed is not None and 0 < allowed < _PLACES_MAX:
        found["capacite_autorisee"] = allowed
        installed = entier(line.get("capacite_installee"))
        if installed is not None and installed <= allowed:
            found["capacite_installee"] = installed
    return found


def _row(line: Mapping[str, str], referentiel: Referentiel) -> dict[str, Any]:
    category = referentiel.categories[line["categetab"].strip()]
    row: dict[str, Any] = {
        "finess_et": line["nofinesset"].strip(),
        "raison_sociale": visible((line.get("rslongue") or line.get("rs") or "").strip()),
        "categorie": category.code,
        "departement": departement(line),
        "commune": commune(line),
        "autorite": category.autorite,
        "public": category.public if category.public in referentiel.listes["public"] else "",
    }
    if len(category.secteurs) == 1:
        row["secteur"] = next(iter(category.secteurs))
    row.update(_rattachement(line))
    siret = line.get("siret", "").strip()
    if siret_valide(siret):
        row["siret"] = siret
    if (day := jour(line.get("dateautor", ""))) is not None:
        row["date_autorisation"] = day
    return {key: value for key, value in row.items() if value not in ("", None)}


def _none_kept(
    finess_ej: str, outside_field: int, outside_region: int, closed: tuple[str, ...]
) -> str:
    if outside_field or outside_region or closed:
        reasons = list(closed)
        if outside_field:
            reasons.append(f"{outside_field} hors du champ du CPOM")
        if outside_region:
            reasons.append(f"{outside_region} hors de la région")
        return typeset(f"L'organisme {finess_ej} n'a aucun ESMS à inscrire : {listing(reasons)}.")
    hint = "" if finess_valide(finess_ej) else " Ce numéro n'a pas une clé valide : vérifiez-le."
    return typeset(
        f"Aucun établissement de l'extrait n'est rattaché à l'entité juridique {finess_ej}.{hint}"
    )
