"""One spelling for a formula, however the program that saved the workbook wrote it.

Excel, LibreOffice, an .xlam, an XLL and an Office add-in store the same call in different ways:
`CPOM_TAUX(`, `cpom_taux(`, `[1]!CPOM_TAUX(`, `_xll.CPOM_TAUX(`, `_xldudf_CPOM_TAUX(`,
`FR.CPOM.CALC.ADDIN.CPOMTAUX(`. Two formulas are the same when their canonical texts are.
"""

from __future__ import annotations

import re
from functools import lru_cache

_QUOTED = re.compile(r'("(?:[^"]|"")*"|\[(?:[^\[\]]|\[[^\]]*\])*\])')
_ADDIN = re.compile(
    r"(?:_XLL\.|_XLDUDF_(?:[A-Z0-9]+_(?=CPOM_))?|(?:\[\d+\]|'[^']*'|[\w.]+\.XLAM)!)+(?=CPOM_)"
)
_LIBREOFFICE = re.compile(r"FR\.CPOM\.CALC\.ADDIN\.CPOM(\w+)\(")
_FUTURE = re.compile(r"_XLFN\.(?:_XLWS\.)?|_XLPM\.|_XLOP\.")
_CALL = re.compile(r"\bCPOM_?[A-Z_0-9]+\(")


def outside(text: str) -> str:
    """The part of a formula outside quotes and brackets: case and blanks mean nothing there."""
    bare = "".join(text.split()).upper()
    bare = _ADDIN.sub("", bare)
    bare = _LIBREOFFICE.sub(lambda m: f"CPOM{m[1]}(", bare)
    bare = _FUTURE.sub("", bare)
    return bare.replace("TRUE()", "TRUE").replace("FALSE()", "FALSE")


@lru_cache(maxsize=4096)
def canonical(formula: str) -> str:
    """The canonical text of a formula (stored grammar, with or without the leading `=`)."""
    parts = _QUOTED.split(formula.removeprefix("="))
    joined = "".join(part if index % 2 else outside(part) for index, part in enumerate(parts))
    joined = _ADDIN.sub("", joined)  # « [1]!CPOM_ » : its bracket was set apart above
    joined = joined.replace("[#This Row],", "@").replace("CPOM_", "CPOM")
    return re.sub(r"\[@\[([^\[\]]*)\]\]", r"[@\1]", joined)


def calls_cpom(formula: str) -> bool:
    """Does a formula call one of our functions, under any spelling?"""
    return _CALL.search(canonical(formula).replace("CPOM", "CPOM_")) is not None
