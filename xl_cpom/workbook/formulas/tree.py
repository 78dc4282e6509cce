"""The tree of a formula, in which parentheses that change nothing are gone.

`(a<>"")*(b>0)` and `((a<>"")*(b>0))` are one tree. Precedence is that of Excel: sign, percent,
power, product, sum, concatenation, comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Token = tuple[Any, ...]

_BINARY = {
    "^": 50, "*": 40, "/": 40, "+": 30, "-": 30, "&": 20,
    "=": 10, "<>": 10, "<": 10, ">": 10, "<=": 10, ">=": 10,
}  # fmt: skip
_SIGN = 60


def tree_of(tokens: Sequence[Token]) -> Any:
    """The tree of these tokens; the tokens themselves when they are no plain formula."""
    parser = _Parser(tokens)
    try:
        tree = parser.expression(0)
    except (IndexError, ValueError):
        return tuple(tokens)
    return tree if parser.at == len(tokens) else tuple(tokens)


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def expression(self, least: int) -> Any:
        left = self._operand()
        while (symbol := self._symbol()) is not None:
            if symbol == "%":
                self.at += 1
                left = ("%", left)
            elif symbol in _BINARY and _BINARY[symbol] > least:
                self.at += 1
                left = (symbol, left, self.expression(_BINARY[symbol]))
            else:
                break
        return left

    def _operand(self) -> Any:
        token = self.tokens[self.at]
        self.at += 1
        if token in (("op", "-"), ("op", "+")):
            return ("sign", token[1], self.expression(_SIGN))
        if token == ("op", "("):
            inside = self.expression(0)
            self._expect(")")
            return inside
        if token == ("op", "{"):
            end = self.tokens.index(("op", "}"), self.at)
            inside, self.at = tuple(self.tokens[self.at : end]), end + 1
            return ("array", inside)
        if token[0] == "op":
            raise ValueError(token[1])
        if token[0] == "name" and self._symbol() == "(":
            self.at += 1
            return ("call", token[1], *self._arguments())
        return token

    def _arguments(self) -> list[Any]:
        found: list[Any] = []
        if self._symbol() == ")":
            self.at += 1
            return found
        while True:
            found.append(None if self._symbol() in (",", ")") else self.expression(0))
            symbol = self._symbol()
            self.at += 1
            if symbol == ")":
                return found
            if symbol != ",":
                raise ValueError(str(symbol))

    def _symbol(self) -> str | None:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != "op":
            return None
        return str(self.tokens[self.at][1])

    def _expect(self, symbol: str) -> None:
        if self._symbol() != symbol:
            raise ValueError(symbol)
        self.at += 1
