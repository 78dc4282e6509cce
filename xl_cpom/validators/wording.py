"""The sentence of a finding: the rule's template filled with the values of the row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xl_cpom.typography import NBSP, date_text, listing, number_text, rate_text, typeset, value_text
from xl_cpom.validators import personal_data
from xl_cpom.validators.declaration import CODE, registry
from xl_cpom.validators.model import Fault, Finding, Rule
from xl_cpom.validators.record_names import RECORD_NAMES
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.records import NON_LU, Row

OPTIONAL = ("sinon", "suggestion", "nuance", "depuis", "copie", "forme")
"""Blanks of a template that most findings leave empty."""
EMPTY, ILLISIBLE = "(vide)", "(illisible)"
"""What a message shows of a cell that holds nothing, or that could not be read."""


_VALUES = 4
"""Values read that a finding about several rows shows."""


def show(value: Any, column: Column | None = None) -> str:
    """A typed value as the gestionnaire reads it in the cell of this column."""
    if value is NON_LU:
        return ILLISIBLE
    if isinstance(value, dt.date):
        return date_text(value)
    if column is not None and isinstance(value, int | float) and not isinstance(value, bool):
        if column.kind in (Kind.TAUX, Kind.RATIO) and column.unit in ("", "ratio"):
            return rate_text(value)
        if column.kind is Kind.ANNEE:
            return str(int(value))
        if column.kind is Kind.MONTANT:
            return f"{number_text(value, 2)}{NBSP}€"
    return value_text(value)


class Blanks(dict[str, str]):
    """Values of a template; an unknown placeholder is a mistake of the rule's author."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Blanks:
        """The values of a notice or of a fault, as a sentence says them."""
        return cls({key: v if isinstance(v, str) else value_text(v) for key, v in values.items()})

    @property
    def read(self) -> str:
        """What was read there: the word « valeur », empty when there is none."""
        return self.get("valeur", "")

    def __missing__(self, key: str) -> str:
        if key in RECORD_NAMES:  # what a fault says of a record that is no row of the workbook
            return RECORD_NAMES[key](self["numero"], self)
        raise KeyError(f"placeholder {{{key}}} has no value")


def compose(
    rule: Rule,
    words: Blanks,
    *,
    sheet: str,
    cells: tuple[str, ...],
    record: str = "",
    justification: str | None = None,
) -> Finding:
    """The finding of a rule: its templates filled with these words, `valeur` being what was read.

    Every finding is worded here. Raises KeyError on a placeholder without a word.
    """
    return Finding(
        code=rule.code,
        severity=rule.severity,
        sheet=sheet,
        cells=cells,
        value=words.read,
        expected=_fill(rule.expected, words),
        message=sentence(_fill(rule.message, words)),
        fix=_fill(rule.fix, words),
        source=str(rule.source),
        record=record,
        justification=justification,
    )


def finding_of_notice(rule: Rule, notice: Notice, row: Row | None = None) -> Finding:
    """The finding of a notice of the reading; row: the record it is about, when there is one."""
    words = Blanks.of(notice.values)
    words.setdefault("feuille", notice.sheet)
    words.setdefault("valeur", notice.value)
    for blank in OPTIONAL:
        words.setdefault(blank, "")
    if row is not None:
        words.setdefault("de_qui", _of(row))
    found = compose(
        rule,
        words,
        sheet=notice.sheet,
        cells=notice.cells,
        record="" if row is None else record(row),
        justification=_justification(rule, row, notice.cells),
    )
    return replace(found, value=notice.value, expected=found.expected or words.get("attendu", ""))


def finding_of_fault(rule: Rule, fault: Fault) -> Finding:
    """The finding of a fault: cells, value and words derived from its rows and columns."""
    columns = rule.columns if fault.columns is None else fault.columns
    sheet = fault.sheet or (fault.rows[0].table.sheet if fault.rows else rule.sheet)
    assert sheet is not None
    first = fault.rows[0] if fault.rows else None
    if fault.columns is None and "{manque}" in rule.message and first is not None:
        columns = tuple(key for key in columns if first.values.get(key) is None)  # to be filled
    words = Blanks() if first is None else _RowWords(first, sheet, columns)
    if columns and len(fault.rows) > 1:
        words["valeur"] = _values(fault.rows, columns[0])
    words.update(Blanks.of(fault.values))
    if first is None or "feuille" not in first.values:
        words.setdefault("feuille", sheet.name)
    cells = tuple(
        dict.fromkeys(
            cell for row in fault.rows for key in columns if (cell := row.cell(key)) is not None
        )
    )
    table = first.table if first is not None else fault.below
    if fault.below is not None:
        free = fault.below.first_free
        found = (fault.below.address(free, key) for key in columns)
        cells = tuple(cell for cell in found if cell is not None)
    return compose(
        rule,
        words,
        sheet=sheet.name if table is None else table.name,
        cells=cells,
        record="" if first is None else record(first),
        justification=_justification(rule, first, cells),
    )


class _RowWords(Blanks):
    """The values of a row, written when a template asks for them: few of them are."""

    def __init__(self, row: Row, sheet: Sheet, columns: tuple[str, ...]) -> None:
        super().__init__()
        self._row = row
        self._sheet = sheet
        self._columns = columns

    @property
    def read(self) -> str:
        """The value of the first column of the rule, unless the fault says another."""
        return self["valeur"] if self._columns or "valeur" in self else ""

    def __missing__(self, key: str) -> str:
        row, sheet = self._row, self._sheet
        if key == "valeur" and self._columns:
            first = self._columns[0]
            word = show(row.values.get(first), sheet.by_key.get(first))
        elif key == "manque":
            empty = [sheet[name].header for name in self._columns if row.values.get(name) is None]
            word = listing(f"« {header} »" for header in empty)
        elif key in RECORD_NAMES:
            said = {name: self.get(name, value) for name, value in row.values.items()}
            word = RECORD_NAMES[key](self["numero"], said)
        elif key == "ligne":
            word = str(row.number)
        elif key in row.values:
            word = show(row.values[key], sheet.by_key.get(key)) or EMPTY
        else:
            return super().__missing__(key)
        self[key] = word
        return word


def _values(rows: Sequence[Row], key: str) -> str:
    """What is read in a column of several rows: each value once, the first ones."""
    column = rows[0].table.sheet.by_key.get(key)
    shown = list(dict.fromkeys(show(row.values.get(key), column) for row in rows))
    left = len(shown) - _VALUES
    return " ; ".join([*shown[:_VALUES], f"… (et {left} de plus)"] if left > 0 else shown)


def record(row: Row) -> str:
    """How a row is called: « l'action A3 »; "" on a fiche."""
    sheet = row.table.sheet
    return f"{sheet.record} {identite(row)}".strip() if sheet.identity else ""


def _of(row: Row) -> str:
    """« de l'action A3 « Former… » », « de l'établissement 210781456 »: whose cell it is."""
    for key, tell in RECORD_NAMES.items():
        number = row.values.get("numero")
        if _NAMED_RECORDS.get(row.table.sheet.key) == key and isinstance(number, str):
            said = tell(number, row.values)
            return f"du {said[3:]}" if said.startswith("le ") else f"de {said}"
    number = row.values.get("finess_et")
    if isinstance(number, str):
        return f"de l'établissement {number}"
    return f"de la ligne {row.number}" if row.number else ""


_NAMED_RECORDS = {"actions": "nom_action", "mesures": "nom_mesure", "fragilites": "nom_point"}


def identite(row: Row) -> str:
    """What tells a row from the others of its sheet: « A3 », « 210781456 · 2027 »."""
    sheet = row.table.sheet
    return " · ".join(show(row.values.get(key), sheet[key]) for key in sheet.identity)


def _justification(rule: Rule, row: Row | None, cells: Sequence[str]) -> str | None:
    """What the gestionnaire wrote in « Commentaire ou justification » on the row.

    A comment that cites codes of rules justifies these alone; one that is itself at fault justifies
    nothing. The comment of the fiche is about the whole workbook: « Bonne réception. » there
    justifies nothing, unless it cites the code.
    """
    comment = None if row is None else row.values.get("commentaire")
    if row is None or not isinstance(comment, str) or row.cell("commentaire") in cells:
        return None
    cited = {code for code in CODE.findall(comment.upper()) if code in registry()}
    general = row.table.sheet.layout is Layout.FICHE
    return comment if rule.code in cited or not (cited or general) else None


def mask_secrets(findings: Sequence[Finding], secrets: Mapping[str, str]) -> list[Finding]:
    """The findings with these texts replaced wherever they would be shown.

    secrets: what the rules DCP found, to be masked in the findings of every rule. What designates a
    person by itself is masked too: a list, the name of a sheet, a column that no rule DCP reads.
    """

    def masked(text: str) -> str:
        for secret, shown in secrets.items():
            text = text.replace(secret, shown)
        return personal_data.masked(text)

    def one(finding: Finding) -> Finding:
        changed: dict[str, Any] = {
            name: shown
            for name in _SHOWN
            if (text := getattr(finding, name)) and (shown := masked(text)) != text
        }
        return replace(finding, **changed) if changed else finding

    return [one(finding) for finding in findings]


_SHOWN = ("sheet", "value", "expected", "message", "record", "justification")
"""The texts of a finding that come from the workbook."""


def _fill(template: str, words: Mapping[str, str]) -> str:
    return typeset(template.format_map(words)) if template else ""


def sentence(text: str) -> str:
    """Capital letter, full stop, and no gap where an empty value was named."""
    text = text.replace(f" ({EMPTY})", "")
    text = re.sub(r" {2,}", " ", text).strip()
    if not text:
        return text
    start = text[0].upper() + text[1:]
    ended = start.endswith((".", "?", "!")) and re.search(r"#[A-Z/0]+[?!]$", start) is None
    return start if ended else start + "."
