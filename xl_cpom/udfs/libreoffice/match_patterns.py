"""A pattern of `match` as the tests an `if` makes, for Pythons that do not know patterns.

Covers what the core writes: classes with positional sub-patterns (nodes, dataclasses), constants,
short sequences, alternatives, captures. Anything else is refused.
"""

from __future__ import annotations

import ast

from xl_cpom.errors import XlCpomError

CHAMP = "(getattr({0}, '__match_args__', None) or tuple({0}.__dataclass_fields__))"
"""Names of the fields of a node, or of a dataclass of an older Python, in their order."""


class UnknownPatternError(XlCpomError, ValueError):
    """A pattern this module does not translate."""


def condition(pattern: ast.pattern, subject: str) -> list[str]:
    """Tests to join with `and`; a capture is a test too, always true, that binds its name."""
    if isinstance(pattern, ast.MatchAs):
        tests = condition(pattern.pattern, subject) if pattern.pattern else []
        return [*tests, f"[{pattern.name} := {subject}]"] if pattern.name else tests
    if isinstance(pattern, ast.MatchValue) and isinstance(pattern.value, ast.Constant):
        return [f"{subject} == {ast.unparse(pattern.value)}"]
    if isinstance(pattern, ast.MatchOr):
        sides = [" and ".join(condition(p, subject)) for p in pattern.patterns]
        return [f"({' or '.join(f'({s})' for s in sides)})"]
    if isinstance(pattern, ast.MatchSequence):
        tests = [
            f"isinstance({subject}, (list, tuple))",
            f"len({subject}) == {len(pattern.patterns)}",
        ]
        for rank, inner in enumerate(pattern.patterns):
            tests += condition(inner, f"{subject}[{rank}]")
        return tests
    if isinstance(pattern, ast.MatchClass) and not pattern.kwd_patterns:
        tests = [f"isinstance({subject}, {ast.unparse(pattern.cls)})"]
        for rank, inner in enumerate(pattern.patterns):
            tests += condition(inner, f"getattr({subject}, {CHAMP.format(subject)}[{rank}])")
        return tests
    raise UnknownPatternError(ast.unparse(pattern))
