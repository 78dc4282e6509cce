"""Activity and resources indicators, in the order of the workbook's sheet."""

from __future__ import annotations

from .anap_activite import ACTIVITE
from .anap_inputs import INPUTS
from .anap_ressources import FINANCES, RESSOURCES_HUMAINES
from .model import Indicator

INDICATEURS_ANAP: tuple[Indicator, ...] = (*ACTIVITE, *RESSOURCES_HUMAINES, *FINANCES)

__all__ = ["INDICATEURS_ANAP", "INPUTS"]
