"""What every sheet has: a title and its purpose, a way back, a protection, a print set-up."""

from __future__ import annotations

from typing import Any

from xl_cpom.typography import typeset
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.template.cell_writing import write_formula
from xl_cpom.workbook.template.looks import NAVY, TemplateStyles
from xl_cpom.workbook.template.paper import PrintedArea

A4 = 9

PROTECTION = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "insert_hyperlinks": True,
    "autofilter": True,
}
"""What a protected sheet still lets one do. Excel sorts nothing that holds a locked cell: sorting
is offered where there is none."""

LONGEST_HEADER = 255
"""Characters of a page header that Excel takes."""
LONGEST_LIBELLE = 80


def head(
    sheet: Any, styles: TemplateStyles, name: str, purpose: str, organisme: str, offset: int = 0
) -> None:
    """Title with the name of the organisme, purpose, link to the first sheet."""
    link = "raison_sociale"
    sheet.set_row(offset, 26)
    formula = f'"{name}"&IF(LEN(id_{link})=0,""," – "&id_{link})'
    shown = f"{name} – {organisme}" if organisme else name
    write_formula(sheet, offset, 0, formula, styles.title, shown)
    sheet.write_string(offset + 1, 0, typeset(purpose), styles.purpose)
    sheet.write_url(
        offset + 2, 0, "internal:'Accueil'!A1", styles.link, "← Accueil", "Revenir à l'accueil"
    )
    sheet.set_tab_color(NAVY)
    sheet.hide_gridlines(2)


def protect(sheet: Any, *, sort: bool = False) -> None:
    """Lock what is not to be typed, without password; filtering and formatting stay allowed."""
    sheet.protect("", {**PROTECTION, "sort": sort})


def print_setup(
    sheet: Any, organisme: str, libelle: str, *, pages: int = 1, landscape: bool = True
) -> None:
    """A4 fitted to pages across; names of the sheet and the organisme above, page number below."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.85, bottom=0.6)
    sheet.fit_to_pages(pages, 0)
    bold, small = '&"Arial,Bold"&11', '&"Arial,Regular"&8'
    who = typeset(organisme or "Organisme gestionnaire : voir « Identification »")
    left, right = f"&L{bold}&A\n{small}", f"&R{small}{_page_text(libelle, LONGEST_LIBELLE)}"
    sheet.set_header(left + _page_text(who, LONGEST_HEADER - len(left + right)) + right)
    sheet.set_footer(f"&L{small}&F&R{small}Page &P / &N")


def _page_text(text: str, longest: int) -> str:
    """A text for a page header, its « & » doubled, shortened rather than lost."""
    written = " ".join(text.split()).replace("&", "&&")
    while len(written) > longest:
        text = text[: -2 if len(text) > 2 else 0].removesuffix("…") + "…"
        written = " ".join(text.split()).replace("&", "&&")
    return written


def print_table(sheet: Any, header_row: int, area: PrintedArea, *, above: int = 1) -> None:
    """Print a part of a table, its headers on each page, its first columns on each page across.

    above: rows printed again with that of the headers.
    """
    sheet.print_area(
        area.first_row - 1, area.first_column - 1, area.last_row - 1, area.last_column - 1
    )
    sheet.repeat_rows(header_row - 1 - above, header_row - 1)
    sheet.repeat_columns(f"A:{col_letters(area.repeated)}")
    if area.single:
        sheet.fit_to_pages(1, 1)
