"""Where the header row is, and which column of the file is which declared column.

Headers are matched tolerantly (case, accents, insecable blanks, synonyms, a name close to one
that is missing) and every departure is said: renamed, moved, missing, twice, unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import fold, listing, visible
from xl_cpom.workbook.interpretation.coercion import CellReading, shown
from xl_cpom.workbook.interpretation.headers_by_place import by_place
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.model import HEADER_ROW, Column, Layout, Sheet
from xl_cpom.workbook.reader import RawSheet
from xl_cpom.workbook.reader.refs import col_letters

_SEARCHED_ROWS = 60
_LEAST = 3
_CLOSE_ENOUGH = 84


@dataclass(slots=True)
class Headers:
    """Row of the headers (0: not found) and column index of each key found."""

    row: int
    columns: dict[str, int] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)


@lru_cache(maxsize=64)
def _names(sheet: Sheet) -> Mapping[str, str]:
    """Folded header or synonym -> key; a header wins over another column's synonym."""
    names = {fold(s): column.key for column in sheet.columns for s in column.synonyms}
    names.update({fold(column.header): column.key for column in sheet.columns})
    return names


@lru_cache(maxsize=64)
def header_names(sheet: Sheet) -> frozenset[str]:
    """The headers and synonyms of a sheet, folded."""
    return frozenset(_names(sheet))


def find_headers(tab: RawSheet, sheet: Sheet, reading: CellReading) -> Headers:
    """Find the header row of a table and map its columns."""
    names = _names(sheet)
    best, texts = _best_row(tab, sheet, names)
    if not best:
        notice = Notice("STR-030", tab.name, values={"feuille": sheet.name})
        return Headers(0, notices=[notice])
    headers = Headers(best)
    _map_known(headers, tab, sheet, texts, names)
    unknown = _map_close(headers, tab, sheet, texts, names)
    _map_by_place(headers, tab, sheet, unknown, reading)
    _say_missing(headers, tab, sheet)
    _say_moved(headers, tab, sheet)
    if best > HEADER_ROW:
        headers.notices.append(
            Notice("STR-007", tab.name, (f"A{best}",), values={"lignes": best - HEADER_ROW})
        )
    return headers


def _best_row(
    tab: RawSheet, sheet: Sheet, names: Mapping[str, str]
) -> tuple[int, Mapping[int, str]]:
    """The row that holds the most headers, the first of those (0: none holds enough), its texts."""
    best, most, found = 0, _LEAST - 1, dict[int, str]()
    for row, texts in _texts_by_row(tab):
        if len(texts) >= _LEAST and (score := _score(texts, names)) > most:
            best, most, found = row, score, texts
            if score == len(sheet.columns):
                break  # nothing below can hold more
    return best, found


def headers_found(tab: RawSheet, sheet: Sheet) -> float:
    """The share of a sheet's headers that a tab holds: on one row, or anywhere for a fiche."""
    texts, names = dict(_texts_by_row(tab)), _names(sheet)
    if sheet.layout is Layout.FICHE:
        everywhere = dict(enumerate(t for line in texts.values() for t in line.values()))
        return _score(everywhere, names) / len(sheet.columns)
    return max((_score(line, names) for line in texts.values()), default=0) / len(sheet.columns)


def _texts_by_row(tab: RawSheet) -> Iterator[tuple[int, dict[int, str]]]:
    """The texts of the rows where headers may stand, by column, from the top."""
    for row, cells in sorted(tab.by_row().items()):
        if row > _SEARCHED_ROWS:
            return
        texts = {cell.col: cell.value for cell in cells if isinstance(cell.value, str)}
        if texts:
            yield row, texts


def _score(texts: Mapping[int, str], names: Mapping[str, str]) -> int:
    return len({names[folded] for text in texts.values() if (folded := fold(text)) in names})


def _map_known(
    headers: Headers, tab: RawSheet, sheet: Sheet, texts: Mapping[int, str],
    names: Mapping[str, str],
) -> None:  # fmt: skip
    exact = {column.header: column.key for column in sheet.columns}
    for col, text in sorted(texts.items(), key=lambda item: (item[1] not in exact, item[0])):
        key = exact.get(text) or names.get(fold(text))
        if key is None:
            continue
        cell = f"{col_letters(col)}{headers.row}"
        if key in headers.columns:
            headers.notices.append(
                Notice("STR-022", tab.name, (cell,), visible(text), {"lu": visible(text)})
            )
            continue
        headers.columns[key] = col
        if fold(text) != fold(sheet[key].header):
            headers.notices.append(_renamed(tab, cell, text, sheet[key]))


def _map_close(
    headers: Headers, tab: RawSheet, sheet: Sheet, texts: Mapping[int, str],
    names: Mapping[str, str],
) -> dict[int, str]:  # fmt: skip
    """Columns with a name close to a missing one; those left, and their name, are returned."""
    unknown: dict[int, str] = {}
    used = set(headers.columns.values())
    missing = [column for column in sheet.columns if column.key not in headers.columns]
    for col, text in sorted(texts.items()):
        if col in used or fold(text) in names or not fold(text):
            continue
        from rapidfuzz import fuzz

        cell = f"{col_letters(col)}{headers.row}"
        ranked = sorted(
            ((fuzz.ratio(fold(text), fold(column.header)), column) for column in missing),
            key=lambda pair: -pair[0],
        )
        if ranked and ranked[0][0] >= _CLOSE_ENOUGH:
            column = ranked[0][1]
            headers.columns[column.key] = col
            missing.remove(column)
            headers.notices.append(_renamed(tab, cell, text, column))
        else:
            unknown[col] = text
    return unknown


def _map_by_place(
    headers: Headers, tab: RawSheet, sheet: Sheet, unknown: Mapping[int, str], reading: CellReading
) -> None:
    """Columns that place and content recognise; an unknown one that is left is not read."""
    missing = [column for column in sheet.columns if column.key not in headers.columns]
    found: dict[str, int] = {}
    if missing:
        nameless = _nameless(tab, headers)
        unnamed = sorted({*unknown, *nameless})
        found = by_place(tab, sheet, headers.row, headers.columns, unnamed, reading)
    for key, col in found.items():
        headers.columns[key] = col
        cell = tab.cells.get((headers.row, col))
        text = "" if cell is None or cell.value is None else shown(cell)
        place = f"{col_letters(col)}{headers.row}"
        headers.notices.append(_renamed(tab, place, text or "(sans en-tête)", sheet[key]))
    for col, text in unknown.items():
        if col not in found.values():
            place = f"{col_letters(col)}{headers.row}"
            headers.notices.append(
                Notice("STR-023", tab.name, (place,), visible(text), {"lu": visible(text)})
            )


def _nameless(tab: RawSheet, headers: Headers) -> set[int]:
    """Columns with data and no text as header."""
    named = {
        col
        for (row, col), cell in tab.cells.items()
        if row == headers.row and isinstance(cell.value, str) and fold(cell.value)
    }
    return {
        col for (row, col), cell in tab.cells.items()
        if row > headers.row and cell.value is not None
    } - named - set(headers.columns.values())  # fmt: skip


def _renamed(tab: RawSheet, cell: str, text: str, column: Column) -> Notice:
    values = {"objet": "la colonne", "lu": visible(text), "colonne": column.header,
              "nom": "l'en-tête"}  # fmt: skip
    return Notice("STR-006", tab.name, (cell,), visible(text), values)


def _say_missing(headers: Headers, tab: RawSheet, sheet: Sheet) -> None:
    for column in sheet.columns:
        if column.key not in headers.columns:
            code = "STR-005" if column.required else "STR-024"
            words = {"objet": "la colonne", "colonne": column.header}
            headers.notices.append(Notice(code, tab.name, (f"A{headers.row}",), values=words))


def _say_moved(headers: Headers, tab: RawSheet, sheet: Sheet) -> None:
    order = [column.key for column in sheet.columns if column.key in headers.columns]
    stay = _longest_increasing([headers.columns[key] for key in order])
    moved = [key for key in order if headers.columns[key] not in stay]
    if moved:
        cells = tuple(f"{col_letters(headers.columns[key])}{headers.row}" for key in moved)
        names = listing(sheet[key].header for key in moved)
        headers.notices.append(Notice("STR-031", tab.name, cells, values={"colonnes": names}))


def _longest_increasing(values: list[int]) -> set[int]:
    """A longest increasing subsequence: the columns that did not move relative to each other."""
    if values == sorted(values):
        return set(values)
    runs: list[list[int]] = [[]]
    for value in values:
        candidates = [run for run in runs if not run or run[-1] < value]
        runs.append([*max(candidates, key=lambda run: len(run)), value])
    longest: list[int] = max(runs, key=lambda run: len(run))
    return set(longest)
