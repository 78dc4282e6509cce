"""The same page as files beside each other, for a web site; a service worker keeps it offline."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from tools.navigateur import page
from tools.navigateur.page import Engine, source
from xl_cpom.udfs import office

NAME = "index.html"


def write(engine: Engine, folder: Path) -> None:
    """Write the site in a folder (emptied first)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    contents = _engine_files(engine)
    code = "\n".join(source(n) for n in ("engine.js", "beside.js", "page.js"))
    contents["page.js"] = code.encode()
    contents["manifest.webmanifest"] = _manifest().encode()
    contents[NAME] = page.beside(engine).encode()
    version = hashlib.sha256(b"".join(contents[n] for n in sorted(contents))).hexdigest()[:16]
    names = ["./", *sorted(set(contents) - {NAME})]
    contents["sw.js"] = (
        source("sw.js").replace("{VERSION}", version).replace("{NAMES}", json.dumps(names)).encode()
    )
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def write_addin(engine: Engine, folder: Path, address: str) -> None:
    """Write the Excel add-in in a folder (emptied first), for the address that will host it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in (_engine_files(engine) | office.files(address)).items():
        (folder / name).write_bytes(content)


def _engine_files(engine: Engine) -> dict[str, bytes]:
    return {
        "engine.js": engine.worker.encode(),
        "pyodide.asm.wasm": engine.part("wasm"),
        "memory.gz": engine.packed("memory"),
        "files.gz": engine.packed("files"),
    }


def _manifest() -> str:
    said = {
        "name": "Contrôle des classeurs CPOM",
        "short_name": "Contrôle CPOM",
        "lang": "fr",
        "start_url": "./",
        "display": "standalone",
        "background_color": "#f4f6f9",
        "theme_color": "#17496b",
    }
    return json.dumps(said, ensure_ascii=False, indent=1)
