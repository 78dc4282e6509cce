"""The Office.js path (Server, Lite): `xlwings.server.custom_functions_call` on its payload."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from tests.udfs.hotes import echange

TYPES = {
    "#NULL!": "Null",
    "#DIV/0!": "Div0",
    "#VALUE!": "Value",
    "#REF!": "Ref",
    "#NAME?": "Name",
    "#NUM!": "Num",
    "#N/A": "NotAvailable",
    "#GETTING_DATA": "GettingData",
    "#SPILL!": "Spill",
    "#CALC!": "Calc",
}
CODES = {kind: code for code, kind in TYPES.items()}


def cellule(value: Any) -> Any:
    """One cell as Office.js hands it over."""
    if value is None or echange.is_empty(value):
        return ""
    day = echange.date_de(value)
    if day is not None:
        from xl_cpom.indicators.cell_values import number

        return number(day)
    if value in TYPES:
        return {
            "type": "Error", "basicType": "Error", "basicValue": value, "errorType": TYPES[value],
        }  # fmt: skip
    return value


def argument(value: Any) -> Any:
    """One argument: always rows of cells, None when left out."""
    if value is None:
        return None
    return [[cellule(cell)] for cell in value] if isinstance(value, list) else [[cellule(value)]]


def resultat(rows: Any) -> Any:
    """What the cells show."""
    found = [[CODES[c["errorType"]] if isinstance(c, dict) else c for c in row] for row in rows]
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found


def call(name: str, args: list[Any], version: str) -> dict[str, Any]:
    """Payload of a call."""
    return {
        "func_name": name,
        "args": args,
        "version": version,
        "client": "Office.js",
        "runtime": "1.4",
        "date_format": "jj/mm/aaaa",
        "culture_info_name": "fr-FR",
        "content_language": "fr-FR",
        "caller_address": "[Classeur1.xlsx]Indicateurs!G7",
    }


def main() -> None:
    """Answer the calls of the standard input."""
    os.environ.update(XLWINGS_LICENSE_KEY="noncommercial", XLWINGS_ON_SERVER="true")
    import xlwings
    from xlwings.server import custom_functions_call

    from xl_cpom.udfs import xlwings_module

    def this_call(name: str, args: list[Any]) -> Any:
        payload = call(name, args, xlwings.__version__)
        return resultat(asyncio.run(custom_functions_call(payload, xlwings_module)))

    echange.answer(this_call, argument)


if __name__ == "__main__":
    main()
