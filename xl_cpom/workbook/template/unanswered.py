"""« Sans objet » is said once the question is answered: before, the cell says « à renseigner ».

The rate of a module nobody has filled in yet is « sans objet » for the formulas, as is that of a
module which the contract leaves out. Only « Modules » and the sheet of the module tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.template.looks import MUTED

if TYPE_CHECKING:
    from xl_cpom.workbook.template.content import SheetContent
    from xl_cpom.workbook.template.tables import TemplateContext

ACTIVE = "modules_actifs"
"""Defined name of the answers of « Modules »."""
SHOWN = "○ à renseigner"


def entered(key: str) -> str:
    """Defined name of the first column of a sheet: what is entered there."""
    return f"saisie_{key}"


def mark_unanswered(
    context: TemplateContext, tab: Any, contents: Mapping[str, SheetContent]
) -> None:
    """Show « à renseigner » on the indicators of the modules nobody has answered for.

    Before the table is written: the first format of a cell is the one that decides.
    """
    from xl_cpom.workbook.sheets.indicateurs import module_sheet

    content, modules = contents["indicateurs"], contents["modules"]
    ranks = {row["code"]: rank for rank, row in enumerate(modules.written, 1)}
    _name(context, ACTIVE, modules, "actif")
    sheets = dict.fromkeys(module_sheet(row["module"]).key for row in content.written)
    for key in sheets:
        _name(context, entered(key), contents[key], contents[key].place.sheet.columns[0].key)
    look = context.styles.difference(num_format=f';;;"{SHOWN}"', font_color=MUTED)
    top, col, _, _ = content.place.area("atteinte")
    for index, row in enumerate(content.written):
        answer = f"INDEX({ACTIVE},{ranks[row['module']]})"
        blank = f"COUNTA({entered(module_sheet(row['module']).key)})=0"
        tab.conditional_format(top + index, col, top + index, col, {
            "type": "formula", "stop_if_true": True, "format": look,
            "criteria": f'=OR({answer}="",AND({answer}="Oui",{blank}))',
        })  # fmt: skip


def _name(context: TemplateContext, name: str, content: SheetContent, key: str) -> None:
    from xl_cpom.workbook.reader.refs import col_letters

    top, col, bottom, _ = content.place.area(key)
    letter = col_letters(col + 1)
    title = content.place.sheet.name.replace("'", "''")
    context.workbook.define_name(name, f"='{title}'!${letter}${top + 1}:${letter}${bottom + 1}")
