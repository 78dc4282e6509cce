"""What a function in cells is: its name, its help, its arguments, its value, its plain formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import typeset

EXCEL_HELP = 255
"""Excel's function wizard cuts a help text at 255 characters."""

NA = "#N/A"
VALUE = "#VALUE!"
NUM = "#NUM!"

RENDUES = frozenset({NA, VALUE, NUM, "#DIV/0!", "#REF!", "#NAME?", "#NULL!"})
"""Errors a function may answer: those every host can show."""

ERRORS = RENDUES | frozenset(
    {
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#BUSY!",
    }
)
"""Error values of Excel, as files spell them."""

Range = list[list[Any]]
"""A range: rows of cells. An empty cell is None."""


class ExcelFunctionError(Exception):
    """The answer is an Excel error. `motif` says why, in French, for CPOM_EXPLIQUE.

    An error only recent versions of Excel know (#SPILL!…) is answered as #VALUE!: the add-in could
    only write it as a text.
    """

    def __init__(self, code: str, motif: str) -> None:
        self.code = code if code in RENDUES else VALUE
        self.motif = typeset(motif)
        super().__init__(f"{code} {motif}")


@dataclass(frozen=True)
class FunctionParam:
    """One argument. kind "range" takes one cell or several, "scalar" a single cell."""

    name: str
    label: str
    kind: Literal["scalar", "range"] = "scalar"
    unit: str = ""
    example: str = ""
    optional: bool = False

    @property
    def doc(self) -> str:
        """Help of the argument as shown by Excel's wizard (at most 255 characters)."""
        parts = [self.label]
        if self.unit and self.unit not in self.label.lower():
            parts[0] += f", {self.unit}" if self.label.endswith(")") else f" ({self.unit})"
        if self.example:
            parts.append(f"exemple : {self.example}")
        if self.optional:
            parts.append("facultatif")
        return typeset(". ".join(p[0].upper() + p[1:] for p in parts) + ".")[:EXCEL_HELP]


@dataclass(frozen=True, eq=False)
class CellFunction:
    """One function.

    compute: values of the arguments given (name → cell or Plage; a scalar not given or empty is
    absent) → value, Plage, or ExcelFunctionError raised. write: text of the arguments given →
    plain Excel formula without its "=". array: ranges in, an array out, one answer per cell.
    """

    name: str
    description: str
    params: tuple[FunctionParam, ...]
    compute: Callable[[Mapping[str, Any]], Any]
    write: Callable[[Mapping[str, str]], str]
    array: bool = False
    write_lambda: Callable[[Mapping[str, str]], str] | None = None

    @property
    def body(self) -> Callable[[Mapping[str, str]], str]:
        """What writes the body of the LAMBDA: `write`, unless Excel 365 has something better."""
        return self.write if self.write_lambda is None else self.write_lambda

    @property
    def required(self) -> int:
        """Number of arguments that must be given."""
        return sum(not p.optional for p in self.params)

    @property
    def syntax(self) -> str:
        """As typed in a French Excel: ``CPOM_SI(taux; [exigibles])``."""
        shown = (f"[{p.name}]" if p.optional else p.name for p in self.params)
        return f"{self.name}({'; '.join(shown)})"
