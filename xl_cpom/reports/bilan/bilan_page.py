"""The bilan as one self-contained, accessible and printable HTML file."""

from __future__ import annotations

from typing import Any

from xl_cpom.reports.bilan.contract_outcome import ContractOutcome, ModuleOutcome
from xl_cpom.reports.jinja_environment import template_environment
from xl_cpom.reports.trajectoire import BAS, GAUCHE, HAUT, HEIGHT, RIGHT, WIDTH, draw_chart
from xl_cpom.typography import date_text, number_text, plural, rate_text

FRAME = {"largeur": WIDTH, "hauteur": HEIGHT, "gauche": GAUCHE, "droite": WIDTH - RIGHT,
         "haut": HAUT, "bas": HEIGHT - BAS}  # fmt: skip

REACHED = {True: ("✓", "Atteint", "recevable"), False: ("✗", "Non atteint", "refuse"),
           None: ("–", "Sans objet", "neutre")}  # fmt: skip
"""Symbol, word and look of what is reached, not reached, or not known."""


def render(outcome: ContractOutcome) -> str:
    """The text of the page. The same figures give the same text."""
    impacts = [one for one in outcome.modules if one.impact]
    return (
        template_environment()
        .get_template("bilan.html")
        .render(
            b=outcome,
            impacts=impacts,
            modules=[(one, _drawing(one)) for one in outcome.modules],
            suites=_by_sheet(outcome),
            atteint=REACHED,
            cadre=FRAME,
            jour=lambda day: date_text(day) if day else "non renseigné",
            taux=lambda value: "–" if value is None else rate_text(value),
            rond=lambda value: rate_text(value, 0),
            nombre=lambda value: "–" if value is None else number_text(value, 0),
            combien=plural,
        )
    )


def _drawing(one: ModuleOutcome) -> Any:
    told = [year.told if year.told is not None else year.recomputed for year in one.years]
    return draw_chart([year.target for year in one.years], told)


def _by_sheet(outcome: ContractOutcome) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for left in outcome.leftovers:
        found.setdefault(left.sheet, []).append(left)
    return found
