"""The ways in: by id, by folder, by frozen text.

`load_referentiel()` is called from many places and must cost once: référentiels shipped with the
package are kept for the life of the process. A folder is read again at each call, since its owner
may be editing it.
"""

from __future__ import annotations

import copyreg
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from .construction import build_referentiel
from .frozen_tables import shipped_tables
from .raw_files import DATA_FOLDER, read_folder
from .raw_rows import InvalidReferentielError
from .referentiel import FROZEN_FORMAT, Referentiel, freeze_referentiel

DEFAULT_REFERENTIEL = "BFC-2026-2030"


def available_referentiels() -> tuple[str, ...]:
    """The ids of the référentiels shipped with the package."""
    return tuple(sorted(d.parent.name for d in DATA_FOLDER.glob("*/cycle.toml")))


def load_referentiel(quoi: str | Path = DEFAULT_REFERENTIEL) -> Referentiel:
    """The référentiel of that id, or of that folder (a Path). Raises InvalidReferentielError."""
    if isinstance(quoi, Path):
        return build_referentiel(read_folder(quoi))
    return _load_shipped(quoi)


@cache
def _load_shipped(identifiant: str) -> Referentiel:
    if identifiant not in available_referentiels():
        raise InvalidReferentielError(
            f"référentiel inconnu «\u00a0{identifiant}\u00a0»\u202f; "
            f"disponibles\u00a0: {', '.join(available_referentiels())}"
        )
    return build_referentiel(shipped_tables(identifiant))


def referentiel_from_json(texte: str) -> Referentiel:
    """The référentiel frozen by `geler`: same checks, same object, no file and no TOML."""
    try:
        content = json.loads(texte)
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("format") != FROZEN_FORMAT:
        raise InvalidReferentielError(
            "ce texte n'est pas un référentiel figé par cette version de xl_cpom"
        )
    return build_referentiel(content["tables"])


def _reduce(referentiel: Referentiel) -> tuple[Callable[[str], Referentiel], tuple[str]]:
    return referentiel_from_json, (freeze_referentiel(referentiel),)


copyreg.pickle(Referentiel, _reduce)
