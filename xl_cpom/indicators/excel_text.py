"""A settled tree written as Excel formula text, in the grammar files store (English, commas).

Only functions every Excel since 2016 and LibreOffice 7.4 know: SUMPRODUCT, COUNTIFS, ROUND,
CHOOSE, IF, OR, MIN, MAX, NA. One renderer serves the plain formula and the LAMBDA body: only the
references differ (``tActions[Statut]`` or ``_xlpm.statut``).

Conditions become separate arguments of SUMPRODUCT, so that ranges of unequal heights are #VALUE!
as they are in Python, and texts in a summed column count zero; the guards written around them turn
such texts into #VALUE!. Errors in a range that is read come through unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xl_cpom.errors import XlCpomError

from .expressions import (
    All,
    Always,
    Among,
    AnyOf,
    Arith,
    Blank,
    Choose,
    Compare,
    Condition,
    Count,
    Filled,
    GroupCount,
    GroupShares,
    If,
    Never,
    NotAmong,
    NotApplicable,
    Number,
    OrDefault,
    Param,
    Ref,
    Rounded,
    SameAs,
    Scalar,
    ScalarBlank,
    Sum,
    Text,
)

FORMULA_LENGTH = 8192
"""Excel refuses longer formulas."""

PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}
ATOM = 9


class NoExcelFormError(XlCpomError, ValueError):
    """This method cannot be written as an Excel formula with the inputs given."""


def texte(value: str) -> str:
    """A text constant: ``texte('a"b') == '"a""b"'``."""
    return '"' + value.replace('"', '""') + '"'


def nombre(value: float) -> str:
    """A number constant, with a decimal point."""
    return repr(int(value)) if float(value).is_integer() else repr(float(value)).upper()


class Writer:
    """Writes trees with the caller's reference for each input."""

    def __init__(self, refs: Mapping[str, str]) -> None:
        self._refs = refs

    def ref(self, key: str) -> str:
        """Reference of an input. Raises NoExcelFormError when the caller gave none."""
        try:
            return self._refs[key]
        except KeyError:
            raise NoExcelFormError(
                f"il manque la référence de l'entrée «\u00a0{key}\u00a0»"
            ) from None

    # -- conditions

    def factors(self, node: Condition) -> list[str]:
        """Array expressions of truth values whose product is the condition."""
        match node:
            case Always():
                return []
            case All(conditions):
                found = [f for c in conditions for f in self.factors(c)]
                return list(dict.fromkeys(found))
            case AnyOf(conditions):
                return ["+".join(_group(self.product(c)) for c in conditions) + ">0"]
            case Among(col, tuple() as texts):
                parts = [f"{self.ref(col)}={texte(t)}" for t in texts]
                return parts if len(parts) == 1 else ["+".join(f"({p})" for p in parts) + ">0"]
            case NotAmong(col, tuple() as texts):
                return [f"{self.ref(col)}<>{texte(t)}" for t in texts]
            case SameAs(col, scalaire):
                wanted = self.ref(scalaire)
                given = [] if wanted.startswith('"') else [f'{self.ref(col)}<>""']
                return [f"{self.ref(col)}={wanted}", *given]
            case Filled(col):
                return [f'{self.ref(col)}<>""']
            case Blank(col):
                return [f'{self.ref(col)}=""']
            case Compare(col, op, value):
                return [f'{self.ref(col)}<>""', f"{self.ref(col)}{op}{self.scalar(value)}"]
            case ScalarBlank(key):
                return [f'{self.ref(key)}=""']
        raise NoExcelFormError(f"condition sans écriture Excel\u00a0: {type(node).__name__}")

    def product(self, node: Condition) -> str:
        """The condition as one array of 0 and 1 (or of truth values when it is one comparison)."""
        found = self.factors(node)
        return found[0] if len(found) == 1 else "*".join(_group(f) for f in found)

    def sumproduct(self, node: Condition, *more: str) -> str:
        """SUMPRODUCT over the rows of the condition of the arrays given, or their number."""
        arrays = [f"--({f})" for f in self.factors(node)]
        if not arrays and not more:
            raise NoExcelFormError("aucune plage à compter")
        return f"SUMPRODUCT({','.join((*arrays, *more))})"

    # -- scalars

    def scalar(self, node: Scalar, outer: int = 0) -> str:
        """The scalar; in parentheses when it binds less than `outer`."""
        written, own = self._scalar(node)
        return f"({written})" if own < outer else written

    def _scalar(self, node: Scalar) -> tuple[str, int]:
        match node:
            case Number(value) if not isinstance(value, Param):
                return nombre(value), ATOM if value >= 0 else 0
            case Text(value):
                return texte(value), ATOM
            case NotApplicable():
                return "NA()", ATOM
            case Ref(key):
                return self.ref(key), ATOM
            case OrDefault(key, default):
                return f'IF({self.ref(key)}="",{self.scalar(default)},{self.ref(key)})', ATOM
            case Count(Never()) | Sum(_, Never()):
                return "0", ATOM
            case Count(ou):
                return self.sumproduct(ou), ATOM
            case Sum(columns, ou):
                return self.sumproduct(ou, *(self.ref(c) for c in columns)), ATOM
            case GroupCount(key, ou):
                rows = "*".join(f"({f})" for f in self.factors(ou))
                return f"ROUND(SUMPRODUCT({rows}/({self._sizes(key, ou)}+1-{rows})),0)", ATOM
            case GroupShares(key, reussi, ou):
                rows = "*".join(f"({f})" for f in self.factors(ou))
                done = "*".join(f"({f})" for f in self.factors(reussi))
                return f"SUMPRODUCT({rows}*{done}/({self._sizes(key, ou)}+1-{rows}))", ATOM
            case Arith(op, termes):
                return self._arith(op, termes)
            case Rounded(terme, decimales) if not isinstance(decimales, Param):
                return f"ROUND({self.scalar(terme)},{decimales})", ATOM
            case Choose(this_rank, tuple() as these_values):
                values = ",".join(nombre(v) for v in these_values)
                rank = f"MAX(1,MIN({len(these_values)},{self.scalar(this_rank)}))"
                return f"CHOOSE({rank},{values})", ATOM
            case If(left, op, right, alors, sinon):
                test = f"{self.scalar(left, 1)}{op}{self.scalar(right, 1)}"
                return f"IF({test},{self.scalar(alors)},{self.scalar(sinon)})", ATOM
        raise NoExcelFormError(f"calcul sans écriture Excel\u00a0: {type(node).__name__}")

    def _arith(self, op: str, termes: tuple[Scalar, ...]) -> tuple[str, int]:
        if op in {"max", "min"}:
            return f"{op.upper()}({','.join(self.scalar(t) for t in termes)})", ATOM
        own = PRECEDENCE[op]
        first = self.scalar(termes[0], own)
        rest = [self.scalar(t, own + (op in "-/")) for t in termes[1:]]
        return op.join((first, *rest)), own

    def _sizes(self, cle: str, ou: Condition) -> str:
        """COUNTIFS giving each row the number of kept rows of its group."""
        pairs = [f"{self.ref(cle)},{self.ref(cle)}"]
        for condition in ou.conditions if isinstance(ou, All) else (ou,):
            match condition:
                case SameAs(col, scalaire):
                    pairs.append(f"{self.ref(col)},{self.ref(scalaire)}")
                case Among(col, (single,)):
                    pairs.append(f"{self.ref(col)},{texte(single)}")
                case Filled(col):
                    pairs.extend([] if col == cle else [f'{self.ref(col)},"<>"'])
                case _:
                    raise NoExcelFormError("ces conditions ne s'écrivent pas avec NB.SI.ENS")
        return f"COUNTIFS({','.join(pairs)})"

    # -- guards. A text that is not empty, or a boolean, is what comes after "" in Excel's order
    # (numbers, texts, booleans); a number or a blank does not.

    def text_in_rows(self, lignes: Condition, columns: Iterable[str]) -> str:
        """Number of cells of number columns, on the rows read, that hold something else."""
        return "+".join(self.sumproduct(lignes, f'--({self.ref(c)}>"")') for c in columns)

    def any_text(self, keys: Iterable[str]) -> str:
        """Whether one of the scalars is a text or a boolean."""
        return _any([f'{self.ref(k)}>""' for k in keys])

    def any_blank(self, keys: Iterable[str]) -> str:
        """Whether one of the scalars is blank."""
        return _any([f'{self.ref(k)}=""' for k in keys])


def _any(tests: list[str]) -> str:
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def _group(text: str) -> str:
    return f"({text})"
