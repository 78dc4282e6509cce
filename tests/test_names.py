"""One word for one thing: no class with two meanings, no twin modules, no twin functions.

The names are read from the source. Each list of exceptions says why; an exception that is no
longer needed must leave its list.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "xl_cpom"

DOMAIN = ("validators/rules/", "workbook/sheets/", "workbook/examples/")
"""Rooms with one module per family of rules or per sheet: the same domain noun in each."""

SAME_BASENAME = {
    "model": "the dataclasses of a room, named so in every room",
    "tables": "the tables consolidated; those of the template",
    "xlsx_tables": "the xlsx tables of reports, and those of the region",
    "cell_values": "the cells an indicator reads; the cells a transfer writes",
    "sources": "a command of the user; the list it prints",
    "console": "a report, and a comparison, in the terminal",
    "html_page": "a report, and a comparison, as a page",
    "json_document": "a report, and a comparison, as JSON",
}
"""Basenames that several modules bear outside `DOMAIN`, and why."""

SAME_FUNCTION = {
    "render": "the interface of every rendering, chosen by `reports/renderings.py`",
    "functions": "the interface of every family of cell functions, joined by the registry",
    "fichiers": "the interface of what goes into an extension: path -> content",
    "installer": "a command of the user; the installation of the frozen référentiel",
    "jour": "a day of the FINESS extract, or of the examples: ISO or French, each its format",
    "suspects": "the interface of every judge",
    "sources": "the command of the user; the text it prints",
    "literal": "a text inside a formula, or inside the XML of a workbook",
}
"""Public functions of one name and one signature in several modules, and why."""

SAME_CLASS = {
    "Contenu": "an alias, the same in all: rows by sheet key",
    "Command": "the same type variable: a command of click being decorated",
}


def sources() -> dict[str, ast.Module]:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
    }


SOURCES = sources()


def one_edit_apart(a: str, b: str) -> bool:
    """One letter changed, added or removed."""
    short, long = sorted((a, b), key=len)
    if len(short) == len(long):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    return len(long) == len(short) + 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )


def test_one_edit_apart() -> None:
    assert one_edit_apart("complement", "complements") and one_edit_apart("ovba", "ovbx")
    assert not one_edit_apart("faults", "faulty_") and not one_edit_apart("a", "a")


def test_no_class_has_two_meanings() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path, tree in SOURCES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(path)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:  # an alias of a type is a name like a class
                    if isinstance(target, ast.Name) and is_capitalised(target.id):
                        found[target.id].append(path)
    twins = {name: paths for name, paths in found.items() if len(paths) > 1}
    assert {name: p for name, p in twins.items() if name not in SAME_CLASS} == {}
    assert set(SAME_CLASS) - set(twins) == set(), "no longer needed"


def is_capitalised(name: str) -> bool:
    bare = name.lstrip("_")
    return bare[:1].isupper() and not bare.isupper()


def test_every_exception_ends_in_error() -> None:
    bases = {"Exception", "BaseException", "ClickException"}
    wrong = []
    for path, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names = {
                    base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
                    for base in node.bases
                }
                raised = names & bases or any(
                    name.endswith("Error") and name != "ExcelError" for name in names
                )
                if raised and not node.name.endswith("Error"):
                    wrong.append((path, node.name))
    assert wrong == []


def test_no_two_modules_bear_one_name() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in SOURCES:
        name = Path(path).stem
        if not name.startswith("__") and not path.startswith(DOMAIN):
            found[name].append(path)
    for path in SOURCES:  # a room of the domain against the others, for the nouns listed above
        if path.startswith(DOMAIN) and Path(path).stem in SAME_BASENAME:
            found[Path(path).stem].append(path)
    twins = {name: paths for name, paths in found.items() if len(paths) > 1}
    assert {name: p for name, p in twins.items() if name not in SAME_BASENAME} == {}
    assert set(SAME_BASENAME) - set(twins) == set(), "no longer needed"


ONE_LETTER = {
    ("ovba", "vba"): "MS-OVBA is the name of the format, VBA that of the language",
    ("faults", "faulty"): "the faults of the example; the faulty workbook that has them",
}
"""Modules one letter apart in one folder, and why."""


def test_no_two_neighbours_are_one_letter_apart() -> None:
    folders: dict[str, set[str]] = defaultdict(set)
    for path in SOURCES:
        place = Path(path)
        if place.stem == "__init__":
            folders[place.parent.parent.as_posix()].add(place.parent.name)
        else:
            folders[place.parent.as_posix()].add(place.stem)
    close = {
        pair
        for names in folders.values()
        for pair in combinations(sorted(names), 2)
        if one_edit_apart(*pair)
    }
    assert close - set(ONE_LETTER) == set()
    assert set(ONE_LETTER) - close == set(), "no longer needed"


def test_no_two_public_functions_of_one_name_and_signature() -> None:
    found: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for path, tree in SOURCES.items():
        if path.startswith(DOMAIN):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                a = node.args
                shape = tuple(x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs))
                found[node.name, shape].append(path)
    twins = {
        (name, shape): paths
        for (name, shape), paths in found.items()
        if len(paths) > 1 and name != "main"
    }
    assert {key: p for key, p in twins.items() if key[0] not in SAME_FUNCTION} == {}
