"""The cycle as dated data: modules, lists, SI, criteria, categories, thresholds, methods.

Nothing of the cycle is written in code: another cycle or another region is another folder of
`donnees/` (or anywhere on disk). Standard library only; each value carries its source.
"""

from __future__ import annotations

from .chargement import REFERENTIEL_DEFAUT, charger, depuis_json, disponibles
from .lignes import CleInconnue, ReferentielInvalide
from .modeles import (
    Categorie,
    Cotation,
    Critere,
    Departement,
    Liste,
    Module,
    Nomenclature,
    Parametre,
    Seuil,
    Source,
    TypeAction,
)
from .modeles_si import Echeance, SystemeInformation
from .referentiel import Referentiel, geler

__all__ = [
    "REFERENTIEL_DEFAUT",
    "Categorie",
    "CleInconnue",
    "Cotation",
    "Critere",
    "Departement",
    "Echeance",
    "Liste",
    "Module",
    "Nomenclature",
    "Parametre",
    "Referentiel",
    "ReferentielInvalide",
    "Seuil",
    "Source",
    "SystemeInformation",
    "TypeAction",
    "charger",
    "depuis_json",
    "disponibles",
    "geler",
]
