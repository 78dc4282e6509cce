"""Filling the sheet « Contrôles » the template ships: its rows change, its looks do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import islice

from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.listing_lines import Line, key_of
from xl_cpom.reports.annotate.mark_styles import AnnotationStyles
from xl_cpom.reports.annotate.sheetscan import SheetPartEditor
from xl_cpom.reports.annotate.splice import attribute_xml, literal, text_xml
from xl_cpom.reports.annotate.xmlscan import XmlNode, whole
from xl_cpom.typography import guillemets, visible
from xl_cpom.workbook.reader.refs import Rect, cell_name, col_letters, parse_cell, parse_rect

_ITEM = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_TAG = re.compile(rb"<[^>]*>")
_TEXT = 8_000  # characters of a cell, well under Excel's 32,767
_WIDTH = 9.0  # characters of a column that says nothing of its width
VERDICT = "Verdict"
"""How the line above the table begins: that is how it is known again."""


def fill(
    draft: Draft,
    part: str,
    table_part: str,
    ref: Rect,
    headers: Sequence[str],
    lines: Sequence[Line],
    verdict: str,
    styles: AnnotationStyles | None = None,
) -> None:
    """Replace the rows of the table and the verdict above it; move the bounds of the table.

    table_part: "" when there is no table, only its headers.
    """
    sheet = SheetPartEditor(draft, part, rows=True)
    data = sheet.root.find("sheetData")
    if data is None:
        return
    rows = list(numbered(data))
    last = ref.row1 + max(1, len(lines))
    body = [node for number, node in rows if ref.row1 < number <= max(ref.row2, last)]
    looks = _styles(sheet, body, ref)
    keys = [key_of(header) for header in headers]
    columns = list(zip(keys, looks, _widths(sheet, ref), strict=True))
    xml, links = _body(sheet.editor.prefix, ref, columns, lines, styles)
    for node in body:
        sheet.editor.delete(node)
    before = [node for number, node in rows if number <= ref.row1]
    sheet.editor.insert(before[-1].end if before else data.head_end, xml)
    _links(sheet, ref, max(ref.row2, last), links)
    _verdict(draft, sheet, rows, ref, verdict, styles)
    new = ref._replace(row2=last)
    _resize(draft, sheet, table_part, new)


def _body(
    p: str,
    ref: Rect,
    columns: Sequence[tuple[str, str, float]],
    lines: Sequence[Line],
    styles: AnnotationStyles | None,
) -> tuple[str, str]:
    """The rows and their links; columns: (field, style, width) of each."""
    rows, links = [], []
    letters = [col_letters(col) for col in range(ref.col1, ref.col2 + 1)]
    silent = all(key != "valeur" for key, _, _ in columns)
    for number, line in enumerate(lines or [Line({})], ref.row1 + 1):
        cells = []
        texts = []
        for letter, (key, style, width) in zip(letters, columns, strict=True):
            name, text = f"{letter}{number}", line.texts.get(key, "")
            if silent and key == "message" and (read := line.texts["valeur"]) not in text:
                text = f"{text.rstrip(' .')}. Valeur lue\u00a0: {guillemets(read)}."
            texts.append((text, width))
            linked = key == "cellule" and bool(line.link) and styles is not None
            look = styles.linked(style) if linked and styles else style
            cells.append(text_cell(p, name, text, look))
            if linked:
                links.append(hyperlink(p, name, line))
        rows.append(f'<{p}row r="{number}"{row_height(texts)}>{"".join(cells)}</{p}row>')
    return "".join(rows), "".join(links)


def numbered(data: XmlNode) -> Iterator[tuple[int, XmlNode]]:
    """The rows with their numbers; a row without one follows the row before it."""
    number = 0
    for node in data.all("row"):
        given = node.get("r")
        number = whole(given, number + 1)
        yield number, node


def _styles(sheet: SheetPartEditor, body: Sequence[XmlNode], ref: Rect) -> list[str]:
    """Style of each column: the first body row's, else the column's own."""
    found: dict[int, str] = {}
    cols = sheet.root.find("cols")
    for node in cols.children if cols else ():
        for col in range(ref.col1, ref.col2 + 1):
            if node.get("style") and whole(node.get("min")) <= col <= whole(node.get("max")):
                found[col] = node.get("style")
    for cell in body[0].all("c") if body else ():
        place = parse_cell(cell.get("r"))
        if place is not None and cell.get("s"):
            found[place[1]] = cell.get("s")
    return [found.get(col, "") for col in range(ref.col1, ref.col2 + 1)]


def _widths(sheet: SheetPartEditor, ref: Rect) -> list[float]:
    """Width of each column of the table, in characters."""
    found: dict[int, float] = {}
    cols = sheet.root.find("cols")
    for node in cols.children if cols else ():
        for col in range(ref.col1, ref.col2 + 1):
            if whole(node.get("min")) <= col <= whole(node.get("max")):
                found[col] = whole(node.get("width").partition(".")[0]) or _WIDTH
    return [found.get(col, _WIDTH) for col in range(ref.col1, ref.col2 + 1)]


def row_height(texts: Sequence[tuple[str, float]]) -> str:
    """The height attributes of a row of wrapped texts, given with the widths of their columns.

    Said rather than left to the program: LibreOffice would not grow the row.
    """
    lines = max([-int(-len(text) // max(1.0, width - 1)) for text, width in texts])
    return f' ht="{min(15 * lines, 405)}" customHeight="1"' if lines > 1 else ""


def _links(sheet: SheetPartEditor, ref: Rect, last: int, links: str) -> None:
    """Our links in the place of those of the rows replaced."""
    editor, p, node = sheet.editor, sheet.editor.prefix, sheet.root.find("hyperlinks")
    if node is None:
        if links:
            xml = f"<{p}hyperlinks>{links}</{p}hyperlinks>"
            editor.insert(sheet.place("hyperlinks"), xml)
        return
    stale = []
    for child in node.children:
        area = parse_rect(child.get("ref"))
        if area is not None and ref.row1 < area.row1 <= last:
            stale.append(child)
    if len(stale) == len(node.children) and not links:
        editor.delete(node)
        return
    for child in stale:
        editor.delete(child)
    if links:
        editor.append(node, links)


def _verdict(
    draft: Draft,
    sheet: SheetPartEditor,
    rows: Sequence[tuple[int, XmlNode]],
    ref: Rect,
    text: str,
    styles: AnnotationStyles | None,
) -> None:
    """The verdict in the first free cell above the table, or where a former one stands."""
    editor, p = sheet.editor, sheet.editor.prefix
    by_number = dict(rows)
    cells = {
        number: next((c for c in node.all("c") if _column(c) == ref.col1), None)
        for number, node in rows
        if number < ref.row1
    }
    free = 0
    for number in range(2, ref.row1):
        cell = cells.get(number)
        shown = cell_text(draft, cell) if cell is not None else ""
        if shown.startswith(VERDICT):
            free = number
            break
        free = free or (0 if shown or (cell and cell.find("f")) else number)
    if not free:
        return
    row, cell = by_number.get(free), cells.get(free)
    style = cell.get("s") if cell is not None else ""
    if not style and text and styles is not None:
        style = str(styles.cell("titre"))
    xml = text_cell(p, cell_name(free, ref.col1), text, style)
    if cell is not None:
        editor.replace(cell.start, cell.end, xml)
    elif row is not None:
        after = next((c for c in row.all("c") if _column(c) > ref.col1), None)
        if after is not None:
            editor.insert(after.start, xml)
        else:
            editor.append(row, xml)
    else:
        place = min((n.start for number, n in rows if number > free))
        editor.insert(place, f'<{p}row r="{free}">{xml}</{p}row>')


def _column(cell: XmlNode) -> int:
    place = parse_cell(cell.get("r"))
    return place[1] if place else 0


def cell_text(draft: Draft, cell: XmlNode) -> str:
    """The text of a cell, inline or shared."""
    value = cell.find("v")
    if cell.get("t") != "s" or value is None:
        return "".join(node.text for node in cell.walk() if node.local in ("t", "v"))
    kinds = {r.kind: r.target for r in draft.relations(draft.book.part)}
    part = kinds.get("sharedStrings", "")
    if part not in draft.package:
        return ""
    return _shared(draft.package.read(part), whole(value.text.strip()))


def _shared(data: bytes, index: int) -> str:
    """One shared string, near enough to see whether a cell is blank or bears a verdict of ours.

    The strings are not read one by one: there may be a hundred thousand of them.
    """
    starts = [found.start() for found in islice(_ITEM.finditer(data), index, index + 2)]
    if not starts:
        return ""
    item = data[starts[0] : starts[1] if len(starts) > 1 else len(data)]
    return unescape(_TAG.sub(b"", item).decode("utf-8", "replace"))


def _resize(draft: Draft, sheet: SheetPartEditor, table_part: str, new: Rect) -> None:
    if table_part:
        table = draft.part(table_part)
        table.set(table.root, "ref", str(new))
        if (auto := table.root.find("autoFilter")) is not None:
            table.set(auto, "ref", str(new))
    dimension = sheet.root.find("dimension")
    if dimension is not None and (old := parse_rect(dimension.get("ref"))) is not None:
        grown = Rect(
            min(old.row1, new.row1),
            min(old.col1, new.col1),
            max(old.row2, new.row2),
            max(old.col2, new.col2),
        )
        sheet.editor.set(dimension, "ref", str(grown))


def text_cell(p: str, ref: str, text: str, style: int | str) -> str:
    """A cell that holds a text and can hold nothing else: inert whatever the text begins with."""
    s = f' s="{style}"' if str(style) not in ("", "0") else ""
    if not text:
        return f'<{p}c r="{ref}"{s}/>'
    inner = f'<{p}t xml:space="preserve">{_written(text)}</{p}t>'
    return f'<{p}c r="{ref}"{s} t="inlineStr"><{p}is>{inner}</{p}is></{p}c>'


@lru_cache(maxsize=512)
def _written(text: str) -> str:
    """A text made safe for a cell: sheets, codes and cures come back on many lines."""
    return text_xml(literal(visible(text, _TEXT)))


def hyperlink(p: str, ref: str, line: Line) -> str:
    """The link of a cell to a cell of the workbook."""
    display = attribute_xml(visible(line.texts["cellule"], _TEXT))
    return f'<{p}hyperlink ref="{ref}" location={attribute_xml(line.link)} display={display}/>'
