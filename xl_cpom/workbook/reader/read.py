"""From a file to a `RawWorkbook`: opens it once, reads its parts in order, refuses by name."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from xl_cpom.typography import number_text
from xl_cpom.workbook.reader import side_parts
from xl_cpom.workbook.reader.cell_styles import read_formats
from xl_cpom.workbook.reader.collector import collector_paused
from xl_cpom.workbook.reader.comments import count_comments
from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.contents import active_content, has_macros, refuse_traps
from xl_cpom.workbook.reader.kinds import ZIP_MAGIC, refuse_foreign, refuse_package
from xl_cpom.workbook.reader.limits import MIB, Limits, read_at_most
from xl_cpom.workbook.reader.memory import TextBudget
from xl_cpom.workbook.reader.model import RawSheet, RawTable, RawWorkbook
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refusals import MalformedPartError, UnreadableWorkbookError
from xl_cpom.workbook.reader.relationships import Relationship, only_target, read_relationships
from xl_cpom.workbook.reader.rows.plain_rows import PlainRows
from xl_cpom.workbook.reader.sheet_part import NotAWorksheetError, SheetPart
from xl_cpom.workbook.reader.strings import read_strings
from xl_cpom.workbook.reader.workbook_part import (
    SheetEntry,
    WorkbookPart,
    find_workbook,
    read_workbook_part,
)

_DEFAULT = Limits()
_SHEET_KINDS = {
    "chartsheet": "feuille graphique",
    "dialogsheet": "boîte de dialogue",
    "xlMacrosheet": "feuille de macros",
    "xlIntlMacrosheet": "feuille de macros",
    "macrosheet": "feuille de macros",
}


def read_workbook(source: Path | str | bytes, limits: Limits = _DEFAULT) -> RawWorkbook:
    """Read an .xlsx or .xlsm workbook, bounded by `limits`, in memory, without network.

    `source` is a path, opened once for reading, or the bytes of the file. Raises
    `UnreadableWorkbookError`, with its code, French message and cure, and nothing else.
    """
    data = source if isinstance(source, bytes) else _load(Path(source), limits)
    if len(data) > limits.file_bytes:
        raise _too_big(limits)
    if not data.startswith(ZIP_MAGIC):
        raise refuse_foreign(data)
    try:
        with collector_paused():
            return _read(Container(data, limits), data)
    except MalformedPartError as error:
        raise UnreadableWorkbookError("LEC-PARTIE-XML", f"{error.part} : {error.detail}") from None


def _load(path: Path, limits: Limits) -> bytes:
    if path.name.startswith("~$"):
        raise UnreadableWorkbookError("LEC-VERROU")
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableWorkbookError("LEC-DOSSIER")
        if not stat.S_ISREG(mode):
            raise UnreadableWorkbookError("LEC-SPECIAL")
        with path.open("rb") as file:
            return read_at_most(file, limits.file_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableWorkbookError("LEC-ABSENT") from None
    except PermissionError:
        raise UnreadableWorkbookError("LEC-ACCES") from None
    except OSError as error:
        raise UnreadableWorkbookError("LEC-LECTURE", error.strerror or "") from None
    except ValueError:  # a NUL in the name
        raise UnreadableWorkbookError("LEC-ABSENT") from None


def _too_big(limits: Limits) -> UnreadableWorkbookError:
    return UnreadableWorkbookError("LEC-LIM-FICHIER", f"{number_text(limits.file_bytes / MIB)} Mio")


def _read(container: Container, data: bytes) -> RawWorkbook:
    reading = PackageReading(container, container.limits, TextBudget(container.limits))
    part = find_workbook(container, reading.text)
    book = part and read_workbook_part(container, part, reading.text)
    if not book:
        raise refuse_package(container)
    try:
        return _read_book(container, data, reading, book)
    except UnreadableWorkbookError as refusal:
        refusal.sheets = tuple(sheet.name for sheet in book.sheets)
        raise


def _read_book(
    container: Container, data: bytes, reading: PackageReading, book: WorkbookPart
) -> RawWorkbook:
    reading.date1904 = book.date1904
    relations = read_relationships(container, book.part, reading.text)
    _read_shared_parts(reading, relations)
    sheets = _read_sheets(reading, book, relations)
    workbook = RawWorkbook(
        sheets,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        date1904=book.date1904,
        full_calc_on_load=book.full_calc_on_load,
        structure_locked=book.structure_locked,
        strict=book.strict,
        defined_names=tuple(book.names),
        external_links=_read_links(reading, relations),
        has_macros=has_macros(container, relations.values()),
        active_content=active_content(container),
    )
    _read_document_properties(reading, workbook)
    refuse_traps(container)
    workbook.remarks = reading.remarks.all()
    return workbook


def _read_shared_parts(reading: PackageReading, relations: dict[str, Relationship]) -> None:
    """Shared strings, which nothing can replace, and styles, which everything can do without."""
    container = reading.container
    found = {kind: only_target(relations, kind) for kind in ("sharedStrings", "styles")}
    if (relation := found["sharedStrings"]) is not None:
        part = None if relation.external else container.find(relation.target)
        if part is None:
            raise UnreadableWorkbookError("LEC-PARTIE", "les textes des cellules")
        reading.strings = read_strings(container, part, reading.text)
    if (relation := found["styles"]) is not None and not relation.external:
        part = container.find(relation.target)
        try:
            if part is not None:
                reading.set_formats(read_formats(container, part))
        except MalformedPartError as error:
            side_parts.tolerate(reading, error)


def _read_sheets(
    reading: PackageReading, book: WorkbookPart, relations: dict[str, Relationship]
) -> tuple[RawSheet, ...]:
    sheets: list[RawSheet] = []
    plain_rows = PlainRows(reading)
    names: set[str] = set()
    for entry in book.sheets:
        sheet = _read_sheet(reading, plain_rows, entry, relations.get(entry.relation))
        if sheet is None:
            continue
        sheets.append(sheet)
        if sheet.name.casefold() in names:
            reading.remarks.add("FEU-NOM", sheet.name)
        names.add(sheet.name.casefold())
    if not sheets:
        raise UnreadableWorkbookError("LEC-SANS-FEUILLE")
    return tuple(sheets)


def _read_sheet(
    reading: PackageReading,
    plain_rows: PlainRows,
    entry: SheetEntry,
    relation: Relationship | None,
) -> RawSheet | None:
    remark = reading.remarks.add
    if relation is not None and relation.kind in _SHEET_KINDS:
        remark("FEU-GENRE", entry.name, None, _SHEET_KINDS[relation.kind])
        return None
    part = None
    if relation is not None and not relation.external:
        part = reading.container.find(relation.target)
    if part is None:
        remark("FEU-ABSENTE", entry.name)
        return None
    sheet = RawSheet(entry.name, entry.state, part=part)
    try:
        SheetPart(reading, sheet, plain_rows).read()
    except NotAWorksheetError as error:
        root = error.args[0]
        remark("FEU-GENRE", entry.name, None, _SHEET_KINDS.get(root, root))
        return None
    except MalformedPartError as error:
        remark("FEU-ILLISIBLE", entry.name, None, error.detail)
        return RawSheet(entry.name, entry.state, part=part, unreadable=error.detail)
    _read_sheet_relations(reading, sheet)
    return sheet


def _read_sheet_relations(reading: PackageReading, sheet: RawSheet) -> None:
    tables: list[RawTable] = []
    try:
        relations = read_relationships(
            reading.container, sheet.part, reading.text, ("table", "comments")
        )
    except MalformedPartError as error:
        side_parts.tolerate(reading, error, sheet.name)
        return
    for relation in relations.values():
        part = None if relation.external else reading.container.find(relation.target)
        if part is None:
            continue
        try:
            if relation.kind == "table":
                table = side_parts.read_table(reading, part, sheet.name)
                if table is not None:
                    tables.append(table)
            elif relation.kind == "comments":
                sheet.comments += count_comments(reading, part)
        except MalformedPartError as error:
            side_parts.tolerate(reading, error, sheet.name)
    sheet.tables = tuple(tables)


def _read_links(reading: PackageReading, relations: dict[str, Relationship]) -> tuple[str, ...]:
    links: list[str] = []
    for relation in relations.values():
        if relation.kind != "externalLink":
            continue
        part = None if relation.external else reading.container.find(relation.target)
        if part is None:
            links.append(relation.target)
            continue
        try:
            links += side_parts.read_external_link(reading, part)
        except MalformedPartError as error:
            side_parts.tolerate(reading, error)
    return tuple(links)


def _read_document_properties(reading: PackageReading, workbook: RawWorkbook) -> None:
    for relation in read_relationships(reading.container, "", reading.text).values():
        part = None if relation.external else reading.container.find(relation.target)
        if part is None:
            continue
        try:
            if relation.kind in ("extended-properties", "extendedProperties"):
                workbook.application, workbook.app_version = side_parts.read_application(
                    reading, part
                )
            elif relation.kind == "core-properties":
                workbook.saved = side_parts.read_saved(reading, part)
            elif relation.kind in ("custom-properties", "customProperties"):
                workbook.properties = side_parts.read_properties(reading, part)
        except MalformedPartError as error:
            side_parts.tolerate(reading, error)
