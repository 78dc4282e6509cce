"""Fields and properties of machinery are English; the nouns of the domain stay French.

A field is a name that every user of the object must write: it follows decision 06 like the others.
The words of the domain are those of `docs/vocabulaire.md`, the French words of machinery those of
`tests/data/machinery_words.toml`. A field keeps a French name where it is itself the datum.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.test_names import SOURCES, machinery_words

DATA_ROOM = "referentiel/"
"""Its dataclasses are the rows of its TOML tables: a field is a key of the file."""

DATA_CLASSES = {
    "Letter": "the variables that a template of the ARS may use, listed in the guide",
    "LetterPoint": "the same, of one point of the letter",
    "Programme": "the columns of the list of contracts, read and written by their names",
    "EtablissementRendu": "the columns of the sheet Établissements, compared by their keys",
}
"""Classes whose field names are themselves data, and why."""

OWED: dict[str, set[str]] = {}
"""Class -> French fields of machinery still to be renamed. Nothing is added here."""


def named_in(node: ast.ClassDef) -> Iterator[str]:
    """Fields, and properties or methods that anybody may call."""
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            yield part.target.id
        elif isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
            yield part.name


def french() -> dict[str, set[str]]:
    """Class -> its French names of machinery, the room of data set aside."""
    found: dict[str, set[str]] = {}
    for path, tree in SOURCES.items():
        if path.startswith(DATA_ROOM):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                wrong = {name for name in named_in(node) if machinery_words(name)}
                if wrong:
                    found.setdefault(node.name, set()).update(wrong)
    return found


def test_no_field_of_machinery_is_french() -> None:
    assert {name: f for name, f in french().items() if name not in DATA_CLASSES} == OWED


def test_every_class_of_data_needs_its_exception() -> None:
    assert set(DATA_CLASSES) - set(french()) == set(), "no longer needed"
