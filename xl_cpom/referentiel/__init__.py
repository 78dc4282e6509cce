"""The cycle as dated data: modules, lists, SI, criteria, categories, thresholds, methods.

Nothing of the cycle is written in code: another cycle or another region is another folder of
`donnees/` (or anywhere on disk). Standard library only; each value carries its source.
"""

from __future__ import annotations

from .information_systems import Echeance, SystemeInformation
from .loading import (
    DEFAULT_REFERENTIEL,
    available_referentiels,
    load_referentiel,
    referentiel_from_json,
)
from .nomenclatures import (
    Categorie,
    ControleCyber,
    Cotation,
    Critere,
    CritereManuel,
    Departement,
    Formule,
    ListedValues,
    Module,
    Nomenclature,
    Parameter,
    Reforme,
    Seuil,
    Source,
    TypeAction,
)
from .raw_rows import InvalidReferentielError, UnknownKeyError
from .referentiel import Referentiel, freeze_referentiel

__all__ = [
    "DEFAULT_REFERENTIEL",
    "Categorie",
    "ControleCyber",
    "Cotation",
    "Critere",
    "CritereManuel",
    "Departement",
    "Echeance",
    "Formule",
    "InvalidReferentielError",
    "ListedValues",
    "Module",
    "Nomenclature",
    "Parameter",
    "Referentiel",
    "Reforme",
    "Seuil",
    "Source",
    "SystemeInformation",
    "TypeAction",
    "UnknownKeyError",
    "available_referentiels",
    "freeze_referentiel",
    "load_referentiel",
    "referentiel_from_json",
]
