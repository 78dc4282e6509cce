"""The répertoire FINESS as it has been published since July 2026: two national JSON flows.

« structures » says who exists (entités juridiques, établissements, their life), « activités » says
for how many places. Each is one JSON object of hundreds of megabytes: it is read one entity at a
time, and what is not asked for is not kept. Nothing is returned from a flow that is not whole.
"""

from __future__ import annotations

from .changes import Change, ChangeKind, comparer
from .lines import COLUMNS, as_rows, from_rows
from .load import load_directory, load_structures
from .model import Capacite, Directory, Entity, Etablissement, Evenement, Filter
from .pair import is_a_flow
from .stream import ReadProgress, UnreadableFlowError

__all__ = [
    "COLUMNS",
    "Capacite",
    "Change",
    "ChangeKind",
    "Directory",
    "Entity",
    "Etablissement",
    "Evenement",
    "Filter",
    "ReadProgress",
    "UnreadableFlowError",
    "as_rows",
    "comparer",
    "from_rows",
    "is_a_flow",
    "load_directory",
    "load_structures",
]
