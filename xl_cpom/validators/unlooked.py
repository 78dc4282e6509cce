"""What could not be looked at: named once, by its cause, and never to the benefit of a verdict.

A cell, a column or a sheet that could not be read keeps rules and indicators silent. Here the
places they asked for in vain become a sentence (why a rule is « non contrôlée »), and the finding
that already tells such a place becomes blocking when what rests on it could have refused the
workbook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from xl_cpom.typography import guillemets, listing, plural
from xl_cpom.validators.model import BLOQUANT, Finding, Rule
from xl_cpom.validators.wording import finding_of_notice
from xl_cpom.workbook.computation import origins
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.records import NON_LU, Classeur, Table
from xl_cpom.workbook.unread import UnreadPlace

NEEDED_COLUMN, OPTIONAL_COLUMN = "STR-005", "STR-024"
"""Codes of a column that was not found, according to whether something rests on it."""

BEFORE_ALL = frozenset({"IDE-050"})
"""Rules run before all others: what they find makes doubtful what the others rest on."""

_SHOWN = 3


def why(places: Iterable[UnreadPlace], classeur: Classeur) -> str:
    """The reason of a « non contrôlée »: what could not be read."""
    reasons = list(dict.fromkeys(_reasons(origins(classeur, places), classeur)))
    if len(reasons) > _SHOWN:
        reasons = [*reasons[:_SHOWN], plural(len(reasons) - _SHOWN, "autre cause")]
    return " ; ".join(reasons)


def named(places: Iterable[UnreadPlace], classeur: Classeur) -> tuple[str, ...]:
    """Each place as a report names it: « Plan d'actions!J6 », « colonne « Statut » de … »."""
    return tuple(dict.fromkeys(_name(place, classeur) for place in _sorted(places)))


def first_things_first(rules: Sequence[Rule]) -> list[Rule]:
    """The same order, with the rules of `BEFORE_ALL`, and what they require, at the head.

    Those that weigh a declared rate come last: they wait for what is said of the rows.
    """
    by_code = {rule.code: rule for rule in rules}
    heads, pending = set(BEFORE_ALL), list(BEFORE_ALL)
    while pending:
        required = set(by_code[pending.pop()].requires) - heads
        heads |= required
        pending.extend(required)
    return sorted(rules, key=lambda rule: (rule.code not in heads, rule.on_rates))


def doubted(classeur: Classeur, places: Iterable[UnreadPlace]) -> str:
    """The rule to obey first when one of these places was read but is not believed; "" if none."""
    for key, _, column in places:
        if column in classeur.tables[key].doubted:
            return listing(sorted(BEFORE_ALL))
    return ""


def is_missing(classeur: Classeur, place: UnreadPlace) -> bool:
    """Is there nothing usable at this place of the workbook: unread, empty, or not believed?

    A rule that compares two returns may have asked for a place of the other one.
    """
    table = classeur.tables[place[0]]
    if not place[2] or place[2] in table.doubted:
        return not table.present or place[2] in table.doubted
    return any(
        row.values[place[2]] is NON_LU or row.values[place[2]] is None
        for row in table.rows
        if not place[1] or row.number == place[1]
    )


def missing_columns(table: Table, keys: Iterable[str]) -> set[UnreadPlace]:
    """Entry columns that the file lacks, when the table has rows that they would have filled."""
    if not table.rows:
        return set()
    number = 0 if table.sheet.layout is Layout.FICHE else table.rows[0].number
    return {
        (table.sheet.key, number, key)
        for key in keys
        if table.sheet[key].is_entry and table.lacks(key)
    }


def hardened(
    findings: Sequence[Finding],
    places: Collection[UnreadPlace],
    classeur: Classeur,
    rules: Mapping[str, Rule],
) -> list[Finding]:
    """The findings, those about these places being blocking.

    A column that was not found changes code: the one that says « nécessaire » replaces the one
    that says « facultative ».
    """
    if not places:
        return list(findings)
    columns: set[tuple[str, str]] = set()
    cells: set[tuple[str, str]] = set()
    for key, number, column in origins(classeur, places):
        table = classeur.tables[key]
        if not column:
            continue  # a sheet that was not found blocks by itself
        if table.has(column):
            cells.add((table.name, table.address(number, column) or ""))
        else:
            columns.add((table.name, table.sheet[column].header))
    told = {(f.sheet, cell) for f in findings if f.severity is BLOQUANT for cell in f.cells}
    return [_harden(f, columns, cells - told, rules) for f in findings]


def _harden(
    finding: Finding,
    columns: Collection[tuple[str, str]],
    cells: Collection[tuple[str, str]],
    rules: Mapping[str, Rule],
) -> Finding:
    if finding.code == OPTIONAL_COLUMN and (finding.sheet, finding.expected) in columns:
        objet = "le libellé" if finding.message.startswith("Le libellé") else "la colonne"
        words = {"objet": objet, "colonne": finding.expected}
        notice = Notice(NEEDED_COLUMN, finding.sheet, finding.cells, values=words)
        return finding_of_notice(rules[NEEDED_COLUMN], notice)
    if any((finding.sheet, cell) in cells for cell in finding.cells):
        return replace(finding, severity=BLOQUANT)
    return finding


def _sorted(places: Iterable[UnreadPlace]) -> list[UnreadPlace]:
    return sorted(places)


def _name(place: UnreadPlace, classeur: Classeur) -> str:
    key, number, column = place
    table = classeur.tables[key]
    if not column or not table.present:
        return f"feuille {guillemets(table.sheet.name)}"
    if (cell := table.address(number, column)) is not None:
        return f"{table.name}!{cell}"
    return f"colonne {guillemets(table.sheet[column].header)} de {guillemets(table.name)}"


def _reasons(places: Iterable[UnreadPlace], classeur: Classeur) -> Iterator[str]:
    cells: dict[str, list[str]] = {}
    for place in _sorted(places):
        key, number, column = place
        table = classeur.tables[key]
        if not column or not table.present:
            yield f"la feuille {guillemets(table.sheet.name)} est introuvable"
        elif (cell := table.address(number, column)) is None:
            yield f"la colonne {guillemets(table.sheet[column].header)} est introuvable"
        else:
            cells.setdefault(table.name, []).append(cell)
    for name, found in cells.items():
        left = len(found) - _SHOWN
        shown = found if left <= 0 else [*found[:_SHOWN], plural(left, "autre")]
        noun = "la cellule" if len(found) == 1 else "les cellules"
        verb = "n'a pas pu être lue" if len(found) == 1 else "n'ont pas pu être lues"
        yield f"{noun} {listing(shown)} de {guillemets(name)} {verb}"


__all__ = ["hardened", "is_missing", "missing_columns", "named", "why"]
