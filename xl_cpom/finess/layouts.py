"""The layouts that an extract of FINESS may have, each read as the same named lines.

The national JSON flows « structures » and « activités » published since July 2026
(`xl_cpom.finess.flows`), the classic extract `etalab-cs1100502` of data.gouv.fr (no header, `;`,
32 positional cells after « structureet », frozen since May 2026), and a plain CSV whose first line
names the columns. The last two may be UTF-8 or Windows/Latin-1.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.files.text_files import UnreadableTextError, csv_rows, read_text_file
from xl_cpom.finess.flows import (
    Filter,
    ReadProgress,
    UnreadableFlowError,
    as_rows,
    is_a_flow,
    load_directory,
)
from xl_cpom.finess.flows.fields import jour
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


class UnreadableExtractError(XlCpomError, ValueError):
    """The extract cannot be read. The message is French."""


def flow_rows(
    path: Path, national_filter: Filter, suivi: ReadProgress | None = None
) -> Iterator[Mapping[str, str]]:
    """The lines of the two national flows. Raises UnreadableExtractError, before the first line."""
    try:
        known = load_directory(path, national_filter, suivi)
    except UnreadableFlowError as failure:
        raise UnreadableExtractError(str(failure)) from failure
    day = known.date.isoformat() if known.date else ""
    return ({**line, "date_flux": day} for line in as_rows(known))


def date_de_l_extrait(path: Path) -> str:
    """The day that the first line of a classic extract gives, "" for any other file."""
    return opening_date(text_of(path))


def opening_date(text: str) -> str:
    """The day that the first line of a classic extract gives, "" for any other text."""
    opening = _OPENING.match(text)
    return opening[1] if opening else ""


def read_extract(
    extract: str | os.PathLike[str],
    national_filter: Filter | None = None,
    suivi: ReadProgress | None = None,
) -> Iterator[Mapping[str, str]]:
    """The lines of an extract, by the names of `NAMES` and `POSITIONS`. Raises
    UnreadableExtractError.

    filtre: what to keep of the national flows (the départements of the default référentiel if
    None); the lines of a CSV are all given. suivi: told of the bytes read of the flows.
    """
    path = Path(extract)
    if is_a_flow(path):
        return flow_rows(
            path, national_filter or Filter(frozenset(load_referentiel().departements)), suivi
        )
    return named_lines(text_of(path), path)


def ferme(line: Mapping[str, str]) -> bool:
    """Does a line say that its établissement is closed?"""
    return jour(line.get("datefermeture") or "") is not None or fold(
        line.get("etat") or ""
    ).startswith("ferme")


def text_of(path: Path) -> str:
    """The text of a CSV. Raises UnreadableExtractError."""
    try:
        return read_text_file(path)
    except UnreadableTextError as failure:
        raise unreadable(path, str(failure)) from failure


def unreadable(path: Path, why: str) -> UnreadableExtractError:
    """The refusal of a file, in one sentence."""
    return UnreadableExtractError(
        typeset(f"Impossible de lire l'extrait FINESS « {path.name} » : {why}.")
    )


def named_lines(text: str, path: Path) -> Iterator[Mapping[str, str]]:
    """The lines of a CSV, classic or with headers, by the names of its cells."""
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
