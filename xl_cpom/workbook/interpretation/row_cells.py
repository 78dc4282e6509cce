"""What one cell of a line says by itself: it adds up, names a total, labels a note, is nothing.

`row_kinds` puts these together, with what the columns admit, to tell what the line is.
"""

from __future__ import annotations

import re

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.typography import fold
from xl_cpom.workbook.interpretation.aggregates import adds_up
from xl_cpom.workbook.interpretation.parsing import clean, is_blank
from xl_cpom.workbook.reader import ExcelError, RawCell

_TOTAL = re.compile(
    r"(?:(?:sous|grand|s)[ /.-]*)?(?:total|totale|totaux|totales)\b.{0,40}"
    r"|(?:somme|moyenne|mediane|ensemble|cumul)\b.{0,25}"
    r"|.{0,25}\b(?:total|cumul|somme|moyenne|nombre)e?"
)
_NAMED = lazy_pattern(r"(?!sous|s/|grand|total general).* .* .*")
"""Three words and more: where people write names, « Total des besoins de répit » is one."""

WORD = re.compile(r"[^\W\d_]{2,}")
_LABEL = lazy_pattern(
    r"[*(\[•-].*|.*:|\d\) .*"
    r"|(?:sources?|notes?|n\.?b\.?|nota( bene)?|legendes?|(aide a la )?lecture|champ|remarques?"
    r"|attention|important|rappel|avertissement|precision|dont|soit|pour memoire|donnees|extraits?"
    r"|contact|tel|telephone|observations?|exemple|nombre d|%|fait (a|le)|a .{2,30}, le"
    r"|le \d{1,2}|l[ea] (directeur|directrice|president|presidente|gestionnaire|representant)"
    r"|(le |la )?signatures?|date|visa|cachet|tampon|nom|prenom|qualite|fonction|pour l|pour le"
    r"|lu et approuve|bon pour accord|certifie|valide par|edite le|mis a jour|mise a jour|maj"
    r"|version|page|unites?|en euros|en k|axe|chapitre|partie|secteur|section|rubrique)(?!\w).*"
)


def is_filled(cell: RawCell) -> bool:
    """Does the cell hold anything but blanks?"""
    value = cell.value
    if value is None:
        return cell.formula is not None and not cell.cached
    return not (isinstance(value, str) and is_blank(value))


def is_nothing(cell: RawCell) -> bool:
    """Is there nothing in it to read: a zero, an unticked box, an error, a formula without result?

    A zero, or an unticked box, is something beside other cells; alone on its line it says nothing.
    """
    value = cell.value
    if value is None or value is False or isinstance(value, ExcelError):
        return True
    return (isinstance(value, float) and value == 0.0) or (
        cell.formula is not None and isinstance(value, str) and clean(value) in ("", "0", "-")
    )


def is_lost(cell: RawCell) -> bool:
    """An error, or a formula without result: something was there."""
    return isinstance(cell.value, ExcelError) or (cell.formula is not None and not cell.cached)


def is_sum(cell: RawCell) -> bool:
    """Does its formula gather other rows?"""
    return cell.formula is not None and adds_up(cell.formula, cell.row, cell.col)


def is_total_label(cell: RawCell, *, short: bool = False) -> bool:
    """« Total », « Sous-total PA »; short: not « Total des besoins de répit », a name."""
    value = cell.value
    if not isinstance(value, str):
        return False
    folded = fold(clean(value))
    return _TOTAL.fullmatch(folded) is not None and not (short and _NAMED.fullmatch(folded))


def is_label(text: str) -> bool:
    """« Source : … », « Fait à Dijon », « Rappel 2026 », « (1) … »."""
    return _LABEL.fullmatch(fold(clean(text))) is not None


def number_in(cell: RawCell | None) -> float:
    """The number of a cell, 0 when it holds none."""
    value = None if cell is None else cell.value
    return value if isinstance(value, float) else 0.0
