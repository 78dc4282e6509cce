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

FICHIERS = (
    "cycle.toml",
    "sources.toml",
    "listes.toml",
    "departements.csv",
    "statuts_juridiques.csv",
    "categories.csv",
    "serafin.csv",
    "chapitres_has.toml",
    "cotations_has.toml",
    "criteres_has.csv",
    "manuel_has.csv",
    "modules.toml",
    "types_action.csv",
    "si.toml",
    "parametres.toml",
    "seuils.toml",
    "reformes.toml",
    "formules.toml",
)
"""The files of a référentiel, in the order in which they are understood."""

FACULTATIFS = frozenset({"reformes.toml", "formules.toml"})
"""Those that a cycle may do without: their table is then empty."""


def read_folder(dossier: Path) -> Tables:
    """Read every file of a cycle.

    A file absent from the cycle's folder is taken from the folder of national nomenclatures that
    cycle.toml names (next to it, or shipped with the package). Sources add up.
    """
    if not (dossier / "cycle.toml").is_file():
        raise InvalidReferentielError(
            f"{dossier.name}\u00a0: ce dossier n'est pas un référentiel (cycle.toml manque)"
        )
    cycle = _toml(dossier / "cycle.toml")
    dossiers = [dossier, *_nomenclatures(dossier, cycle.pop("nomenclatures", ""))]
    for d in dossiers:
        _refuse_unknown(d)
    tables: Tables = {
        "cycle": [{"ou": _ou(dossier / "cycle.toml"), "code": "", "valeurs": _json(cycle)}]
    }
    for nom in FICHIERS[1:]:
        trouves = [d / nom for d in dossiers if (d / nom).is_file()]
        if not trouves and nom not in FACULTATIFS:
            raise InvalidReferentielError(f"{dossier.name}\u00a0: le fichier {nom} manque")
        retenus = trouves if nom == "sources.toml" else trouves[:1]
        tables[nom.partition(".")[0]] = [ligne for f in retenus for ligne in _lignes(f)]
    return tables


def _nomenclatures(dossier: Path, nom: object) -> list[Path]:
    if not nom:
        return []
    for candidat in (dossier.parent / str(nom), DATA_FOLDER / str(nom)):
        if candidat.is_dir():
            return [candidat]
    raise InvalidReferentielError(
        f"{_ou(dossier / 'cycle.toml')}\u00a0: le dossier de nomenclatures «\u00a0{nom}\u00a0» "
        "est introuvable"
    )


def _refuse_unknown(dossier: Path) -> None:
    for chemin in sorted(dossier.iterdir()):
        if chemin.suffix in (".toml", ".csv") and chemin.name not in FICHIERS:
            raise InvalidReferentielError(f"{_ou(chemin)}\u00a0: fichier inconnu")


def _ou(chemin: Path, precision: str = "") -> str:
    return f"{chemin.parent.name}/{chemin.name}" + (f", {precision}" if precision else "")


def _lignes(chemin: Path) -> list[dict[str, Any]]:
    return _lignes_csv(chemin) if chemin.suffix == ".csv" else _toml_rows(chemin)


def _toml(chemin: Path) -> dict[str, Any]:
    import tomllib  # Python 3.11; the frozen form does without it

    try:
        return tomllib.loads(_texte(chemin))
    except tomllib.TOMLDecodeError as erreur:
        raise InvalidReferentielError(f"{_ou(chemin)}\u00a0: TOML illisible ({erreur})") from None


def _texte(chemin: Path) -> str:
    try:
        return chemin.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidReferentielError(
            f"{_ou(chemin)}\u00a0: le fichier n'est pas enregistré en UTF-8"
        ) from None


def _toml_rows(chemin: Path) -> list[dict[str, Any]]:
    lignes = []
    for code, valeurs in _toml(chemin).items():
        ou = _ou(chemin, f"clé {code}")
        if not isinstance(valeurs, dict):
            raise InvalidReferentielError(f"{ou}\u00a0: attendu une table [{code}]")
        lignes.append({"ou": ou, "code": code, "valeurs": _json(valeurs)})
    return lignes


def _lignes_csv(chemin: Path) -> list[dict[str, Any]]:
    lecteur = csv.reader(io.StringIO(_texte(chemin), newline=""), delimiter=";", strict=True)
    lignes: list[dict[str, Any]] = []
    try:
        entetes = next(lecteur, [])
        if len(set(entetes)) != len(entetes):
            raise InvalidReferentielError(f"{_ou(chemin)}\u00a0: deux colonnes portent le même nom")
        for cellules in lecteur:
            if any(cellules):
                lignes.append(_csv_row(_ou(chemin, f"ligne {lecteur.line_num}"), entetes, cellules))
    except csv.Error as erreur:
        ou = _ou(chemin, f"ligne {lecteur.line_num}")
        raise InvalidReferentielError(f"{ou}\u00a0: CSV illisible ({erreur})") from None
    return lignes


def _csv_row(ou: str, entetes: list[str], cellules: list[str]) -> dict[str, Any]:
    if len(cellules) != len(entetes):
        raise InvalidReferentielError(
            f"{ou}\u00a0: {len(cellules)} cellules pour {len(entetes)} colonnes"
        )
    valeurs = dict(zip(entetes, cellules, strict=True))
    return {"ou": ou, "code": valeurs.pop("code", ""), "valeurs": valeurs}


def _json(valeur: Any) -> Any:
    """TOML values as JSON ones: dates become AAAA-MM-JJ."""
    if isinstance(valeur, dict):
        return {cle: _json(v) for cle, v in valeur.items()}
    if isinstance(valeur, list):
        return [_json(v) for v in valeur]
    return valeur.isoformat() if isinstance(valeur, date) else valeur
