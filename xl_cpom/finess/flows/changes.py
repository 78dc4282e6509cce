"""What happened between two publications of FINESS: what the perimeter of a contract follows.

Technical identifiers survive a change of number, SIRET usually do: an établissement that closes
while another opens under the same SIRET and category has changed number, and is told once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import Enum

from xl_cpom.light_dataclass import dataclass

from .model import Directory, Entity, Etablissement


class ChangeKind(Enum):
    """What a change is, in the words shown."""

    OUVERTURE = "ouverture"
    REOUVERTURE = "réouverture"
    FERMETURE = "fermeture"
    DISPARITION = "absent du nouveau fichier"
    NUMERO = "nouveau numéro"
    ENTITY = "changement d'entité juridique"
    CATEGORIE = "changement de catégorie"
    PLACES = "places autorisées"
    EJ_OUVERTE = "nouvelle entité juridique"
    EJ_FERMEE = "entité juridique fermée"
    EJ_DISPARUE = "entité juridique absente du nouveau fichier"


CESSIONS = frozenset({"018", "019"})
"""Events « transfert / cession » and « transfert / reprise d'une EGE » (TRE_R376)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. finess_et: "" when it is that of an entité juridique.

    date: of the event when FINESS gives it. before and after: what changed (numbers, codes or
    places, as text). deduced: why it is only deduced, "" when FINESS says it.
    """

    nature: ChangeKind
    finess_et: str
    finess_ej: str
    name: str
    departement: str
    categorie: str
    date: dt.date | None
    before: str = ""
    after: str = ""
    deduced: str = ""


def comparer(
    ancien: Directory, new: Directory, depuis: dt.date | None = None
) -> tuple[Change, ...]:
    """The changes from one publication to the next, by département then number.

    depuis: only those dated from then on; those that FINESS does not date are always told.
    """
    found = [*_etablissements(ancien, new), *_entities(ancien, new)]
    kept = (c for c in found if depuis is None or c.date is None or c.date >= depuis)
    return tuple(
        sorted(kept, key=lambda c: (c.departement, c.finess_ej, c.finess_et, c.nature.value))
    )


def _etablissements(ancien: Directory, this_new: Directory) -> Iterator[Change]:
    before, after = ancien.by_et, this_new.by_et
    renamed = dict(_new_numbers(ancien, this_new))
    arrivals = set(renamed.values())
    for number, old in before.items():
        if number in renamed:
            new = after[renamed[number]]
            same = bool(old.identifiant) and old.identifiant == new.identifiant
            yield _said(ChangeKind.NUMERO, new, new.ouverture, number, new.finess_et,
                       "" if same else "même SIRET et même catégorie")  # fmt: skip
            if old.finess_ej != new.finess_ej:
                yield _said(ChangeKind.ENTITY, new, _cession(new), old.finess_ej, new.finess_ej)
            continue
        if number not in after:
            if not old.closed:
                yield _said(ChangeKind.DISPARITION, old, None)
            continue
        yield from _suivi(old, after[number], ancien, this_new)
    for number, new in after.items():
        if number not in before and number not in arrivals and not new.closed:
            yield _said(ChangeKind.OUVERTURE, new, new.ouverture)


def _suivi(
    old: Etablissement, new: Etablissement, ancien: Directory, this_new: Directory
) -> Iterator[Change]:
    """The changes of an établissement that both know."""
    if new.closed and not old.closed:
        yield _said(ChangeKind.FERMETURE, new, new.fermeture)
    elif old.closed and not new.closed:
        yield _said(ChangeKind.REOUVERTURE, new, None)
    if old.finess_ej != new.finess_ej:
        yield _said(ChangeKind.ENTITY, new, _cession(new), old.finess_ej, new.finess_ej)
    if old.categorie != new.categorie:
        yield _said(ChangeKind.CATEGORIE, new, None, old.categorie, new.categorie)
    places = ancien.places(old.finess_et)[0], this_new.places(new.finess_et)[0]
    if None not in places and places[0] != places[1]:
        yield _said(ChangeKind.PLACES, new, None, str(places[0]), str(places[1]))


def _new_numbers(ancien: Directory, new: Directory) -> Iterator[tuple[str, str]]:
    """(old number, new number) of one and the same établissement."""
    by_id = {et.identifiant: et for et in new.by_et.values() if et.identifiant}
    newcomers: dict[tuple[str, str], list[Etablissement]] = {}
    for et in new.by_et.values():
        if et.finess_et not in ancien.by_et and not et.closed and et.siret:
            newcomers.setdefault((et.siret, et.categorie), []).append(et)
    taken: set[str] = set()
    for number, old in ancien.by_et.items():
        same = by_id.get(old.identifiant) if old.identifiant else None
        if same is not None and same.finess_et != number:
            taken.add(same.finess_et)
            yield number, same.finess_et
            continue
        now = new.by_et.get(number)
        if old.closed or (now is not None and not now.closed):
            continue
        heirs = [
            et for et in newcomers.get((old.siret, old.categorie), ()) if et.finess_et not in taken
        ]
        if len(heirs) == 1:
            taken.add(heirs[0].finess_et)
            yield number, heirs[0].finess_et


def _cession(et: Etablissement) -> dt.date | None:
    """Day of the last transfer that FINESS registered."""
    days = [e.date for e in et.events if e.code in CESSIONS and e.date is not None]
    return max(days, default=None)


def _entities(ancien: Directory, this_new: Directory) -> Iterator[Change]:
    for number, new in this_new.by_ej.items():
        old = ancien.by_ej.get(number)
        if old is None and not new.closed:
            yield _said_of_ej(ChangeKind.EJ_OUVERTE, new, new.creation)
        elif old is not None and new.closed and not old.closed:
            yield _said_of_ej(ChangeKind.EJ_FERMEE, new, new.fermeture)
    for number, old in ancien.by_ej.items():
        if number not in this_new.by_ej and not old.closed:
            yield _said_of_ej(ChangeKind.EJ_DISPARUE, old, None)


def _said(
    nature: ChangeKind,
    et: Etablissement,
    date: dt.date | None,
    ancien: str = "",
    new: str = "",
    deduit: str = "",
) -> Change:
    return Change(
        nature, et.finess_et, et.finess_ej, et.long_name or et.name, et.departement, et.categorie,
        date, ancien, new, deduit,
    )  # fmt: skip


def _said_of_ej(nature: ChangeKind, entity: Entity, date: dt.date | None) -> Change:
    return Change(nature, "", entity.finess_ej, entity.name, entity.departement, "", date)
