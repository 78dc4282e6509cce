"""The pandera schemas of the sheets, for who holds their tables as frames.

    from xl_cpom.validators import schemas

    frames = schemas.frames("retour.xlsx")
    with schemas.contexte("retour.xlsx"):
        schemas.schema("actions").validate(frames["actions"], lazy=True)

A schema declares each column (title, description, nullable dtype, list, bounds, shape and key of
the identifiers) and one check a rule of the sheet, named by its code: `failure_cases` gives the
code, the row and the value, one line a fault. It takes the frames of `frames`, those read from the
consolidation (Parquet, or xlsx with its French headers) and frames of one's own; a column
« fichier » tells the returns apart, and each is judged by itself.

A rule that needs the rest of the workbook takes it from `context`. On a table alone it is not
asked: `non_controlables` lists them, and pandera warns (SchemaWarning) at each validation.
Informations warn too: a sound return may have some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa

from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.validators import frames as frames_
from xl_cpom.validators.alone import NEEDS, needs_workbook, rules_of_table
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.frame_checks import USER_CONTEXT, column_checks, fichiers, rule_check
from xl_cpom.validators.model import Rule
from xl_cpom.workbook.constraints import CODES_DE_TYPE
from xl_cpom.workbook.interpretation.rows import missing_table
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.records import Classeur, Row
from xl_cpom.workbook.sheets import SHEETS


@cache
def schema(key: str) -> pa.DataFrameSchema:
    """The schema of a sheet by its key. Raises KeyError for an unknown sheet.

    `schema.metadata` holds the rules (title, severity, source, what to do), the key columns and the
    rules that cannot be checked on a table alone; `column.metadata` the unit, the source and the
    codes of the rules of entry.
    """
    sheet = SHEETS[key]
    referentiel = load_referentiel()
    rules = rules_of_table(sheet)
    return pa.DataFrameSchema(
        {column.key: _column(column, referentiel) for column in sheet.columns},
        checks=[rule_check(rule) for rule in rules],
        parsers=[pa.Parser(partial(frames_.normalised, sheet=sheet), name="types")],
        name=sheet.key,
        title=sheet.name,
        description=sheet.purpose,
        metadata={
            "cle": list(sheet.identity),
            "regles": {rule.code: _described(rule) for rule in rules},
            "non_controlables": non_controlables(key),
        },
    )


def _column(column: Column, referentiel: Referentiel) -> pa.Column:
    compulsory = column.required and column.is_entry
    return pa.Column(
        frames_.dtype_of(column),
        checks=column_checks(column, referentiel),
        nullable=not compulsory,
        required=compulsory,
        title=column.header,
        description=column.help,
        metadata={
            "type": column.kind.value,
            "unite": column.unit,
            "source": column.source,
            "saisie": column.is_entry,
            "code_vide": column.blank_code if compulsory else "",
            "code_type": CODES_DE_TYPE.get(column.kind, "FMT-025"),
        },
    )


def _described(rule: Rule) -> dict[str, Any]:
    return {
        "titre": rule.title,
        "description": rule.doc,
        "gravite": rule.severity.value,
        "source": str(rule.source),
        "correction": rule.fix,
        "colonnes": list(rule.columns),
    }


def non_controlables(key: str) -> dict[str, str]:
    """The rules of a sheet that cannot be checked on its table alone -> why."""
    needs = needs_workbook(SHEETS[key], load_referentiel())
    return {rule.code: NEEDS for rule in rules_of_table(SHEETS[key]) if rule.code in needs}


def frames(path: Path | str) -> dict[str, pd.DataFrame]:
    """The sheets of a returned workbook as typed frames, by key; the index is the row of the file.

    A cell that could not be read is there as the file holds it, for the schema to refuse. A sheet
    that is not in the file is left out. Raises UnreadableWorkbook, FileNotFoundError.
    """
    from xl_cpom.workbook.decryption import open_workbook
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader.refs import parse_cell

    retour = interpret(open_workbook(Path(path)), load_referentiel())

    def raw(row: Row, key: str) -> Any:
        tab, place = retour.raw.sheet(row.table.name), parse_cell(row.cell(key) or "")
        cell = None if tab is None or place is None else tab.cells.get(place)
        return None if cell is None else cell.value

    return {
        key: frames_.frame_of(table, raw)
        for key, table in retour.classeur.tables.items()
        if table.present
    }


@contextmanager
def context(source: Classeur | Path | str | Mapping[str, pd.DataFrame]) -> Iterator[None]:
    """Give the rules the rest of the workbook, for the validations made inside the `with`.

    source: a workbook (its path, or already typed), or its tables as frames, by key; tables of a
    consolidation hold many workbooks, told apart by their column « fichier ». Raises as `frames`.
    """
    if isinstance(source, Classeur):
        known: Mapping[Any, Classeur] = {None: source}
    elif isinstance(source, Path | str):
        known = {None: _read(Path(source))}
    else:
        known = _classeurs(source)
    token = USER_CONTEXT.set(known)
    try:
        yield
    finally:
        USER_CONTEXT.reset(token)


def _read(path: Path) -> Classeur:
    from xl_cpom.workbook.decryption import open_workbook
    from xl_cpom.workbook.interpretation.interpret import interpret

    return interpret(open_workbook(path), load_referentiel()).classeur


def _classeurs(tables: Mapping[str, pd.DataFrame]) -> dict[Any, Classeur]:
    """The workbooks that tables hold, by file (None: the only one)."""
    from xl_cpom.workbook.computation import compute_workbook

    by_sheet = {
        key: dict(fichiers(frames_.normalised(frame, SHEETS[key]), SHEETS[key], whole=True))
        for key, frame in tables.items()
        if key in SHEETS
    }
    found = {}
    for name in dict.fromkeys(name for groups in by_sheet.values() for name in groups):
        tables_ = {
            key: by_sheet.get(key, {}).get(name) or missing_table(sheet)
            for key, sheet in SHEETS.items()
        }
        found[name] = Classeur(load_referentiel(), tables_)
        compute_workbook(found[name])
    return found


def fautes(refusal: pandera.errors.SchemaErrors, key: str) -> pd.DataFrame:
    """`failure_cases` told by code: one line a fault, pandera's own checks translated.

    Columns: code, gravite, index, colonne, valeur, titre. key: that of the sheet.
    """
    sheet = SHEETS[key]
    lines = []
    for case in refusal.failure_cases.itertuples():
        code = _code(str(case.check), str(case.column), sheet)
        rule = RULES.get(code)
        lines.append(
            {
                "code": code,
                "gravite": "bloquant" if rule is None else rule.severity.value,
                "index": case.index,
                "colonne": case.column,
                "valeur": case.failure_case,
                "titre": "" if rule is None else rule.title,
            }
        )
    return pd.DataFrame(lines)


def _code(check: str, name: str, sheet: Sheet) -> str:
    column = sheet.by_key.get(name)
    if column is not None and check == "not_nullable":
        return column.blank_code
    if column is not None and check.startswith("dtype("):
        return CODES_DE_TYPE.get(column.kind, "FMT-025")
    return "STR-008" if check == "column_in_dataframe" else check


def to_yaml(key: str) -> str:
    """The schema as YAML; `pandera.pandas.DataFrameSchema.from_yaml` reads it back, rules included,
    once this module is imported. Needs pandera's extra « io ».
    """
    return str(schema(key).to_yaml())


def keys() -> tuple[str, ...]:
    """The keys of the sheets; « identification » is a fiche, of one row."""
    return tuple(sorted(SHEETS, key=lambda key: SHEETS[key].layout is not Layout.FICHE))
