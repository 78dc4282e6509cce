"""The texts and formulas of the blank template: what the gestionnaire did not write.

Asked of the blank workbook itself, so that nothing here repeats what the writers know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from xl_cpom.files.temporaries import private_folder
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import fold
from xl_cpom.workbook.control_page import CONTROL_PAGE, NAMED
from xl_cpom.workbook.formulas.canonical import canonical
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.reader import RawCell, RawSheet, read_workbook
from xl_cpom.workbook.tabs import HOME
from xl_cpom.workbook.template.accueil import FORMER
from xl_cpom.workbook.template.writer import write_template
from xl_cpom.workbook.transfer.cell_notes import notes_of

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class SheetDecor:
    """What one tab of the blank template shows: folded texts, numbers, formulas, notes."""

    texts: frozenset[str]
    numbers: frozenset[float]
    formulas: frozenset[str]
    formula_cells: frozenset[tuple[int, int]]
    notes: frozenset[str]

    def holds(self, cell: RawCell) -> bool:
        """Is this cell, at least in its words, one of the template?"""
        if cell.formula is not None:
            same = canonical(cell.formula) in self.formulas
            return same or (cell.row, cell.col) in self.formula_cells
        return isinstance(cell.value, str) and bare(cell.value) in self.texts


_NUMBERING = re.compile(r"\d+ - ")
_VERSION = re.compile(r"modele \d{4}\.\d+ - ")


def bare(text: str) -> str:
    """A text of the template folded, without what changes from one version of it to the next.

    The sections of the fiche are numbered again when one is added; « Accueil » names the version,
    and the page that controls.
    """
    text = NAMED.sub(CONTROL_PAGE, text, count=1)
    return _NUMBERING.sub("", _VERSION.sub("modele - ", fold(text), count=1), count=1)


def decors(referentiel: Referentiel, variante: Variante) -> Mapping[str, SheetDecor]:
    """The décor of each tab, by folded name."""
    return _decors(referentiel.digest, variante, referentiel)


@lru_cache(maxsize=8)
def _decors(_key: str, variante: Variante, referentiel: Referentiel) -> Mapping[str, SheetDecor]:
    with private_folder() as folder:
        path = folder / "vierge.xlsx"
        write_template(path, referentiel, variante=variante)
        raw = read_workbook(path)
        notes = notes_of(path.read_bytes(), raw)
    texts: dict[str, set[str]] = {}
    for note in notes:
        texts.setdefault(note.sheet, set()).add(fold(note.text))
    return {
        fold(sheet.name): _of(sheet, frozenset(texts.get(sheet.name, ()))) for sheet in raw.sheets
    }


def _of(sheet: RawSheet, notes: frozenset[str]) -> SheetDecor:
    formulas = [cell for cell in sheet.cells.values() if cell.formula is not None]
    said = {bare(c.value) for c in sheet.cells.values() if isinstance(c.value, str)}
    if sheet.name == HOME:
        said.update(map(bare, FORMER))
    return SheetDecor(
        frozenset(said),
        frozenset(c.value for c in sheet.cells.values() if isinstance(c.value, float)),
        frozenset(canonical(cell.formula or "") for cell in formulas),
        frozenset((cell.row, cell.col) for cell in formulas),
        notes,
    )
