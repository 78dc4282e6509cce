"""The checks that the public schemas are made of; those of ours are registered with pandera.

A registered check is written in YAML by its name and its arguments, and read back. Those that
bear the name of a check of pandera's (`in_range`, `str_matches`) do as it does on columns of the
right dtype, and do not crash on a column of objects, where one cell could not be typed.
"""

from __future__ import annotations

import re
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa
from pandera import extensions

from xl_cpom.identifiants import finess_shape, finess_valide, siren_valide, siret_valide
from xl_cpom.light_dataclass import dataclass
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.validators.alone import judge_table, rules_of_table
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.frames import FICHIER, table_of
from xl_cpom.validators.model import INFORMATION, Fault, Rule
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.constraints import CODE_OUT_OF_BOUNDS, SHAPE_CODES, SHAPES
from xl_cpom.workbook.lists import admitted
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.records import Classeur, Table

USER_CONTEXT: ContextVar[Mapping[Any, Classeur] | None] = ContextVar("schemas", default=None)
"""The workbooks that the tables belong to, by file (None: whatever the file)."""


# --- rules of entry: one column ------------------------------------------------------------------


def column_checks(column: Column, referentiel: Referentiel) -> list[pa.Check]:
    """List, bounds, shape and key of an entry; each failure bears the code of its rule."""
    if not column.is_entry:
        return []
    checks = []
    if values := admitted(column, referentiel):
        checks.append(pa.Check.isin(values, error=column.list_code))
    elif (form := SHAPES.get(column.kind)) is not None:
        checks.append(_matches(form, SHAPE_CODES[column.kind]))
    if column.kind in _KEYS:
        checks.append(_KEYS[column.kind]())
    if column.kind.is_number:
        checks += _within(*column.bounds(referentiel))
    return checks


def _cells(holds: Callable[[Any], bool]) -> Callable[[pd.Series[Any]], pd.Series[bool]]:
    """A check over the cells of a column, of any dtype."""

    def check(cells: pd.Series[Any]) -> pd.Series[bool]:
        return pd.Series([holds(v) for v in cells.tolist()], index=cells.index, dtype=bool)

    return check


def _matches(pattern: str, code: str) -> pa.Check:
    shape = re.compile(pattern)
    return pa.Check(
        _cells(lambda value: not isinstance(value, str) or shape.search(value) is not None),
        name="str_matches",
        error=code,
        statistics={"pattern": pattern},
    )


def _within(low: float | None, high: float | None) -> Iterator[pa.Check]:
    def inside(value: Any) -> bool:
        if not isinstance(value, int | float):
            return True
        return (low is None or value >= low) and (high is None or value <= high)

    if low is not None and high is not None:
        name = "in_range"
        said = {"min_value": low, "max_value": high, "include_min": True, "include_max": True}
    elif low is not None:
        name, said = "greater_than_or_equal_to", {"min_value": low}
    elif high is not None:
        name, said = "less_than_or_equal_to", {"max_value": high}
    else:
        return
    yield pa.Check(_cells(inside), name=name, error=CODE_OUT_OF_BOUNDS, statistics=said)


def _key(valid: Callable[[str], bool]) -> Callable[[pd.Series[Any]], pd.Series[bool]]:
    return _cells(lambda value: not isinstance(value, str) or valid(value))


@extensions.register_check_method(statistics=[])  # type: ignore[untyped-decorator]
def cpom_cle_finess(cells: pd.Series[Any]) -> pd.Series[bool]:
    """The key of each FINESS number of the cell is right (a wrong shape is told elsewhere)."""

    def valid(text: str) -> bool:
        numbers = [part.strip() for part in text.split(";")]
        return not all(map(finess_shape, numbers)) or all(map(finess_valide, numbers))

    return _key(valid)(cells)


@extensions.register_check_method(statistics=[])  # type: ignore[untyped-decorator]
def cpom_cle_siren(cells: pd.Series[Any]) -> pd.Series[bool]:
    """The key of a SIREN number of nine digits is right."""
    return _key(lambda text: siren_valide(text) or not re.fullmatch("[0-9]{9}", text))(cells)


@extensions.register_check_method(statistics=[])  # type: ignore[untyped-decorator]
def cpom_cle_siret(cells: pd.Series[Any]) -> pd.Series[bool]:
    """The key of a SIRET number of fourteen digits is right."""
    return _key(lambda text: siret_valide(text) or not re.fullmatch("[0-9]{14}", text))(cells)


_KEYS: Mapping[Kind, Callable[[], pa.Check]] = {
    Kind.FINESS: lambda: pa.Check.cpom_cle_finess(error="FMT-002"),
    Kind.FINESS_LIST: lambda: pa.Check.cpom_cle_finess(error="FMT-002"),
    Kind.SIREN: lambda: pa.Check.cpom_cle_siren(error="FMT-005"),
    Kind.SIRET: lambda: pa.Check.cpom_cle_siret(error="FMT-005"),
}


# --- the rules: a whole table, judged once -------------------------------------------------------


def rule_check(rule: Rule) -> pa.Check:
    """The check of a rule, named by its code."""
    check: pa.Check = pa.Check.cpom_regle(
        code=rule.code, error=rule.code, title=rule.title, description=rule.doc
    )
    return check


@extensions.register_check_method(statistics=["code"])  # type: ignore[untyped-decorator]
def cpom_regle(frame: pd.DataFrame, *, code: str) -> bool:
    """Does the rule of that code hold on every row of its sheet?

    Raises SchemaError with one line a fault: pandera would otherwise make one line for each cell of
    each row at fault.
    """
    rule = RULES[code]
    assert rule.sheet is not None
    lines = _judged(frame, rule.sheet, code).get(code)
    if not lines:
        return True
    said = f"{code} : {rule.title} ({len(lines)})"
    if rule.severity is INFORMATION:
        warnings.warn(said, pandera.errors.SchemaWarning, stacklevel=2)
        return True
    raise pandera.errors.SchemaError(  # type: ignore[no-untyped-call]
        None, None, said, failure_cases=pd.DataFrame(lines)
    )


_Lines = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class _Seen:
    """What was judged last: the checks of one validation are handed the same frame one by one."""

    frame: weakref.ref[pd.DataFrame]
    sheet: Sheet
    lines: _Lines


_SEEN: ContextVar[_Seen | None] = ContextVar("seen", default=None)


def _judged(frame: pd.DataFrame, sheet: Sheet, code: str) -> _Lines:
    """The faults of a frame by code, worked out for the first rule and forgotten after the last."""
    seen = _SEEN.get()
    rules = rules_of_table(sheet)
    first = code == rules[0].code
    if first or seen is None or seen.frame() is not frame or seen.sheet is not sheet:
        seen = _Seen(weakref.ref(frame), sheet, _judge(frame, sheet))
    _SEEN.set(None if code == rules[-1].code else seen)
    return seen.lines


def _judge(frame: pd.DataFrame, sheet: Sheet) -> _Lines:
    known = USER_CONTEXT.get()
    lines: _Lines = {}
    unchecked: dict[str, str] = {}
    labels = frame.index.tolist()
    for name, table in fichiers(frame, sheet):
        classeur = None if known is None else known.get(name, known.get(None))
        found = judge_table(
            table, load_referentiel(), None if classeur is None else _context(classeur)
        )
        unchecked.update(found.unchecked)
        for code, faults in found.faults.items():
            lines.setdefault(code, []).extend(_line(fault, RULES[code], labels) for fault in faults)
    if unchecked:
        said = f"{sheet.key} : règles non contrôlées sur cette table : {', '.join(unchecked)}"
        warnings.warn(said, pandera.errors.SchemaWarning, stacklevel=2)
    return lines


def _context(classeur: Classeur) -> RuleContext:
    return RuleContext(classeur, classeur.identification.date_arrete or None)


def _line(fault: Fault, rule: Rule, labels: list[Any]) -> dict[str, Any]:
    columns = rule.columns if fault.columns is None else fault.columns
    column = columns[0] if columns else None
    row = fault.rows[0] if fault.rows else None
    value = None if row is None or column is None else row.values.get(column)
    index = None if row is None or row.number > len(labels) else labels[row.number - 1]
    return {"column": column, "index": index, "failure_case": value}


def fichiers(
    frame: pd.DataFrame, sheet: Sheet, *, whole: bool = False
) -> Iterator[tuple[Any, Table]]:
    """(file, table) of each return of a frame; rows keep their rank in the frame, from 1.

    A fiche has one row: without a column « fichier » each row is a return (unless whole).
    """
    table = table_of(frame, sheet)
    if FICHIER in frame.columns:
        names = frame[FICHIER].tolist()
    elif sheet.layout is Layout.FICHE and not whole:
        names = list(range(len(table.rows)))
    else:
        yield None, table
        return
    groups: dict[Any, Table] = {}
    for name, row in zip(names, table.rows, strict=True):
        if name not in groups:
            groups[name] = Table(sheet, sheet.name, columns=table.columns, anchors=table.anchors)
        row.table = groups[name]
        groups[name].rows.append(row)
    yield from groups.items()
