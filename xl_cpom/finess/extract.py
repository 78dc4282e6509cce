"""An extract of FINESS, whatever its layout, kept as a lookup of ET and EJ."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from xl_cpom.finess.flows import (
    Filter,
    ReadProgress,
    is_a_flow,
)
from xl_cpom.finess.flows.fields import entier, jour
from xl_cpom.finess.layouts import (
    commune,
    departement,
    ferme,
    flow_rows,
    named_lines,
    opening_date,
    text_of,
    unreadable,
)
from xl_cpom.identifiants import repair_finess
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import displayable_name, fold, visible


@dataclass(frozen=True, slots=True)
class FinessRecord:
    """An établissement as FINESS knows it; what the extract does not say is "" or None.

    closed: it is closed; ouverture and fermeture: since when, when it is said. places: autorisées.
    """

    finess_et: str
    finess_ej: str
    raison_sociale: str = ""
    categorie: str = ""
    departement: str = ""
    commune: str = ""
    siret: str = ""
    closed: bool = False
    fermeture: dt.date | None = None
    ouverture: dt.date | None = None
    places: int | None = None
    ej_fermee: bool = False
    ej_fermeture: dt.date | None = None


@dataclass(frozen=True, eq=False)
class FinessExtract:
    """An extract as a lookup. A CSV pickles as its path: each process reads it once; what was kept
    of the national flows pickles whole, since reading them takes a minute.

    par_et: FINESS ET -> établissement; date: that of the classic extract, "" when not said.
    """

    name: str
    digest: str
    by_et: Mapping[str, FinessRecord] = field(default_factory=dict)
    date: str = ""
    path: str = ""

    def __repr__(self) -> str:
        return f"FinessExtract({self.name!r}, {self.digest!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        if self.path:
            return load_extract, (self.path,)
        return FinessExtract, (self.name, self.digest, dict(self.by_et), self.date)

    @cached_property
    def by_ej(self) -> Mapping[str, tuple[FinessRecord, ...]]:
        """FINESS EJ -> its établissements."""
        found: dict[str, list[FinessRecord]] = {}
        for etablissement in self.by_et.values():
            found.setdefault(etablissement.finess_ej, []).append(etablissement)
        return {number: tuple(group) for number, group in found.items()}

    @cached_property
    def departements(self) -> frozenset[str]:
        """First two characters of the numbers: where the extract knows somebody."""
        return frozenset(number[:2] for number in self.by_et)

    def __str__(self) -> str:
        """What a report prints of the extract."""
        dated = f", du {self.date}" if self.date else ""
        return f"{self.name} ({len(self.by_et)} établissements{dated})"


def load_extract(
    path: Path | str,
    *,
    departements: Collection[str] | None = None,
    suivi: ReadProgress | None = None,
) -> FinessExtract:
    """The extract of a file, read once as long as it does not change. Raises
    UnreadableExtractError.

    path: a CSV, one of the two national flows, or the folder that holds both. departements: what
    is kept of the flows (those of the default référentiel if None; a CSV is kept whole). suivi:
    told of the bytes read of the flows.
    """
    path = Path(path)
    try:
        state = path.stat()
    except OSError as failure:
        raise unreadable(path, failure.strerror or str(failure)) from failure
    kept = frozenset(load_referentiel().departements if departements is None else departements)
    key = (str(path), state.st_mtime_ns, state.st_size, kept)
    if key not in _READ:
        if len(_READ) > 1:
            _READ.clear()
        flow = is_a_flow(path)
        _READ[key] = _of_the_flow(path, Filter(departements=kept), suivi) if flow else _du_csv(path)
    return _READ[key]


_READ: dict[tuple[str, int, int, frozenset[str]], FinessExtract] = {}
"""What was read, by file, state and départements."""


def _of_the_flow(path: Path, national_filter: Filter, suivi: ReadProgress | None) -> FinessExtract:
    found = list(flow_rows(path, national_filter, suivi))
    said = "\n".join(";".join(line.values()) for line in found)
    return extrait(
        iter(found),
        nom=displayable_name(path.name),
        empreinte=hashlib.sha256(said.encode()).hexdigest(),
        date=found[0]["date_flux"] if found else "",
    )


def _du_csv(path: Path) -> FinessExtract:
    text = text_of(path)
    return extrait(
        named_lines(text, path),
        nom=displayable_name(path.name),
        empreinte=hashlib.sha256(text.encode()).hexdigest(),
        date=opening_date(text),
        chemin=str(path),
    )


def extrait(
    lines: Iterator[Mapping[str, str]],
    *,
    nom: str,
    empreinte: str = "",
    date: str = "",
    chemin: str = "",
) -> FinessExtract:
    """The lookup made from lines already read; the first line wins when a number is repeated."""
    found: dict[str, FinessRecord] = {}
    for line in lines:
        etablissement = _etablissement(line)
        if etablissement.finess_et:
            found.setdefault(etablissement.finess_et, etablissement)
    return FinessExtract(nom, empreinte, found, date, chemin)


def _etablissement(line: Mapping[str, str]) -> FinessRecord:
    def text(key: str) -> str:
        return (line.get(key) or "").strip()

    closing = jour(text("datefermeture"))
    return FinessRecord(
        finess_et=_numero(text("nofinesset")),
        finess_ej=_numero(text("nofinessej")),
        raison_sociale=visible(text("rslongue") or text("rs")),
        categorie=text("categetab"),
        departement=departement(line),
        commune=commune(line),
        siret=text("siret"),
        closed=ferme(line),
        fermeture=closing,
        ouverture=jour(text("dateouv")),
        places=entier(text("capacite")),
        ej_fermee=fold(text("etat_ej")).startswith("ferme") or bool(text("datefermeture_ej")),
        ej_fermeture=jour(text("datefermeture_ej")),
    )


def _numero(text: str) -> str:
    """A FINESS number, the zero that Excel drops given back when its key proves it."""
    return repair_finess(text) or text
