"""The e-CARS sheet as a CSV for a French spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports.csv_file import tableau
from xl_cpom.reports.ecars import COLUMNS, lignes
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions, counted_first

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The text of the CSV, BOM included; only the returns that count in their campaign."""
    kept, _ = counted_first(reports, context)
    return tableau([column.title for column in COLUMNS], lignes(kept, context))
