"""The répertoire FINESS as it has been published since July 2026: two national JSON flows.

« structures » says who exists (entités juridiques, établissements, their life), « activités » says
for how many places. Each is one JSON object of hundreds of megabytes: it is read one entity at a
time, and what is not asked for is not kept. Nothing is returned from a flow that is not whole.
"""

from __future__ import annotations

from .changes import ChangeKind, Changement, comparer
from .lines import COLONNES, depuis_lignes, en_lignes
from .load import charger_repertoire, charger_structures
from .model import Capacite, Entite, Etablissement, Evenement, Filtre, Repertoire
from .pair import est_un_flux
from .stream import ReadProgress, UnreadableFlowError

__all__ = [
    "COLONNES",
    "Capacite",
    "ChangeKind",
    "Changement",
    "Entite",
    "Etablissement",
    "Evenement",
    "Filtre",
    "ReadProgress",
    "Repertoire",
    "UnreadableFlowError",
    "charger_repertoire",
    "charger_structures",
    "comparer",
    "depuis_lignes",
    "en_lignes",
    "est_un_flux",
]
