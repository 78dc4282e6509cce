"""The JSON of a report: the public contract, described by `schemas/rapport.schema.json`.

One object for one workbook, a list for several. Keys are French and stable; numbers are plain
(no text, no percent), nothing is null that has a value, and the order never changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports import harmless
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """JSON text, indented, ending with a line feed; accents are written as they are."""
    objets = [report.to_dict() for report in reports]
    document = objets[0] if len(objets) == 1 else objets
    return (
        harmless.safe_json(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
        + "\n"
    )
