"""The lines of the sheet « Contrôles »: one per finding, in the words the reader uses."""

from __future__ import annotations

from collections.abc import Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.book import Book
from xl_cpom.reports.severity_looks import label
from xl_cpom.typography import NBSP, fold, plural
from xl_cpom.validators.model import Finding
from xl_cpom.workbook.reader.refs import parse_rect

MAX_LINKS = 60_000
"""Lines with a link: Excel opens no more than 65 530 on a sheet."""
_CELLS = 12  # cells a line names; all of them are highlighted
_HEADERS = {
    "gravite": ("gravite", "severite"),
    "code": ("code", "regle", "code de la regle"),
    "feuille": ("feuille", "onglet"),
    "cellule": ("cellule", "cellules", "lien"),
    "valeur": ("valeur", "valeur lue", "valeur saisie"),
    "attendu": ("attendu", "valeur attendue"),
    "message": ("message", "anomalie", "constat"),
    "correction": ("correction", "comment corriger", "que faire", "remede"),
    "source": ("source", "reference"),
    "justification": ("justification", "votre justification"),
}
_KEYS = {spelling: key for key, spellings in _HEADERS.items() for spelling in spellings}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the text of each field as read, and where « cellule » leads (empty: nowhere)."""

    texts: dict[str, str]
    link: str = ""


def key_of(header: str) -> str:
    """The field a column header names; empty when it is none of ours."""
    return _KEYS.get(fold(header), "")


def is_controles(headers: Sequence[str]) -> bool:
    """Tell whether a table with these headers is the one the findings go to."""
    return {"gravite", "code", "message"} <= {key_of(header) for header in headers}


def lines_of(findings: Sequence[Finding], book: Book) -> list[Line]:
    """One line per finding, gravest first, then in the order of the sheets."""
    tabs = {sheet.name.casefold(): rank for rank, sheet in enumerate(book.sheets)}
    ordered = sorted(
        findings, key=lambda f: (f.severity.rank, tabs.get(f.sheet.casefold(), len(tabs)))
    )
    return [_line(finding, book, rank < MAX_LINKS) for rank, finding in enumerate(ordered)]


def _line(finding: Finding, book: Book, linked: bool) -> Line:
    sheet = book.sheet(finding.sheet)
    this_label = label(finding.severity)
    where = finding.sheet
    if sheet is not None and sheet.hidden:
        where += " (feuille masquée)"
    elif sheet is None and finding.sheet:
        where += " (feuille absente)"
    message = finding.message
    if finding.waiver is not None:
        this_label += " (dérogation)"
        message = f"{message.rstrip(' .')}. Dérogation{NBSP}: {finding.waiver}"
    texts = {
        "gravite": this_label,
        "code": finding.code,
        "feuille": where,
        "cellule": _cells(finding),
        "valeur": finding.value,
        "attendu": finding.expected,
        "message": message,
        "correction": finding.fix,
        "source": finding.source,
        "justification": finding.justification or "",
    }
    link = ""
    if sheet is not None and linked:
        first = next((cell for cell in finding.cells if parse_rect(cell)), "A1")
        link = f"'{sheet.name.replace(chr(39), chr(39) * 2)}'!{first}"
    return Line(texts, link)


def _cells(finding: Finding) -> str:
    """The cells of a finding as read: the first ones, and how many there are."""
    shown = ", ".join(finding.cells[:_CELLS])
    if len(finding.cells) > _CELLS:
        return f"{shown}… ({plural(len(finding.cells), 'cellule')})"
    return shown or ("(feuille)" if finding.sheet else "")
