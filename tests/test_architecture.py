"""The house: imports point one way, heavy libraries stay out of the light rooms, modules are small.

The imports are read from the source, deferred ones included: a circle hidden in a function is
still a circle.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "xl_cpom"

ROOMS = (
    (
        "xl_cpom.errors",
        "xl_cpom.extras",
        "xl_cpom.identifiants",
        "xl_cpom.lazy_regex",
        "xl_cpom.light_dataclass",
        "xl_cpom.typography",
        "xl_cpom.version",
        "xl_cpom.current_folder",
    ),
    ("xl_cpom.files",),
    ("xl_cpom.referentiel",),
    ("xl_cpom.finess",),
    ("xl_cpom.indicators",),
    ("xl_cpom.functions",),
    ("xl_cpom.workbook",),
    ("xl_cpom.validators",),
    ("xl_cpom.reports",),
    ("xl_cpom.workers",),
    ("xl_cpom.batch",),
    ("xl_cpom.udfs",),
    ("xl_cpom.browser",),
    ("xl_cpom.server",),
    ("xl_cpom.cli", "xl_cpom.__main__"),
)
"""From the ground up: a module imports its own room and those before it."""

LIGHT = ("xl_cpom.errors", "xl_cpom.identifiants", "xl_cpom.lazy_regex",
         "xl_cpom.light_dataclass", "xl_cpom.typography",
         "xl_cpom.referentiel", "xl_cpom.indicators", "xl_cpom.functions",
         "xl_cpom.workbook.reader")  # fmt: skip
"""Standard library only: Excel and LibreOffice start them, or hostile files reach them."""

LONG, LONG_RULES = 350, 500
"""Lines from which a module must be asked: is it still one thing? A rule is thirty lines of words
and examples for five of code, so a module of rules is asked later."""

STILL_ONE_THING: dict[str, str] = {
    "xl_cpom.validators.model": "the records of a control; a third of it says their fields",
    "xl_cpom.validators.retours": "what was returned and expected, and which of it counts",
    "xl_cpom.validators.rules.suivi.resultats": "what one declares of a year, half of it examples",
}
"""Longer modules that were asked, and why they stay whole. Never cut a module to please a number,
nor put a thing in the neighbour's."""


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found


MODULES = modules()


def typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def imported(name: str, path: Path, *, with_typing: bool = False) -> set[str]:
    """Absolute names of everything a module imports, at run time (or for the type checker too)."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if typing_only(node) and not with_typing:
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                anchor = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*anchor, base] if base else anchor)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in MODULES else base)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def room(name: str) -> int:
    best = max(
        ((len(prefix), level) for level, prefixes in enumerate(ROOMS) for prefix in prefixes
         if name == prefix or name.startswith(prefix + ".")),
        default=(0, len(ROOMS)),
    )  # fmt: skip
    return best[1]


def test_arrows_point_one_way() -> None:
    wrong = [
        (name, other)
        for name, path in MODULES.items()
        if name != "xl_cpom"
        for other in imported(name, path, with_typing=True)
        if other.startswith("xl_cpom") and room(other) > room(name)
    ]
    assert wrong == []


def test_no_circle_of_modules() -> None:
    """A circle that only the type checker sees still binds two modules to each other."""
    graph = {
        name: {
            other
            for other in imported(name, path, with_typing=True)
            if other in MODULES and other != name
        }
        for name, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(f"circle: {' → '.join(circle.args[1])}")


def test_light_rooms_need_only_the_standard_library() -> None:
    known = sys.stdlib_module_names | {"xl_cpom"}
    outside = [
        (name, other)
        for name, path in MODULES.items()
        if name.startswith(LIGHT)
        for other in imported(name, path)
        if other.split(".")[0] not in known
    ]
    assert outside == []


def test_only_udfs_imports_xlwings() -> None:
    others = [name for name in MODULES if not name.startswith("xl_cpom.udfs")]
    wrong = [
        name
        for name in others
        if "xlwings" in {other.split(".")[0] for other in imported(name, MODULES[name])}
    ]
    assert wrong == []


def test_a_long_module_is_still_one_thing() -> None:
    """Cut what became two things; else say in STILL_ONE_THING why it is one."""
    lengths = {n: path.read_text(encoding="utf-8").count("\n") for n, path in MODULES.items()}
    longer = {
        name
        for name, lines in lengths.items()
        if lines > (LONG_RULES if name.startswith("xl_cpom.validators.rules.") else LONG)
    }
    assert longer == set(STILL_ONE_THING)
    assert all(len(reason) > 30 for reason in STILL_ONE_THING.values())


def test_a_module_says_why_it_exists() -> None:
    sources = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    assert [n for n, source in sources.items() if not ast.get_docstring(ast.parse(source))] == []


def test_a_rule_of_a_family_knows_no_other_family() -> None:
    """What two families ask is a fact."""
    home = "xl_cpom.validators.rules."
    wrong = [
        (name, other)
        for name, path in MODULES.items()
        if name.startswith(home)
        for other in imported(name, path)
        if other.startswith(home) and other.split(".")[3] != name.split(".")[3]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "arguments", [["--help"], ["regles"], ["expliquer", "INS-002"], ["indicateurs"]]
)
def test_light_commands_load_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom xl_cpom.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'pandas', 'pandera', 'numpy', 'openpyxl', 'xlsxwriter', 'xlwings', 'lxml'}\n"
        "loaded = heavy & set(sys.modules)\nassert not loaded, loaded"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
