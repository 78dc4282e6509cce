"""What is kept of one file: its report, its summary for the rules across returns, its rows.

Everything a campaign needs later is in the answer, so that no file is ever read twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.batch.kept_workbook import unread_cells
from xl_cpom.identifiants import finess_valide
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.validators.model import Report
from xl_cpom.validators.numbers_meant import WRONG_NUMBER
from xl_cpom.validators.personal_data import masked_cell
from xl_cpom.validators.planned_actions import PlannedAction
from xl_cpom.validators.retours import EtablissementRendu, Rendu
from xl_cpom.validators.versions import declared_nature, declared_reason
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.presence import entered, left
from xl_cpom.workbook.records import NON_LU, Row, Table
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.workbook.interpretation.interpret import Retour

RowsBySheet = Mapping[str, Sequence[Sequence[Any]]]
"""Rows by sheet key, in the order of its columns; dates are ISO texts, lists are joined."""


@dataclass(frozen=True)
class FileAnswer:
    """All that is known of one file once it has been controlled."""

    report: Report
    rendu: Rendu
    rows: RowsBySheet = field(default_factory=dict)
    secret: bool = False
    """The workbook came encrypted: its answer is not kept on the disk."""
    unread: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)
    """By sheet key, [row, column] of the cells that are empty in `rows` for want of being read."""


def file_answer(nom: str, report: Report, retour: Retour | None) -> FileAnswer:
    """The answer for one file; nom: how the file is called in the campaign."""
    report = replace(report, file=nom, actions=tuple(map(_masked, report.actions)))
    if retour is None:
        numero = finess_in_name(nom)
        return FileAnswer(report, Rendu(nom, report.sha256, report.verdict, finess_ej=numero))
    tables = retour.classeur.tables
    rows = {key: plain_rows_of(table) for key, table in tables.items()}
    unread = {key: cells for key, table in tables.items() if (cells := unread_cells(table))}
    return FileAnswer(report, _rendu(report, retour, rows), rows, retour.raw.encrypted, unread)


def _masked(action: PlannedAction) -> PlannedAction:
    """The same for the journal: whoever is designated in a title is masked."""
    shown = masked_cell(action.intitule, "intitule")
    return action if shown == action.intitule else replace(action, intitule=shown)


def finess_in_name(nom: str) -> str | None:
    """The FINESS number in the name of a file, when there is exactly one.

    A file that cannot be read is thus still known to have come from somebody.
    """
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in Path(nom).stem).split()
    numbers = {word for word in words if finess_valide(word)}
    return numbers.pop() if len(numbers) == 1 else None


def plain_rows_of(table: Table) -> list[list[Any]]:
    """The rows of a table as plain values; a cell that could not be read is None.

    They go into the journal and the consolidation: whoever is designated in a text is masked. A
    cell that nobody types freely (a list, a number, a calculation) designates nobody.
    """
    columns = [(c.key, c.kind.is_free_text and c.is_entry) for c in table.sheet.columns]
    return [[_plain(row.values[key], key, free) for key, free in columns] for row in table.rows]


def _plain(value: Any, key: str, free: bool) -> Any:
    if value is None or value is NON_LU:
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return " ; ".join(str(item) for item in value)
    if isinstance(value, bool | int | float):
        return value
    return masked_cell(str(value), key) if free else str(value)


def _rendu(report: Report, retour: Retour, lignes: RowsBySheet) -> Rendu:
    from xl_cpom.workbook.mark import REFERENTIEL_KEY, read_mark

    fiche = retour.classeur.identification
    comment = masked_cell(_text(fiche, "commentaire"), "commentaire")
    return Rendu(
        file=report.file,
        sha256=report.sha256,
        verdict=report.verdict,
        content=_fingerprint(lignes),
        gabarit=report.gabarit,
        cycle=read_mark(retour.raw, REFERENTIEL_KEY),
        annee=retour.classeur.annee_suivie,
        annee_n1=int(retour.classeur.annee_n1),
        date_arrete=fiche.date_arrete or None,
        saved=retour.raw.saved,
        finess_ej=report.finess_ej,
        raison_sociale=report.raison_sociale or "",
        departement=_text(fiche, "departement"),
        type_contrat=_text(fiche, "type_contrat"),
        secteurs=_text(fiche, "secteurs"),
        referent=_text(fiche, "referent_cpom"),
        courriel=_text(fiche, "referent_cpom_courriel"),
        etablissements=tuple(_etablissement(row) for row in retour.classeur["etablissements"]
                             if row.finess_et),
        cells=_cells(fiche, ("finess_ej", "annee_n1", "annee_suivie", "date_arrete")),
        nature=declared_nature(report.file, comment),
        motif=declared_reason(comment),
        fingerprints={key: _digest(rows) for key, rows in lignes.items()
                    if rows and SHEETS[key].layout is not Layout.FICHE},
        wrong_numbers=_wrong_numbers(report, retour.classeur["etablissements"]),
        sheets={key: retour.classeur[key].name for key in ("identification", "etablissements")},
    )  # fmt: skip


def _wrong_numbers(report: Report, table: Table) -> tuple[str, ...]:
    """What was typed for a FINESS ET and could not be read as one."""
    column = {row.cell("finess_et") for row in table}
    return tuple(
        finding.value
        for finding in report.findings
        if finding.code in WRONG_NUMBER
        and finding.sheet == table.name
        and finding.cells[:1]
        and finding.cells[0] in column
    )


def _etablissement(row: Row) -> EtablissementRendu:
    capacity = row.capacite_autorisee
    return EtablissementRendu(
        finess_et=str(row.finess_et),
        raison_sociale=_text(row, "raison_sociale"),
        categorie=_text(row, "categorie"),
        secteur=_text(row, "secteur"),
        departement=_text(row, "departement"),
        capacite_autorisee=None if capacity is None or capacity is NON_LU else int(capacity),
        principal_secondaire=_text(row, "principal_secondaire"),
        entre_le=entered(row),
        sorti_le=left(row),
        ancien_finess_et=_text(row, "ancien_finess_et"),
        co_titulaire=_text(row, "co_titulaire"),
        cells=_cells(row, ("finess_et", "categorie", "capacite_autorisee")),
    )


def _text(row: Row, key: str) -> str:
    value = row.values.get(key)
    return "" if value is None or value is NON_LU else str(value)


def _cells(row: Row, keys: tuple[str, ...]) -> dict[str, str]:
    return {key: cell for key in keys if (cell := row.cell(key)) is not None}


def _fingerprint(lignes: RowsBySheet) -> str:
    """Fingerprint of what was typed in, the fiche aside; "" when no row was filled in."""
    rows = {key: value for key, value in lignes.items() if key != "identification" and value}
    if not rows.get("etablissements"):
        return ""
    return _digest(rows)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
