"""The raw tables of a shipped référentiel, kept as one JSON that a short process reads fast.

Reading its twenty files takes several times as long. The JSON is written by `tools.gabarits` and
names what it was made from by a fingerprint: when a file has changed since, the files are read.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .raw_files import DATA_FOLDER, Tables, folders_of, read_folder

FOLDER = Path(__file__).parent / "frozen"
_SUFFIXES = (".csv", ".toml")


def shipped_tables(identifiant: str) -> Tables:
    """The tables of a shipped référentiel. Raises InvalidReferentielError."""
    try:
        kept = json.loads((FOLDER / f"{identifiant}.json").read_text("utf-8"))
    except (OSError, ValueError):
        kept = None
    if kept is not None and kept["files"] == _fingerprint(kept["folders"]):
        found: Tables = kept["tables"]
        return found
    return read_folder(DATA_FOLDER / identifiant)


def write_frozen_tables(identifiant: str) -> Path:
    """Write the JSON of a shipped référentiel; where. Raises InvalidReferentielError."""
    folders = [folder.name for folder in folders_of(DATA_FOLDER / identifiant)]
    tables = read_folder(DATA_FOLDER / identifiant)
    content = {"folders": folders, "files": _fingerprint(folders), "tables": tables}
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{identifiant}.json"
    text = json.dumps(content, ensure_ascii=False, indent=0, separators=(",", ":"))
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return path


def _fingerprint(folders: list[str]) -> str:
    """Of the files of these folders of ours: a file more or less is told as a change is."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((DATA_FOLDER / folder).iterdir()):
            if path.suffix in _SUFFIXES:
                digest.update(f"{folder}/{path.name}\n".encode())
                # an end of line of Windows says nothing else
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
