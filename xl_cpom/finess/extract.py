"""An extract of FINESS: read line by line, or kept as a lookup of ET and EJ.

Three layouts are read: the national JSON flows « structures » and « activités » published since
July 2026 (`xl_cpom.finess.flows`), the classic extract `etalab-cs1100502` of data.gouv.fr (no
header, `;`, 32 positional cells after « structureet », frozen since May 2026), and a plain CSV
whose first line names the columns. The last two may be UTF-8 or Windows/Latin-1.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from xl_cpom.files.text_files import UnreadableTextError, csv_rows, read_text_file
from xl_cpom.finess.flows import (
    Filtre,
    FluxIllisible,
    Suivi,
    charger_repertoire,
    en_lignes,
    est_un_flux,
)
from xl_cpom.finess.flows.fields import entier, jour
from xl_cpom.identifiants import repair_finess
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import fold, typeset, visible

POSITIONS = (
    "section", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie",
    "typvoie", "voie", "compvoie", "lieuditbp", "code_commune", "departement", "libdepartement",
    "ligneacheminement", "telephone", "telecopie", "categetab", "libcategetab", "categagretab",
    "libcategagretab", "siret", "codeape", "codemft", "libmft", "codesph", "libsph", "dateouv",
    "dateautor", "datemaj", "numuai",
)  # fmt: skip
"""Cells of a line « structureet » of the classic extract, in order."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "nofinesset": ("nofinesset", "finess_et", "finess et", "numero finess et", "finess"),
    "nofinessej": ("nofinessej", "finess_ej", "finess ej", "numero finess ej"),
    "rs": ("raison_sociale", "rs", "raison sociale", "nom"),
    "rslongue": ("rslongue", "raison_sociale_longue"),
    "categetab": ("categetab", "categorie", "code categorie"),
    "departement": ("departement", "code departement", "dep"),
    "commune": ("commune", "libelle commune", "ville"),
    "siret": ("siret",),
    "dateouv": ("dateouv", "date_ouverture", "date d'ouverture"),
    "dateautor": ("dateautor", "date_autorisation", "date d'autorisation"),
    "datefermeture": ("datefermeture", "date_fermeture", "date de fermeture", "dateferm"),
    "etat": ("etat", "etat administratif"),
    "typeet": ("typeet", "type_et", "principal_secondaire", "principal ou secondaire"),
    "nofinessppal": ("nofinessppal", "finess_principal", "finess de l'et principal"),
    "capacite": ("capacite", "capacite_autorisee", "capacite autorisee", "places"),
    "capacite_installee": ("capacite_installee", "capacite installee"),
    "adresse": ("adresse",),
    "code_postal": ("code_postal", "code postal"),
    "rs_ej": ("rs_ej", "raison_sociale_ej"),
    "siren": ("siren",),
    "statutjuridique": ("statutjuridique", "statut_juridique"),
    "adresse_ej": ("adresse_ej",),
    "commune_ej": ("commune_ej",),
    "departement_ej": ("departement_ej",),
    "etat_ej": ("etat_ej",),
    "datefermeture_ej": ("datefermeture_ej",),
}
"""Column of a plain CSV: the names it may have, folded (case, accents)."""

_NEEDED = ("nofinesset", "nofinessej", "categetab")
_LINE = re.compile(r"^\d{5}\s+(?P<commune>.+?)(?:\s+CEDEX.*)?$")
_OPENING = re.compile(r"finess;etalab;\d+;(\d{4}-?\d{2}-?\d{2})")


class UnreadableExtractError(ValueError):
    """The extract cannot be read. The message is French."""


@dataclass(frozen=True, slots=True)
class FinessRecord:
    """An établissement as FINESS knows it; what the extract does not say is "" or None.

    ferme: it is closed; ouverture and fermeture: since when, when it is said. places: autorisées.
    """

    finess_et: str
    finess_ej: str
    raison_sociale: str = ""
    categorie: str = ""
    departement: str = ""
    commune: str = ""
    siret: str = ""
    ferme: bool = False
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

    nom: str
    empreinte: str
    par_et: Mapping[str, FinessRecord] = field(default_factory=dict)
    date: str = ""
    chemin: str = ""

    def __repr__(self) -> str:
        return f"FinessExtract({self.nom!r}, {self.empreinte!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        if self.chemin:
            return load_extract, (self.chemin,)
        return FinessExtract, (self.nom, self.empreinte, dict(self.par_et), self.date)

    @cached_property
    def par_ej(self) -> Mapping[str, tuple[FinessRecord, ...]]:
        """FINESS EJ -> its établissements."""
        found: dict[str, list[FinessRecord]] = {}
        for etablissement in self.par_et.values():
            found.setdefault(etablissement.finess_ej, []).append(etablissement)
        return {number: tuple(group) for number, group in found.items()}

    @cached_property
    def departements(self) -> frozenset[str]:
        """First two characters of the numbers: where the extract knows somebody."""
        return frozenset(number[:2] for number in self.par_et)

    def __str__(self) -> str:
        """What a report prints of the extract."""
        dated = f", du {self.date}" if self.date else ""
        return f"{self.nom} ({len(self.par_et)} établissements{dated})"


def load_extract(
    path: Path | str,
    *,
    departements: Collection[str] | None = None,
    suivi: Suivi | None = None,
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
        raise _illisible(path, failure.strerror or str(failure)) from failure
    kept = frozenset(load_referentiel().departements if departements is None else departements)
    key = (str(path), state.st_mtime_ns, state.st_size, kept)
    if key not in _LUS:
        if len(_LUS) > 1:
            _LUS.clear()
        flow = est_un_flux(path)
        _LUS[key] = _du_flux(path, Filtre(departements=kept), suivi) if flow else _du_csv(path)
    return _LUS[key]


_LUS: dict[tuple[str, int, int, frozenset[str]], FinessExtract] = {}
"""What was read, by file, state and départements."""


def _du_flux(path: Path, filtre: Filtre, suivi: Suivi | None) -> FinessExtract:
    found = list(lignes_du_flux(path, filtre, suivi))
    said = "\n".join(";".join(line.values()) for line in found)
    return extrait(
        iter(found),
        nom=path.name,
        empreinte=hashlib.sha256(said.encode()).hexdigest(),
        date=found[0]["date_flux"] if found else "",
    )


def lignes_du_flux(
    path: Path, filtre: Filtre, suivi: Suivi | None = None
) -> Iterator[Mapping[str, str]]:
    """The lines of the two national flows. Raises UnreadableExtractError, before the first line."""
    try:
        known = charger_repertoire(path, filtre, suivi)
    except FluxIllisible as failure:
        raise UnreadableExtractError(str(failure)) from failure
    day = known.date.isoformat() if known.date else ""
    return ({**line, "date_flux": day} for line in en_lignes(known))


def _du_csv(path: Path) -> FinessExtract:
    text = _text(path)
    return extrait(
        _lines(text, path),
        nom=path.name,
        empreinte=hashlib.sha256(text.encode()).hexdigest(),
        date=_date(text),
        chemin=str(path),
    )


def date_de_l_extrait(path: Path) -> str:
    """The day that the first line of a classic extract gives, "" for any other file."""
    return _date(_text(path))


def _date(text: str) -> str:
    opening = _OPENING.match(text)
    return opening[1] if opening else ""


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
        ferme=ferme(line),
        fermeture=closing,
        ouverture=jour(text("dateouv")),
        places=entier(text("capacite")),
        ej_fermee=fold(text("etat_ej")).startswith("ferme") or bool(text("datefermeture_ej")),
        ej_fermeture=jour(text("datefermeture_ej")),
    )


def _numero(text: str) -> str:
    """A FINESS number, the zero that Excel drops given back when its key proves it."""
    return repair_finess(text) or text


def read_extract(
    extract: str | os.PathLike[str], filtre: Filtre | None = None, suivi: Suivi | None = None
) -> Iterator[Mapping[str, str]]:
    """The lines of an extract, by the names of `NAMES` and `POSITIONS`. Raises
    UnreadableExtractError.

    filtre: what to keep of the national flows (the départements of the default référentiel if
    None); the lines of a CSV are all given. suivi: told of the bytes read of the flows.
    """
    path = Path(extract)
    if est_un_flux(path):
        return lignes_du_flux(
            path, filtre or Filtre(frozenset(load_referentiel().departements)), suivi
        )
    return _lines(_text(path), path)


def ferme(line: Mapping[str, str]) -> bool:
    """Does a line say that its établissement is closed?"""
    return jour(line.get("datefermeture") or "") is not None or fold(
        line.get("etat") or ""
    ).startswith("ferme")


def _text(path: Path) -> str:
    try:
        return read_text_file(path)
    except UnreadableTextError as failure:
        raise _illisible(path, str(failure)) from failure


def _illisible(path: Path, why: str) -> UnreadableExtractError:
    return UnreadableExtractError(
        typeset(f"Impossible de lire l'extrait FINESS « {path.name} » : {why}.")
    )


def _lines(text: str, path: Path) -> Iterator[Mapping[str, str]]:
    first = text.split("\n", 1)[0].strip()
    if first.startswith(("finess;etalab", "structureet;")):
        return _positional(text)
    return _with_headers(text, path)


def _positional(text: str) -> Iterator[Mapping[str, str]]:
    for cells in csv.reader(io.StringIO(text), delimiter=";", quoting=csv.QUOTE_NONE):
        if cells and cells[0] == "structureet":
            yield dict(zip(POSITIONS, cells, strict=False))


def _with_headers(text: str, path: Path) -> Iterator[Mapping[str, str]]:
    lines = csv_rows(text)
    headers = [fold(cell) for cell in next(lines, (1, []))[1]]
    places = {
        name: headers.index(known)
        for name, synonyms in NAMES.items()
        if (known := next((s for s in synonyms if s in headers), None)) is not None
    }
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        raise UnreadableExtractError(
            typeset(
                f"« {path.name} » n'est pas un extrait FINESS connu : colonnes absentes "
                f"({', '.join(missing)}). Attendu : la paire « finess-structures-….json » et "
                "« finess-activites-….json », le fichier « etalab-cs1100502 », ou un CSV dont la "
                "première ligne nomme les colonnes."
            )
        )
    return (
        {name: cells[place] for name, place in places.items() if place < len(cells)}
        for _, cells in lines
    )


def departement(line: Mapping[str, str]) -> str:
    """Code of the département of a line; else the beginning of its FINESS number."""
    code = line.get("departement", "").strip()
    return code.zfill(2) if code else line.get("nofinesset", "").strip()[:2]


def commune(line: Mapping[str, str]) -> str:
    """Commune of a line: its own column, else the end of the postal line."""
    plain = line.get("commune", "").strip()
    if plain:
        return visible(plain)
    match = _LINE.match(line.get("ligneacheminement", "").strip())
    return visible(match["commune"].title()) if match else ""
