"""A text of the catalogue as its page shows it, its blanks called by name."""

from __future__ import annotations

import re

from xl_cpom.validators.model import Rule
from xl_cpom.validators.record_names import RECORD_NAMES
from xl_cpom.validators.wording import OPTIONAL


def lisible(rule: Rule, template: str) -> str:
    """A message or a cure, its blanks called by the header of their column, or « … »."""

    def named(match: re.Match[str]) -> str:
        if match[1] in OPTIONAL:
            return ""
        if match[1] in RECORD_NAMES:
            return RECORD_NAMES[match[1]]("…", {})
        column = None if rule.sheet is None else rule.sheet.by_key.get(match[1])
        return "…" if column is None else f"[{column.header}]"

    return re.sub(r"\{(\w+)\}", named, template)
