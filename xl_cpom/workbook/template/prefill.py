"""Content of a pre-filled workbook, from a FINESS extract.

Two layouts are read: the classic extract `etalab-cs1100502` of data.gouv.fr (no header, `;`,
32 positional cells after « structureet »), and a plain CSV whose first line names the columns.
Both may be UTF-8 or Windows/Latin-1.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.identifiants import finess_valide, siret_valide
from xl_cpom.typographie import plier, typographie, visible

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

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
    "dateautor": ("dateautor", "date_autorisation", "date d'autorisation"),
}
"""Column of a plain CSV: the names it may have, folded (case, accents)."""

_NEEDED = ("nofinesset", "nofinessej", "categetab")
_LINE = re.compile(r"^\d{5}\s+(?P<commune>.+?)(?:\s+CEDEX.*)?$")
MAX_BYTES = 400_000_000


class ExtraitIllisible(ValueError):
    """The extract cannot be read. The message is French."""


class OrganismeInconnu(ValueError):
    """No ESMS of the extract belongs to the organisme. The message is French."""


@dataclass(frozen=True)
class Preremplissage:
    """Content to write, and how many ESMS of the organisme were set aside, and why."""

    contenu: dict[str, list[dict[str, Any]]]
    hors_champ: int
    hors_region: int

    @property
    def etablissements(self) -> int:
        """How many ESMS are written."""
        return len(self.contenu["etablissements"])


def prefill(
    extract: str | os.PathLike[str], finess_ej: str, referentiel: Referentiel
) -> Preremplissage:
    """Content of the workbook of one organisme gestionnaire.

    Only the ESMS of its region and of the field of the CPOM are kept. Secteur, public and autorité
    are those of the category, and stay empty where it leaves a choice. Raises ExtraitIllisible,
    OrganismeInconnu.
    """
    return build(read_extract(extract), finess_ej, referentiel)


def build(
    lines: Iterator[Mapping[str, str]], finess_ej: str, referentiel: Referentiel
) -> Preremplissage:
    """Same as `prefill`, from lines already read."""
    kept: dict[str, dict[str, Any]] = {}
    outside_field = outside_region = 0
    for line in lines:
        if line.get("nofinessej", "").strip() != finess_ej:
            continue
        category = referentiel.categories.get(line.get("categetab", "").strip())
        if category is None or not category.dans_le_champ:
            outside_field += 1
        elif _departement(line) not in referentiel.departements:
            outside_region += 1
        else:
            row = _row(line, referentiel)
            kept.setdefault(row["finess_et"], row)
    if not kept:
        raise OrganismeInconnu(_none_kept(finess_ej, outside_field, outside_region))
    rows = [kept[number] for number in sorted(kept)]
    sectors = {row["secteur"] for row in rows if "secteur" in row}
    fiche: dict[str, Any] = {"finess_ej": finess_ej}
    if len(sectors) == 1 and all("secteur" in row for row in rows):
        fiche["secteurs"] = sectors.pop()
    elif len(sectors) == 2:
        fiche["secteurs"] = "PA et PH"
    return Preremplissage(
        {"identification": [fiche], "etablissements": rows}, outside_field, outside_region
    )


def read_extract(extract: str | os.PathLike[str]) -> Iterator[Mapping[str, str]]:
    """The lines of an extract, by the names of `POSITIONS`. Raises ExtraitIllisible."""
    path = Path(extract)
    text = _decode(path)
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip()
    if first.startswith(("finess;etalab", "structureet;")):
        return _positional(text)
    return _with_headers(text, path)


def _decode(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ExtraitIllisible(typographie(f"« {path.name} » est trop gros pour un extrait."))
        raw = path.read_bytes()
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise ExtraitIllisible(
            typographie(f"Impossible de lire l'extrait FINESS « {path.name} » : {why}.")
        ) from failure
    if b"\x00" in raw[:4096] or raw[:2] == b"PK":
        raise ExtraitIllisible(
            typographie(
                f"« {path.name} » n'est pas un fichier CSV. Enregistrez l'extrait FINESS au format "
                "CSV (séparateur point-virgule)."
            )
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _positional(text: str) -> Iterator[Mapping[str, str]]:
    for cells in csv.reader(io.StringIO(text), delimiter=";", quoting=csv.QUOTE_NONE):
        if cells and cells[0] == "structureet":
            yield dict(zip(POSITIONS, cells, strict=False))


def _with_headers(text: str, path: Path) -> Iterator[Mapping[str, str]]:
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    headers = [plier(cell) for cell in next(reader, [])]
    places = {
        name: headers.index(known)
        for name, synonyms in NAMES.items()
        if (known := next((s for s in synonyms if s in headers), None)) is not None
    }
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        raise ExtraitIllisible(
            typographie(
                f"« {path.name} » n'est pas un extrait FINESS connu : colonnes absentes "
                f"({', '.join(missing)}). Attendu : le fichier « etalab-cs1100502 » ou un CSV dont "
                "la première ligne nomme les colonnes."
            )
        )
    return (
        {name: cells[place] for name, place in places.items() if place < len(cells)}
        for cells in reader
    )


def _row(line: Mapping[str, str], referentiel: Referentiel) -> dict[str, Any]:
    category = referentiel.categories[line["categetab"].strip()]
    row: dict[str, Any] = {
        "finess_et": line["nofinesset"].strip(),
        "raison_sociale": visible((line.get("rslongue") or line.get("rs") or "").strip()),
        "categorie": category.code,
        "departement": _departement(line),
        "commune": _commune(line),
        "autorite": category.autorite,
        "public": category.public if category.public in referentiel.listes["public"] else "",
    }
    if len(category.secteurs) == 1:
        row["secteur"] = next(iter(category.secteurs))
    siret = line.get("siret", "").strip()
    if siret_valide(siret):
        row["siret"] = siret
    if (day := _date(line.get("dateautor", ""))) is not None:
        row["date_autorisation"] = day
    return {key: value for key, value in row.items() if value not in ("", None)}


def _departement(line: Mapping[str, str]) -> str:
    """Code of the département; else the beginning of the FINESS number."""
    code = line.get("departement", "").strip()
    return code.zfill(2) if code else line.get("nofinesset", "").strip()[:2]


def _commune(line: Mapping[str, str]) -> str:
    plain = line.get("commune", "").strip()
    if plain:
        return visible(plain)
    match = _LINE.match(line.get("ligneacheminement", "").strip())
    return visible(match["commune"].title()) if match else ""


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _none_kept(finess_ej: str, outside_field: int, outside_region: int) -> str:
    if outside_field or outside_region:
        reasons = []
        if outside_field:
            reasons.append(f"{outside_field} hors du champ du CPOM")
        if outside_region:
            reasons.append(f"{outside_region} hors de la région")
        return typographie(
            f"L'organisme {finess_ej} n'a aucun ESMS à inscrire : {' et '.join(reasons)}."
        )
    hint = "" if finess_valide(finess_ej) else " Ce numéro n'a pas une clé valide : vérifiez-le."
    return typographie(
        f"Aucun établissement de l'extrait n'est rattaché à l'entité juridique {finess_ej}.{hint}"
    )
