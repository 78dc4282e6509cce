"""What xlwings publishes of our functions: ``com`` or ``officejs`` on the standard input."""

from __future__ import annotations

import io
import json
import os
import sys
import types
from typing import Any


def com() -> Any:
    """Help, arguments and VBA, from xlwings' own generator."""
    from tests.udfs.hotes import pywin32

    udfs = pywin32.installer()
    from xl_cpom.udfs import xlwings_module

    functions = {
        name: held.__xlfunc__
        for name, held in vars(xlwings_module).items()
        if hasattr(held, "__xlfunc__")
    }
    written = io.StringIO()
    book = types.SimpleNamespace(Name="CPOM.xlam")
    udfs.generate_vba_wrapper(xlwings_module.__name__, xlwings_module, written, book)
    return {
        "vba": written.getvalue(),
        "fonctions": {
            name: {
                "aide": f["ret"]["doc"],
                "categorie": f["category"],
                "volatile": f["volatile"],
                "arguments": [
                    {
                        "nom": a["name"],
                        "aide": a["doc"],
                        "plage": a["options"].get("ndim") == 2,
                        "facultatif": "optional" in a,
                    }
                    for a in f["args"]
                ],
            }
            for name, f in functions.items()
        },
    }


def officejs() -> Any:
    """Metadata of the custom functions."""
    os.environ.update(XLWINGS_LICENSE_KEY="noncommercial", XLWINGS_ON_SERVER="true")
    from xlwings.server import custom_functions_meta

    from xl_cpom.udfs import xlwings_module

    return custom_functions_meta(xlwings_module)


if __name__ == "__main__":
    print(json.dumps({"com": com, "officejs": officejs}[sys.stdin.read()]()))
