"""`requires` between rules: one fault raises one finding, what rests on it is not checked there.

A rule that requires another one runs after it. Where the required rule found something on a row,
the dependent rule says nothing of that row. Where it found something on the fiche, on a whole sheet
or on the file, the dependent rule is not checked at all. Either way the reason is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import guillemets, listing, plural
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader.refs import parse_cell
from xl_cpom.workbook.records import Row, Table

FaultPlace: TypeAlias = tuple[str, int]
"""Key of a sheet ("" : the file) and number of a row (0: the whole sheet, or the fiche)."""

_ALL = (("", 0), ("identification", 0))
_CITED_ROWS = 4


def in_dependency_order(rules: Mapping[str, Rule]) -> list[Rule]:
    """The rules, each after those it requires, otherwise in the order of the catalogue.

    Raises ValueError when a rule requires an unknown code or, through others, itself.
    """
    placed: dict[str, Rule] = {}
    pending: set[str] = set()

    def place(rule: Rule) -> None:
        if rule.code in placed:
            return
        if rule.code in pending:
            raise ValueError(f"{rule.code} requires itself through other rules")
        pending.add(rule.code)
        for code in rule.requires:
            if code not in rules:
                raise ValueError(f"{rule.code} requires {code}, which does not exist")
            place(rules[code])
        placed[rule.code] = rule

    for rule in rules.values():
        place(rule)
    return list(placed.values())


def correct_first(codes: Iterable[str]) -> str:
    """Why a rule waits for others: what they found is corrected first."""
    return f"il faut d'abord corriger {listing(codes)}"


def place_of(row: Row) -> FaultPlace:
    """Where a row stands; the fiche is a place of its own."""
    fiche = row.table.sheet.layout is Layout.FICHE
    return (row.table.sheet.key, 0 if fiche else row.number)


@dataclass
class PlacesReached:
    """Where each rule found something so far, and the rules that failed."""

    found: dict[str, set[FaultPlace]] = field(default_factory=dict)
    rates: dict[tuple[str, FaultPlace], str] = field(default_factory=dict)
    """Module and row of « Indicateurs » whose rate a blocking finding will change -> its code."""
    en_panne: set[str] = field(default_factory=set)

    def note(self, code: str, faults: Iterable[Fault]) -> None:
        """Note the places of what a rule found."""
        places = self.found.setdefault(code, set())
        for found in faults:
            sheet = "" if found.sheet is None else found.sheet.key
            rows = (*found.rows, *found.about)
            places.update([place_of(row) for row in rows] or [(sheet, 0)])

    def note_reading(self, code: str, table: Table | None, cells: Sequence[str]) -> None:
        """Note the places of a remark of the reading; table: None when about the file itself."""
        places = self.found.setdefault(code, set())
        if table is None:
            places.add(("", 0))
            return
        numbers = {0} if not cells or table.sheet.layout is Layout.FICHE else _rows(cells)
        places.update((table.sheet.key, number) for number in numbers)

    def lock(self, rule: Rule) -> str | None:
        """Why a rule cannot be checked at all; None when it can."""
        if not rule.requires:
            return None
        for code in rule.requires:
            if code in self.en_panne:
                return f"la règle {code}, dont elle dépend, est en panne"
        if not self._requises(rule):
            return None
        keys = {sheet.key for sheet in (rule.sheet, *rule.sheets) if sheet is not None}
        whole = {*_ALL, *((key, 0) for key in keys)}
        blocking = [code for code in self._requises(rule) if self.found[code] & whole]
        return correct_first(blocking) if blocking else None

    def verrouillees(self, rule: Rule) -> Mapping[FaultPlace, str]:
        """The rows where a rule is not to be checked -> the code that forbids it."""
        locked = {place: code for (module, place), code in self.rates.items()
                  if module in rule.on_rates} if self.rates else {}  # fmt: skip
        if not rule.requires or not (required := self._requises(rule)):
            return locked
        keys = {sheet.key for sheet in (rule.sheet, *rule.sheets) if sheet is not None}
        return locked | {
            place: code
            for code in required
            for place in sorted(self.found[code])
            if place[0] in keys or rule.scope is Scope.CLASSEUR
        }

    def _requises(self, rule: Rule) -> list[str]:
        """The codes it requires that found something: on most workbooks, none."""
        return [code for code in rule.requires if self.found.get(code)]

    def discard(self, rule: Rule, faults: Iterable[Fault]) -> list[Fault]:
        """The faults of a rule that rest on no locked row."""
        locked = self.verrouillees(rule)
        if not locked:
            return list(faults)
        return [
            f for f in faults if not any(place_of(row) in locked for row in (*f.rows, *f.about))
        ]

    def reason(self, rule: Rule, tables: Mapping[str, Table]) -> str | None:
        """What a rule left unchecked, and because of which other; None when nothing."""
        locked = self.verrouillees(rule)
        if not locked:
            return None
        texts = list(_rows_of(locked, tables))
        return (
            f"{listing(texts)} : il faut d'abord corriger {listing(sorted(set(locked.values())))}"
        )


def _rows(cells: Iterable[str]) -> set[int]:
    return {place[0] for cell in cells if (place := parse_cell(cell)) is not None}


def _rows_of(locked: Mapping[FaultPlace, str], tables: Mapping[str, Table]) -> Iterator[str]:
    by_sheet: dict[str, list[int]] = {}
    for key, number in sorted(locked):
        by_sheet.setdefault(key, []).append(number)
    for key, numbers in by_sheet.items():
        shown = [str(number) for number in numbers[:_CITED_ROWS]]
        if len(numbers) > _CITED_ROWS:
            shown.append(plural(len(numbers) - _CITED_ROWS, "autre"))
        noun = "ligne" if len(numbers) == 1 else "lignes"
        yield f"{noun} {listing(shown)} de {guillemets(tables[key].name)}"
