"""A small mutator for rules: one comparison flipped, one connective swapped, one negation lost.

Each mutant of a rule's function must be noticed by the examples the rule carries; those that
change nothing are listed with the reason.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from xl_cpom.referentiel import Referentiel
from xl_cpom.validators.examples import example_faults
from xl_cpom.validators.model import Rule

FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


class Mutant(NamedTuple):
    """A changed function, and what was changed in words."""

    quoi: str
    fonction: Callable[..., Any]


def mutants(function: Callable[..., Any]) -> Iterator[Mutant]:
    """Every mutant of a function, its decorators apart."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    definition.decorator_list = []
    for index, node in enumerate(list(ast.walk(definition))):
        for change, words in _changes(node):
            mutated = copy.deepcopy(definition)
            change(list(ast.walk(mutated))[index])
            yield Mutant(f"{words} : {ast.unparse(node)}", _compile(mutated, function))


def _changes(node: ast.AST) -> Iterator[tuple[Callable[[Any], None], str]]:
    if isinstance(node, ast.Compare):
        for position, operator in enumerate(node.ops):
            if type(operator) in FLIPS:
                yield _flip(position, FLIPS[type(operator)]), "comparaison"
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield lambda n, o=other: setattr(n, "op", o()), "et/ou"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda n: setattr(n, "op", ast.UAdd()) or _truth(n), "négation"


def _flip(position: int, operator: type[ast.cmpop]) -> Callable[[Any], None]:
    def change(node: Any) -> None:
        node.ops[position] = operator()

    return change


def _truth(node: Any) -> None:
    """« not x » becomes « not not x »: the negation is lost, the type is kept."""
    node.op = ast.Not()
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _compile(definition: ast.FunctionDef, function: Callable[..., Any]) -> Callable[..., Any]:
    module = ast.fix_missing_locations(ast.Module([definition], []))
    names = dict(function.__globals__)
    if function.__closure__:
        cells = (cell.cell_contents for cell in function.__closure__)
        names.update(zip(function.__code__.co_freevars, cells, strict=True))
    exec(compile(module, "<mutant>", "exec"), names)
    mutated = names[definition.name]
    assert callable(mutated)
    return mutated


def noticed(rule: Rule, mutant: Mutant, referentiel: Referentiel) -> bool:
    """Do the examples of the rule tell the mutant from the rule?"""
    changed = replace(rule, check=mutant.fonction)
    try:
        return any(example_faults(changed, example, referentiel) for example in rule.ok) or not all(
            example_faults(changed, example, referentiel) for example in rule.ko
        )
    except Exception:  # noqa: BLE001 - a mutant may crash in any way: it is noticed
        return True
