"""The column of comments, one click away where a screen does not reach it.

It stands last, where returned workbooks have it. On a wide sheet a link stands above the first
header, which stays in sight however far one goes; another stands above the comments, to come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.template.looks import LINK

if TYPE_CHECKING:
    from xl_cpom.workbook.geometry import Place
    from xl_cpom.workbook.template.looks import TemplateStyles

COMMENT_KEY = "commentaire"
SCREEN = 1320
"""Pixels of cells on a screen 1,366 pixels wide at full size: less row numbers and scroll bar."""


def pixels(width: float) -> int:
    """Pixels of a column on the screen, its width being in characters."""
    return int(7 * width + 5)


def is_far(place: Place) -> bool:
    """Is the column of comments, or a part of it, out of a small screen?"""
    columns = place.sheet.columns
    last = place.columns.get(COMMENT_KEY, 0)
    return sum(pixels(column.width) for column in columns[:last]) > SCREEN


def write_links(tab: Any, styles: TemplateStyles, place: Place) -> None:
    """Write the two links, in the row above the headers, on a sheet whose comments are far."""
    if not is_far(place):
        return
    look = styles(font_size=8, font_color=LINK, underline=1, align="center", valign="bottom")
    first = next(n for n, column in enumerate(place.sheet.columns) if column.is_entry)
    comment = place.columns[COMMENT_KEY] - 1
    for at, to, text, tip in (
        (0, comment, "→ Commentaire", "Aller à la colonne « Commentaire ou justification »"),
        (comment, first, "← Première colonne", "Revenir à la première colonne à saisir"),
    ):
        target = f"internal:'{place.sheet.name.replace(chr(39), chr(39) * 2)}'!{{}}"
        cell = f"{col_letters(to + 1)}{place.first_row}"
        tab.write_url(place.header_row - 2, at, target.format(cell), look, text, tip)
