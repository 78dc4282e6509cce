"""What the flows say of an entity, in plain values: no JSON beyond this point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from xl_cpom.light_dataclass import dataclass, field


@dataclass(frozen=True, slots=True)
class Evenement:
    """One event of the life of an entity (nomenclature TRE_R376 of the ANS).

    code: « 005 » closing, « 018 » and « 019 » transfer… objet: whose life (« PM », « EG »).
    identifiant and autre are technical identifiers, not FINESS numbers.
    """

    code: str
    date: dt.date | None
    objet: str = ""
    identifiant: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Capacite:
    """Places of one activity of an établissement; None when the flow does not say.

    discipline, mode and public are codes (TRE_R401, TRE_R404 and TRE_R403 of the ANS).
    """

    discipline: str
    mode: str
    public: str
    autorisee: int | None
    installee: int | None


@dataclass(frozen=True, slots=True)
class Etablissement:
    """An entité géographique (FINESS ET); "" or None: the flow does not say.

    main: FINESS ET of the principal one, its own number when it is principal.
    """

    identifiant: str
    finess_et: str
    finess_ej: str
    name: str = ""
    long_name: str = ""
    categorie: str = ""
    siret: str = ""
    address: str = ""
    code_postal: str = ""
    commune: str = ""
    departement: str = ""
    ouverture: dt.date | None = None
    autorisation: dt.date | None = None
    fermeture: dt.date | None = None
    active: bool = True
    main: str = ""
    events: tuple[Evenement, ...] = ()

    @property
    def closed(self) -> bool:
        """Is it closed, or said inactive?"""
        return self.fermeture is not None or not self.active


@dataclass(frozen=True, slots=True)
class Entity:
    """An entité juridique (FINESS EJ) and those of its établissements that were asked for."""

    identifiant: str
    finess_ej: str
    name: str = ""
    siren: str = ""
    statut_juridique: str = ""
    address: str = ""
    commune: str = ""
    departement: str = ""
    creation: dt.date | None = None
    fermeture: dt.date | None = None
    active: bool = True
    events: tuple[Evenement, ...] = ()
    etablissements: tuple[Etablissement, ...] = ()

    @property
    def closed(self) -> bool:
        """Is it closed, or said inactive?"""
        return self.fermeture is not None or not self.active


@dataclass(frozen=True, slots=True)
class Filter:
    """What to keep of the country; an empty collection keeps everything.

    An établissement passes when each criterion given accepts it.
    """

    departements: Collection[str] = frozenset()
    categories: Collection[str] = frozenset()
    entities: Collection[str] = frozenset()

    def keeps(self, departement: str, categorie: str, finess_ej: str) -> bool:
        """Is this établissement asked for?"""
        return (
            (not self.departements or departement in self.departements)
            and (not self.categories or categorie in self.categories)
            and (not self.entities or finess_ej in self.entities)
        )


@dataclass(frozen=True, eq=False)
class Directory:
    """What was kept of a flow « structures », and of its « activités » when they were read.

    version: of the schema, as written in the file; date: when it was generated. capacites: FINESS
    ET -> its places by activity; None when the flow « activités » was not read.
    """

    name: str
    version: str
    date: dt.date | None
    entities: tuple[Entity, ...]
    capacites: Mapping[str, tuple[Capacite, ...]] | None = None
    read: int = field(default=0)
    """Entités juridiques read, kept or not."""

    @cached_property
    def by_ej(self) -> Mapping[str, Entity]:
        """FINESS EJ -> entity."""
        return {e.finess_ej: e for e in self.entities}

    @cached_property
    def by_et(self) -> Mapping[str, Etablissement]:
        """FINESS ET -> établissement."""
        return {et.finess_et: et for e in self.entities for et in e.etablissements}

    def places(self, finess_et: str) -> tuple[int | None, int | None]:
        """(places autorisées, places installées) of an établissement, summed over its activities.

        None when no activity says any.
        """
        found = (self.capacites or {}).get(finess_et, ())
        return _sum(c.autorisee for c in found), _sum(c.installee for c in found)


def _sum(values: Iterable[int | None]) -> int | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None
