"""From the flow « activités » to the places of each établissement.

The rules are those that the ANS publishes (« finess-activites-json-to-table »): « 09 » is what is
authorised, « 08 » what is installed; a capacity detailed by habilitation, logement, genre or
financement is part of a total that is also there, and is not added to it. One precaution is ours:
an authorisation exercised in several places is not given whole to each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from typing import Any

from .fields import champ, entier, field_text, objets
from .model import Capacite

AUTORISEE, INSTALLEE = "09", "08"
LITS_OU_PLACES = frozenset({"", "01", "02"})
_DETAILS = ("modeFinancement", "habilitation", "typeLogement", "genre")
_BLOCS = ("typeActiviteAMSR", "typeActiviteASMR", "typeActiviteASOCR")
"""Where the activity is described. The schema says AMSR, files said ASMR until September 2026."""

_NATURES = frozenset({"AMSR", "ASMR", "ASOCR"})


def capacites(
    pmej: Mapping[str, Any], voulus: Container[str]
) -> Iterator[tuple[str, tuple[Capacite, ...]]]:
    """(FINESS ET, its places by activity) for the établissements wanted of one entity."""
    egs = [(field_text(champ(eg, "numFinessEge")).upper(), eg) for eg in objets(pmej, "ege")]
    if not any(number in voulus for number, _ in egs):
        return
    authorised = {
        _identifiant(activity): activity for activity in objets(pmej, "activitesAutorisees")
    }
    uses = Counter(
        _autorisation(activity)
        for _, eg in egs
        for activity in objets(eg, "activitesExercees")
        if _active(activity)
    )
    for number, eg in egs:
        if number not in voulus:
            continue
        found = tuple(_places(objets(eg, "activitesExercees"), authorised, uses))
        if found:
            yield number, found


def _places(
    activities: Iterator[dict[str, Any]],
    authorised: Mapping[str, Mapping[str, Any]],
    uses: Mapping[str, int],
) -> Iterator[Capacite]:
    for activity in activities:
        kind = _type(activity)
        if kind is None or not _active(activity):
            continue
        allowed = _total(activity, AUTORISEE)
        link = _autorisation(activity)
        if allowed is None and link in authorised and uses.get(link) == 1:
            allowed = _total(authorised[link], AUTORISEE)
        yield Capacite(
            discipline=field_text(champ(kind, "activiteSocialeRegulee")),
            mode=field_text(champ(kind, "modeFonctionnement")),
            public=field_text(champ(kind, "public")),
            autorisee=allowed,
            installee=_total(activity, INSTALLEE),
        )


def _body(activity: Mapping[str, Any]) -> Mapping[str, Any]:
    """The activity itself: the first schema wraps it in « natureASMR »."""
    for name, value in activity.items():
        if name.startswith("nature") and isinstance(value, dict) and name != "nature":
            return value
    return activity


def _generiques(activity: Mapping[str, Any]) -> Any:
    return champ(_body(activity), "caracteristiquesGeneriques")


def _identifiant(activity: Mapping[str, Any]) -> str:
    return field_text(champ(_generiques(activity), "activiteAeId"))


def _autorisation(activity: Mapping[str, Any]) -> str:
    return field_text(champ(_generiques(activity), "identifiantAutorisation"))


def _active(activity: Mapping[str, Any]) -> bool:
    return field_text(champ(_generiques(activity), "etatObjet")).upper() != "I"


def _type(activity: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What describes a social or medico-social activity; None for any other."""
    nature = champ(activity, "nature")
    specific = champ(nature, "caracteristiquesSpecifiques")
    if specific is None:
        body = _body(activity)
        specific = champ(body, "caracteristiquesSpecifiquesASMR", "caracteristiquesSpecifiquesAMSR",
                         "caracteristiquesSpecifiquesASOCR")  # fmt: skip
    elif field_text(champ(nature, "codeNature")).upper() not in _NATURES:
        return None
    found = champ(specific, *_BLOCS)
    return found if isinstance(found, dict) else None


def _total(activity: Mapping[str, Any], statut: str) -> int | None:
    """Places of that statut, details left out; None when none is said."""
    counts = [
        count
        for capacity in objets(_body(activity), "capacite")
        if field_text(champ(capacity, "statutCapacite")) == statut
        and field_text(champ(capacity, "uniteMesureCapacite")) in LITS_OU_PLACES
        and not any(field_text(champ(capacity, name)) for name in _DETAILS)
        and (count := entier(champ(capacity, "nombre"))) is not None
    ]
    return sum(counts) if counts else None
