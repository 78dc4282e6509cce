"""The region at a glance: one HTML file, read anywhere, that calls for nothing from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from xl_cpom.batch.conditions import TITLES
from xl_cpom.batch.region import contact_links, drawings
from xl_cpom.batch.region.figures import Region
from xl_cpom.batch.region.pooled_rates import SLICES, ModuleRates
from xl_cpom.batch.summary import AUTREMENT
from xl_cpom.reports.jinja_environment import template_environment
from xl_cpom.reports.severity_looks import SEVERITY_LOOKS
from xl_cpom.reports.trajectoire import BAS, GAUCHE, HAUT, HEIGHT, RIGHT, WIDTH, draw_chart
from xl_cpom.reports.words import how_many
from xl_cpom.typography import date_text as date_francaise
from xl_cpom.typography import number_text, rate_text, typeset

SHOWN = 15
"""Lines of a list shown at once; the others are one click away."""

FRAME = {"largeur": WIDTH, "hauteur": HEIGHT, "gauche": GAUCHE, "droite": WIDTH - RIGHT,
         "haut": HAUT, "bas": HEIGHT - BAS}  # fmt: skip


def region_page(region: Region) -> str:
    """The text of the page. The same figures give the same text."""
    return _render("region.html", region)


def summary_page(region: Region) -> str:
    """One printed page for the direction: the figures, the rates, who to call."""
    return _render("synthese.html", region, limite=6, limite_departements=13)


def _by_module(rates: Sequence[ModuleRates]) -> dict[str, dict[str, ModuleRates]]:
    """Module -> secteur -> its rates."""
    found: dict[str, dict[str, ModuleRates]] = {}
    for rate in rates:
        found.setdefault(rate.libelle, {})[rate.secteur] = rate
    return found


def _targets(secteurs: Mapping[str, ModuleRates], annee: int | None) -> str:
    """The mean target of a year, of each secteur in its order where they differ."""
    known = [secteurs[key].cibles.get(annee or 0) for key in sorted(secteurs)]
    texts = ["–" if value is None else rate_text(value) for value in known]
    return " / ".join(dict.fromkeys(texts) if len(set(texts)) == 1 else texts)


def _render(template: str, region: Region, **limits: int) -> str:
    return (
        page_environment()
        .get_template(template)
        .render(
            r=region,
            tuiles=drawings.map_tiles(region.departements, region.places_on_map),
            dessins=drawings,
            joindre=contact_links,
            titres=TITLES,
            autrement=dict(
                zip(("retires", "desactives", "leves", "arrives"), AUTREMENT, strict=True)
            ),
            trajectoires=[_trajectoire(t) for t in region.taux],
            tranches=[typeset(text) for text in SLICES],
            gravites=SEVERITY_LOOKS,
            montres=SHOWN,
            cadre=FRAME,
            combien=how_many,
            entier=lambda value: number_text(value, 0),
            quantite=lambda value: number_text(value, 0 if float(value).is_integer() else 2),
            taux=lambda value: "–" if value is None else rate_text(value),
            pourcent=lambda value: rate_text(value, 0),
            part=lambda count, total: rate_text(count / total, 0) if total else "",
            jour=_day,
            modules=_by_module(region.taux),
            cibles=lambda secteurs: _targets(secteurs, region.annee),
            **limits,
        )
    )


def _trajectoire(t: ModuleRates) -> dict[str, Any]:
    """Targets and pooled rates by civil year, and their drawing."""
    years = sorted({*t.cibles, *t.realises})
    targets, actual = [t.cibles.get(y) for y in years], [t.realises.get(y) for y in years]
    return {"annees": years, "cibles": targets, "realises": actual,
            "dessin": draw_chart(targets, actual)}  # fmt: skip


def _day(text: str) -> str:
    try:
        return date_francaise(dt.date.fromisoformat(text))
    except ValueError:
        return ""


@cache
def page_environment() -> Environment:
    """The environment of the reports, our templates first."""
    base = template_environment()
    assert base.loader is not None
    return base.overlay(
        loader=ChoiceLoader([PackageLoader("xl_cpom.batch", "templates"), base.loader])
    )
