"""This year's rows beside last year's: how rows are paired, what is asked of a pair.

Rows are paired by what identifies them on their sheet (`Sheet.identity`), last year's numbers of
FINESS being read as what they have become (`new_numbers`). A row whose identity is
empty, unread or said twice is left out: another rule tells it, and nothing certain can be compared.
A value is compared when it was filled and read both years.

A rule accuses, so a pair must be certain here; `reports.comparison.matching` shows two files to a
reader, and pairs what is only alike.
"""

from __future__ import annotations

import datetime as dt
import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple, Unpack

from xl_cpom.typography import fold
from xl_cpom.validators.declaration import DeclaredRule, workbook_rule
from xl_cpom.validators.model import Fault, Scope, Severity, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.wording import show
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.presence import renumbered
from xl_cpom.workbook.records import NON_LU, Classeur, Row, Table
from xl_cpom.workbook.register import absence_explained, departed

NO_COMPARISON = ("EVO-001", "EVO-002")
"""What forbids to compare: the return of another organisme, or one that does not come before."""


NO_NUMBER: Mapping[str, str] = {}


class Pair(NamedTuple):
    """One record, last year and this year."""

    avant: Row
    apres: Row


def precedent(context: RuleContext) -> Classeur:
    """Last year's return; the engine runs no rule of this scope without it."""
    assert context.precedent is not None
    return context.precedent


def paired_rows(context: RuleContext, sheet: Sheet, par: Sequence[str] = ()) -> list[Pair]:
    """The records of a sheet that stand in both returns. par: identity to use instead."""
    numbers = new_numbers(context)
    before = _by_identite(precedent(context)[sheet.key], par or sheet.identity, numbers)
    after = _by_identite(context.classeur[sheet.key], par or sheet.identity)
    return [Pair(before[key], row) for key, row in after.items() if key in before]


def disparues(context: RuleContext, sheet: Sheet) -> list[Row]:
    """Last year's records that are no longer there, and whose absence nothing explains.

    None is told when a row of this year has no certain identity: it could be that one. An exit or
    an avenant explains an absence (`register.absence_explained`).
    """
    table = context.classeur[sheet.key]
    if unread_numbers(context) or any(_identite(row, sheet.identity) is None for row in table):
        return []
    known = {_identite(row, sheet.identity) for row in table}
    before = _by_identite(precedent(context)[sheet.key], sheet.identity, new_numbers(context))
    return [
        row
        for key, row in before.items()
        if key not in known and not absence_explained(context.classeur, row)
    ]


def nouvelles(context: RuleContext, sheet: Sheet) -> list[Row]:
    """This year's records that last year's return did not have; none when that is not certain."""
    table = precedent(context)[sheet.key]
    certain = all(_identite(row, sheet.identity) is not None for row in table)
    return without_precedent(context, sheet) if certain else []


def without_precedent(context: RuleContext, sheet: Sheet) -> list[Row]:
    """This year's records that were paired with none of last year's, new or not."""
    if unread_numbers(context):
        return []
    numbers = new_numbers(context)
    known = {_identite(row, sheet.identity, numbers) for row in precedent(context)[sheet.key]}
    after = _by_identite(context.classeur[sheet.key], sheet.identity)
    return [row for key, row in after.items() if key not in known]


def at_the_header(row: Row, table: Table) -> Row:
    """A record that is no longer in a table, shown at the headers of its columns.

    Its comment of last year justifies nothing today.
    """
    values = {**row.values, **dict.fromkeys(("commentaire",) & row.values.keys())}
    return Row(table, table.header_row, values)


def change(avant: Row, apres: Row, key: str) -> bool:
    """Is the value of a column filled both years, and not the same?"""
    before, after = avant[key], apres[key]
    if before is None or after is None or before is NON_LU or after is NON_LU:
        return False
    numbers = [value for value in (before, after) if isinstance(value, float | int)]
    if len(numbers) == 2:
        return not math.isclose(*numbers, abs_tol=1e-9)
    return fold(str(before)) != fold(str(after))


def augmente(avant: Row, apres: Row, key: str) -> bool:
    """Is the value of a column filled both years, and greater (a date: later) this year?"""
    return change(avant, apres, key) and bool(max(avant[key], apres[key]) == apres[key])


def valeurs(pair: Pair, key: str) -> dict[str, Any]:
    """The words {avant} and {apres} of a message, as the cells show them."""
    column = pair.apres.table.sheet[key]
    return {"avant": show(pair.avant[key], column), "apres": show(pair.apres[key], column)}


def ressemble(one: Any, other: Any, seuil: float = 0.6) -> bool:
    """Do two texts say about the same thing? True as well when one of them is not known."""
    if not isinstance(one, str) or not isinstance(other, str):
        return True
    left, right = fold(one), fold(other)
    return left == right or SequenceMatcher(None, left, right, autojunk=False).ratio() >= seuil


def pair_rule(
    code: str,
    severity: Severity,
    *,
    on: Sheet,
    columns: tuple[str, ...],
    read: tuple[str, ...] = (),
    **declared: Unpack[DeclaredRule],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a rule over one record of last year and of this year.

    The function takes (avant, apres), and the RuleContext if it wants it, and says True (conforme),
    False or a fault. The message may say {avant} and {apres}: the first column, last year and this
    year; last year's value is what is expected, unless `expected` says otherwise. lues: columns it
    reads beside those it shows; a pair where one of them could not be read is left aside. Examples
    are contents, "@precedent" being last year's.
    """
    declared.setdefault("expected", "{avant}")
    declared["requires"] = (*NO_COMPARISON, *declared.get("requires", ()))
    declare = workbook_rule(
        code, severity, on=on, columns=columns, scope=Scope.PRECEDENT, **declared
    )

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        declare(paired_check(function, on, columns, read))
        return function

    return decorate


def paired_check(
    function: Callable[..., Any],
    on: Sheet,
    columns: tuple[str, ...],
    read: tuple[str, ...] = (),
) -> Callable[[RuleContext], Iterator[Fault]]:
    """What the engine runs for a rule over pairs: one fault per pair that is not conforme."""
    wants_context = len(inspect.signature(function).parameters) > 2

    def check(context: RuleContext) -> Iterator[Fault]:
        for pair in paired_rows(context, on):
            if any(row.unread((*columns, *read)) for row in pair):
                continue
            result = function(*pair, context) if wants_context else function(*pair)
            if result is None or bool(result):
                continue
            found = result if isinstance(result, Fault) else fault()
            shown = found.columns or columns
            values = {**valeurs(pair, shown[0]), **found.values}
            yield fault(pair.apres, columns=shown, **values)

    check.__doc__ = function.__doc__
    check.__name__ = function.__name__
    return check


def new_numbers(context: RuleContext) -> Mapping[str, str]:
    """Last year's numbers of FINESS that changed -> what they have become.

    Those that the return says (« Ancien FINESS ET », « Ancien FINESS EJ »), and those of an ESMS
    that the two returns describe alike under two numbers: a rule of its own asks to say it.
    """
    numbers: Mapping[str, str] = context.classeur.once(
        "new numbers",
        lambda: {**renumbered(context.classeur), **guessed_numbers(context)},
    )
    return numbers


def unread_numbers(context: RuleContext) -> bool:
    """Is there an ESMS whose number, or former one, could not be read? A record may be its own."""
    esms = context.classeur["etablissements"]
    return any(row.unread(("finess_et", "ancien_finess_et")) for row in esms)


def guessed_numbers(context: RuleContext) -> dict[str, str]:
    """Last year's number -> this year's, of each ESMS alike in all but its number.

    None is guessed when a number could not be read: it may be the one.
    """
    both = (*context.classeur["etablissements"], *precedent(context)["etablissements"])
    if any(row.unread(("finess_et", "ancien_finess_et")) for row in both):
        return {}
    after, before = context.classeur.etablissements, precedent(context).etablissements
    said = renumbered(context.classeur)
    gone = {
        _likeness(row): number
        for number, row in before.items()
        if number not in after and number not in said and not departed(context.classeur, number)
    }
    come = {
        _likeness(row): number
        for number, row in after.items()
        if number not in before and row.ancien_finess_et is None
    }
    return {gone[like]: come[like] for like in gone if like in come and all(like)}


def _likeness(esms: Row) -> tuple[Any, ...]:
    name = esms.raison_sociale
    return (fold(name) if isinstance(name, str) else None, esms.categorie)


def _by_identite(
    table: Table, keys: Sequence[str], numbers: Mapping[str, str] = NO_NUMBER
) -> dict[tuple[Any, ...], Row]:
    """The rows by identity, those whose identity is uncertain or repeated left out.

    numbers: what the numbers of FINESS of this table have become.
    """
    found: dict[tuple[Any, ...], Row] = {}
    twice: set[tuple[Any, ...]] = set()
    for row in table:
        identity = _identite(row, keys, numbers)
        if identity is None:
            continue
        if identity in found:
            twice.add(identity)
        found[identity] = row
    return {key: row for key, row in found.items() if key not in twice}


def _identite(
    row: Row, keys: Iterable[str], numbers: Mapping[str, str] = NO_NUMBER
) -> tuple[Any, ...] | None:
    values = [numbers.get(row[key], row[key]) for key in keys]
    if any(value is None or value is NON_LU for value in values):
        return None
    return tuple(_plie(value) for value in values)


def _plie(value: Any) -> Any:
    if isinstance(value, str):
        return fold(value)
    return value.isoformat() if isinstance(value, dt.date) else value
