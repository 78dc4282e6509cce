"""Dates given on the command line."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.typography import date_text, plural, typeset

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

_LATE = 3
"""Years after the one followed beyond which a date is more likely a slip than a late control."""


class IsoDate(click.ParamType[dt.date]):
    """A date given as AAAA-MM-JJ."""

    name = "AAAA-MM-JJ"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """The date, or a usage error."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"« {value} » n'est pas une date de la forme AAAA-MM-JJ", param, ctx)


def doubtful_date(date: dt.date | None, reports: Sequence[Report]) -> str:
    """What to tell of a --date that does not go with the years followed (French), or ""."""
    years = Counter(report.annee for report in reports if report.annee is not None)
    if date is None or not years:
        return ""
    ((year, _),) = years.most_common(1)
    if year <= date.year <= year + _LATE:
        return ""
    side = "avant le début de" if date.year < year else "bien après"
    wrong = sum(n for y, n in years.items() if not y <= date.year <= y + _LATE)
    return typeset(
        f"Attention : --date est le {date_text(date)}, {side} l'année suivie ({year}) dans "
        f"{plural(wrong, 'retour')}. Si c'est une faute de frappe, les échéances sont mal jugées : "
        f"corrigez-la et relancez."
    )
