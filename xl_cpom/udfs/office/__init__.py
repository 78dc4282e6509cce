"""The static Excel add-in: manifest, metadata and pane; no server, no licence, no Python on the PC.

Its engine is that of the page (`tools/navigateur`), in files beside these.
"""

from __future__ import annotations

import json
import re
import uuid
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from xl_cpom.errors import XlCpomError
from xl_cpom.files.atomic import atomic_write
from xl_cpom.functions import FUNCTIONS, CellFunction
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.jinja_environment import template_source
from xl_cpom.typography import typeset
from xl_cpom.udfs.xlwings_server import icon
from xl_cpom.version import __version__
from xl_cpom.workbook.tabs import HELP_TO_COME

ICONS = (16, 32, 64, 80)
ENGINE = ("engine.js", "pyodide.asm.wasm", "memory.gz", "files.gz")
"""Files of the engine, made by `make navigateur`, to put beside those written here."""

EXAMPLE = "https://exemple.fr/cpom"
"""Address of a manifest that waits for the one of whoever hosts it."""


class AddressRefusedError(XlCpomError):
    """The address cannot hold an add-in; the message, in French, says why."""


def metadata() -> dict[str, Any]:
    """The custom functions as Excel is told them: names, French help, shapes."""
    return {
        # Errors come in as arguments, so that ours say what to do with them.
        "allowErrorForDataTypeAny": True,
        "functions": [_described(function) for function in FUNCTIONS.values()],
    }


def _described(function: CellFunction) -> dict[str, Any]:
    return {
        "id": function.name,
        "name": function.name,
        "description": function.description,
        "parameters": [
            {
                "name": param.name,
                "description": param.doc,
                "type": "any",
                "dimensionality": "matrix" if param.kind == "range" else "scalar",
                "optional": param.optional,
            }
            for param in function.params
        ],
        "result": {"type": "any", "dimensionality": "matrix" if function.array else "scalar"},
    }


def manifest(address: str) -> str:
    """The manifest of the add-in hosted at an address. Raises AddressRefusedError."""
    base = checked(address)
    values = {
        "ADRESSE": escape(base),
        "ORIGINE": escape("/".join(base.split("/")[:3])),
        # The same address gives the same add-in: an update replaces it.
        "IDENTIFIANT": str(uuid.uuid5(uuid.NAMESPACE_URL, base)),
        "VERSION": f"{__version__}.0",
    }
    text = _resource("manifest.xml")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def checked(address: str) -> str:
    """The address without its last slash. Raises AddressRefusedError: Excel takes https only."""
    if not re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~%-]+)*/?", address):
        raise AddressRefusedError(
            typeset(
                f"« {address} » n'est pas une adresse où héberger le complément : il faut "
                "« https:// », un nom de serveur, et un chemin sans espace ni paramètre."
            )
        )
    return address.rstrip("/")


def files(address: str = EXAMPLE) -> dict[str, bytes]:
    """Name → content of what is written beside the engine."""
    found = {
        "manifest.xml": manifest(address).encode(),
        "functions.json": json.dumps(metadata(), ensure_ascii=False, indent=1).encode(),
        "pane.html": _pane().encode(),
        "pane.css": (template_source("palette.css") + _resource("pane.css")).encode(),
        "pane.js": _script().encode(),
        "LISEZMOI.txt": typeset(_resource("LISEZMOI.txt")).encode(),
    }
    return found | {f"icon-{size}.png": icon(size) for size in ICONS}


def write(folder: Path, address: str) -> dict[Path, str]:
    """Write the add-in for an address: path → what it is. Raises AddressRefusedError."""
    contents = files(address)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        with atomic_write(folder / name) as temporary:
            temporary.write_bytes(content)
    missing = [name for name in ENGINE if not (folder / name).is_file()]
    said = {folder / "manifest.xml": f"manifeste du complément hébergé à {checked(address)}"}
    if missing:
        said[folder] = (
            "copiez-y les fichiers du moteur, que « make navigateur » écrit dans "
            f"build/navigateur/excel : {', '.join(missing)}"
        )
    return said


def _script() -> str:
    """The script of the pane: the engine of the page, then the pane itself."""
    page = resources.files("xl_cpom.browser").joinpath("page")
    engine = page.joinpath("engine.js").read_text("utf-8")
    names = json.dumps(list(FUNCTIONS))
    return engine + _resource("pane.js").replace("{NAMES}", names)


def _pane() -> str:
    """The page of the pane, with the help of the actions and that of the functions."""
    text = _resource("pane.html").replace("{ACTIONS}", _actions())
    return text.replace("{AIDE}", _help())


def _actions() -> str:
    """What the guide says of each type of action, module by module."""
    referentiel = load_referentiel()
    parts = []
    free = referentiel.valeur("type_action_libre")
    for kind in referentiel.types_action:
        if kind.libelle == free:
            continue
        found = referentiel.aide(kind)
        title = escape(f"{kind.module} – {kind.libelle}")
        if found is None:
            inside = f"<p>{escape(HELP_TO_COME)}</p>"
        else:
            inside = "".join(f"<p>{escape(text)}</p>" for text in found.presentation)
            for name, items in (
                ("Les questions à se poser", found.questions),
                ("Les points clés", found.points_cles),
                ("Les ressources", found.ressources),
            ):
                listed = "".join(f"<li>{escape(item)}</li>" for item in items)
                inside += f"<p>{name}</p><ul>{listed}</ul>"
        parts.append(f"<details><summary>{title}</summary>{inside}</details>")
    return "\n".join(parts)


def _help() -> str:
    """The list of the functions, as their own help tells them."""
    return "\n".join(
        f"<dt><code>{escape(f.syntax)}</code></dt><dd>{escape(f.description)}</dd>"
        for f in FUNCTIONS.values()
    )


def _resource(name: str) -> str:
    return resources.files(__package__).joinpath("pane", name).read_text("utf-8")
