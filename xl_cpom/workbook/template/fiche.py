"""The fiche « Identification »: a label, a value, a word of help per line, in sections."""

from __future__ import annotations

from typing import Any

from xl_cpom.typography import typeset
from xl_cpom.workbook.geometry import FICHE_VALUE_COLUMN, Place, fiche_name
from xl_cpom.workbook.lists import YEARS, is_code_list
from xl_cpom.workbook.model import Column, Kind, Sheet
from xl_cpom.workbook.template import sheet_page, validation
from xl_cpom.workbook.template.cell_writing import write_formula, write_value
from xl_cpom.workbook.template.content import SheetContent
from xl_cpom.workbook.template.looks import DATE, MISSING, MUTED, NAVY, RULE, WHITE
from xl_cpom.workbook.template.measure import height, lines
from xl_cpom.workbook.template.spoken_values import say_codes, say_year
from xl_cpom.workbook.template.tables import TemplateContext, nature

_WIDTHS = (44.0, 54.0, 12.0, 80.0)
_HEADERS = ("Rubrique", "Valeur", "", "Aide")


def define_names(workbook: Any, place: Place) -> None:
    """One defined name per value of the fiche: `id_finess_ej`."""
    for column in place.sheet.columns:
        cell = place.address(column.key)
        letter, row = cell[0], cell[1:]
        workbook.define_name(
            fiche_name(place.sheet, column.key), f"='{place.sheet.name}'!${letter}${row}"
        )


def write_fiche(context: TemplateContext, tab: Any, content: SheetContent) -> None:
    """Write the fiche on a blank tab."""
    place, sheet = content.place, content.place.sheet
    sheet_page.head(tab, context.styles, sheet.name, sheet.purpose, context.organisme, place.offset)
    for index, width in enumerate(_WIDTHS):
        tab.set_column(index, index, width)
    header = context.styles(bold=True, bg_color=NAVY, font_color=WHITE, valign="vcenter")
    for index, text in enumerate(_HEADERS):
        tab.write_string(place.header_row - 1, index, text, header)
    first = [column for column in sheet.columns if column.section]
    for rank, column in enumerate(first, start=1):
        _write_section(context, tab, place, column.key, f"{rank} – {column.section}")
    for column in sheet.columns:
        _write_line(context, tab, content, column)
    tab.freeze_panes(place.header_row, 0)
    first_entry = next(column.key for column in sheet.columns if column.is_entry)
    tab.set_selection(place.fiche_rows[first_entry] - 1, FICHE_VALUE_COLUMN - 1,
                      place.fiche_rows[first_entry] - 1, FICHE_VALUE_COLUMN - 1)  # fmt: skip
    tab.ignore_errors({"number_stored_as_text": f"B{place.first_row}:B{place.last_row}"})
    sheet_page.protect(tab)
    sheet_page.print_setup(tab, context.organisme, context.referentiel.libelle, landscape=False)
    tab.fit_to_pages(1, 1)


def _write_section(context: TemplateContext, tab: Any, place: Place, key: str, title: str) -> None:
    row = place.fiche_rows[key] - 2
    look = context.styles(
        bold=True, font_size=11, font_color=NAVY, bottom=1, bottom_color=NAVY, valign="bottom"
    )
    tab.set_row(row, 24)
    tab.write_string(row, 0, title, look)
    for index in range(1, len(_WIDTHS)):
        tab.write_blank(row, index, None, look)


def _write_line(context: TemplateContext, tab: Any, content: SheetContent, column: Column) -> None:
    place, styles = content.place, context.styles
    row, values = place.fiche_rows[column.key] - 1, content.written[0]
    ruled: dict[str, Any] = {"bottom": 1, "bottom_color": RULE, "valign": "vcenter"}
    help_lines = lines(column.help, _WIDTHS[3])
    tab.set_row(row, column.line_height or max(19, height(help_lines, 6)))
    tab.write_string(
        row, 0, typeset(column.header), styles(bold=column.required, indent=1, **ruled)
    )
    tab.write_string(row, 2, nature(column), styles(font_size=8, italic=True, font_color=MUTED,
                                                    align="center", **ruled))  # fmt: skip
    tab.write_string(
        row,
        3,
        typeset(column.help),
        styles(font_color=MUTED, indent=1, text_wrap=True, **ruled),
    )
    locked = content.is_locked(column, 0)
    look = styles.cell(column, align="left", valign="vcenter", locked=locked)
    value, col = values.get(column.key), FICHE_VALUE_COLUMN - 1
    if column.formula is not None and column.key not in values:
        text = context.formula(column, place.sheet, values)
        write_formula(tab, row, col, text, look, content.cached(column, 0))
    else:
        dated = look if column.kind is Kind.DATE else styles(num_format=DATE, locked=False)
        write_value(tab, row, col, value, look, dated)
    if column.is_entry:
        _assist(context, tab, place, column, row)
        ref = context.referentiel
        say_codes(styles, ref, tab, column, (row, col, row, col), (value,))
        if column.list_name == YEARS:
            at = (f"${place.address(column.key)}", row, col)
            say_year(styles, tab, ref.listes[YEARS], at, values.get("annee_n1"))


def _assist(context: TemplateContext, tab: Any, place: Place, column: Column, row: int) -> None:
    cell = f"${place.address(column.key)}"
    col = FICHE_VALUE_COLUMN - 1
    rule = validation.options(column, cell, context.referentiel)
    if rule is not None:
        if not is_code_list(column):
            rule.pop("input_title", None)  # the help stands on the line
            rule.pop("input_message", None)
        tab.data_validation(row, col, row, col, rule)
    if column.required:
        tab.conditional_format(row, col, row, col, {
            "type": "formula", "criteria": f"=LEN({cell})=0",
            "format": context.styles.difference(bg_color=MISSING),
        })  # fmt: skip


def required_blank(sheet: Sheet) -> str:
    """Formula that counts the required values of a fiche that are still empty."""
    keys = [column.key for column in sheet.columns if column.required and column.is_entry]
    return "+".join(f"(LEN({fiche_name(sheet, key)})=0)" for key in keys)
