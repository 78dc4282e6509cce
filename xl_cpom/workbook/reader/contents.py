"""What a file holds beside its sheets that would act once opened; none of it is read nor run."""

from __future__ import annotations

from collections.abc import Iterable

from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.relationships import Relationship

_MACROS = ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet")
_ACTIVE = (
    ("xl/embeddings/", "un objet incorporé"),
    ("xl/activex/", "un contrôle ActiveX"),
    ("xl/connections", "une connexion de données"),
    ("xl/webextensions/", "une extension web"),
)
"""Beginning of the name of a part (case folded), and what it is called in French."""


def has_macros(container: Container, relations: Iterable[Relationship]) -> bool:
    """Are there macros, whether the workbook speaks of them or not?"""
    return any(relation.kind in _MACROS for relation in relations) or any(
        name.casefold().endswith("vbaproject.bin") for name in container.names
    )


def active_content(container: Container) -> tuple[str, ...]:
    """What is there, in the order of the table, each once."""
    names = [name.casefold() for name in container.names]
    return tuple(label for start, label in _ACTIVE if any(name.startswith(start) for name in names))
