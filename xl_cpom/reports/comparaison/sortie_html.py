"""The comparison as one self-contained, accessible and printable HTML file."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from xl_cpom.reports.comparaison.modele import Comparaison, IndicateurCompare, Nature
from xl_cpom.reports.comparaison.mots import TITRES, annee, cote, ecart, resume
from xl_cpom.reports.gabarits import environnement
from xl_cpom.reports.mots import GRAVITES, VERDICTS, bilan
from xl_cpom.reports.regroupement import enumerer

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

_CLES = {"Atteint": "recevable", "Partiellement atteint": "reserves", "Non atteint": "refuse"}


def render(comparaison: Comparaison, referentiel: Referentiel | None = None) -> str:
    """The text of the page. referentiel: for the names of the modules (the default one if None)."""
    from xl_cpom.referentiel import charger

    modules = (referentiel or charger()).modules
    cells = groupby(comparaison.cellules, key=lambda cell: cell.feuille)
    return (
        environnement()
        .get_template("comparaison.html")
        .render(
            c=comparaison,
            titre=TITRES[comparaison.nature],
            resume=resume(comparaison),
            corrections=comparaison.nature is Nature.CORRECTIONS,
            cotes=[("Avant", comparaison.avant), ("Après", comparaison.apres)],
            marque=VERDICTS[comparaison.apres.verdict],
            feuilles=[(sheet, list(group)) for sheet, group in cells],
            indicateurs=[
                _indicateur(one, modules[one.module].libelle if one.module in modules else "")
                for one in comparaison.indicateurs
            ],
            verdicts=VERDICTS,
            gravites=GRAVITES,
            annee=annee,
            bilan=bilan,
            enumerer=enumerer,
        )
    )


def _indicateur(one: IndicateurCompare, module: str) -> dict[str, Any]:
    reached = "" if one.apres is None else one.apres.atteinte
    return {
        "module": module or one.module,
        "secteur": one.secteur,
        "avant": cote(one.avant),
        "apres": cote(one.apres),
        "ecart": ecart(one),
        "cle": _CLES.get(reached, "neutre"),
    }
