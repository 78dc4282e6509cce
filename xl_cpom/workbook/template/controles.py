"""The sheet « Contrôles »: an empty table, which the control fills in the annotated copy."""

from __future__ import annotations

from typing import Any

from xl_cpom.workbook.tabs import CONTROLES, CONTROLES_COLUMNS, CONTROLES_TABLE
from xl_cpom.workbook.template import sheet_page
from xl_cpom.workbook.template.looks import NAVY, RULE, WHITE
from xl_cpom.workbook.template.tables import TemplateContext

HEADER_ROW = 5
HEADERS = tuple(CONTROLES_COLUMNS.values())
_WIDTHS = (18.0, 12.0, 26.0, 22.0, 24.0, 70.0, 64.0)
_BLANK_ROWS = 25
_PURPOSE = (
    "Les anomalies du classeur : cette feuille reste vide, elle est remplie dans la copie annotée "
    "que rend le contrôle."
)


def write_controles(context: TemplateContext, tab: Any) -> None:
    """Write the sheet on a blank tab."""
    sheet_page.head(tab, context.styles, CONTROLES, _PURPOSE, context.organisme)
    header = context.styles(bold=True, bg_color=NAVY, font_color=WHITE, valign="vcenter")
    for index, width in enumerate(_WIDTHS):
        tab.set_column(index, index, width)
    body = context.styles(text_wrap=True, valign="top", border=1, border_color=RULE)
    for row in range(HEADER_ROW, HEADER_ROW + _BLANK_ROWS):
        for col in range(len(HEADERS)):
            tab.write_blank(row, col, None, body)
    tab.add_table(
        HEADER_ROW - 1, 0, HEADER_ROW + _BLANK_ROWS - 1, len(HEADERS) - 1,
        {"name": CONTROLES_TABLE, "style": None, "title": CONTROLES, "description": _PURPOSE,
         "columns": [{"header": text, "header_format": header} for text in HEADERS]},
    )  # fmt: skip
    tab.set_row(HEADER_ROW - 1, 22)
    tab.freeze_panes(HEADER_ROW, 0)
    sheet_page.protect(tab)
    sheet_page.print_setup(tab, context.organisme, context.referentiel.libelle)
    tab.repeat_rows(HEADER_ROW - 1)
