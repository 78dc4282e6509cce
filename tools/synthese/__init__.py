"""A synthetic campaign of the region's true size and shape, every figure and number invented.

363 organismes gestionnaires, 774 ESMS principaux, 270 secondaires in eight départements, with
returns of every quality: honest, faulty in known ways, copied, outdated, damaged, missing. The same
seed gives the same files. It feeds the tests, the benchmarks and the demonstration:

    python -m tools.synthese DOSSIER --og 12 --graine 2026
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.synthese.population import Organisme, organismes
    from tools.synthese.production import DrawnCampaign, produce

__all__ = ["DrawnCampaign", "Organisme", "organismes", "produce"]

_HOMES = {"DrawnCampaign": "production", "produce": "production", "Organisme": "population",
          "organismes": "population"}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
