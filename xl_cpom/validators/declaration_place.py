"""Where a rule or an indicator is declared: file and line, found by its code in the source.

A code is written as an argument of the call that declares it, once, in the folder of its family.
Reading the source costs nothing to the controls, and holds for whatever declares the rule: a
decorator, a call of `reading_rule`, a row of a table. A test asks it for every code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from xl_cpom import indicators
from xl_cpom.validators.catalogue import FAMILIES
from xl_cpom.validators.model import Rule

_VALIDATORS = Path(__file__).parent
_INDICATORS = Path(indicators.__file__).parent


def rule_origin(rule: Rule) -> str:
    """« rules/inspection/levee.py:53 », inside `xl_cpom/validators`. Raises LookupError."""
    folder, _ = FAMILIES[rule.family]
    return _only(rule.code, _VALIDATORS / "rules" / folder, _VALIDATORS)


def indicator_origin(indicator: indicators.Indicator) -> str:
    """« indicators/cpom.py:174 », inside `xl_cpom`. Raises LookupError."""
    return _only(indicator.code, _INDICATORS, _INDICATORS.parent)


def _only(code: str, folder: Path, root: Path) -> str:
    found = _declared(folder).get(code, [])
    if len(found) != 1:
        raise LookupError(f"{code} is declared {len(found)} times in {folder}: {found}")
    path, line = found[0]
    return f"{path.relative_to(root).as_posix()}:{line}"


@cache
def _declared(folder: Path) -> dict[str, list[tuple[Path, int]]]:
    """By text given to a call as its code: the files and lines of these calls."""
    found: dict[str, list[tuple[Path, int]]] = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for code in _codes(node):
                    found.setdefault(code, []).append((path, node.lineno))
    return found


def _codes(call: ast.Call) -> Iterator[str]:
    """Its first texts (a pair of rules takes two codes), or its `code=`."""
    named = (keyword.value for keyword in call.keywords if keyword.arg == "code")
    for value in (*call.args[:2], *named):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
