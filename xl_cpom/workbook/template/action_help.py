"""The sheet « Aide aux actions »: what the guide says of each type of action, beside the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.tabs import AIDE, HELP_TO_COME
from xl_cpom.workbook.template import sheet_page
from xl_cpom.workbook.template.looks import MUTED, NAVY, RULE, WHITE
from xl_cpom.workbook.template.measure import height, lines
from xl_cpom.workbook.template.tables import TemplateContext

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

HEADER_ROW = 5
HEADERS = (
    "Module", "Type d'action", "De quoi s'agit-il ?", "Les questions à se poser",
    "Les points clés", "Les ressources",
)  # fmt: skip
_WIDTHS = (14.0, 34.0, 62.0, 70.0, 46.0, 58.0)
_TALLEST = 409.0
"""Points: Excel takes no taller row."""
_PURPOSE = (
    "Pour rédiger le plan d'actions : les questions, les points clés et les ressources du guide, "
    "par type d'action. Rien n'est à saisir ici."
)


def write_help(context: TemplateContext, tab: Any) -> None:
    """Write the sheet on a blank tab."""
    sheet_page.head(tab, context.styles, AIDE, _PURPOSE, context.organisme)
    head = context.styles(bold=True, bg_color=NAVY, font_color=WHITE, valign="vcenter")
    body = context.styles(text_wrap=True, valign="top", border=1, border_color=RULE)
    quiet = context.styles(
        text_wrap=True, valign="top", border=1, border_color=RULE, font_color=MUTED, italic=True
    )
    for col, (text, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
        tab.set_column(col, col, width)
        tab.write_string(HEADER_ROW - 1, col, text, head)
    tab.set_row(HEADER_ROW - 1, 22)
    for row, cells in enumerate(help_rows(context.referentiel), HEADER_ROW):
        look = quiet if cells[2] == HELP_TO_COME else body
        for col, text in enumerate(cells):
            tab.write_string(row, col, text, body if col < 2 else look)
        most = max(lines(text, width) for text, width in zip(cells, _WIDTHS, strict=True))
        tab.set_row(row, min(_TALLEST, height(most, 6)))
    tab.freeze_panes(HEADER_ROW, 2)
    sheet_page.protect(tab)
    sheet_page.print_setup(tab, context.organisme, context.referentiel.libelle)
    tab.repeat_rows(HEADER_ROW - 1)


def help_rows(referentiel: Referentiel) -> list[tuple[str, ...]]:
    """One row per type of action: the texts of the six columns."""
    rows: list[tuple[str, ...]] = []
    free = referentiel.valeur("type_action_libre")
    for kind in referentiel.types_action:
        if kind.libelle == free:
            continue
        found = referentiel.aide(kind)
        texts: tuple[str, ...]
        if found is None:
            texts = (HELP_TO_COME, "", "", "")
        else:
            texts = (
                "\n\n".join(found.presentation),
                *(_items(each) for each in (found.questions, found.points_cles, found.ressources)),
            )
        rows.append((kind.module, kind.libelle, *texts))
    return rows


def _items(texts: tuple[str, ...]) -> str:
    return "\n".join(f"• {text}" for text in texts)
