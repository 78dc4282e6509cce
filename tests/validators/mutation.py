"""A small mutator for rules: one comparison flipped, one connective swapped, one negation lost.

What is mutated is the function of each rule, and each function of the same modules that a rule
calls, however far. A mutant must be noticed by the examples the rules carry: those of the rule, or
of any rule that calls the function.
"""

from __future__ import annotations

import ast
import copy
import dis
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from xl_cpom.referentiel import Referentiel
from xl_cpom.validators.campaign_examples import campagne
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Rule, Scope
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_examples import example_context, faults_in
from xl_cpom.validators.wording import finding_of_fault
from xl_cpom.validators.year_pairs import paired_check

RULE_CODES = (
    "xl_cpom.validators.rules",
    "xl_cpom.validators.facts",
    "xl_cpom.validators.year_pairs",
)

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


# --- the functions of the rules ------------------------------------------------------------------


def fonction(rule: Rule) -> Callable[..., Any]:
    """What the author of a rule wrote: a rule over pairs of records is wrapped."""
    assert rule.check is not None
    nonlocals = inspect.getclosurevars(rule.check).nonlocals
    return nonlocals["function"] if "lues" in nonlocals else rule.check


def _with(rule: Rule, function: Callable[..., Any]) -> Rule:
    """The rule with another function in place of its author's."""
    assert rule.check is not None
    around = inspect.getclosurevars(rule.check).nonlocals
    if "lues" in around:
        function = paired_check(function, around["on"], around["columns"], around["lues"])
    return replace(rule, check=function)


@cache
def auxiliaires() -> Mapping[FunctionType, tuple[Rule, ...]]:
    """The functions of these modules that rules call -> the rules that call them."""
    callers: dict[FunctionType, list[Rule]] = {}
    for rule in RULES.values():
        if rule.check is not None:
            for function in _appelees(fonction(rule)):
                callers.setdefault(function, []).append(rule)
    return {function: tuple(rules) for function, rules in callers.items()}


def _appelees(function: Callable[..., Any]) -> Iterable[FunctionType]:
    """In the order they are met: every worker of the test run must collect the same tests."""
    found: dict[FunctionType, None] = {}
    waiting: list[Any] = [function]
    while waiting:
        for called in _named(waiting.pop()):
            if called not in found:
                found[called] = None
                waiting.append(called)
    return found


def _named(function: Any) -> Iterator[FunctionType]:
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if isinstance(value, FunctionType) and value.__module__.startswith(RULE_CODES):
            yield value


def _names(code: CodeType) -> Iterator[str]:
    yield from (i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


@contextmanager
def remplacee(original: FunctionType, mutant: Callable[..., Any]) -> Iterator[None]:
    """The mutant in place of a function, in every module that names it."""
    places = [
        (module, name)
        for key, module in list(sys.modules.items())
        if key.startswith(RULE_CODES)
        for name, value in list(vars(module).items())
        if value is original
    ]
    for module, name in places:
        setattr(module, name, mutant)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, original)


# --- what the examples notice --------------------------------------------------------------------


def noticed(
    rule: Rule, mutant: Mutant, referentiel: Referentiel, words: Sequence[str] = ()
) -> bool:
    """Do the examples of the rule tell the mutant from the rule?"""
    return not tenue(_with(rule, mutant.fonction), referentiel, words)


def tenue(rule: Rule, referentiel: Referentiel, words: Sequence[str] = ()) -> bool:
    """Do the examples of a rule say of it what they must? mots: texts that they must make it say.

    A rule that crashes in any way does not hold.
    """
    try:
        if any(_found(rule, example, referentiel) for example in rule.ok):
            return False
        said = [_found(rule, example, referentiel) for example in rule.ko]
    except Exception:  # noqa: BLE001 - a mutant may crash in any way: it is noticed
        return False
    texts = " ".join(text for texts in said for text in texts)
    return all(said) and all(word in texts for word in words)


def _found(rule: Rule, example: Any, referentiel: Referentiel) -> list[str]:
    """What a rule says of an example, a text for each fault."""
    if rule.scope is Scope.CAMPAGNE:
        assert rule.check is not None
        return [str(fault) for fault in rule.check(campagne(example))]
    context = _context(rule, example, referentiel)
    context.classeur.memo.clear()  # an answer of another mutant
    found = []
    for fault in faults_in(rule, context):
        finding = finding_of_fault(rule, fault)
        found.append(f"{finding.message} {finding.expected} {' '.join(finding.cells)}")
    return found


_CONTEXTS: dict[int, RuleContext] = {}
"""Built once: no rule changes what it reads (see `test_contrat`)."""


def _context(rule: Rule, example: Any, referentiel: Referentiel) -> RuleContext:
    if id(example) not in _CONTEXTS:
        _CONTEXTS[id(example)] = example_context(rule, example, referentiel)
    return _CONTEXTS[id(example)]
