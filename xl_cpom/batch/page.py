"""The region at a glance: one HTML file, read anywhere, that calls for nothing from outside."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from xl_cpom.batch import dessins
from xl_cpom.batch.region import Region
from xl_cpom.batch.taux import TRANCHES, TauxModule
from xl_cpom.reports.gabarits import environnement
from xl_cpom.reports.mots import GRAVITES, combien
from xl_cpom.reports.trajectoire import BAS, DROITE, GAUCHE, HAUT, HAUTEUR, LARGEUR, tracer
from xl_cpom.typographie import date as date_francaise
from xl_cpom.typographie import nombre, taux, typographie

MONTRES = 15
"""Lines of a list shown at once; the others are one click away."""

CADRE = {"largeur": LARGEUR, "hauteur": HAUTEUR, "gauche": GAUCHE, "droite": LARGEUR - DROITE,
         "haut": HAUT, "bas": HAUTEUR - BAS}  # fmt: skip


def page(region: Region) -> str:
    """The text of the page. The same figures give the same text."""
    return (
        _environnement()
        .get_template("region.html")
        .render(
            r=region,
            tuiles=dessins.tuiles(region.departements),
            dessins=dessins,
            trajectoires=[_trajectoire(t) for t in region.taux],
            tranches=[typographie(text) for text in TRANCHES],
            gravites=GRAVITES,
            montres=MONTRES,
            cadre=CADRE,
            combien=combien,
            entier=lambda value: nombre(value, 0),
            quantite=lambda value: nombre(value, 0 if float(value).is_integer() else 2),
            taux=lambda value: "–" if value is None else taux(value),
            pourcent=lambda value: taux(value, 0),
            part=lambda count, total: taux(count / total, 0) if total else "",
            jour=_jour,
        )
    )


def _trajectoire(t: TauxModule) -> dict[str, Any]:
    """Targets and pooled rates by civil year, and their drawing."""
    years = sorted({*t.cibles, *t.realises})
    targets, actual = [t.cibles.get(y) for y in years], [t.realises.get(y) for y in years]
    return {"annees": years, "cibles": targets, "realises": actual,
            "dessin": tracer(targets, actual)}  # fmt: skip


def _jour(text: str) -> str:
    try:
        return date_francaise(dt.date.fromisoformat(text))
    except ValueError:
        return ""


@cache
def _environnement() -> Environment:
    """The environment of the reports, our templates first."""
    base = environnement()
    assert base.loader is not None
    return base.overlay(
        loader=ChoiceLoader([PackageLoader("xl_cpom.batch", "modeles"), base.loader])
    )
