"""The templates of the server's own pages, in the jinja2 environment of the reports."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader

from xl_cpom.reports.jinja_environment import page_style, template_environment


@cache
def gabarits() -> Environment:
    """The environment of the reports (escaping on, unknown names refused), over our templates."""
    return template_environment().overlay(loader=PackageLoader("xl_cpom.server", "templates"))


@cache
def resource_text(nom: str) -> str:
    """Text of a resource of ours."""
    return resources.files("xl_cpom.server").joinpath("ressources", nom).read_text("utf-8")


@cache
def style() -> str:
    """The sheet of every page: that of the reports, then ours."""
    return page_style() + resource_text("serveur.css")
