"""What a rule reproaches, in values and without a sentence: cells and words come later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.light_dataclass import dataclass, field

if TYPE_CHECKING:
    from xl_cpom.workbook.model import Sheet
    from xl_cpom.workbook.records import Row, Table


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found: the rows at fault, the columns to show, the words of the message.

    rows may be empty (fault of the sheet itself); columns None means the rule's columns. secrets:
    texts that no report may show -> what it shows instead. below: the table where a line is
    missing: the fault points at its first free line. about: the records spoken of, when none of
    their cells is at fault.
    """

    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    sheet: Sheet | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)
    below: Table | None = None
    about: tuple[Row, ...] = ()

    def __bool__(self) -> bool:
        return False  # a row predicate may return a Fault instead of False


def fault(
    *rows: Row,
    columns: tuple[str, ...] | None = None,
    sheet: Sheet | None = None,
    secrets: Mapping[str, str] | None = None,
    **values: Any,
) -> Fault:
    """Build a Fault; the named values fill the placeholders of the rule's message."""
    return Fault(rows=rows, columns=columns, values=values, sheet=sheet, secrets=secrets or {})


def missing_line(table: Table, *about: Row, columns: tuple[str, ...], **values: Any) -> Fault:
    """Build the Fault of a line that a table should have: it points where the line goes."""
    return Fault(columns=columns, values=values, sheet=table.sheet, below=table, about=about)
