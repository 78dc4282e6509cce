"""Bands of columns: a wide table told in a few groups, each with its colour, its title, its folds.

The first column of a band stays in sight when the band is folded: two neighbouring groups of Excel
would be one otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from xl_cpom.typography import typeset
from xl_cpom.workbook.model import Layout, Sheet
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.template.looks import BANDS, LINK

if TYPE_CHECKING:
    from xl_cpom.workbook.geometry import Place
    from xl_cpom.workbook.template.looks import TemplateStyles


FOLDING = (
    "Les signes − et + au-dessus des colonnes replient un groupe. Excel ne les écoute pas sur une "
    "feuille protégée : Révision > Ôter la protection de la feuille (sans mot de passe)."
)


class Band(NamedTuple):
    """Columns under one title: 0-based first and last."""

    title: str
    first: int
    last: int


def bands(sheet: Sheet) -> tuple[Band, ...]:
    """The bands of a table, in order; none when its columns declare no section."""
    starts = [n for n, column in enumerate(sheet.columns) if column.section]
    if sheet.layout is Layout.FICHE or not starts:
        return ()
    end = next(
        (n for n, c in enumerate(sheet.columns) if c.key == "commentaire"), len(sheet.columns)
    )
    ends = [*starts[1:], end]
    return tuple(
        Band(sheet.columns[first].section, first, after - 1)
        for first, after in zip(starts, ends, strict=True)
    )


def level(sheet_bands: tuple[Band, ...], column: int) -> int:
    """Level of outline of a column (0-based): 1 when folding its band hides it."""
    return int(any(band.first < column <= band.last for band in sheet_bands))


def write_bands(tab: Any, styles: TemplateStyles, place: Place) -> None:
    """Write the line of the bands, two rows above the headers, each with a link to the next."""
    found = bands(place.sheet)
    if not found:
        return
    tab.outline_settings(True, True, False, False)  # the sign of a fold stands on its first column
    row = place.header_row - 3
    for rank, band in enumerate(found):
        fill = BANDS[rank % len(BANDS)]
        title = styles(bold=True, bg_color=fill, valign="vcenter")
        for column in range(band.first, band.last + 1):
            tab.write_blank(row, column, None, title)
        tab.write_string(row, band.first, band.title, title)
        tab.write_comment(row, band.first, typeset(FOLDING), {
            "author": "CPOM socle", "x_scale": 4, "y_scale": 0.6, "start_row": max(0, row - 1),
            "font_name": "Arial", "font_size": 9, "color": "#FFFBE6",
        })  # fmt: skip
        after = found[(rank + 1) % len(found)]
        tab.write_url(
            row,
            band.first + 2,
            f"internal:'{place.sheet.name}'!{col_letters(after.first + 1)}{place.first_row}",
            styles(bg_color=fill, font_color=LINK, underline=1, valign="vcenter"),
            f"→ {after.title}",
            f"Aller à « {after.title} »",
        )
