"""The standard workbook, written from the declarations of the columns.

`write_template` writes it blank, pre-filled or filled; `prefill` turns a FINESS extract into
content. XlsxWriter is imported only when something is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_cpom.workbook.template.formulas import Variante
    from xl_cpom.workbook.template.writer import Contenu, write_template

__all__ = ["Contenu", "Variante", "write_template"]


def __getattr__(name: str) -> Any:
    if name in {"Contenu", "write_template"}:
        from xl_cpom.workbook.template import writer

        return getattr(writer, name)
    if name == "Variante":
        from xl_cpom.workbook.template.formulas import Variante

        return Variante
    raise AttributeError(name)
