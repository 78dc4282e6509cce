"""The jinja2 environment of the HTML page and of the letter: escaping on, nothing from outside."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from xl_cpom.reports.harmless import ligne


def _finalise(value: Any) -> Any:
    """The choke point of the pages: every text shown loses its invisible characters."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return ligne(value)
    return value


@cache
def template_environment() -> Environment:
    """Shared environment; an unknown name in a template is an error, never a blank."""
    return Environment(
        loader=PackageLoader("xl_cpom.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalise,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page_style() -> str:
    """Style of a page that is not a report: the colours, then the shapes that reports have."""
    return template_source("palette.css") + template_source("rapport.css")


def template_source(nom: str) -> str:
    """Text of a template of ours."""
    return resources.files("xl_cpom.reports").joinpath("templates", nom).read_text("utf-8")
