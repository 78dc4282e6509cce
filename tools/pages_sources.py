"""The page of the sources: each text, when it was read, what rests on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.sources import as_markdown, lines


def page_des_sources() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of the page. No age is on it: any day gives the same page."""
    yield "sources.md", as_markdown(lines(load_referentiel(), dt.date.max))
