"""From a folder of TOML and CSV files to raw tables.

Nothing is understood here: each file becomes a list of rows that remember where they stand. The
raw tables are plain JSON values, so that the very same checks serve a folder and a frozen text
(the Pythons of LibreOffice and Pyodide carry the référentiel as one JSON, without tomllib).
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from .raw_rows import InvalidReferentielError

Tables = dict[str, list[dict[str, Any]]]
"""Table name → rows `{"ou": place, "code": key, "valeurs": {field: value}}`."""

DATA_FOLDER = Path(__file__).parent / "donnees"

FILES = (
    "cycle.toml",
    "sources.toml",
    "listes.toml",
    "synonymes.toml",
    "departements.csv",
    "statuts_juridiques.csv",
    "categories.csv",
    "serafin.csv",
    "chapitres_has.toml",
    "cotations_has.toml",
    "criteres_has.csv",
    "manuel_has.csv",
    "controles_cyber.toml",
    "modules.toml",
    "types_action.csv",
    "aides_action.toml",
    "si.toml",
    "parametres.toml",
    "seuils.toml",
    "reformes.toml",
    "formules.toml",
)
"""The files of a référentiel, in the order in which they are understood."""

OPTIONAL = frozenset({"synonymes.toml", "reformes.toml", "formules.toml", "aides_action.toml"})
"""Those that a cycle may do without: their table is then empty."""


def read_folder(folder: Path) -> Tables:
    """Read every file of a cycle.

    A file absent from the cycle's folder is taken from the folder of national nomenclatures that
    cycle.toml names (next to it, or shipped with the package). Sources add up.
    """
    if not (folder / "cycle.toml").is_file():
        raise InvalidReferentielError(
            f"{folder.name}\u00a0: ce dossier n'est pas un référentiel (cycle.toml manque)"
        )
    cycle = _toml(folder / "cycle.toml")
    folders = [folder, *_nomenclatures(folder, cycle.pop("nomenclatures", ""))]
    for d in folders:
        _refuse_unknown(d)
    tables: Tables = {
        "cycle": [{"ou": _ou(folder / "cycle.toml"), "code": "", "valeurs": _json(cycle)}]
    }
    for name in FILES[1:]:
        found = [d / name for d in folders if (d / name).is_file()]
        if not found and name not in OPTIONAL:
            raise InvalidReferentielError(f"{folder.name}\u00a0: le fichier {name} manque")
        retenus = found if name == "sources.toml" else found[:1]
        tables[name.partition(".")[0]] = [row for f in retenus for row in _rows_of(f)]
    return tables


def folders_of(folder: Path) -> list[Path]:
    """The folders that a cycle is read from: its own, that of its nomenclatures."""
    named = _toml(folder / "cycle.toml").get("nomenclatures", "")
    return [folder, *_nomenclatures(folder, named)]


def _nomenclatures(folder: Path, nom: object) -> list[Path]:
    if not nom:
        return []
    for candidat in (folder.parent / str(nom), DATA_FOLDER / str(nom)):
        if candidat.is_dir():
            return [candidat]
    raise InvalidReferentielError(
        f"{_ou(folder / 'cycle.toml')}\u00a0: le dossier de nomenclatures «\u00a0{nom}\u00a0» "
        "est introuvable"
    )


def _refuse_unknown(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix in (".toml", ".csv") and path.name not in FILES:
            raise InvalidReferentielError(f"{_ou(path)}\u00a0: fichier inconnu")


def _ou(chemin: Path, precision: str = "") -> str:
    return f"{chemin.parent.name}/{chemin.name}" + (f", {precision}" if precision else "")


def _rows_of(chemin: Path) -> list[dict[str, Any]]:
    return _csv_rows(chemin) if chemin.suffix == ".csv" else _toml_rows(chemin)


def _toml(chemin: Path) -> dict[str, Any]:
    import tomllib  # Python 3.11; the frozen form does without it

    try:
        return tomllib.loads(_text(chemin))
    except tomllib.TOMLDecodeError as error:
        raise InvalidReferentielError(f"{_ou(chemin)}\u00a0: TOML illisible ({error})") from None


def _text(chemin: Path) -> str:
    try:
        return chemin.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidReferentielError(
            f"{_ou(chemin)}\u00a0: le fichier n'est pas enregistré en UTF-8"
        ) from None


def _toml_rows(chemin: Path) -> list[dict[str, Any]]:
    rows = []
    for code, values in _toml(chemin).items():
        ou = _ou(chemin, f"clé {code}")
        if not isinstance(values, dict):
            raise InvalidReferentielError(f"{ou}\u00a0: attendu une table [{code}]")
        rows.append({"ou": ou, "code": code, "valeurs": _json(values)})
    return rows


def _csv_rows(chemin: Path) -> list[dict[str, Any]]:
    reader = csv.reader(io.StringIO(_text(chemin), newline=""), delimiter=";", strict=True)
    rows: list[dict[str, Any]] = []
    try:
        headers = next(reader, [])
        if len(set(headers)) != len(headers):
            raise InvalidReferentielError(f"{_ou(chemin)}\u00a0: deux colonnes portent le même nom")
        for cells in reader:
            if any(cells):
                rows.append(_csv_row(_ou(chemin, f"ligne {reader.line_num}"), headers, cells))
    except csv.Error as error:
        ou = _ou(chemin, f"ligne {reader.line_num}")
        raise InvalidReferentielError(f"{ou}\u00a0: CSV illisible ({error})") from None
    return rows


def _csv_row(ou: str, headers: list[str], cellules: list[str]) -> dict[str, Any]:
    if len(cellules) != len(headers):
        raise InvalidReferentielError(
            f"{ou}\u00a0: {len(cellules)} cellules pour {len(headers)} colonnes"
        )
    values = dict(zip(headers, cellules, strict=True))
    return {"ou": ou, "code": values.pop("code", ""), "valeurs": values}


def _json(valeur: Any) -> Any:
    """TOML values as JSON ones: dates become AAAA-MM-JJ."""
    if isinstance(valeur, dict):
        return {key: _json(v) for key, v in valeur.items()}
    if isinstance(valeur, list):
        return [_json(v) for v in valeur]
    return valeur.isoformat() if isinstance(valeur, date) else valeur
