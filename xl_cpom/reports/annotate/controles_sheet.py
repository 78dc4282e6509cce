"""The sheet « Contrôles »: the template's own is filled, or one is made when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.book import Book, BookSheet, tree
from xl_cpom.reports.annotate.controles_fill import (
    cell_text,
    fill,
    hyperlink,
    numbered,
    row_height,
    text_cell,
)
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.listing_lines import Line, is_controles, key_of
from xl_cpom.reports.annotate.mark_styles import AnnotationStyles
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.annotate.splice import attribute_xml
from xl_cpom.reports.annotate.xmlscan import whole
from xl_cpom.typography import fold
from xl_cpom.workbook.reader.refs import Rect, cell_name, parse_cell, parse_rect
from xl_cpom.workbook.tabs import CONTROLES, CONTROLES_COLUMNS

_WIDTHS = {"gravite": 24, "code": 12, "feuille": 26, "cellule": 22, "valeur": 24, "message": 64,
           "correction": 56}  # fmt: skip
"""Of the sheet made where there was none: its first column also holds a sentence."""
_COLUMNS = tuple((header, key, _WIDTHS[key]) for key, header in CONTROLES_COLUMNS.items())
_HEADER_ROW = 4
_SEARCHED_ROWS = 30
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."


@dataclass(frozen=True, slots=True)
class ControlsTable:
    """The table of the sheet « Contrôles » found in a workbook.

    part: "" when a program has lost the table: its headers then say where it stood.
    """

    sheet: BookSheet
    part: str
    ref: Rect
    headers: tuple[str, ...]


def find_table(draft: Draft) -> ControlsTable | None:
    """The table the findings go to: on the tab « Contrôles » first, then on any other."""
    tabs = sorted(draft.book.sheets, key=lambda s: not fold(s.name).startswith("controles"))
    for sheet in tabs:
        if not sheet.is_worksheet:
            continue
        try:
            table = _table_of(draft, sheet)
        except AnnotationError:  # a malformed sheet is not the one we look for
            continue
        if table is not None:
            return table
    for sheet in tabs:
        if sheet.is_worksheet and fold(sheet.name).startswith("controles"):
            with suppress(AnnotationError):
                if (lost := _lost_table(draft, sheet)) is not None:
                    return lost
    return None


def _lost_table(draft: Draft, sheet: BookSheet) -> ControlsTable | None:
    """Where the table stood on a sheet that has kept its headers. Raises AnnotationError."""
    data = draft.part(sheet.part, rows=True).root.find("sheetData")
    found: tuple[int, dict[int, str]] | None = None
    last = 0
    for number, node in numbered(data) if data is not None else ():
        texts = {
            place[1]: text
            for cell in node.all("c")
            if (place := parse_cell(cell.get("r"))) and (text := cell_text(draft, cell).strip())
        }
        if found is None and number <= _SEARCHED_ROWS and is_controles(list(texts.values())):
            found = (number, {col: text for col, text in texts.items() if key_of(text)})
        if found is not None and found[1].keys() & texts.keys():
            last = number
    if found is None:
        return None
    row, headers = found
    left, right = min(headers), max(headers)
    names = tuple(headers.get(col, "") for col in range(left, right + 1))
    return ControlsTable(sheet, "", Rect(row, left, max(last, row + 1), right), names)


def _table_of(draft: Draft, sheet: BookSheet) -> ControlsTable | None:
    """The table of a sheet the findings go to. Raises AnnotationError."""
    for relation in draft.relations(sheet.part):
        if relation.kind != "table" or relation.target not in draft.package:
            continue
        root = tree(draft.package, relation.target, depth=3)
        ref = parse_rect(root.get("ref"))
        columns = root.find("tableColumns")
        headers = tuple(c.get("name") for c in (columns.children if columns else ()))
        plain = (root.get("headerRowCount", "1"), root.get("totalsRowCount", "0")) == ("1", "0")
        if ref is not None and plain and is_controles(headers):
            draft.part(sheet.part, rows=True)  # it will be written: it must be readable
            return ControlsTable(sheet, relation.target, ref, headers)
    return None


def write_controles(
    draft: Draft, lines: Sequence[Line], verdict: str, styles: AnnotationStyles
) -> str:
    """Fill or make the sheet; returns the name of its tab."""
    table = find_table(draft)
    if table is not None:
        fill(draft, table.sheet.part, table.part, table.ref, table.headers, lines, verdict, styles)
        return table.sheet.name
    return _create(draft, lines, verdict, styles)


def _create(draft: Draft, lines: Sequence[Line], verdict: str, styles: AnnotationStyles) -> str:
    book = draft.book
    part, table = draft.free("xl/worksheets/sheet{}.xml"), draft.free("xl/tables/table{}.xml")
    last = _HEADER_ROW + max(1, len(lines))
    ref = f"A{_HEADER_ROW}:{cell_name(last, len(_COLUMNS))}"
    draft.add(part, _sheet_xml(book, lines, verdict, styles, last), _TYPE + "worksheet+xml")
    draft.relate(part, "table", table)  # the first relationship of the part: rIdCpom1
    draft.add(table, _table_xml(draft, ref), _TYPE + "table+xml")
    relation = draft.relate(book.part, "worksheet", part)
    workbook = draft.part(book.part)
    listed = workbook.root.find("sheets")
    assert listed is not None  # read_book found the sheets there
    name, number = CONTROLES, 1
    while book.sheet(name) is not None:
        number += 1
        name = f"{CONTROLES} ({number})"
    ids = [whole(n.get("sheetId")) for n in listed.children]
    r = workbook.declared(book.relations)
    declared = "" if r else f' xmlns:r="{book.relations}"'
    workbook.append(
        listed,
        f"<{workbook.prefix}sheet{declared} name={attribute_xml(name)} "
        f'sheetId="{max(ids, default=0) + 1}" {r or "r:"}id="{relation}"/>',
    )
    return name


def _sheet_xml(
    book: Book, lines: Sequence[Line], verdict: str, styles: AnnotationStyles, last: int
) -> str:
    cols = "".join(
        f'<col min="{k}" max="{k}" width="{width}" customWidth="1"/>'
        for k, (_, _, width) in enumerate(_COLUMNS, 1)
    )
    rows = [
        _row(1, [("Contrôles avant transmission", styles.cell("titre"))]),
        _row(2, [(verdict, styles.cell("titre"))]) if verdict else "",
        _row(_HEADER_ROW, [(header, styles.cell("entete")) for header, _, _ in _COLUMNS]),
    ]
    links = []
    for number, line in enumerate(lines, _HEADER_ROW + 1):
        cells = []
        for col, (_, key, _) in enumerate(_COLUMNS, 1):
            linked = key == "cellule" and bool(line.link)
            cells.append((line.texts[key], styles.cell("lien" if linked else "texte")))
            if linked:
                links.append(hyperlink("", cell_name(number, col), line))
        height = row_height([(line.texts[key], width) for _, key, width in _COLUMNS])
        rows.append(_row(number, cells, height))
    return (
        f'<worksheet xmlns="{book.main}" xmlns:r="{book.relations}">'
        '<sheetPr><tabColor rgb="FF7A0012"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{cell_name(last, len(_COLUMNS))}"/>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{_HEADER_ROW}" topLeftCell="A{_HEADER_ROW + 1}" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{cols}</cols><sheetData>{''.join(rows)}</sheetData>"
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        '<tableParts count="1"><tablePart r:id="rIdCpom1"/></tableParts></worksheet>'
    )


def _row(number: int, cells: Sequence[tuple[str, int]], height: str = "") -> str:
    inner = "".join(
        text_cell("", cell_name(number, col), text, style)
        for col, (text, style) in enumerate(cells, 1)
    )
    return f'<row r="{number}"{height}>{inner}</row>'


def _table_xml(draft: Draft, ref: str) -> str:
    names, ids = set(), {0}
    for part in draft.package.names:
        if "/tables/" in part and part.endswith(".xml"):
            with suppress(AnnotationError):  # a malformed table claims no name
                root = tree(draft.package, part, depth=1)
                names.add(root.get("displayName").casefold())
                ids.add(whole(root.get("id")))
    number, name = 1, "tControles"
    while name.casefold() in names:
        number += 1
        name = f"tControles{number}"
    columns = "".join(
        f'<tableColumn id="{k}" name="{header}"/>' for k, (header, _, _) in enumerate(_COLUMNS, 1)
    )
    return (
        f'<table xmlns="{draft.book.main}" id="{max(ids) + 1}" name="{name}" '
        f'displayName="{name}" ref="{ref}" totalsRowShown="0"><autoFilter ref="{ref}"/>'
        f'<tableColumns count="{len(_COLUMNS)}">{columns}</tableColumns>'
        '<tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" '
        'showRowStripes="1" showColumnStripes="0"/></table>'
    )
