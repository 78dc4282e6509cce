"""A copy of a workbook in which LibreOffice finds the CPOM functions.

Versions before 25.2 know an add-in's function by its long name only, and no version knows the
spellings an .xlam, an XLL or an Office add-in leave. The copy carries the long name everywhere; it
is for looking and checking. The workbook to fill in and send back stays the original one.
"""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from xml.sax.saxutils import escape

from xl_cpom.workbook.reader import read_workbook

from .uno_names import LONG_NAMES

SHEET_NAMES = "xl/worksheets/"
SUFFIX = " (LibreOffice)"

_FORMULA = re.compile(r"(<(?:\w+:)?f(?:\s[^>]*)?>)([^<]+)(</(?:\w+:)?f>)")
_TEXT = re.compile(r'("(?:[^"]|"")*")')
_CALL = re.compile(
    r"(?:(?:_xll\.|_xldudf_(?:[A-Z0-9]+_(?=CPOM_))?|\[\d+\]!|'[^']*\.xlam'!)+|(?<![\w.]))"
    r"(?P<nom>CPOM_[A-Z0-9_]+)(?=\()",
    re.IGNORECASE,
)


def prepare_for_libreoffice(classeur: Path, copy: Path | None = None) -> Path:
    """Write the copy and return its path; the workbook itself is only read.

    copie: where to write, next to the workbook when None. Raises UnreadableWorkbookError
    on a file the control refuses, ValueError when the copy would take the place of the workbook.
    """
    target = copy or classeur.with_name(f"{classeur.stem}{SUFFIX}{classeur.suffix}")
    if target.resolve() == classeur.resolve():
        raise ValueError("la copie doit avoir un autre nom que le classeur")
    read_workbook(classeur)
    with zipfile.ZipFile(classeur) as source, zipfile.ZipFile(target, "w") as written:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.startswith(SHEET_NAMES) and info.filename.endswith(".xml"):
                content = rename_in(content.decode("utf-8")).encode("utf-8")
            written.writestr(info, content, zipfile.ZIP_DEFLATED)
    return target


def rename_in(feuille: str) -> str:
    """The XML of a sheet, long names in its formulas; nothing else changes."""

    def one(found: re.Match[str]) -> str:
        before = unescape(found[2])
        after = rename(before)
        return found[0] if after == before else f"{found[1]}{escape(after)}{found[3]}"

    return _FORMULA.sub(one, feuille)


def rename(formule: str) -> str:
    """A formula in which our functions, under any spelling, have their long name."""
    parts = _TEXT.split(formule)
    return "".join(p if n % 2 else _CALL.sub(_long, p) for n, p in enumerate(parts))


def _long(found: re.Match[str]) -> str:
    return LONG_NAMES.get(found["nom"].upper(), found[0])
