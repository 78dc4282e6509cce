"""The standard workbook, written from the declarations of the columns.

`write_template` writes it blank, pre-filled or filled; `prefill` turns a FINESS extract into
content. XlsxWriter is imported only when something is written.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_cpom.workbook.building import ContentBySheet
    from xl_cpom.workbook.formulas.variants import Variante
    from xl_cpom.workbook.template.writer import write_template

__all__ = ["ContentBySheet", "Variante", "write_template"]


_HOMES = {
    "ContentBySheet": "xl_cpom.workbook.building",
    "Variante": "xl_cpom.workbook.formulas.variants",
    "write_template": "xl_cpom.workbook.template.writer",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(_HOMES[name]), name)
