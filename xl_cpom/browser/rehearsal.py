"""Run once, when the page is built: what every visitor asks, so that memory keeps it ready.

What was imported, parsed, compiled or remembered here is in the memory that the page wakes up with.
That memory never shrinks: the rehearsal is played on a small workbook.
"""

from __future__ import annotations

import gc
import json
import sys
from typing import Any

from xl_cpom.browser.desk import answer
from xl_cpom.validators.catalogue import RULES

REPEATS = 3
"""Times that a control is played: the interpreter specialises what it has seen several times."""


def rehearse(workbook: str) -> None:
    """Play what leads to a report on a workbook; the files that it offers come when asked for."""
    for _ in range(REPEATS):
        report = _ask("controler", chemin=workbook)["rapport"]
    _ask("page", rapports=[report])
    _ask("perdu", nom="a.xlsx", code="LEC-DELAI", detail="60 s")
    _ask("fonctions", appels=[["CPOM_TAUX", [90, 100]], ["CPOM_VERSION", []]])
    _forget_examples()
    _forget_places()
    gc.collect()
    gc.freeze()


def _forget_examples() -> None:
    """The examples of the rules serve the tests and the documentation: no control reads them."""
    for rule in RULES.values():
        object.__setattr__(rule, "ok", ())
        object.__setattr__(rule, "ko", ())


def _forget_places() -> None:
    """Let the modules still to come be looked for in files: the zip of the library is not kept."""
    major, minor, *_ = sys.version_info
    folder, archive = f"/lib/python{major}.{minor}", f"/lib/python{major}{minor}.zip"
    sys.path[:] = [folder, *(path for path in sys.path if path.startswith(f"{folder}/"))]
    sys.path_importer_cache.clear()
    for module in list(sys.modules.values()):
        places = getattr(module, "__path__", None)
        if isinstance(places, list):
            places[:] = [place.replace(archive, folder) for place in places]


def _ask(action: str, **rest: Any) -> dict[str, Any]:
    head, _ = answer(json.dumps({"action": action, **rest}))
    found: dict[str, Any] = json.loads(head)
    if "panne" in found:
        raise RuntimeError(f"{action}: {found['panne']}")
    return found
