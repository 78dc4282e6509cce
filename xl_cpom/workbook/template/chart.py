"""The chart of « Indicateurs »: the trajectory of one indicator, targets against results.

The indicator is chosen in a drop-down above the table; the figures drawn are looked up on the
hidden sheet, so the chart is a plain Excel chart that also works in LibreOffice.
"""

from __future__ import annotations

from typing import Any

from xl_cpom.workbook.geometry import column_reference
from xl_cpom.workbook.records import Classeur, Row
from xl_cpom.workbook.sheets.indicateurs import RANKS
from xl_cpom.workbook.tabs import LISTS
from xl_cpom.workbook.template.content import NA, SheetContent
from xl_cpom.workbook.template.lists_sheet import ListsSheet
from xl_cpom.workbook.template.looks import FONT, HEADER_OPTIONAL, INK, LINK, MUTED, NAVY, RULE
from xl_cpom.workbook.template.tables import TemplateContext

CHOICE = "graphique_indicateur"
_ORANGE = "#B45309"


def write_chart(
    context: TemplateContext,
    tab: Any,
    content: SheetContent,
    lists: ListsSheet,
    classeur: Classeur,
) -> None:
    """Write the drop-down above the table, the looked-up figures, and the chart below."""
    place, sheet = content.place, content.place.sheet
    label_col, choice_col = place.columns["indicateur"] - 1, place.columns["numerateur"] - 1
    chosen = content.table.rows[0]
    look = context.styles(align="right", valign="vcenter", font_color=MUTED)
    tab.set_row(2, 18)
    tab.write_string(2, label_col, "Indicateur du graphique (sous le tableau) :", look)
    tab.merge_range(
        2, choice_col, 2, choice_col + 1, chosen["code"],
        context.styles(bold=True, align="center", locked=False, border=1, border_color=RULE,
                       bg_color=HEADER_OPTIONAL),
    )  # fmt: skip
    context.workbook.define_name(CHOICE, f"='{sheet.name}'!${chr(65 + choice_col)}$3")
    codes = place.area("code")
    tab.data_validation(2, choice_col, 2, choice_col, {
        "validate": "list", "source": f"=$A${codes[0] + 1}:$A${codes[2] + 1}",
        "error_title": "Indicateur", "error_message": "Choisissez un code de la liste.",
    })  # fmt: skip
    row, col = lists.formulas("graphique", _figures(content, chosen, classeur))
    _insert(context, tab, content, row, col)


def _figures(content: SheetContent, chosen: Row, classeur: Classeur) -> list[list[tuple[str, Any]]]:
    sheet = content.place.sheet
    rank = f"MATCH({CHOICE},{column_reference(sheet, sheet['code'])},0)"

    def looked_up(key: str) -> tuple[str, Any]:
        found = f"INDEX({column_reference(sheet, sheet[key])},{rank})"
        value = chosen[key]
        return f"IF(LEN({found})=0,NA(),{found})", NA if value is None else value

    label = f"INDEX({column_reference(sheet, sheet['indicateur'])},{rank})"
    first = classeur.annee_n1
    years = [
        (f'"N{rank} ("&(id_annee_n1+{rank - 1})&")"', f"N{rank} ({first + rank - 1})")
        for rank in RANKS
    ]
    return [
        [(f'{CHOICE}&" – "&{label}', f"{chosen['code']} – {chosen['indicateur']}")],
        years,
        [looked_up(f"cible_n{rank}") for rank in RANKS],
        [looked_up(f"realise_n{rank}") for rank in RANKS],
    ]


def _insert(context: TemplateContext, tab: Any, content: SheetContent, row: int, col: int) -> None:
    last = row + len(RANKS) - 1
    axis_font = {"name": FONT, "size": 9, "color": INK}
    bars = context.workbook.add_chart({"type": "column"})
    bars.add_series({
        "name": "Réalisé", "categories": [LISTS, row, col + 1, last, col + 1],
        "values": [LISTS, row, col + 3, last, col + 3], "gap": 90,
        "fill": {"color": LINK},
        "data_labels": {"value": True, "num_format": "0.0%", "font": axis_font},
    })  # fmt: skip
    line = context.workbook.add_chart({"type": "line"})
    line.add_series({
        "name": "Cible", "categories": [LISTS, row, col + 1, last, col + 1],
        "values": [LISTS, row, col + 2, last, col + 2],
        "line": {"color": _ORANGE, "width": 2.25, "dash_type": "dash"},
        "marker": {"type": "diamond", "size": 8, "fill": {"color": _ORANGE},
                   "border": {"color": _ORANGE}},
    })  # fmt: skip
    bars.combine(line)
    title_font = {"name": FONT, "size": 12, "bold": True, "color": NAVY}
    bars.set_title({"name": [LISTS, row, col], "name_font": title_font})
    bars.set_y_axis({"num_format": "0%", "num_font": axis_font, "name": "Taux",
                     "name_font": axis_font, "major_gridlines":
                     {"visible": True, "line": {"color": RULE, "width": 0.75}}})  # fmt: skip
    bars.set_x_axis({"num_font": axis_font, "label_position": "low"})
    bars.set_legend({"position": "bottom", "font": axis_font})
    bars.show_hidden_data()
    bars.show_na_as_empty_cell()
    bars.set_size({"width": 980, "height": 360})
    tab.insert_chart(content.place.last_row + 1, 0, bars, {
        "description": "Trajectoire de l'indicateur choisi : cible et réalisé de N1 à N5.",
        "object_position": 1,
    })  # fmt: skip
