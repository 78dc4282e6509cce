"""The content of a returned workbook once read and typed: rows, tables, the whole workbook.

Rules see only these objects: a value is either typed, `None` (empty) or `NON_LU` (the cell or its
column could not be read; a finding already says so). Every row keeps its physical position, so
that a finding always points to the right cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from xl_cpom.indicators import parameters_of
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.workbook.reader.refs import col_letters, parse_cell
from xl_cpom.workbook.unread import UnreadPlace, listening, tell

if TYPE_CHECKING:
    from xl_cpom.indicators import IndicatorResult, ParameterSet
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.workbook.model import Column, Sheet


class _NonLu(Enum):
    NON_LU = "non lu"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "NON_LU"


NON_LU: Final = _NonLu.NON_LU
"""Value of a cell that could not be read, or whose column is missing."""


COMPULSORY = "Obligatoire"


class Row:
    """One record of a sheet: typed values by column key, and where each of them stands.

    `row.statut` is the value of the column `statut`; an unknown key raises AttributeError.
    """

    __slots__ = ("__dict__", "number", "table")

    def __init__(self, table: Table, number: int, values: dict[str, Any]) -> None:
        self.table = table
        self.number = number
        self.__dict__ = (
            values  # rules read attributes by the thousand: at the speed of the language
        )

    if TYPE_CHECKING:

        def __getattr__(self, key: str) -> Any: ...

    @property
    def values(self) -> dict[str, Any]:
        """Typed values by column key."""
        return self.__dict__

    def __getitem__(self, key: str) -> Any:
        return self.__dict__[key]

    def __repr__(self) -> str:
        return f"Row({self.table.sheet.key}, {self.number}, {self.values!r})"

    def cell(self, key: str) -> str | None:
        """A1 address of a column of this row; None when the column is absent from the file."""
        return self.table.address(self.number, key)

    def unread(self, keys: Iterable[str]) -> bool:
        """True when one of the values could not be read."""
        values = self.values
        return any(values[key] is NON_LU for key in keys)


def unread_places(row: Row, keys: Iterable[str]) -> Iterator[UnreadPlace]:
    """The places of a row, among these columns, that could not be read."""
    number = 0 if row.table.anchors else row.number
    for key in keys:
        if row.values[key] is NON_LU:
            yield (row.table.sheet.key, number, key)


class WatchedRow(Row):
    """A row with values that could not be read: it tells who asks for them."""

    __slots__ = ()

    def __getattribute__(self, key: str) -> Any:
        value = object.__getattribute__(self, key)
        if value is NON_LU:
            self._told(key)
        return value

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    def _told(self, key: str) -> None:
        table: Table = object.__getattribute__(self, "table")
        number = 0 if table.anchors else object.__getattribute__(self, "number")
        tell(((table.sheet.key, number, key),))


class DoubtedRow(WatchedRow):
    """The same of a table some of whose values are not believed: they are told as well."""

    __slots__ = ()

    def __getattribute__(self, key: str) -> Any:
        value = object.__getattribute__(self, key)
        if value is NON_LU or key in object.__getattribute__(self, "table").doubted:
            object.__getattribute__(self, "_told")(key)
        return value


@dataclass
class Table:
    """The rows of one sheet, with the physical place of each column.

    columns: key -> 1-based column index in the file (absent: the column was not found).
    anchors, labels: for a fiche only, key -> A1 address of the value, and of its label.
    present: the sheet was found.
    """

    sheet: Sheet
    name: str
    rows: list[Row] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    header_row: int = 0
    present: bool = True
    doubted: frozenset[str] = frozenset()
    """Columns whose values were read but are not believed (watched rows tell who asks)."""
    later: frozenset[str] = frozenset()
    """Columns that the template of this file did not have yet: empty, and nothing is missing."""

    def watch(self) -> bool:
        """Make the rows that hold something unread tell it; is there one?"""
        found = False
        for row in self.rows:
            if self.doubted or NON_LU in row.values.values():
                row.__class__ = DoubtedRow if self.doubted else WatchedRow
                found = True
        return found

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, key: str) -> bool:
        """True when the column was found in the file."""
        return key in self.columns or key in self.anchors

    def lacks(self, key: str) -> bool:
        """True when the file should have had the column, and has not."""
        return not self.has(key) and key not in self.later

    def row_of(self, cells: Iterable[str]) -> Row | None:
        """The record that these cells belong to; None for a header, or several records."""
        rows = self.rows_of(cells)
        return rows[0] if len(rows) == 1 else None

    def rows_of(self, cells: Iterable[str]) -> list[Row]:
        """The records that these cells belong to."""
        if self.anchors:
            return self.rows[:1]
        numbers = {place[0] for cell in cells if (place := parse_cell(cell)) is not None}
        return [self._by_number[number] for number in sorted(numbers & self._by_number.keys())]

    @property
    def first_free(self) -> int:
        """The number of the line under the last record, where another one goes."""
        return max((row.number for row in self.rows), default=self.header_row) + 1

    def columns_of(self, cells: Iterable[str]) -> set[str]:
        """The keys of the columns that these cells stand in (none for a fiche)."""
        indexes = {place[1] for cell in cells if (place := parse_cell(cell)) is not None}
        return {key for key, index in self.columns.items() if index in indexes}

    @cached_property
    def _by_number(self) -> dict[int, Row]:
        """The rows by number, once they have all been read."""
        return {row.number: row for row in self.rows}

    def address(self, number: int, key: str) -> str | None:
        """A1 address of a column on a row; None when the column was not found."""
        if key in self.anchors:
            return self.anchors[key]
        if key in self.columns:
            return f"{col_letters(self.columns[key])}{number}"
        return None


@dataclass
class Classeur:
    """A returned workbook, typed: one table per declared sheet, read under one référentiel."""

    referentiel: Referentiel
    tables: Mapping[str, Table]
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)
    """Answers that several rules ask of the same workbook: see `once`."""
    results: Mapping[tuple[str, str], IndicatorResult] = field(default_factory=dict)
    """Module indicators recomputed from the rows, by (module, secteur): see `computation`."""
    versions: tuple[str, ...] = ()
    """The version of the template it was read against, last, and those before it; none for a
    workbook that no file holds: it has all that is declared."""
    partial: bool = False
    """Something could not be read, or is doubted: rules are then listened to one by one."""

    def __getitem__(self, key: str) -> Table:
        table = self.tables[key]
        if not table.present:
            tell(((key, 0, ""),))
        return table

    def offers(self, version: str) -> bool:
        """Did the template of this workbook already have what that version brought?"""
        return not self.versions or version in self.versions

    @cached_property
    def parameters(self) -> ParameterSet:
        """The parameters that the indicators take from the référentiel of this workbook."""
        return parameters_of(self.referentiel)

    @cached_property
    def identification(self) -> Row:
        """The fiche « Identification » (every value `NON_LU` when the sheet is missing)."""
        return self.tables["identification"].rows[0]

    @cached_property
    def etablissements(self) -> Mapping[str, Row]:
        """The ESMS of the workbook by FINESS ET (the first row wins when one is repeated)."""
        found: dict[str, Row] = {}
        for row in self.tables["etablissements"]:
            if row.values["finess_et"] and row.finess_et not in found:
                found[row.finess_et] = row
        return found

    def secteur(self, finess_et: Any) -> Any:
        """Secteur of an ESMS of the workbook: PA, PH, None when not listed, NON_LU."""
        row = self.etablissements.get(finess_et)
        if row is not None:
            return row.secteur
        if self.partial:  # the one asked for may be the one whose number could not be read
            tell(
                ("etablissements", other.number, "finess_et")
                for other in self["etablissements"].rows
                if other.values["finess_et"] is NON_LU
            )
        return None

    @property
    def annee_n1(self) -> int:
        """First civil year of the contract (the référentiel's when the cell cannot be read)."""
        return self.identification.annee_n1 or self.referentiel.annee_n1

    @property
    def followed_said(self) -> str:
        """The year followed, in words: « N2 (2027) »; « N2 » when its civil year is not known."""
        said, year = self.identification.annee_suivie, self.annee_suivie
        return f"{said} ({year})" if year else str(said)

    @property
    def followed_rank(self) -> int | None:
        """Rank of the year followed: 0 for N, 1 for N1…; None when it is not said."""
        annee = self.identification.annee_suivie
        if not annee:
            tell((("identification", 0, "annee_suivie"),))
            return None
        return int(annee[1:] or 0)

    @property
    def annee_suivie(self) -> int | None:
        """Civil year followed, None when it is not said."""
        if self.followed_rank is None:
            return None
        return int(self.annee_n1) + self.followed_rank - 1

    @property
    def exercice_clos(self) -> int | None:
        """Last exercice whose accounts are closed at the arrêté, at most the year followed.

        Without a date of arrêté: at the end of the year followed.
        """
        day, followed = self.identification.date_arrete, self.annee_suivie
        status = self.identification.statut_juridique
        if followed is None or NON_LU in (day, status):
            return None
        day = day or dt.date(followed, 12, 31)
        return min(followed, self.referentiel.dernier_exercice_clos(day, status or ""))

    def once(self, question: Any, this_answer: Callable[[], Any]) -> Any:
        """The answer to a question about this workbook, worked out the first time it is asked."""
        if question not in self.memo:
            with listening() as told:
                answer = this_answer()
            self.memo[question] = (answer, frozenset[UnreadPlace](told))
        answer, told_then = self.memo[question]
        if told_then:
            tell(told_then)
        return answer

    @cached_property
    def texts(self) -> tuple[tuple[Column, tuple[tuple[Row, str], ...]], ...]:
        """Every text typed freely in the workbook, with its row, column by column."""
        return tuple(
            (column, tuple((row, text) for row in table.rows
                           if isinstance(text := row.values[column.key], str)))
            for table in self.tables.values()
            for column in table.sheet.columns
            if column.is_entry and column.kind.is_free_text
        )  # fmt: skip

    def actif(self, module: str) -> bool:
        """True when the module is compulsory or ticked as active in the sheet « Modules »."""
        for row in self["modules"]:
            if row.code == module:
                return self._compulsory(module) or row.actif == "Oui"
        return self._compulsory(module)

    def peut_etre_actif(self, module: str) -> bool:
        """The same, but for a module whose answer could not be read: it may be active."""
        with listening() as told:
            return self.actif(module) or bool(told)

    def _compulsory(self, module: str) -> bool:
        found = self.referentiel.modules.get(module)
        return found is not None and found.statut == COMPULSORY
