"""How a message calls a record: « l'action A4 « Former… » », « la mesure P1 de la mission X ».

The one place that words an action, a measure and a point de fragilité from their row. A template
writes {nom_action}, {nom_mesure} or {nom_point}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xl_cpom.typography import guillemets, visible
from xl_cpom.validators.personal_data import masked_cell

LONGEST = 48
"""Characters of a title that a sentence shows, cut between two words."""


def title_of(text: Any, key: str) -> str:
    """The title between its quotes, with a blank before; "" for no title. Persons are masked.

    Masked whole before it is cut: half a name is still a name.
    """
    if not isinstance(text, str) or not text.strip():
        return ""
    shown = visible(masked_cell(text, key), 10 * LONGEST)
    if len(shown) > LONGEST:
        shown = shown[:LONGEST].rpartition(" ")[0] or shown[:LONGEST]
        shown = f"{shown.rstrip(' ,;:.')}…"
    return f" {guillemets(shown.translate(_QUOTES))}"


_QUOTES = str.maketrans({"“": "'", "”": "'", "«": "'", "»": "'"})
"""A title stands between quotes of its own: those it holds would close them."""


def _action(number: str, values: Mapping[str, Any]) -> str:
    return f"l'action {number}{title_of(values.get('intitule'), 'intitule')}"


def _mesure(number: str, values: Mapping[str, Any]) -> str:
    mission = values.get("numero_mission")
    where = f" de la mission {visible(mission, LONGEST)}" if isinstance(mission, str) else ""
    return f"la mesure {number}{where}"


def _point(number: str, values: Mapping[str, Any]) -> str:
    return f"le point de fragilité {number}{title_of(values.get('description'), 'description')}"


RECORD_NAMES: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "nom_action": _action,
    "nom_mesure": _mesure,
    "nom_point": _point,
}
"""Placeholder -> (number as shown, values of the row) -> its words."""
