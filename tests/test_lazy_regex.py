"""A lazy pattern does what the compiled one does."""

from __future__ import annotations

import re
import sys

import xl_cpom.validators.check  # noqa: F401 - what a control imports
from xl_cpom.lazy_regex import LazyPattern, lazy_pattern
from xl_cpom.validators.named_persons import compiled_patterns


def test_it_does_what_the_pattern_does() -> None:
    text, source = "A1 et b22", r"(?P<letter>[a-z])(?P<digits>\d+)"
    lazy, plain = lazy_pattern(source, re.IGNORECASE), re.compile(source, re.IGNORECASE)
    assert [m["digits"] for m in lazy.finditer(text)] == ["1", "22"]
    assert lazy.sub("x", text) == plain.sub("x", text)
    assert lazy.fullmatch("c3") and not lazy.match("3") and lazy.search(text)
    assert (lazy.pattern, lazy.groupindex) == (plain.pattern, plain.groupindex)


def test_a_wrong_one_says_so_at_its_first_use() -> None:
    wrong = lazy_pattern("(")
    try:
        wrong.search("")
    except re.error:
        return
    raise AssertionError


def test_every_pattern_of_the_program_compiles() -> None:
    """A mistake in one must not wait for the workbook that needs it."""
    lazy = [
        value
        for name, module in sys.modules.items()
        if name.startswith("xl_cpom")
        for value in vars(module).values()
        if isinstance(value, LazyPattern)
    ]
    assert len(lazy) > 10 and all(re.compile(*value._source) for value in lazy)
    assert all(pattern.pattern for pattern in compiled_patterns())
