"""The ways in: by id, by folder, by frozen text.

`charger()` is called from many places and must cost once: référentiels shipped with the package
are kept for the life of the process. A folder is read again at each call, since its owner may be
editing it.
"""

from __future__ import annotations

import copyreg
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from .construction import construire
from .fichiers import DONNEES, lire_dossier
from .lignes import ReferentielInvalide
from .referentiel import FORMAT_GELE, Referentiel, geler

REFERENTIEL_DEFAUT = "BFC-2026-2030"


def disponibles() -> tuple[str, ...]:
    """The ids of the référentiels shipped with the package."""
    return tuple(sorted(d.parent.name for d in DONNEES.glob("*/cycle.toml")))


def charger(quoi: str | Path = REFERENTIEL_DEFAUT) -> Referentiel:
    """The référentiel of that id, or of that folder (a Path). Raises ReferentielInvalide."""
    if isinstance(quoi, Path):
        return construire(lire_dossier(quoi))
    return _charger_livre(quoi)


@cache
def _charger_livre(identifiant: str) -> Referentiel:
    if identifiant not in disponibles():
        raise ReferentielInvalide(
            f"référentiel inconnu «\u00a0{identifiant}\u00a0»\u202f; "
            f"disponibles\u00a0: {', '.join(disponibles())}"
        )
    return construire(lire_dossier(DONNEES / identifiant))


def depuis_json(texte: str) -> Referentiel:
    """The référentiel frozen by `geler`: same checks, same object, no file and no TOML."""
    try:
        contenu = json.loads(texte)
    except ValueError:
        contenu = None
    if not isinstance(contenu, dict) or contenu.get("format") != FORMAT_GELE:
        raise ReferentielInvalide(
            "ce texte n'est pas un référentiel figé par cette version de xl_cpom"
        )
    return construire(contenu["tables"])


def _reduire(referentiel: Referentiel) -> tuple[Callable[[str], Referentiel], tuple[str]]:
    return depuis_json, (geler(referentiel),)


copyreg.pickle(Referentiel, _reduire)
