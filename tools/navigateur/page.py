"""The page, put together: one file that holds everything, and the same as files beside each other.

The style is that of the reports and of the server's page, taken from them; the script is the one of
`xl_cpom/browser/page`, taken as it is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import deflate
from jinja2 import Environment, StrictUndefined

import xl_cpom
from tools.navigateur.engine import versions
from xl_cpom.referentiel import load_referentiel
from xl_cpom.server.page_templates import resource_text, style

SOURCES = Path(xl_cpom.__file__).parent / "browser" / "page"
_FILES = {"memory": "memory.bin", "files": "files.pack", "whole": "whole.pack"}
BEST = 12
"""Level of compression: the smallest. Tests do with less: it takes ten seconds of processor."""
_PIECE = 1 << 17
"""Characters of one element: a browser reads one without a pause."""


@dataclass(frozen=True)
class Engine:
    """What `runtime.mjs` made, and the runtime itself."""

    made: Path
    runtime: Path
    level: int = BEST

    def part(self, name: str) -> bytes:
        """One of « wasm », « memory », « files », « whole » (without memory), as it is."""
        if name == "wasm":
            return (self.runtime / "pyodide.asm.wasm").read_bytes()
        return (self.made / _FILES[name]).read_bytes()

    def packed(self, name: str) -> bytes:
        """A part, compressed: kept beside the engine, and forgotten with it."""
        kept = self.made / f"{name}.{self.level}.gz"
        if not kept.is_file():
            half = kept.with_suffix(f".{os.getpid()}")
            half.write_bytes(packed(self.part(name), self.level))
            half.replace(kept)
        return kept.read_bytes()

    @cached_property
    def info(self) -> str:
        """What the runtime says of itself in its list of packages, without the packages."""
        lock = json.loads((self.runtime / "pyodide-lock.json").read_text("utf-8"))
        return json.dumps(lock["info"], sort_keys=True)

    @cached_property
    def worker(self) -> str:
        """The script of the worker: the runtime's two modules, then ours.

        A classic script: from a file, Chromium starts no worker that is a module.
        """
        loader = _without(
            self._text("pyodide.mjs"), r"export\{(\w+) as loadPyodide,\w+ as version\};"
        )
        glue = _without(self._text("pyodide.asm.mjs"), r"export default _createPyodideModule;")
        found = re.search(r"export\{(\w+) as loadPyodide", self._text("pyodide.mjs"))
        assert found
        glue = glue.replace("import.meta.url", "'https://xl-cpom.invalid/pyodide.asm.mjs'")
        return "\n".join((
            '"use strict";',
            f"const RUNTIME_INFO = {self.info};",
            "self.importScripts = () => { throw new TypeError('all is here'); };",
            f"const loadPyodide = (() => {{ {loader}\nreturn {found[1]}; }})();",
            glue,
            source("worker.js"),
        ))  # fmt: skip

    @property
    def version(self) -> str:
        """Version of the runtime."""
        return str(json.loads((self.runtime / "package.json").read_text("utf-8"))["version"])

    def _text(self, name: str) -> str:
        text = (self.runtime / name).read_text("utf-8")
        return re.sub(r"\n//# sourceMappingURL=.*", "", text)


def source(name: str) -> str:
    """Text of one of the sources of the page."""
    return (SOURCES / name).read_text("utf-8")


def single(engine: Engine, *, awake: bool = True) -> str:
    """The page in one file.

    awake: with the memory of an engine already awake, or smaller and slower to open.
    """
    gate = source("gate.js")
    code = _in_ascii("\n".join(source(n) for n in ("engine.js", "single.js", "page.js")), _SCRIPT)
    policy = "; ".join((
        "default-src 'none'", f"script-src {_hash(gate)} {_hash(code)} 'wasm-unsafe-eval' blob:",
        "worker-src blob:", f"style-src {_hash(_style())}", "img-src data:",
        "connect-src 'none'", "form-action 'none'", "base-uri 'none'",
    ))  # fmt: skip
    carried = {"files": "files", "wasm": "wasm", "memory": "memory"}
    if not awake:
        carried = {"files": "whole", "wasm": "wasm"}
    parts = {name: as_text(engine.packed(part)) for name, part in carried.items()}
    parts["worker"] = _base64(packed(engine.worker.encode()))
    return _render(
        engine, csp=policy, gate=gate, inline=[code], parts=parts.items(),
        promise="« connect-src 'none' » lui défend toute connexion.",
        footer="Un seul fichier, sans réseau, sans témoin de connexion, sans mesure d'audience.",
    )  # fmt: skip


def beside(engine: Engine) -> str:
    """The page of the site, whose script, style and engine are files beside it."""
    gate = source("gate.js")
    policy = "; ".join((
        "default-src 'none'", f"script-src 'self' {_hash(gate)} 'wasm-unsafe-eval'",
        "worker-src 'self'", f"style-src {_hash(_style())}", "img-src data:",
        "manifest-src 'self'", "connect-src 'self'", "form-action 'none'", "base-uri 'none'",
    ))  # fmt: skip
    return _render(
        engine, csp=policy, gate=gate, entry=["page.js"], manifest=["manifest.webmanifest"],
        promise="« connect-src 'self' » ne lui permet que de relire ses propres fichiers.",
        footer="Sans témoin de connexion, sans mesure d'audience ; gardée hors ligne après la "
        "première visite.",
    )  # fmt: skip


def packed(content: bytes, level: int = BEST) -> bytes:
    """As gzip, the same each time; libdeflate finds 3 to 4 % that zlib leaves."""
    return bytes(deflate.gzip_compress(content, level))


def as_text(content: bytes) -> str:
    """Bytes as a text of the page: a sixteenth less than base64. Read back by `worker.js`."""
    filled = content + bytes(-len(content) % 4)
    return f"{len(content)}~{base64.b85encode(filled).translate(_CHARACTERS).decode()}"


_CHARACTERS = bytes.maketrans(
    b"".join(base64.b85encode(bytes((0, 0, 0, rank)))[-1:] for rank in range(85)),
    bytes(range(40, 60)) + b"}" + bytes(range(61, 125)),  # « } » stands for « < »
)
"""From the alphabet of the library to one that says nothing to a reader of HTML."""


def _render(engine: Engine, **fields: object) -> str:
    environment = Environment(
        autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(source("page.html")).render(
        {
            "manifest": [],
            "entry": [],
            "inline": [],
            "parts": [],
            "piece": _PIECE,
            "icon": _base64(resource_text("icone.svg").encode()),
            "style": _style(),
            "version": xl_cpom.__version__,
            "referentiel": load_referentiel().id,
            "licences": licences(engine),
        }
        | fields
    )
    return page.encode("ascii", "xmlcharrefreplace").decode()


def licences(engine: Engine) -> str:
    """What goes with the page, under which terms, and where its sources are."""
    lines = [
        f"xl_cpom {xl_cpom.__version__}, MIT",
        f"Pyodide {engine.version}, MPL-2.0 (https://github.com/pyodide/pyodide), avec CPython "
        "(PSF-2.0), Emscripten (MIT), zlib (Zlib), expat (MIT), Hiwire (MPL-2.0)",
    ]
    terms = {"jinja2": "BSD-3-Clause", "markupsafe": "BSD-3-Clause", "msoffcrypto": "MIT",
             "olefile": "BSD-2-Clause", "rapidfuzz": "MIT",
             "xlsxwriter": "BSD-2-Clause"}  # fmt: skip
    lines += [f"{name} {version}, {terms[name]}" for name, version in versions().items()]
    return "\n".join(lines)


def _style() -> str:
    return _in_ascii(style() + source("page.css"), _SHEET)


_SCRIPT, _SHEET = "\\u{:04x}", "\\{:06x}"


def _in_ascii(text: str, escape: str) -> str:
    """A script or a style without any other character than those of ASCII.

    One that is not in the first 256 doubles the memory that a browser takes for the whole page, and
    the time that it takes to read it.
    """
    units = text.encode("utf-16-be")
    codes = (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))
    return "".join(chr(code) if code < 128 else escape.format(code) for code in codes)


def _hash(text: str) -> str:
    return f"'sha256-{_base64(hashlib.sha256(text.encode()).digest())}'"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _without(text: str, pattern: str) -> str:
    found, count = re.subn(pattern, "", text)
    assert count == 1, f"the runtime has changed: {pattern}"
    return found
