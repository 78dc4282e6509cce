"""What a sheet of the standard workbook is: one declaration per column, many uses.

A `Column` is written once. From it come the cell of the template with its drop-down, format and
comment, the coercion of what comes back, the pandera column, the entry rules, the Table Schema
and the page of documentation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.lifetime import Lifetime

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


class Kind(Enum):
    """The type of a column: how it is formatted, coerced, checked and described."""

    __hash__ = object.__hash__  # looked up for every cell: that of Enum costs a call in Python

    TEXT = "texte"
    CODE = "code"
    FINESS = "numéro FINESS"
    FINESS_LIST = "numéros FINESS séparés par « ; »"
    SIREN = "numéro SIREN"
    SIRET = "numéro SIRET"
    LISTING = "valeur de liste"
    DATE = "date"
    TAUX = "taux (entre 0 % et 100 %)"
    RATIO = "taux calculé"
    INTEGER = "nombre entier"
    NUMBER = "nombre"
    MONTANT = "montant en euros"
    ANNEE = "année"
    EMAIL = "adresse électronique"
    COTATION = "cotation HAS (1 à 4, ★, NC ou RI)"

    @property
    def is_number(self) -> bool:
        """True for the kinds whose Python value is an int or a float."""
        return self in _NUMBERS

    @property
    def is_identifier(self) -> bool:
        """True for the kinds stored as text, whose leading zeros matter."""
        return self in _IDENTIFIERS

    @property
    def is_free_text(self) -> bool:
        """True for the kinds whose cells may hold any text."""
        return self in (Kind.TEXT, Kind.CODE, Kind.EMAIL)

    @property
    def is_ungrouped(self) -> bool:
        """True for the kinds whose digits are never grouped by thousands when shown."""
        return self.is_identifier or self in (Kind.ANNEE, Kind.CODE, Kind.LISTING, Kind.TEXT)


_NUMBERS = frozenset({Kind.TAUX, Kind.RATIO, Kind.INTEGER, Kind.NUMBER, Kind.MONTANT, Kind.ANNEE})
_IDENTIFIERS = frozenset({Kind.FINESS, Kind.FINESS_LIST, Kind.SIREN, Kind.SIRET})


class Layout(Enum):
    """How a sheet lays its rows out."""

    FICHE = "fiche"  # one record, a label and a value per line
    TABLE = "table"  # one record per row, any number of rows
    FIXED = "fixed"  # one record per row, rows known beforehand (modules, indicateurs)


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculated column, said twice: as Excel computes it and as Python recomputes it.

    reads: the columns of the row without which it has no value (None: those its text names).
    before: (version, text) for each version of the template that changed the Excel text: how it
    read until then (`workbook.template_versions`).

    `excel` is in the stored (English) grammar with placeholders: `{statut}` is this row's cell,
    `{etablissements.secteur}` a whole column of another table, `{identification.annee_n1}` the
    value of the fiche. On a FIXED sheet it may be a function of the row's constants, since each
    row then has its own formula. `compute(row, classeur)` takes a `records.Row` and its
    `Classeur` and returns the same value (None shows as empty). A test recalculates the filled
    example in LibreOffice and compares every cell.
    """

    excel: str | Callable[[Mapping[str, Any]], str]
    compute: Callable[[Any, Any], Any]
    reads: tuple[str, ...] | None = None
    before: tuple[tuple[str, Any], ...] = ()

    def text(self, constants: Mapping[str, Any] | None = None) -> str:
        """The Excel text, placeholders included, for a row with these constants."""
        return self.excel if isinstance(self.excel, str) else self.excel(constants or {})


@dataclass(frozen=True, slots=True)
class Column:
    """One column (or one line of a fiche) of a sheet."""

    key: str
    """Name in code and in data frames."""
    header: str
    """What the user reads."""
    kind: Kind
    help: str
    """Comment of the header, in French."""
    required: bool = False
    """Must be filled on every used row."""
    blank_code: str = "FMT-015"
    """Code of the rule that says it is empty."""
    list_code: str = "FMT-013"
    """Code of the rule that says a value is not in its list."""
    any_date: bool = False
    """A date outside the cycle is normal."""
    list_name: str | None = None
    """Closed list of the référentiel."""
    depends_on: str | None = None
    """Key of the column that chooses the list."""
    refers_to: str | None = None
    """Key of the sheet whose rows it names: the template offers what was entered there."""
    expected_with: str | None = None
    """Key of the column without whose number nothing is expected here."""
    synonyms: tuple[str, ...] = ()
    """Other headers accepted when it comes back."""
    minimum: float | str | None = None
    maximum: float | str | None = None
    """Bounds of the entry, in the column's unit: a number, or the parameter of the référentiel that
    gives it (of a date, its year). `bounds` resolves them."""
    unit: str = ""
    formula: Formula | None = None
    locked: bool = False
    """Written by the template and never changed."""
    technical: bool = False
    """Serves formulas more than readers: shown smaller, and left out of the paper when last."""
    reference: bool = False
    """Its cells are numbers that name records (« A3 », « 1-2 »), never dates."""
    holds: Kind | None = None
    """Identifier that its texts may be, beside names: read and repaired as in a column of it."""
    pattern: str = ""
    """Regular expression of its codes."""
    nomenclature: str = ""
    """Nomenclature whose labels people write in the place of a code."""
    cites: str = ""
    """« sheet.column » whose references its texts cite."""
    source: str = ""
    """Where it comes from; `{guide}` is the guide of the region (`Referentiel.citer`)."""
    width: float = 14.0
    """In characters, as Excel counts them."""
    line_height: float | None = None
    """Points given to the line of a fiche; None: what its help needs."""
    section: str = ""
    """Title of the section of the fiche, or of the band of columns, that starts with it."""
    state_list: str | None = None
    """List of the statuses it shows: the template gives each the look of its state."""
    since: str = ""
    """Version of the template that brought it; "" for the first one (`template_versions`)."""

    lasts: Lifetime = Lifetime.STATUS
    """How long what its cells say holds: what the workbook of the next year does with it."""
    rank: int = 0
    """Rank of the only year it is about (« Réalisé N3 »: 3); 0 when it is about none."""

    was: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """(version, what it declared until then) for each version that changed more than its text."""

    @property
    def is_entry(self) -> bool:
        """True when the gestionnaire fills the cell in (neither calculated nor fixed)."""
        return self.formula is None and not self.locked

    def bounds(self, referentiel: Referentiel) -> tuple[float | None, float | None]:
        """Smallest and greatest value admitted, in the column's unit (None: no bound)."""
        low, high = self.minimum, self.maximum
        return (
            _bound(referentiel, low) if isinstance(low, str) else low,
            _bound(referentiel, high) if isinstance(high, str) else high,
        )


def _bound(referentiel: Referentiel, parameter: str) -> float:
    value: float | dt.date = referentiel.valeur(parameter)
    return value.year if isinstance(value, dt.date) else value


@dataclass(frozen=True)
class Sheet:
    """One sheet of the standard workbook."""

    key: str
    """Name in code."""
    name: str
    """Name of the tab."""
    table: str
    """Name of the Excel table, or prefix of the defined names of a fiche."""
    layout: Layout
    columns: tuple[Column, ...]
    purpose: str
    """One French sentence, shown under the title."""
    record: str
    """What one row is called in messages (« l'action », « la mesure »)."""
    identity: tuple[str, ...] = ()
    """Keys that tell one row from another."""
    capacity: int = 50
    """Rows laid out in the blank template."""
    synonyms: tuple[str, ...] = ()
    """Other names of the tab accepted when it comes back."""
    fixed_rows: Callable[[Any], tuple[Mapping[str, Any], ...]] | None = None
    """(référentiel) -> the constant cells of a FIXED sheet, one mapping per row."""
    guide: str = ""
    """Where it comes from; `{guide}` is the guide of the region (`Referentiel.citer`)."""
    closed: tuple[str, ...] = ()
    """Statuses after which a row is history: nothing is asked of it the next year."""
    exercise: str = ""
    """Key of the column that dates its rows: each year opens its own, those of the past stay."""
    module: str = ""
    """The only module it serves, when it serves one à la carte."""
    owed: bool = False
    """Every return fills it; another sheet only when it has something to say (`filled_share`)."""
    occasional: bool = False
    """Filled in by some contracts only: no page of it while it is empty (`template.paper`)."""
    since: str = ""
    """Version of the template that brought it; "" for the first one (`template_versions`)."""

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by key; KeyError for an unknown one."""
        return {column.key: column for column in self.columns}

    def __getitem__(self, key: str) -> Column:
        return self.by_key[key]

    def __hash__(self) -> int:
        return hash(self.key)


HEADER_ROW = 5
"""Row of the headers on every table sheet of the template."""
