"""Fields of the flows, whatever spelling the file has.

The schemas and the files disagree: `pm_smsseId` and `pmSmsseId`, `informationsGeneralesPmej` and
`informationsGeneralesPMEJ`, codes as strings or as {code, system} objects, optional fields absent
or null, texts padded with spaces. A field is found by its name, case and underscores aside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def _plie(name: str) -> str:
    return name.replace("_", "").casefold()


def champ(objet: Any, *names: str) -> Any:
    """The first of these fields that is there and not null; None otherwise."""
    if not isinstance(objet, dict):
        return None
    for name in names:
        if (value := objet.get(name)) is not None:
            return value
    wanted = {_plie(name) for name in names}
    for key, value in objet.items():
        if value is not None and _plie(key) in wanted:
            return value
    return None


def objets(objet: Any, *names: str) -> Iterator[dict[str, Any]]:
    """The objects of a list field; one object alone counts as a list of one."""
    found = champ(objet, *names)
    if isinstance(found, dict):
        yield found
    elif isinstance(found, list):
        yield from (item for item in found if isinstance(item, dict))


def field_text(value: Any) -> str:
    """A text without the spaces of the old fixed width; a {code, system} object gives its code."""
    if isinstance(value, dict):
        value = value.get("code")
    if value is None or isinstance(value, list | dict | bool):
        return ""
    return " ".join(str(value).split())


def jour(value: Any) -> dt.date | None:
    """The day of « 2026-03-09 », « 2026-03-09 00:00:00 » or « 09/03/2026 », None otherwise.

    An object gives its « dateEvenement ».
    """
    if isinstance(value, dict):
        value = champ(value, "dateEvenement")
    said = field_text(value)[:10]
    try:
        if "/" in said:
            return dt.datetime.strptime(said, "%d/%m/%Y").date()
        return dt.date.fromisoformat(said)
    except ValueError:
        return None


def entier(value: Any) -> int | None:
    """A count written « 17 », 17 or 17.0; None when it is no count."""
    said = field_text(value)
    if said.endswith(".0"):
        said = said[:-2]
    return int(said) if said.isascii() and said.isdigit() and len(said) < 7 else None
