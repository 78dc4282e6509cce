"""An indicator as a whole Excel formula: guards, sans objet, numerator over denominator.

Precedence of the answers, the same as in Python: an error of a range read, then #VALUE! for a text
or a boolean where a number is needed, then #N/A for a missing datum or an empty denominator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from .computation_method import MethodRule
from .excel_text import FORMULA_LENGTH, NoExcelFormError, Writer, texte
from .expressions import Scalar
from .inputs import Input

Part: TypeAlias = Literal["value", "numerateur", "denominateur"]

NA = "NA()"
VALUE = "#VALUE!"


def excel_formula(
    rule: MethodRule,
    inputs: Mapping[str, Input],
    refs: Mapping[str, str],
    part: Part = "value",
    if_empty: str | None = None,
) -> str:
    """Formula text without its "=". `if_empty`: answer in words when a needed datum is blank.

    Raises NoExcelFormError when the rule has no Excel form or the text is too long for Excel.
    """
    writer = Writer(refs)
    core = _core(writer, rule, part, NA if if_empty is None else texte(if_empty))
    if rule.missing is not None:
        core = f"IF({writer.scalar(rule.missing)}>0,{NA},{core})"
    columns = [k for k in rule.vectors if inputs[k].nature != "texte"]
    if columns:
        core = f"IF({writer.text_in_rows(rule.rows, columns)}>0,{VALUE},{core})"
    scalars = [k for k in rule.scalaires if inputs[k].nature != "texte"]
    if scalars:
        core = f"IF({writer.any_text(scalars)},{VALUE},{core})"
    if len(core) > FORMULA_LENGTH:
        raise NoExcelFormError(f"formule de {len(core)} caractères, trop longue pour Excel")
    return core


def _core(writer: Writer, rule: MethodRule, part: Part, absent: str) -> str:
    needs_num, needs_den = rule.besoins
    if part == "denominateur" and rule.denominator is None:
        return NA
    if part == "denominateur" and rule.denominator is not None:
        return _unless_blank(writer, needs_den, writer.scalar(rule.denominator), absent)
    if part == "numerateur" or rule.denominator is None:
        return _unless_blank(writer, needs_num, writer.scalar(rule.numerator), absent)
    ratio = f"{writer.scalar(rule.numerator, 2)}/{writer.scalar(rule.denominator, 3)}"
    whole = f"IF({_positive(writer, rule.denominator)},{ratio},{NA})"
    return _unless_blank(writer, dict.fromkeys((*needs_num, *needs_den)), whole, absent)


def _positive(writer: Writer, denominator: Scalar) -> str:
    return f"{writer.scalar(denominator, 1)}>0"


def _unless_blank(writer: Writer, keys: Iterable[str], written: str, absent: str) -> str:
    needed = tuple(keys)
    return f"IF({writer.any_blank(needed)},{absent},{written})" if needed else written


def lambda_(
    compulsory: tuple[str, ...],
    facultatives: tuple[str, ...],
    this_body: Mapping[frozenset[str], str],
) -> str:
    """LAMBDA text in the stored form, from the body for each set of optional inputs given.

    `corps` maps the optional inputs that are given to the body written for them.
    """
    params = [f"_xlpm.{k}" for k in compulsory] + [f"_xlop.{k}" for k in facultatives]

    def body(rest: tuple[str, ...], given: frozenset[str]) -> str:
        if not rest:
            return this_body[given]
        first, *others = rest
        without, with_it = body(tuple(others), given), body(tuple(others), given | {first})
        if without == with_it:
            return with_it
        return f"IF(_xlfn.ISOMITTED(_xlpm.{first}),{without},{with_it})"

    written = f"_xlfn.LAMBDA({','.join((*params, body(facultatives, frozenset())))})"
    if len(written) > FORMULA_LENGTH:
        raise NoExcelFormError(f"LAMBDA de {len(written)} caractères, trop longue pour Excel")
    return written
