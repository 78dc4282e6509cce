"""Dates given on the command line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click


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
