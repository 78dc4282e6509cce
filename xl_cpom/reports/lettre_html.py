"""The letters as one printable HTML file, a new page for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.contexte import CONTEXTE, Contexte
from xl_cpom.reports.gabarits import environnement
from xl_cpom.reports.lettre import contenu

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


def render(reports: Sequence[Report], contexte: Contexte = CONTEXTE) -> str:
    """The text of the page."""
    letters = [contenu(report, contexte) for report in reports]
    return environnement().get_template("lettre.html").render(lettres=letters)
