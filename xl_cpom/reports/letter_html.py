"""The letters as one printable HTML file, a new page for each: their Markdown, laid out.

One template serves both forms. No tag of it reaches the page (what comes from a workbook is escaped
for Markdown, not for HTML); an image may, when the template holds it whole (`data:`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from xl_cpom.reports.jinja_environment import template_environment
from xl_cpom.reports.letter import ANNEXE, compose_letter
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from xl_cpom.validators.model import Report


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The text of the page. Raises InvalidTemplateError (French message)."""
    return printable([(r.raison_sociale or r.file, compose_letter(r, context)) for r in reports])


def printable(letters: Sequence[tuple[str, str]]) -> str:
    """Letters as one page to print: (organisme, Markdown) of each."""
    laid_out = []
    for organisme, text in letters:
        body, _, annex = text.partition(f"\n{ANNEXE}\n")
        laid_out.append(
            {
                "organisme": organisme,
                "corps": Markup(_reader().render(body)),  # noqa: S704 - see above
                "annexe": Markup(_reader().render(annex)),  # noqa: S704
            }
        )
    return template_environment().get_template("lettre.html").render(lettres=laid_out)


@cache
def _reader() -> MarkdownIt:
    """CommonMark with tables, and no HTML."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")
