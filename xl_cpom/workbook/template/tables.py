"""A table sheet of the standard workbook: headers, formulas, drop-downs, colours, freeze."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import typeset
from xl_cpom.workbook.control_page import CONTROL_PAGE
from xl_cpom.workbook.formulas.variants import Variante, calls, expand_calls, resolve
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.template import paper, sheet_page, validation
from xl_cpom.workbook.template.bands import bands, level, write_bands
from xl_cpom.workbook.template.cell_writing import as_text, write_formula, write_value
from xl_cpom.workbook.template.content import SheetContent
from xl_cpom.workbook.template.far_comment import write_links
from xl_cpom.workbook.template.lists_sheet import DEPENDENT
from xl_cpom.workbook.template.looks import COMPUTED, DATE, MISSING, RULE, STATES, TemplateStyles
from xl_cpom.workbook.template.measure import height, lines
from xl_cpom.workbook.template.spoken_values import say_codes

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


@dataclass(frozen=True)
class TemplateContext:
    """What the writers of sheets share."""

    workbook: Any
    styles: TemplateStyles
    referentiel: Referentiel
    sheets: Mapping[str, Sheet]
    variante: Variante
    organisme: str
    control_page: str = CONTROL_PAGE
    _texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def formula(self, column: Column, sheet: Sheet, constants: Mapping[str, Any]) -> str:
        """Text of the formula of a calculated column, ready to be stored."""
        assert column.formula is not None
        text = column.formula.text(constants)
        if (sheet.key, text) not in self._texts:
            expanded = expand_calls(text, self.variante)
            self._texts[sheet.key, text] = resolve(expanded, sheet, self.sheets)
        return self._texts[sheet.key, text]

    def dynamic(self, text: str) -> bool:
        """Does a formula call a LAMBDA of the workbook?"""
        return self.variante is Variante.LAMBDA and bool(calls(text))


def write_table(context: TemplateContext, tab: Any, content: SheetContent) -> None:
    """Write a TABLE or FIXED sheet on a blank tab."""
    place, sheet = content.place, content.place.sheet
    sheet_page.head(tab, context.styles, sheet.name, sheet.purpose, context.organisme, place.offset)
    _write_headers(context, tab, content)
    ruled = not paper.empty_at_first(sheet, content.written)
    looks = [context.styles.cell(column, ruled=ruled) for column in sheet.columns]
    heights = [_write_row(context, tab, content, index, looks) for index in range(place.rows)]
    for column in sheet.columns:
        _assist(context, tab, content, column)
    if not ruled:
        _rule(context, tab, content)
    _ignore_green_corners(tab, content)
    tab.freeze_panes(place.header_row, place.frozen_columns)
    first_entry = next((n for n, c in enumerate(sheet.columns) if c.is_entry), 0)
    tab.set_selection(*(place.first_row - 1, first_entry) * 2)
    sheet_page.protect(tab, sort=all(column.is_entry for column in sheet.columns))
    _print(context, tab, content, heights[: len(content.written)])


def _rule(context: TemplateContext, tab: Any, content: SheetContent) -> None:
    """Lines between cells by a conditional format, which puts no empty page on paper."""
    place = content.place
    tab.conditional_format(
        place.first_row - 1, 0, place.last_row - 1, len(place.sheet.columns) - 1,
        {"type": "formula", "criteria": "=TRUE",
         "format": context.styles.difference(border=1, border_color=RULE)},
    )  # fmt: skip


def _print(context: TemplateContext, tab: Any, content: SheetContent, heights: list[float]) -> None:
    """The page set-up, and the line that says what the print area leaves out."""
    place = content.place
    area = paper.printed_area(place, content.written, heights)
    sheet_page.print_setup(tab, context.organisme, context.referentiel.libelle, pages=area.pages)
    if place.sheet.layout is Layout.FIXED and area.first_column == 1:
        return  # all its rows, and what stands around them
    sheet_page.print_table(tab, place.header_row, area, above=2 if bands(place.sheet) else 1)
    formula = paper.beyond(place, area)
    if formula is not None:
        look = context.styles(bold=True, font_color=STATES["refusé"][1], valign="vcenter")
        write_formula(tab, place.offset + 2, 1, formula, look, "")


def _write_headers(context: TemplateContext, tab: Any, content: SheetContent) -> None:
    place, sheet, styles = content.place, content.place.sheet, context.styles
    definitions, groups = [], bands(sheet)
    write_bands(tab, styles, place)
    for index, column in enumerate(sheet.columns):
        fold = {"level": level(groups, index)} if groups else {}
        tab.set_column(index, index, column.width, None, fold)
        tab.write_string(place.header_row - 2, index, nature(column), styles.nature)
        definition: dict[str, Any] = {
            "header": column.header,
            "header_format": styles.header(column),
        }
        if column.formula is not None and sheet.layout is Layout.TABLE:
            definition["formula"] = f"={context.formula(column, sheet, {})}"
        definitions.append(definition)
        _comment(context, tab, place.header_row - 1, index, column)
    write_links(tab, styles, place)
    tab.add_table(
        place.header_row - 1, 0, place.last_row - 1, len(sheet.columns) - 1,
        {"name": sheet.table, "columns": definitions, "style": None, "title": sheet.name,
         "description": sheet.purpose},
    )  # fmt: skip
    tab.set_row(place.header_row - 2, 24 if any(c.unit for c in sheet.columns) else 13)
    tab.set_row(place.header_row - 1, header_height(sheet))


def nature(column: Column) -> str:
    """The word above a header: what the cell is, and its unit."""
    if column.formula is not None:
        word = "calculé"
    elif column.locked:
        word = "fixe"
    else:
        word = "obligatoire" if column.required else ""
    unit = "%" if column.unit == "ratio" else column.unit
    return "\n".join(part for part in (word, unit) if part)


def header_height(sheet: Sheet) -> float:
    """Height that shows the longest wrapped header, in points."""
    most = max(lines(c.header, c.width, bold=True, margin=3.0) for c in sheet.columns)
    return height(max(3, most), 6)


def _comment(context: TemplateContext, tab: Any, row: int, col: int, column: Column) -> None:
    parts = [column.help]
    if column.required:
        parts.append("Obligatoire.")
    if column.source:
        parts.append(f"Source : {context.referentiel.cite(column.source)}.")
    text = typeset("\n".join(parts))
    count = lines(text, _NOTE_LETTERS)
    tab.write_comment(
        row, col, text,
        {"author": "CPOM socle", "x_scale": 4, "y_scale": (16 * count + 10) / 74,
         "start_row": max(0, row - 1), "y_offset": 2,
         "font_name": "Arial", "font_size": 9, "color": "#FFFBE6"},
    )  # fmt: skip


_NOTE_LETTERS = 80.0
"""Letters on a line of a note: wide and low, since a hidden note that stands on blank rows makes
LibreOffice print a page of them."""


def _write_row(
    context: TemplateContext, tab: Any, content: SheetContent, index: int, looks: list[Any]
) -> float:
    """Write a row; its height, in points."""
    place = content.place
    values = content.written[index] if index < len(content.written) else {}
    row = place.first_row - 1 + index
    tallest = 1
    stray = context.styles(num_format=DATE, locked=False)
    for col, (column, look) in enumerate(zip(place.sheet.columns, looks, strict=True)):
        value = values.get(column.key)
        if content.is_locked(column, index):
            look = context.styles.cell(column, locked=True)
        if column.formula is not None and column.key not in values:
            value = content.cached(column, index)
            text = context.formula(column, place.sheet, values)
            write_formula(tab, row, col, text, look, value, dynamic=context.dynamic(text))
        else:
            write_value(tab, row, col, value, look, look if column.kind is Kind.DATE else stray)
        if isinstance(value, str | tuple) and len(value) > 1:
            tallest = max(tallest, lines(as_text(value), column.width))
    if tallest > 1:
        tab.suggest_height(row, height(tallest))
    return height(tallest)


def _assist(context: TemplateContext, tab: Any, content: SheetContent, column: Column) -> None:
    """Drop-down or bounds, then the colours of a column."""
    place, sheet = content.place, content.place.sheet
    area = place.area(column.key)
    cell = f"${place.address(column.key)}"
    if column.is_entry:
        rule = validation.options(column, cell, context.referentiel, _parents(content, column))
        if rule is not None:
            tab.data_validation(*area, rule)
    if column.required and column.is_entry:
        last = col_letters(len(sheet.columns))
        tab.conditional_format(*area, {
            "type": "formula",
            "criteria": f"=AND(LEN({cell})=0,"
            f"SUMPRODUCT(LEN($A{place.first_row}:${last}{place.first_row}))>0)",
            "format": context.styles.difference(bg_color=MISSING),
        })  # fmt: skip
    _colour_states(context, tab, column, area)
    entered = (row.get(column.key) for row in content.written)
    say_codes(context.styles, context.referentiel, tab, column, area, entered)
    if column.formula is not None and column.kind is not Kind.DATE:
        unseen = context.styles.difference(font_color=COMPUTED)
        tab.conditional_format(*area, {
            "type": "formula", "criteria": f"=ISNA({cell})", "format": unseen,
        })  # fmt: skip


def _parents(content: SheetContent, column: Column) -> tuple[str, ...]:
    """First cells of the columns a dependent list follows: the module, then the secteur.

    A number of FINESS follows those of « Établissements ».
    """
    place = content.place
    if column.refers_to is not None:
        return (validation.OWN_NUMBERS,)
    if column.list_name not in DEPENDENT or column.depends_on is None:
        return ()
    keys = [column.depends_on]
    if "secteur" in place.sheet.by_key:
        keys.append("secteur")
    return tuple(f"${place.address(key)}" for key in keys)


def define_own_numbers(workbook: Any, place: Place) -> None:
    """Name the FINESS ET entered so far, which the drop-downs of the other sheets offer."""
    area = place.area(place.sheet.identity[0])
    cells = f"'{place.sheet.name}'!$A${area[0] + 1}"
    column = f"{cells}:$A${area[2] + 1}"
    workbook.define_name(validation.OWN_NUMBERS, f"=OFFSET({cells},0,0,MAX(1,COUNTA({column})),1)")


def _colour_states(
    context: TemplateContext, tab: Any, column: Column, area: tuple[int, int, int, int]
) -> None:
    """Colour, symbol and word of each status."""
    if column.state_list is not None:
        states = context.referentiel.list_definitions[column.state_list].etats
        for word in context.referentiel.listes[column.state_list]:
            if word in states:
                symbol, ink, fill = STATES[states[word]]
                tab.conditional_format(*area, {
                    "type": "cell", "criteria": "==", "value": f'"{word}"',
                    "format": context.styles.difference(
                        font_color=ink, bg_color=fill, num_format=f'"{symbol} "@'),
                })  # fmt: skip
    elif column.formula is not None and column.kind is Kind.TEXT:
        for state in ("fait", "refusé"):
            symbol, ink, fill = STATES[state]
            tab.conditional_format(*area, {
                "type": "text", "criteria": "begins with", "value": symbol,
                "format": context.styles.difference(font_color=ink, bg_color=fill),
            })  # fmt: skip


def _ignore_green_corners(tab: Any, content: SheetContent) -> None:
    """Excel marks identifiers « nombre stocké sous forme de texte »: here they must be."""
    place = content.place
    last = col_letters(len(place.sheet.columns))
    area = f"A{place.first_row}:{last}{place.last_row}"
    tab.ignore_errors({
        "number_stored_as_text": area, "formula_differs": area, "calculated_column": area,
        "eval_error": area,
    })  # fmt: skip
