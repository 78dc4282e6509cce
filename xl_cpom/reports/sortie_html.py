"""The report as one self-contained, accessible and printable HTML file.

No script, no outside resource (a content security policy says so), no meaning by colour alone.
Several workbooks make one page: a summary table, then one section each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.contexte import CONTEXTE, Contexte
from xl_cpom.reports.gabarits import environnement
from xl_cpom.reports.mots import GRAVITES, VERDICTS, bilan
from xl_cpom.reports.regroupement import enumerer
from xl_cpom.reports.trajectoire import BAS, DROITE, GAUCHE, HAUT, HAUTEUR, LARGEUR
from xl_cpom.reports.vue import vue
from xl_cpom.typographie import taux
from xl_cpom.validators.model import Verdict

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

LIGNES_MONTREES = 10
"""Lines of one rule's table shown at once; the others are one click away (and printed)."""

LIGNES_MAXIMALES = 500
"""Lines of one rule's table written in the page at all; the true total is always said."""


def render(reports: Sequence[Report], contexte: Contexte = CONTEXTE) -> str:
    """The text of the page."""
    totals = [(VERDICTS[v], sum(r.verdict is v for r in reports)) for v in Verdict]
    return (
        environnement()
        .get_template("rapport.html")
        .render(
            vues=[vue(report, contexte, rank) for rank, report in enumerate(reports, 1)],
            totaux=[(mark, count) for mark, count in totals if count],
            gravites=GRAVITES,
            bilan=bilan,
            enumerer=enumerer,
            taux=lambda value: taux(value, 0),
            lignes_montrees=LIGNES_MONTREES,
            lignes_maximales=LIGNES_MAXIMALES,
            cadre={
                "largeur": LARGEUR,
                "hauteur": HAUTEUR,
                "gauche": GAUCHE,
                "droite": LARGEUR - DROITE,
                "haut": HAUT,
                "bas": HAUTEUR - BAS,
            },
        )
    )
