"""What every sheet has: a title and its purpose, a way back, a protection, a print set-up."""

from __future__ import annotations

from typing import Any

from xl_cpom.typographie import typographie
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.template.cells import write_formula
from xl_cpom.workbook.template.styles import NAVY, Styles

A4 = 9
PAGE_WIDTH = 190.0
"""Widths of columns that fit on a landscape A4 page and stay readable."""

PROTECTION = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "insert_hyperlinks": True,
    "sort": True,
    "autofilter": True,
}


def head(
    sheet: Any, styles: Styles, name: str, purpose: str, organisme: str, offset: int = 0
) -> None:
    """Title with the name of the organisme, purpose, link to the first sheet."""
    link = "raison_sociale"
    sheet.set_row(offset, 26)
    formula = f'"{name}"&IF(LEN(id_{link})=0,""," – "&id_{link})'
    shown = f"{name} – {organisme}" if organisme else name
    write_formula(sheet, offset, 0, formula, styles.title, shown)
    sheet.write_string(offset + 1, 0, typographie(purpose), styles.purpose)
    sheet.write_url(
        offset + 2, 0, "internal:'Accueil'!A1", styles.link, "← Accueil", "Revenir à l'accueil"
    )
    sheet.set_tab_color(NAVY)
    sheet.hide_gridlines(2)


def protect(sheet: Any) -> None:
    """Lock what is not to be typed, without password; filter, sort and format stay allowed."""
    sheet.protect("", PROTECTION)


def print_setup(
    sheet: Any, organisme: str, libelle: str, *, width: float, last_header_row: int = 0,
    repeated_columns: int = 0, landscape: bool = True,
) -> None:  # fmt: skip
    """Landscape A4, fitted to the width (more pages across when too wide), headers repeated."""
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    pages = max(1, round(width / PAGE_WIDTH + 0.3))
    sheet.fit_to_pages(pages, 0)
    if last_header_row:
        sheet.repeat_rows(0, last_header_row - 1)
    if repeated_columns and pages > 1:
        sheet.repeat_columns(f"A:{col_letters(repeated_columns)}")
    who = (organisme or "Organisme gestionnaire : voir « Identification »").replace("&", "&&")
    sheet.set_header(f"&L&8{typographie(who)}&R&8{libelle.replace('&', '&&')}")
    sheet.set_footer("&L&8&A&R&8Page &P / &N")
