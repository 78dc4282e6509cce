"""From one `pmej` of the flow « structures » to an `Entity` and its établissements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .fields import champ, field_text, jour, objets
from .model import Entity, Etablissement, Evenement, Filter

SIEGE, SITE = "02", "03"
"""Uses of an address: of the siège (entité juridique), of the place itself (établissement)."""


def entite(pmej: Mapping[str, Any], national_filter: Filter) -> Entity | None:
    """The entity, with those of its établissements that the filter keeps; None when none is.

    An entity without établissement is kept when it is itself asked for: by its number, or by the
    département of its siège.
    """
    infos = champ(pmej, "informationsGeneralesPMEJ")
    number = finess_ej(pmej)
    place = _adresse(pmej, SIEGE)
    departement = _departement(place, number)
    if national_filter.entities and number not in national_filter.entities:
        return None
    egs = list(objets(pmej, "ege"))
    numbers = {_identifiant(eg): _numero(eg) for eg in egs}
    kept = tuple(_etablissements(egs, number, numbers, national_filter))
    if not kept and not national_filter.keeps(
        departement, next(iter(national_filter.categories), ""), number
    ):
        return None
    active = field_text(champ(pmej, "etatObjet") or champ(infos, "etatObjet"))
    events = _evenements(pmej)
    return Entity(
        identifiant=field_text(champ(infos, "pmSmsseId")),
        finess_ej=number,
        name=field_text(champ(infos, "denominationLonguePmSmsse"))
        or field_text(champ(infos, "denominationPm")),
        siren=field_text(champ(infos, "siren")),
        statut_juridique=field_text(champ(infos, "statutJuridique")),
        address=_way(place),
        commune=field_text(champ(place, "ligneAcheminement")),
        departement=departement,
        creation=jour(champ(infos, "dateCreation")),
        fermeture=jour(champ(infos, "dateFermeture")),
        active=active.upper() != "I",
        events=events,
        etablissements=kept,
    )


def finess_ej(pmej: Mapping[str, Any]) -> str:
    """FINESS EJ of an entity."""
    return field_text(champ(champ(pmej, "informationsGeneralesPMEJ"), "numFinessPm")).upper()


def _etablissements(
    egs: list[dict[str, Any]], ej: str, numbers: Mapping[str, str], national_filter: Filter
) -> Iterator[Etablissement]:
    for eg in egs:
        number = _numero(eg)
        place = _adresse(eg, SITE)
        departement = _departement(place, number)
        category = field_text(champ(eg, "categorieEntiteGeographiqueExercice"))
        if not number or not national_filter.keeps(departement, category, ej):
            continue
        infos = champ(eg, "informationsGeneralesEGE")
        yield Etablissement(
            identifiant=_identifiant(eg),
            finess_et=number,
            finess_ej=ej,
            name=field_text(champ(infos, "nomEgeCourt")),
            long_name=field_text(champ(infos, "nomEgeLong")),
            categorie=category,
            siret=field_text(champ(infos, "siret") or champ(eg, "siret")),
            address=_way(place),
            code_postal=field_text(champ(place, "codePostal")),
            commune=field_text(champ(place, "ligneAcheminement")),
            departement=departement,
            ouverture=jour(champ(infos, "dateOuverture")),
            autorisation=jour(champ(infos, "datePremiereAutorisation")),
            fermeture=jour(champ(infos, "dateFermeture")),
            active=field_text(champ(eg, "etatObjet")).upper() != "I",
            main=_porteuse(eg, numbers),
            events=_evenements(eg),
        )


def _identifiant(eg: Mapping[str, Any]) -> str:
    return field_text(champ(champ(eg, "informationsGeneralesEGE"), "egeId"))


def _numero(eg: Mapping[str, Any]) -> str:
    return field_text(champ(champ(eg, "informationsGeneralesEGE"), "numFinessEge")).upper()


def _porteuse(eg: Mapping[str, Any], numbers: Mapping[str, str]) -> str:
    """FINESS ET of the principal; its own number when it carries others; "" when not said."""
    own = _identifiant(eg)
    principal = False
    for role in objets(eg, "roleEge"):
        bearer = field_text(champ(role, "idEgePorteuse"))
        if bearer and bearer != own:
            return numbers.get(bearer, "")
        principal = principal or bearer == own
    return numbers.get(own, "") if principal else ""


def _evenements(objet: Mapping[str, Any]) -> tuple[Evenement, ...]:
    return tuple(
        Evenement(
            code=field_text(champ(e, "codeEvenement")).zfill(3),
            date=jour(champ(e, "dateEvenement")),
            objet=field_text(champ(e, "typeObjet1")),
            identifiant=field_text(champ(e, "identifiantObjet1")),
            other=field_text(champ(e, "identifiantObjet2")),
        )
        for e in objets(objet, "evenement")
    )


def _adresse(objet: Mapping[str, Any], usage: str) -> Mapping[str, Any]:
    """The address of that use, else the first one."""
    found = list(objets(objet, "adresse"))
    for place in found:
        if field_text(champ(place, "usageAdresse")) == usage:
            return place
    return found[0] if found else {}


def _way(place: Mapping[str, Any]) -> str:
    """« 62 AVENUE DE JASSERON »: the postal line, else what composes it."""
    line = field_text(champ(place, "ligneQuatre"))
    if line:
        return line
    parts = (champ(place, name) for name in ("numeroVoie", "typeVoie", "libelleVoie"))
    return " ".join(filter(None, map(field_text, parts)))


def _departement(place: Mapping[str, Any], number: str) -> str:
    """Code of the département: of the commune, else of the postal code, else of the number."""
    code = field_text(champ(place, "cogCommune"))
    if len(code) != 5:
        postal = field_text(champ(place, "codePostal"))
        # a Corsican postal code (20…) does not tell 2A from 2B: its number does
        code = postal if len(postal) == 5 and not postal.startswith("20") else number
    return code[:3] if code.startswith(("97", "98")) else code[:2].upper()
