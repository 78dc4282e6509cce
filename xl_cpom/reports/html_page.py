"""The report as one self-contained, accessible and printable HTML file.

No script, no outside resource (a content security policy says so), no meaning by colour alone.
Several workbooks make one page: a summary table, then one section each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.grouping import enumerate_cells
from xl_cpom.reports.html_view import report_view
from xl_cpom.reports.jinja_environment import template_environment
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions
from xl_cpom.reports.severity_looks import SEVERITY_LOOKS
from xl_cpom.reports.trajectoire import BAS, GAUCHE, HAUT, HEIGHT, RIGHT, WIDTH
from xl_cpom.reports.words import VERDICTS, bilan
from xl_cpom.typography import rate_text
from xl_cpom.validators.model import Verdict

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

ROWS_SHOWN = 10
"""Lines of one rule's table shown at once; the others are one click away (and printed)."""

MAX_ROWS = 500
"""Lines of one rule's table written in the page at all; the true total is always said."""


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The text of the page."""
    totals = [(VERDICTS[v], sum(r.verdict is v for r in reports)) for v in Verdict]
    return (
        template_environment()
        .get_template("rapport.html")
        .render(
            vues=[report_view(report, context, rank) for rank, report in enumerate(reports, 1)],
            totaux=[(mark, count) for mark, count in totals if count],
            gravites=SEVERITY_LOOKS,
            bilan=bilan,
            enumerer=enumerate_cells,
            taux=lambda value: rate_text(value, 0),
            lignes_montrees=ROWS_SHOWN,
            lignes_maximales=MAX_ROWS,
            cadre={
                "largeur": WIDTH,
                "hauteur": HEIGHT,
                "gauche": GAUCHE,
                "droite": WIDTH - RIGHT,
                "haut": HAUT,
                "bas": HEIGHT - BAS,
            },
        )
    )
