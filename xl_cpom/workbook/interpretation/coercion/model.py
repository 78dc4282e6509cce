"""What a coercion gives back, and what it needs beside the cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import number_text, rate_text, visible
from xl_cpom.workbook import lists
from xl_cpom.workbook.interpretation.parsing import date_from_serial
from xl_cpom.workbook.reader import RawCell
from xl_cpom.workbook.records import NON_LU

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.workbook.model import Column


@dataclass(frozen=True, slots=True)
class CellRemark:
    """Something to say about one cell: the code of the rule and the words it needs."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


class Coerced(NamedTuple):
    """The typed value of a cell (None: empty, NON_LU: unreadable) and what there is to say."""

    value: Any
    remarks: tuple[CellRemark, ...] = ()


EMPTY = Coerced(None)


def unread(code: str, **values: Any) -> Coerced:
    """A cell that could not be read, and why."""
    return Coerced(NON_LU, (CellRemark(code, values),))


def said(value: Any, code: str, **values: Any) -> Coerced:
    """A value that was repaired or recognised, and what is said about it."""
    return Coerced(value, (CellRemark(code, values),))


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a coercion needs beside the cell: the référentiel and the date system of the file."""

    referentiel: Referentiel
    date1904: bool = False
    written: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By key of a reference column: how its cells are written, see `codes.shape_of`."""
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By key of a reference column: the texts it already holds."""
    _lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _spellings: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def nomenclature(self, column: Column) -> Mapping[str, str]:
        """Code -> label of the nomenclature whose labels people may write; empty for none."""
        if not column.nomenclature:
            return {}
        return self.referentiel.nomenclature(column.nomenclature)

    def written_otherwise(self, column: Column) -> Mapping[str, str]:
        """Spelling -> value, for those read in silence: « 500 – EHPAD », an earlier template's."""
        key = column.list_name or column.nomenclature
        if key not in self._spellings:
            former = self.referentiel.list_definitions.get(column.list_name or "")
            said = {text: code for code, text in lists.spoken(column, self.referentiel).items()}
            self._spellings[key] = {**(former.anciennes if former else {}), **said}
        return self._spellings[key]

    def admitted(self, column: Column) -> tuple[str, ...]:
        """The values a column admits, looked up once a reading."""
        name = column.list_name or ""
        if name not in self._lists:
            self._lists[name] = lists.admitted(column, self.referentiel)
        return self._lists[name]


_LONGEST = 1_000_000
"""Days beyond which a duration is shown as a number."""


def _clock(days: float) -> str:
    """« 35:30 », « 0:01:05 »."""
    minutes, seconds = divmod(round(days * 86_400), 60)
    text = f"{minutes // 60}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def is_calendar(cell: RawCell) -> bool:
    """A number that a sheet shows as a date, a time or a duration, and that is no quantity."""
    return cell.is_date or cell.is_time


def shown(cell: RawCell, column: Column | None = None, date1904: bool = False) -> str:
    """The content of a cell as the gestionnaire sees it, safe to print.

    A number in a column of identifiers or years is shown without thousands blanks. date1904: the
    file counts its days from 1904.
    """
    raw = cell.value
    if isinstance(raw, bool):
        return "VRAI" if raw else "FAUX"
    if isinstance(raw, float | int):
        raw = as_shown(raw)
        if cell.is_date and (day := date_from_serial(raw, date1904)):
            return day.strftime("%d/%m/%Y")
        if cell.is_time and 0 <= raw < _LONGEST:
            return _clock(float(raw))
        if "%" in (cell.number_format or ""):
            return rate_text(raw)
        if column is not None and column.kind.is_ungrouped and float(raw).is_integer():
            return str(int(raw))
        return number_text(raw)
    return visible(str(raw)) if raw is not None else ""
