"""The templates of the server's own pages, in the jinja2 environment of the reports."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader

from xl_cpom.reports.gabarits import environnement, source_du_modele


@cache
def gabarits() -> Environment:
    """The environment of the reports (escaping on, unknown names refused), over our templates."""
    return environnement().overlay(loader=PackageLoader("xl_cpom.serveur", "modeles"))


@cache
def ressource(nom: str) -> str:
    """Text of a resource of ours."""
    return resources.files("xl_cpom.serveur").joinpath("ressources", nom).read_text("utf-8")


@cache
def style() -> str:
    """The sheet of every page: that of the reports, then ours."""
    return source_du_modele("rapport.css") + ressource("serveur.css")
