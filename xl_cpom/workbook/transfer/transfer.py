"""The transfer itself: read the old workbook, write the new one, read it again, publish it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.files.atomic import atomic_write
from xl_cpom.files.temporaries import private_folder
from xl_cpom.typography import guillemets, typeset
from xl_cpom.workbook.decryption import clear_bytes, open_workbook
from xl_cpom.workbook.formulas.canonical import calls_cpom, canonical
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.interpretation.interpret import Retour, interpret
from xl_cpom.workbook.mark import VARIANTE_KEY, read_mark
from xl_cpom.workbook.reader import RawWorkbook, parse_cell, read_workbook
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template.content import SheetContent
from xl_cpom.workbook.template.writer import write_template
from xl_cpom.workbook.transfer import leftovers_sheet
from xl_cpom.workbook.transfer.blank_texts import decors
from xl_cpom.workbook.transfer.cell_notes import notes_of
from xl_cpom.workbook.transfer.cell_values import reads_back
from xl_cpom.workbook.transfer.leftovers import leftovers
from xl_cpom.workbook.transfer.outcome import (
    NotTransferred,
    ReadBackError,
    TransferReport,
    TransferTargetError,
)
from xl_cpom.workbook.transfer.pouring import RowTransfer, for_tables

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def transfer(
    source: Path | str,
    cible: Path | str,
    *,
    referentiel: Referentiel | None = None,
    ecraser: bool = False,
) -> TransferReport:
    """Pour a workbook into a clean template, written at `cible` whole or not at all.

    The source is only read. ecraser: replace a file already there (never the source itself).
    Raises UnreadableWorkbookError, TransferTargetError, WriteError (French messages), and
    ReadBackError, a fault of the program, when the new file does not read as the old one.
    """
    from xl_cpom.referentiel import load_referentiel

    source, cible = Path(source), Path(cible)
    _refuse(source, cible, ecraser=ecraser)
    referentiel = referentiel or load_referentiel()
    raw = open_workbook(source)
    retour = interpret(raw, referentiel)
    versement = for_tables(retour)
    variante = detected_variante(raw)
    blank = decors(referentiel, variante)
    left = tuple(
        leftovers(retour, versement, blank, notes_of(clear_bytes(source.read_bytes()), raw))
    )
    organisme = str(versement.content["identification"][0].get("raison_sociale") or "")

    def finish(
        workbook: Any, tabs: Mapping[str, Any], contents: Mapping[str, SheetContent]
    ) -> None:
        _write_errors(versement, tabs, contents)
        leftovers_sheet.write(workbook, left, organisme, referentiel.libelle)

    with private_folder() as folder:
        draft = folder / cible.name
        write_template(
            draft, referentiel, contenu=versement.content, variante=variante, finition=finish
        )
        _read_again(draft, retour, versement, left)
        data = draft.read_bytes()
    with atomic_write(cible) as temporary:
        temporary.write_bytes(data)
    return TransferReport(cible, versement.taken, tuple(versement.repairs), left, _warnings(raw))


def _refuse(source: Path, cible: Path, *, ecraser: bool) -> None:
    if cible.suffix.lower() != ".xlsx":
        raise TransferTargetError(
            typeset(f"Le nouveau classeur doit porter l'extension .xlsx : « {cible.name} ».")
        )
    if not os.path.lexists(cible):
        return
    if source.exists() and cible.exists() and cible.samefile(source):
        raise TransferTargetError(
            "Le nouveau classeur ne peut pas remplacer l'ancien. Choisissez un autre nom."
        )
    if not ecraser:
        raise TransferTargetError(
            typeset(f"« {cible.name} » existe déjà. Choisissez un autre nom, ou ajoutez --ecraser.")
        )


def _write_errors(
    versement: RowTransfer, tabs: Mapping[str, Any], contents: Mapping[str, SheetContent]
) -> None:
    """Error values go back to their cells as errors: the control must see them again."""
    for (key, index, column), code in versement.errors.items():
        place = contents[key].place
        if SHEETS[key].fixed_rows is not None:
            index = _fixed_index(contents[key], versement.content[key][index])
        cell = parse_cell(place.address(column, index))
        assert cell is not None
        row, col = cell[0] - 1, cell[1] - 1
        tab = tabs[key]
        tab.write_formula(row, col, f"={code}", tab.table[row][col].format, code)


def _fixed_index(content: SheetContent, values: Mapping[str, Any]) -> int:
    identity = content.place.sheet.identity[0]
    return [row[identity] for row in content.written].index(values[identity])


def _read_again(
    draft: Path, before: Retour, versement: RowTransfer, left: tuple[NotTransferred, ...]
) -> None:
    """The new workbook must give the control the very values that the old one gave."""
    after = interpret(read_workbook(draft), before.classeur.referentiel)
    for key, sheet in SHEETS.items():
        old, new = before.classeur[key], after.classeur[key]
        if sheet.fixed_rows is not None:
            identity = sheet.identity[0]
            rows = {row.values[identity]: row for row in new}
            pairs = [(row, rows.get(row.values[identity])) for row in old]
        else:
            news = [*new, *[None] * max(0, len(old) - len(new))]
            pairs = list(zip(old, news, strict=len(new) <= len(old)))
        for one, other in pairs:
            for column in sheet.columns:
                value = one.values[column.key]
                address = one.cell(column.key) or ""
                aside = parse_cell(address) in versement.reasons.get(key, {})
                if not column.is_entry or value is NON_LU or aside:
                    continue
                if other is None or not reads_back(value, other.values[column.key]):
                    where = f"{sheet.name}, {address}"
                    raise ReadBackError(f"{where} : {guillemets(str(value))}")
    if bool(left) != (after.raw.sheet(leftovers_sheet.NOM) is not None):
        raise ReadBackError(leftovers_sheet.NOM)


def _warnings(raw: RawWorkbook) -> tuple[str, ...]:
    told = []
    if raw.has_macros:
        told.append("Les macros de l'ancien classeur ne sont pas reprises.")
    told += [
        f"La feuille {guillemets(sheet.name)} n'a pas pu être lue : rien n'en est repris."
        for sheet in raw.sheets
        if sheet.unreadable
    ]
    told += [remark.detail for remark in raw.remarks if remark.code.startswith("FEU-")]
    return tuple(map(typeset, told))


def detected_variante(raw: RawWorkbook) -> Variante:
    """The variant the workbook says it is, else the one its formulas and its names show."""
    said = read_mark(raw, VARIANTE_KEY)
    if said in {variante.value for variante in Variante}:
        return Variante(said)
    if any(name.name.upper().startswith("CPOM_") for name in raw.defined_names):
        return Variante.LAMBDA
    formulas = [cell.formula for sheet in raw.sheets for cell in sheet.cells.values()]
    called = [f for f in formulas if f and "CPOM" in f and calls_cpom(f)]
    if not called:
        return Variante.NATIVE if any(formulas) else Variante.MIXTE
    falls_back = any("IFERROR(CPOMTAUX(" in canonical(formula) for formula in called)
    return Variante.MIXTE if falls_back else Variante.XLWINGS
