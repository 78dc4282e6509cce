"""The file of dérogations (`--derogations`), TOML, CSV or Excel: read, checked line by line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from xl_cpom.finess.flows.fields import jour
from xl_cpom.identifiants import finess_valide, repair_finess
from xl_cpom.typography import displayable_name, fold, guillemets, listing, visible
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.companion_files import (
    BadFileError,
    fingerprint_of,
    table_rows,
    toml_table,
    unknown_code,
)
from xl_cpom.validators.derogations import Derogation, Derogations
from xl_cpom.workbook.reader.refs import parse_cell
from xl_cpom.workbook.sheets import SHEETS

KEYS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "regle", "code de la regle"),
    "finess": ("finess", "finess ej", "finess et", "finess ej ou et", "numero finess"),
    "cellule": ("cellule", "feuille!cellule"),
    "enregistrement": ("enregistrement", "ligne concernee", "ligne"),
    "motif": ("motif", "raison"),
    "accordee_par": ("accordee par", "accorde par", "decideur"),
    "jusqu_au": ("jusqu'au", "jusqu au", "terme", "date de fin", "fin"),
}
"""What a dérogation says, and the headers it may have in the CSV (folded, « _ » as a blank)."""

_NEEDED = ("code", "motif", "accordee_par", "jusqu_au")
_LENGTH = 300


def load_derogations(path: Path | str) -> Derogations:
    """Read a file of dérogations. Raises BadFileError, with the line and what to do."""
    path = Path(path)
    entries = _toml(path) if path.suffix.lower() == ".toml" else _csv(path)
    found = tuple(_derogation(path.name, ou, values) for ou, values in entries)
    return Derogations(displayable_name(path.name), fingerprint_of(path), found)


def _csv(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    lines = iter(table_rows(path))
    headers = [fold(cell).replace("_", " ") for cell in next(lines, (1, []))[1]]
    places = {
        key: headers.index(name)
        for key, names in KEYS.items()
        if (name := next((n for n in names if n in headers), None)) is not None
    }
    missing = [key for key in _NEEDED if key not in places]
    if missing:
        raise BadFileError(
            path.name,
            "ligne 1",
            f"il manque {_columns(missing)}. La première ligne nomme les "
            f"colonnes : {' ; '.join(KEYS)}.",
        )
    for number, cells in lines:
        if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
            continue
        yield (
            f"ligne {number}",
            {key: cells[p].strip() for key, p in places.items() if p < len(cells)},
        )


def _toml(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    table = toml_table(path)
    blocks = table.get("derogation")
    if not isinstance(blocks, list) or len(table) != 1:
        raise BadFileError(
            path.name, "", "le fichier ne contient que des blocs « [[derogation]] »."
        )
    for rank, block in enumerate(blocks, start=1):
        ou = f"dérogation n° {rank}"
        if not isinstance(block, dict):
            raise BadFileError(path.name, ou, "ce bloc n'est pas un bloc « [[derogation]] ».")
        unknown = [key for key in block if key not in KEYS]
        if unknown:
            raise BadFileError(
                path.name, ou, f"« {visible(unknown[0])} » est inconnu. Un bloc a {listing(KEYS)}."
            )
        yield ou, {key: _text(value) for key, value in block.items()}


def _text(value: Any) -> str:
    return value.isoformat()[:10] if isinstance(value, dt.date) else str(value).strip()


def _columns(keys: list[str]) -> str:
    noun = "la colonne" if len(keys) == 1 else "les colonnes"
    return f"{noun} {listing(guillemets(key) for key in keys)}"


def _derogation(fichier: str, ou: str, values: Mapping[str, str]) -> Derogation:
    missing = [key for key in _NEEDED if not values.get(key)]
    if missing:
        raise BadFileError(
            fichier,
            ou,
            f"il manque {listing(missing)}. Une dérogation dit pourquoi, par qui et jusqu'à quand.",
        )
    code = values["code"].upper()
    if code not in RULES:
        raise unknown_code(fichier, ou, code, RULES)
    sheet, cell = _cell(fichier, ou, values.get("cellule", ""))
    finess = _finess(fichier, ou, values.get("finess", ""))
    record = values.get("enregistrement", "")
    if not (finess or cell or record):
        raise BadFileError(
            fichier, ou, "la dérogation ne dit pas à quoi elle s'applique. Donnez un numéro "
            "FINESS, une cellule ou un enregistrement ; pour toute la campagne, utilisez un profil."
        )  # fmt: skip
    day = jour(values["jusqu_au"])
    if day is None:
        raise BadFileError(fichier, ou, f"« {visible(values['jusqu_au'], 40)} » n'est pas une "
                            "date. Écrivez-la JJ/MM/AAAA ou AAAA-MM-JJ.")  # fmt: skip
    return Derogation(
        where=ou,
        code=code,
        motif=visible(values["motif"].rstrip(". "), _LENGTH),
        granted_by=visible(values["accordee_par"], _LENGTH),
        until=day,
        finess=finess,
        sheet=sheet,
        cell=cell,
        record=visible(record, _LENGTH),
    )


def _finess(fichier: str, ou: str, text: str) -> str:
    if not text:
        return ""
    number = text if finess_valide(text) else repair_finess(text)
    if number is None:
        raise BadFileError(fichier, ou, f"« {visible(text, 40)} » n'est pas un numéro FINESS (9 "
                            "caractères, clé comprise). Vérifiez-le.")  # fmt: skip
    return number


def _cell(fichier: str, ou: str, text: str) -> tuple[str, str]:
    """« 'Plan d''actions'!$K$7 » -> name of the sheet as declared, « K7 »."""
    if not text:
        return "", ""
    name, _, cell = text.rpartition("!")
    name = re.sub(r"^'|'$", "", name.strip()).replace("''", "'")
    cell = cell.strip().replace("$", "").upper()
    if not name or parse_cell(cell) is None:
        raise BadFileError(fichier, ou, f"« {visible(text, 80)} » ne désigne pas une cellule. "
                            "Écrivez feuille!cellule, par exemple Plan d'actions!K7.")  # fmt: skip
    names = {fold(sheet.name): sheet.name for sheet in SHEETS.values()}
    if fold(name) not in names:
        close = get_close_matches(fold(name), names, n=1, cutoff=0.5)
        hint = f" Vouliez-vous dire {guillemets(names[close[0]])} ?" if close else ""
        raise BadFileError(fichier, ou, f"aucune feuille du classeur standard ne s'appelle "
                            f"« {visible(name, 60)} ».{hint}")  # fmt: skip
    return names[fold(name)], cell
