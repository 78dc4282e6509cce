"""Run inside the runtime, by `runtime.mjs`: sources in, bytecode out.

Only the CPython that will run the page can compile for it. Bytecode without sources imports in a
third of the time; paths and dates are left out, so that the same sources give the same bytes.
"""

from __future__ import annotations

import ast
import importlib._bootstrap_external as bootstrap
import io
import json
import zipfile
from pathlib import Path

NEVER_CALLED = (
    "__hello__", "__phello__", "_aix_support", "_android_support", "_apple_support",
    "_ast_unparse", "_ios_support", "_markupbase", "_osx_support", "_py_abc", "_pydatetime",
    "_pydecimal", "_pyio", "_pylong", "_pyrepl", "_sysconfig_vars", "_sysconfigdata",
    "antigravity", "argparse", "asyncio", "bdb", "cProfile", "cmd.py", "code.py", "colorsys",
    "compileall", "concurrent", "configparser", "ctypes", "dbm", "doctest", "email",
    "encodings/big5", "encodings/cp9", "encodings/euc_", "encodings/gb", "encodings/hz",
    "encodings/iso2022", "encodings/johab", "encodings/mac_", "encodings/shift_", "ensurepip",
    "filecmp", "fileinput", "ftplib", "getopt", "getpass", "gettext", "html/parser", "http",
    "idlelib", "imaplib", "importlib/metadata", "lib2to3", "logging/config",
    "logging/handlers", "mailbox", "mimetypes",
    "modulefinder", "netrc", "nturl2path", "optparse", "pdb", "pickletools",
    "platform", "plistlib", "poplib", "pprint", "profile", "pstats", "pty", "py_compile",
    "pyclbr", "pydoc", "pyodide/console", "pyodide/http/pyxhr", "rlcompleter", "runpy", "sched",
    "shelve", "shlex", "smtplib", "socketserver", "sqlite3", "statistics", "symtable",
    "sysconfig", "tabnanny", "tarfile", "test", "this", "timeit", "tkinter", "trace.py",
    "tracemalloc", "tty", "turtle", "unittest", "urllib/request", "uuid", "venv", "wave",
    "webbrowser", "wsgiref", "xl_cpom/browser/page", "xl_cpom/reports/console",
    "xl_cpom/reports/letter", "xl_cpom/reports/sarif", "xl_cpom/reports/templates/lettre",
    "xl_cpom/schemas", "xml/dom/pulldom", "xml/sax", "xl_cpom/validators/frame",
    "xl_cpom/validators/judges/by_", "xl_cpom/validators/schemas", "xmlrpc", "zipapp", "zoneinfo",
)  # fmt: skip
"""Starts of the names of the files that neither the control nor its libraries can reach."""


def compile_tree(folder: str, target: str) -> None:
    """The files of a folder in another one, the modules as bytecode."""
    root = Path(folder)
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        content = path.read_bytes()
        if path.suffix == ".py":
            content, name = compiled(content, name), name + "c"
        out = Path(target, name)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)


def compile_library(path: str, target: str) -> None:
    """The standard library, from its zip, without its documentation."""
    with zipfile.ZipFile(path) as source:
        for name in sorted(source.namelist()):
            if name.endswith("/"):
                continue
            content = source.read(name)
            if name.endswith(".py"):
                content, name = compiled(content, name, 2), name + "c"
            out = Path(target, name)
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(content)


def zipped(folder: str) -> bytes:
    """The files of a folder as a zip, stored: it is compressed once, with the rest."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for path in _files(folder):
            name = path.relative_to(folder).as_posix()
            target.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), path.read_bytes())
    return out.getvalue()


def pack(
    folders: dict[str, str],
    skipped: frozenset[str] = frozenset(),
    kept: frozenset[str] = frozenset(),
) -> bytes:
    """Files in one string of bytes: a line of JSON (names, sizes), then the contents.

    folders: where each folder goes. skipped: names of modules that memory already holds. kept:
    names of modules that the runtime imports as it starts, whatever we think of them.
    """
    names: list[tuple[str, int]] = []
    contents: list[bytes] = []
    for folder, place in folders.items():
        for path in _files(folder):
            name = path.relative_to(folder).as_posix()
            module = _module(name)
            wanted = module in kept or not name.startswith(NEVER_CALLED)
            if wanted and module not in skipped:
                names.append((f"{place}/{name}", path.stat().st_size))
                contents.append(path.read_bytes())
    return json.dumps(names, separators=(",", ":")).encode() + b"\n" + b"".join(contents)


def _files(folder: str) -> list[Path]:
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def _module(name: str) -> str:
    """Name of the module of a file of bytecode, "" for another file."""
    if not name.endswith(".pyc"):
        return ""
    return name.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")


def compiled(source: bytes, name: str, optimize: int = 0) -> bytes:
    """Bytecode of a module, with the hash of its source, that nothing will check."""
    tree: ast.AST | bytes = source
    if not name.startswith("xl_cpom/"):
        tree = ast.parse(source)
        for node in ast.walk(tree):
            _lighten(node)
    code = compile(tree, name, "exec", dont_inherit=True, optimize=optimize)
    return bytes(bootstrap._code_to_hash_pyc(code, b"\0" * 8, checked=False))


def _lighten(node: ast.AST) -> None:
    """Take from the libraries what nobody is shown: their documentation, their line numbers.

    Ours keep both: the texts of the rules are in the reports, and a failure says its line.
    """
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
        node.body[:1] = [] if len(node.body) > 1 else [ast.Pass(lineno=1, col_offset=0)]
    if "lineno" in node._attributes:
        node.lineno = node.end_lineno = 1
        node.col_offset = node.end_col_offset = 0
