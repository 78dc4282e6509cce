"""What the add-in carries to compute: the core, its imports and nothing else, for older Pythons.

The list is drawn from the imports themselves, so a module the core starts to need is packed the day
it needs it, and nothing that needs a third-party library can slip in unseen.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.util import find_spec, resolve_name
from pathlib import Path

from xl_cpom.errors import XlCpomError

from .older_pythons import rewrite

PACKAGE = "xl_cpom"
DEPARTS = (
    "xl_cpom.udfs.libreoffice.conversion",
    "xl_cpom.udfs.libreoffice.frozen_referentiel",
    "xl_cpom.udfs.libreoffice.uno_names",
)


class ThirdPartyModuleError(XlCpomError, ImportError):
    """The core imports something LibreOffice does not have."""


def modules() -> dict[str, Path]:
    """Name → file of every module the add-in carries, in alphabetical order."""
    found: dict[str, Path] = {}
    waiting = list(DEPARTS)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        spec = find_spec(name)
        assert spec is not None and spec.origin is not None
        found[name] = Path(spec.origin)
        waiting.extend(_needs(name, found[name]))
    return dict(sorted(found.items()))


def fichiers() -> Iterator[tuple[str, str]]:
    """(path in ``pythonpath/``, text) of every module, rewritten for older Pythons."""
    for name, path in modules().items():
        parts = name.split(".")
        inside = [*parts, "__init__"] if path.name == "__init__.py" else parts
        yield "/".join(inside) + ".py", rewrite(path.read_text(encoding="utf-8"), name)


def _needs(name: str, path: Path) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    if "." in name:
        yield name.rpartition(".")[0]
    for node in _running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            base = "." * node.level + (node.module or "")
            module = resolve_name(base, package) if node.level else base
            submodules = [f"{module}.{alias.name}" for alias in node.names]
            names = [
                module,
                *(s for s in submodules if module.startswith(PACKAGE) and _is_module(s)),
            ]
        for wanted in names:
            if wanted.split(".")[0] == PACKAGE:
                yield wanted
            elif wanted.split(".")[0] not in sys.stdlib_module_names:
                raise ThirdPartyModuleError(f"{name}: {wanted}")


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # the parent is a module, not a package
        return False


def _running(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that run: those made for type checkers are left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        yield from _running(child)
