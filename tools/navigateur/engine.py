"""What the page runs, chosen: our modules that a control needs, and the libraries they call.

Everything is copied as sources in a folder, from the installed packages whose versions
`contraintes.txt` pins; `runtime.mjs` then compiles them with the CPython that will run them.
"""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

import xl_cpom

_OURS = Path(xl_cpom.__file__).parent

LEFT_OUT = (
    "batch", "cli", "server", "udfs/excel", "udfs/libreoffice", "udfs/office", "udfs/xlwings",
    "udfs/ribbon.py", "__main__.py", "workbook/examples", "browser/page", "schemas/table",
    "referentiel/frozen/",
)  # fmt: skip
"""Of our own package: what talks to a terminal, a network, an Excel for Windows, a LibreOffice."""

LIBRARIES = {
    "jinja2": "jinja2",
    "markupsafe": "markupsafe",
    "msoffcrypto": "msoffcrypto-tool",
    "olefile": "olefile",
    "rapidfuzz": "rapidfuzz",
    "xlsxwriter": "xlsxwriter",
}
"""Libraries that a control calls, in their pure Python form: their module, their distribution."""

UNUSED = (
    "msoffcrypto/__main__.py", "msoffcrypto/format/doc97.py", "msoffcrypto/format/ppt97.py",
    "msoffcrypto/format/xls97.py", "msoffcrypto/method/rc4.py",
    "msoffcrypto/method/rc4_cryptoapi.py", "msoffcrypto/method/xor_obfuscation.py",
    "olefile/olefile2.py",
)  # fmt: skip
"""Of these libraries: formats before 2007, refused before a password is asked, and Python 2."""

_STANDIN = Path(__file__).parent / "standin"


def stage(target: Path) -> None:
    """Copy the sources of the engine into a folder (emptied first)."""
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(_OURS.rglob("*")):
        name = path.relative_to(_OURS).as_posix()
        if path.is_file() and _wanted(name):
            _copy(path, target / "xl_cpom" / name)
    for library in LIBRARIES:
        _stage_library(library, target)
    for path in sorted(_STANDIN.glob("*/**/*.py")):
        _copy(path, target / path.relative_to(_STANDIN))


def versions() -> dict[str, str]:
    """Version of each library that goes with the page, by its name."""
    return {name: importlib.metadata.version(dist) for name, dist in LIBRARIES.items()}


def _wanted(name: str) -> bool:
    return "__pycache__" not in name and not name.endswith(".pyi") and not name.startswith(LEFT_OUT)


def _stage_library(library: str, target: Path) -> None:
    found = importlib.metadata.files(LIBRARIES[library])
    assert found is not None, f"{library} keeps no list of its files"
    for file in found:
        wanted = file.suffix == ".py" and file.as_posix() not in UNUSED
        if wanted and file.parts[0] == library:
            _copy(Path(str(file.locate())), target.joinpath(*file.parts))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
