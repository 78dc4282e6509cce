"""The fiche as one self-contained HTML file that prints on two pages of A4, whatever it tells.

A line of a table is one line of print, and each table has so many: what does not fit is counted,
and said to be in the workbook. The fields to fill in are edited in the page, and printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from xl_cpom.reports.dialogue.meeting_brief import MeetingBrief
from xl_cpom.reports.dialogue.peers import HIGH, HIGHEST, LOW, LOWEST, Quartiles
from xl_cpom.reports.dialogue.standing import TrajectoryLine
from xl_cpom.reports.dialogue.talking_points import talking_points
from xl_cpom.reports.jinja_environment import template_environment
from xl_cpom.reports.words import ATTEINTES, atteinte_word, indicator_value
from xl_cpom.typography import date_text, number_text, plural, rate_text, typeset

QUARTERS = {LOWEST: "1er", LOW: "2e", HIGH: "3e", HIGHEST: "4e"}
SHORT = {"Partiellement atteint": "Partiel"}
"""Words of a table whose lines are one line of print."""

SHOWN = {"points": 8, "figures": 5, "unusual": 2, "actions": 6, "measures": 6,
         "criteria": 4, "systems": 5, "money": 4}  # fmt: skip
"""Lines of each table on paper: together they fill two pages of A4 and no more."""


def render(brief: MeetingBrief) -> str:
    """The text of the page. The same figures give the same text."""
    return (
        template_environment()
        .get_template("dialogue.html")
        .render(
            b=brief,
            trajectoires=[
                (libelle, [_trajectory(line) for line in lines])
                for libelle, lines in groupby(brief.trajectories, key=lambda line: line.libelle)
            ],
            points=talking_points(brief),
            montres=SHOWN,
            quarts=QUARTERS,
            reste=_rest,
            jour=lambda day: date_text(day) if day else "non renseigné",
            taux=lambda value: "–" if value is None else rate_text(value, 0),
            combien=plural,
        )
    )


def _rest(lines: Sequence[Any], shown: int, where: str) -> str:
    """« et 7 autres, dans le classeur, feuille « Plan d'actions » »; "" when all are shown."""
    left = len(lines) - shown
    if left <= 0:
        return ""
    return typeset(f"Et {plural(left, 'autre')} : {where}.")


def _trajectory(line: TrajectoryLine) -> dict[str, str]:
    one = line.indicator
    code, reached = one.code, line.reached
    state = atteinte_word(one)
    gap = "–" if line.gap is None else _signed(line.gap * 100)
    return {
        "secteur": line.secteur,
        "targets": _series(one.cibles),
        "results": _series(one.realises),
        "reached": indicator_value(code, reached) or "–",
        "target": indicator_value(code, one.cible) or "–",
        "gap": gap,
        "state": f"{ATTEINTES[state]} {SHORT.get(state, state)}" if state in ATTEINTES else state,
        "region": _place(line.region, reached, median=True),
        "departement": _place(line.departement, reached),
        "where": f"Département {line.where}" if line.where else "",
    }


def _place(quartiles: Quartiles | None, value: float | None, *, median: bool = False) -> str:
    """« 3e (42 %) »: the quarter, and the median when it is asked for."""
    if quartiles is None or value is None:
        return "–"
    said = QUARTERS[quartiles.place(value)]
    return f"{said} ({rate_text(quartiles.median, 0)})" if median else said


def _signed(points: float) -> str:
    return ("+" if points > 0 else "") + number_text(points, 0)


def _series(values: Sequence[float | None]) -> str:
    """« 40 › 60 › 80 »: the years one after the other, in percent, up to the last known one."""
    known = [i for i, value in enumerate(values) if value is not None]
    if not known:
        return "–"
    shown = values[: known[-1] + 1]
    return " › ".join("·" if v is None else number_text(v * 100, 0) for v in shown)
