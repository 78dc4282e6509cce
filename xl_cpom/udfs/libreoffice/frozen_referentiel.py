"""The référentiel frozen in the add-in, in place of the folder of files it was made from.

LibreOffice's Python may have no TOML reader, and the add-in carries one cycle. The result of the
checks made when it was built is kept: reading it again makes the same ones.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from xl_cpom import referentiel

FICHIER = "referentiel.json"


@lru_cache(maxsize=1)
def _read() -> referentiel.Referentiel:
    text = Path(__file__).with_name(FICHIER).read_text(encoding="utf-8")
    return referentiel.referentiel_from_json(text)


def _load(quoi: object = None) -> referentiel.Referentiel:
    return _read()


def installer() -> None:
    """Make the frozen référentiel the only one. To be called before the core is imported."""
    referentiel.load_referentiel = _load
