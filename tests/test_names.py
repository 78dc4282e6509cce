"""One word for one thing: no class with two meanings, no twin modules, no twin functions.

The names are read from the source. Each list of exceptions says why; an exception that is no
longer needed must leave its list.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
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
    assert twins == {}


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


REPOSITORY = ROOT.parent
CODE = ("xl_cpom", "tests", "tools", "benchmarks")
MACHINERY = tomllib.loads(
    (REPOSITORY / "tests/data/machinery_words.toml").read_text(encoding="utf-8")
)["words"]
VOCABULARY = (REPOSITORY / "docs/vocabulaire.md").read_text(encoding="utf-8")
DOMAIN_LINES = VOCABULARY.partition("## Les mots du métier")[2].partition("\n- ")[2]
DOMAIN_WORDS = frozenset(re.findall(r"`([a-z_]+)`", DOMAIN_LINES))
RULES_ROOM = "xl_cpom/validators/rules/"
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@cache
def machinery_words(name: str) -> list[str]:
    """The French machinery words of an identifier, the names of the domain set aside."""
    words = [word.lower() for part in name.split("_") for word in WORD.findall(part)]
    said = "_".join(words)
    for phrase in sorted(DOMAIN_WORDS, key=len, reverse=True):
        said = re.sub(rf"(?<![a-z]){phrase}(?![a-z])", "", said)
    return [word for word in said.split("_") if word in MACHINERY]


def test_machinery_words() -> None:
    assert machinery_words("premiere_ligne_du_classeur") == ["premiere", "ligne"]
    assert machinery_words("SansObjetError") == machinery_words("taux_levee") == []
    assert machinery_words("FichierRecu") == ["fichier", "recu"]


@cache
def parsed() -> dict[str, ast.Module]:
    return {
        path.relative_to(REPOSITORY).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for room in CODE
        for path in sorted((REPOSITORY / room).rglob("*.py"))
    }


def data_names(modules: dict[str, ast.Module]) -> set[str]:
    """Names that are data: texts of the program, keys of files, words of a page, options, rules."""
    found: set[str] = set()
    for path, tree in modules.items():
        for node in ast.walk(tree):
            texts = [node] if not path.startswith("tests/") else []
            if isinstance(node, ast.Dict) and path.startswith("tests/"):
                texts = [key for key in node.keys if key is not None]
            for text in texts:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    found.add(text.value)
                    found.update(re.findall(r"\{(\w+)[}.!:\[]", text.value))
            if isinstance(node, ast.Constant) and str(node.value).startswith("--"):
                found.add(re.split("[/ ]", str(node.value)[2:])[0].replace("-", "_"))
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                if path.startswith("xl_cpom/cli/"):  # click names the parameters
                    found.update((node.name, *(a.arg for a in node.args.args)))
                elif path.startswith(RULES_ROOM):  # what the rule says, decision 06
                    found.add(node.name)
    for path in sorted((REPOSITORY / "xl_cpom").rglob("*")):
        if path.suffix in (".html", ".md"):
            for code in re.findall(r"\{[{%].*?[%}]\}", path.read_text(encoding="utf-8"), re.S):
                found.update(re.findall(r"[A-Za-z_]\w*", code))
        elif path.suffix == ".toml":
            found.update(
                re.findall(r"(?m)(?:^|[{,])\s*(\w+)\s*=", path.read_text(encoding="utf-8"))
            )
    found.update(
        re.findall(r"(?m)^(\w+)\s*=", (REPOSITORY / "tools/couverture.toml").read_text("utf-8"))
    )
    return found


def bound_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.alias(asname=str(name)):
                yield name, node.lineno


def test_no_machinery_word_in_french() -> None:
    modules = parsed()
    data = data_names(modules) | {Path(path).stem for path in modules}
    wrong = [
        f"{path}:{line} {name} : {', '.join(f'{w} → {MACHINERY[w]}' for w in words)}"
        for path, tree in modules.items()
        for name, line in bound_names(tree)
        if name not in data
        and not name.startswith("cpom_")  # the CPOM_ functions of the cells
        and (words := machinery_words(name))
    ]
    assert wrong == []


def test_a_word_is_of_the_domain_or_of_the_machinery() -> None:
    assert DOMAIN_WORDS & MACHINERY.keys() == set()


def test_no_test_imports_a_private_name() -> None:
    private = [
        f"{path}:{node.lineno} {alias.name}"
        for path, tree in parsed().items()
        if not path.startswith("xl_cpom/")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in CODE
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    ]
    assert private == []


NO_ROOM = {
    "corpus": "altered workbooks, one file of cases a family of faults",
    "data": "what several tests read",
    "delivery": "what is shipped: package, guides, supply chain",
    "docs": "the pages, and what they say to type",
    "navigateur": "the page of `browser`, as `tools/navigateur` builds it",
    "reliability": "hostile files and breakdowns, through every room",
    "sans_hypothesis": "the stand-in of a library, for who tests without it",
    "vies": "lives of contracts, through several years",
}
"""Folders of tests that are no room of the package, and what they hold."""


def test_the_tests_stand_in_the_rooms_layout() -> None:
    folders = {
        path.parent.relative_to(REPOSITORY / "tests").parts[0]
        for path in (REPOSITORY / "tests").rglob("test_*.py")
        if path.parent != REPOSITORY / "tests"
    }
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders - rooms - set(NO_ROOM) == set()
    assert all((REPOSITORY / "tests" / folder).is_dir() for folder in NO_ROOM), "no longer there"
