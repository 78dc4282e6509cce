"""What a cell holds once read: its text as stored, its value, its formula, its format.

Nothing is guessed here: a number stays a number with its own spelling beside it, an Excel error
stays an error, a value that cannot be read is an error of its own kind. Turning texts into dates
or identifiers is the business of the coercion, with named rules.
"""

from __future__ import annotations

from typing import NamedTuple

from xl_cpom.workbook.reader.refs import cell_name

FRENCH_ERRORS = {
    "#NULL!": "#NUL!",
    "#VALUE!": "#VALEUR!",
    "#NAME?": "#NOM?",
    "#NUM!": "#NOMBRE!",
}
KNOWN_ERRORS = frozenset(
    (
        *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"),
        *("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!"),
        *("#EXTERNAL!", "#PYTHON!", "#TIMEOUT!"),
    )
)


class ExcelError:
    """An error value as Excel stores it, by its English code: `#N/A`, `#REF!`, `#SPILL!`…"""

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        self.code = code

    @property
    def display(self) -> str:
        """The error as a French Excel shows it."""
        return FRENCH_ERRORS.get(self.code, self.code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExcelError) and (type(other), other.code) == (
            type(self),
            self.code,
        )

    def __hash__(self) -> int:
        return hash((type(self), self.code))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"

    def __str__(self) -> str:
        return self.display


class NonFinite(ExcelError):
    """A number no sheet can hold (`1E+309`, `NaN`, `INF`): `code` is its spelling in the file.

    It is kept apart from the numbers because every comparison with it would be silently false.
    """

    __slots__ = ()


class Malformed(ExcelError):
    """A stored value that is not what its type says (`1,5` as a number, a string that does not
    exist): `code` is its spelling in the file."""

    __slots__ = ()


Value = str | float | bool | ExcelError | None


class NumberFormat(NamedTuple):
    """A number format: its code in English notation and what it shows."""

    code: str
    is_date: bool = False
    """shows a day, a month or a year"""
    is_time: bool = False
    """shows hours, minutes or seconds and no date; `[h]:mm` is one"""


GENERAL = NumberFormat("General")


class RawCell(NamedTuple):
    """One cell that holds something. Cells with a format and nothing in them are not kept."""

    row: int
    col: int
    type: str
    """`n`, `s`, `str`, `inlineStr`, `b`, `e` or `d`, as in the file"""
    raw: str | None
    """the text as stored: the digits of a number, the string itself, the code of an error;
    None when there is no value"""
    value: Value
    """None only for a formula that was never calculated"""
    formula: str | None
    """without the leading `=`, shared formulas translated to this cell; None when there is
    none, empty when the file names a shared formula that it does not hold"""
    cached: bool
    """False for a formula without a stored result"""
    format: NumberFormat

    @property
    def number_format(self) -> str:
        """The code of the number format, in English notation."""
        return self.format.code

    @property
    def is_date(self) -> bool:
        """A number shown as a date (with or without a time)."""
        return (self.format.is_date or self.type == "d") and type(self.value) is float

    @property
    def is_time(self) -> bool:
        """A number shown as a time of day or a duration."""
        return self.format.is_time and type(self.value) is float and self.type != "d"

    @property
    def ref(self) -> str:
        """`B7`."""
        return cell_name(self.row, self.col)
