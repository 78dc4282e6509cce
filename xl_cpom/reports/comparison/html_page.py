"""The comparison as one self-contained, accessible and printable HTML file."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from xl_cpom.reports.comparison.comparison_words import TITLES, annee, ecart, resume, side
from xl_cpom.reports.comparison.model import ComparedIndicator, Comparison, Nature, grouped
from xl_cpom.reports.grouping import enumerate_cells
from xl_cpom.reports.jinja_environment import template_environment
from xl_cpom.reports.severity_looks import SEVERITY_LOOKS
from xl_cpom.reports.words import VERDICTS, bilan

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

_KEYS = {"Atteint": "recevable", "Partiellement atteint": "reserves", "Non atteint": "refuse"}


def render(comparaison: Comparison, referentiel: Referentiel | None = None) -> str:
    """The text of the page. referentiel: for the names of the modules (the default one if None)."""
    from xl_cpom.referentiel import load_referentiel

    modules = (referentiel or load_referentiel()).modules
    cells = groupby(comparaison.cells, key=lambda cell: cell.sheet)
    return (
        template_environment()
        .get_template("comparaison.html")
        .render(
            c=comparaison,
            titre=TITLES[comparaison.nature],
            resume=resume(comparaison),
            corrections=comparaison.nature is Nature.CORRECTIONS,
            cotes=[("Avant", comparaison.before), ("Après", comparaison.after)],
            marque=VERDICTS[comparaison.after.verdict],
            feuilles=[(sheet, list(group)) for sheet, group in cells],
            indicateurs=[
                _indicateur(one, modules[one.module].libelle if one.module in modules else "")
                for one in comparaison.indicateurs
            ],
            verdicts=VERDICTS,
            gravites=SEVERITY_LOOKS,
            annee=annee,
            bilan=bilan,
            enumerer=enumerate_cells,
            grouper=grouped,
        )
    )


def _indicateur(one: ComparedIndicator, module: str) -> dict[str, Any]:
    reached = "" if one.after is None else one.after.atteinte
    return {
        "module": module or one.module,
        "secteur": one.secteur,
        "avant": side(one.before),
        "apres": side(one.after),
        "ecart": ecart(one),
        "cle": _KEYS.get(reached, "neutre"),
    }
