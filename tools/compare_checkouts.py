"""Say every difference of behaviour between two checkouts.

`python -m tools.compare_checkouts main .`, for a change that must change nothing (a rename, a
merge). Each side is a git reference or a folder, copied aside, and run by one child process on one
set of inputs: the workbooks kept in the project, every case of the tests' corpus and of the hostile
set (built once, by the checkout where this script stands). Compared to the byte: the catalogues of
rules and indicators, every rendering of `valider` with its exit code and what it said, the
annotated copies, the variants of the template, and `workbooks/` as each side regenerates it. Only
what must differ is put aside: the version, the folder of the checkout, the instant at which a
file was written. Prints « 0 différence » and ends with 0, or the differences and 1.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATE = "2027-12-31"
CATALOGUES = (["regles", "--format", "json"], ["indicateurs", "--format", "json"])
FORMATS = {
    "json": "json", "csv": "csv", "html": "html", "xlsx": "xlsx", "sarif": "json",
    "console": "txt", "ecars": "xlsx", "ecars-csv": "csv", "lettre": "md", "lettre-html": "html",
}  # fmt: skip
"""Format of `valider` -> extension of what is kept of it here."""
VARIANTS = ("native", "lambda", "xlwings")
KEPT_OUT = (".git", ".venv", "build", "dist", "site", "__pycache__", ".*_cache", ".hypothesis")
CONTEXT, SHOWN = 60, 60
"""Characters around the first difference of a file; differences printed before « et N autres »."""
WRITTEN_AT = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*<")


def main() -> int:
    """Compare, print, and give the exit code."""
    parser = argparse.ArgumentParser(prog="compare_checkouts", description=__doc__)
    parser.add_argument("a", help="git reference or folder")
    parser.add_argument("b", help="git reference or folder")
    parser.add_argument("--python-a", default=sys.executable)
    parser.add_argument("--python-b", default=sys.executable)
    parser.add_argument("--one-in", type=int, default=1, help="play one made input in N")
    parser.add_argument("--keep", type=Path, help="folder where all that was compared stays")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        work = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        sides = {name: checkout(getattr(options, name), work / name) for name in "ab"}
        inputs = build_inputs(work / "inputs", options.one_in)
        children = [
            start(getattr(options, f"python_{name}"), folder, inputs, work / f"said_{name}")
            for name, folder in sides.items()
        ]
        endings = [child.wait() for child in children]
        if any(endings):
            raise SystemExit("un des deux côtés n'a pas fini : voir plus haut")
        found = list(differences(work / "said_a", work / "said_b"))
    for line in found[:SHOWN]:
        print(line)
    if len(found) > SHOWN:
        print(f"et {len(found) - SHOWN} autres")
    print(f"{len(found)} différence{'s' if len(found) > 1 else ''}")
    return int(bool(found))


def checkout(source: str, target: Path) -> Path:
    """A copy of a folder, or the tree of a git reference."""
    if Path(source).is_dir():
        return Path(shutil.copytree(source, target, ignore=shutil.ignore_patterns(*KEPT_OUT)))
    packed = subprocess.run(
        ["git", "-C", str(ROOT), "archive", source], check=True, capture_output=True
    )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(target, filter="data")
    return target


def build_inputs(folder: Path, one_in: int) -> list[tuple[str, Path]]:
    """Name and path of each workbook: those of the project, then the made ones, one in N."""
    sys.path.insert(0, str(ROOT))
    from tests.corpus.cas import cas
    from tools.hostiles import CAS
    from tools.hostiles.issues import deposit

    folder.mkdir(parents=True, exist_ok=True)
    kept = [(path.stem, path) for path in sorted((ROOT / "workbooks").glob("*.xlsx"))]
    made = []
    for rank, case in list(enumerate(cas()))[::one_in]:
        path = folder / f"corpus_{rank:03}.xlsx"
        path.write_bytes(case.classeur().octets())
        made.append((f"corpus {case.fichier} {case.nom}", path))
    for hostile in list(CAS.values())[::one_in]:
        written = deposit(hostile, folder / "hostile")
        if written is not None:
            made.append((f"hostile {hostile.nom}", written))
    return [*((name, Path(shutil.copy2(path, folder))) for name, path in kept), *made]


def start(
    python: str, folder: Path, inputs: list[tuple[str, Path]], said: Path
) -> subprocess.Popen[str]:
    """Start the child that plays one side: this file, on the package of that folder."""
    said.mkdir(parents=True, exist_ok=True)
    asked = said.with_suffix(".asked")
    asked.write_text(
        json.dumps([(name, os.fsencode(path).hex()) for name, path in inputs]), encoding="utf-8"
    )
    environment = os.environ | {
        "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0", "COLUMNS": "100",
        "SOURCE_DATE_EPOCH": "1800000000",
    }  # fmt: skip
    command = [python, __file__, "--play", str(folder), str(asked), str(said)]
    return subprocess.Popen(command, cwd=folder, env=environment, text=True)


# --- the child: everything it knows of the package is its public face


def play(folder: Path, asked: Path, said: Path) -> None:
    """Write in `said` all that this checkout says of every input."""
    import xl_cpom

    assert Path(xl_cpom.__file__).is_relative_to(folder), xl_cpom.__file__
    remember_the_checks(xl_cpom)
    command = the_command(folder)
    version = re.compile(rf"(?<![\d.]){re.escape(xl_cpom.__version__)}(?![\d.])")

    def neutral(data: bytes) -> bytes:
        text = data.decode("utf-8", "surrogateescape").replace(str(folder), "{checkout}")
        return version.sub("{version}", text).encode("utf-8", "surrogateescape")

    def keep(name: str, data: bytes) -> None:
        target = said / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(neutral(data))

    for arguments in CATALOGUES:
        keep(f"{arguments[0]}.json", run(command, arguments)[1])
    for variant in VARIANTS:
        target = said / f"gabarit_{variant}.xlsx"
        run(command, ["gabarit", "--variante", variant, "-o", str(target)])
    shutil.rmtree(folder / "workbooks", ignore_errors=True)
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_module(the_generator(folder), run_name="__main__")
    shutil.copytree(folder / "workbooks", said / "workbooks")
    for rank, (name, path) in enumerate(json.loads(asked.read_text(encoding="utf-8"))):
        place = f"{rank:03} {re.sub(r'[^A-Za-z0-9 _-]', '_', name)}"
        control(command, os.fsdecode(bytes.fromhex(path)), place, said, keep)


def control(
    command: Callable[..., Any],
    path: str,
    place: str,
    said: Path,
    keep: Callable[[str, bytes], None],
) -> None:
    """Every rendering of one workbook, its annotated copy, and how the command ended."""
    common = ["valider", "--date", DATE]
    for format_, extension in FORMATS.items():
        target = said / place / f"{format_}.{extension}"
        target.parent.mkdir(parents=True, exist_ok=True)
        options = ["--format", format_, "-o", str(target)]
        if format_ == "json":
            options += ["--copie-annotee", str(target.parent / "annotated")]
        code, printed, errors = run(command, [*common, *options, "--", path])
        ending = f"{code}\n".encode() + printed + errors.replace(str(said).encode(), b"{said}")
        keep(f"{place}/{format_}.ending", ending)
        if target.exists() and extension != "xlsx":
            keep(f"{place}/{format_}.{extension}", target.read_bytes())


def run(command: Callable[..., Any], arguments: list[str]) -> tuple[object, bytes, bytes]:
    """Run the command in this process: exit code, standard output, standard error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogateescape") for _ in range(2))
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            command(arguments)
        except SystemExit as end:
            code = end.code
    for stream in (out, err):
        stream.flush()
    return code, out.buffer.getvalue(), err.buffer.getvalue()


def the_command(folder: Path) -> Callable[..., Any]:
    """The function behind `xl-cpom`, wherever this checkout keeps it."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, name = project["project"]["scripts"]["xl-cpom"].partition(":")
    function = getattr(importlib.import_module(module), name)

    def command(arguments: list[str]) -> None:
        sys.argv = ["xl-cpom", *arguments]
        function()

    return command


def the_generator(folder: Path) -> str:
    """The module that regenerates `workbooks/`, as the Makefile of this checkout calls it."""
    makefile = (folder / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^gabarits:.*\n\t\S+ -m (\S+)", makefile, re.MULTILINE)
    assert found is not None, "no target « gabarits » in the Makefile"
    return found[1]


def remember_the_checks(package: Any) -> None:
    """Control a file once for all its renderings: they differ by what follows the control."""
    home, check = sys.modules[package.check.__module__], package.check
    known: dict[str, Any] = {}

    def remembered(path: Path, **options: Any) -> Any:
        key = f"{path!r} {sorted(options.items())}"
        if key not in known:
            known.clear()
            known[key] = check(path, **options)
        return known[key]

    home.check = remembered  # type: ignore[attr-defined]


# --- what differs


def differences(a: Path, b: Path) -> Iterator[str]:
    """One line a difference, in the order of the names."""
    names = {
        side: {str(p.relative_to(side)): p for p in side.rglob("*") if p.is_file()}
        for side in (a, b)
    }
    for name in sorted({*names[a], *names[b]}):
        left, right = names[a].get(name), names[b].get(name)
        if left is None or right is None:
            yield f"{name} : seulement d'un côté ({'a' if right is None else 'b'})"
        elif left.read_bytes() != right.read_bytes():
            yield from unlike(name, left.read_bytes(), right.read_bytes())


def unlike(name: str, left: bytes, right: bytes) -> Iterator[str]:
    """The first difference of two files; of each member, for two zip containers."""
    try:
        members = [
            {info.filename: WRITTEN_AT.sub(b"", book.read(info)) for info in book.infolist()}
            for book in (zipfile.ZipFile(io.BytesIO(data)) for data in (left, right))
        ]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        yield f"{name} : {first(left, right)}"
        return
    if list(members[0]) != list(members[1]):
        yield f"{name} : pas les mêmes membres"
    for member, data in members[0].items():
        if data != members[1].get(member, data):
            yield f"{name} [{member}] : {first(data, members[1][member])}"


def first(left: bytes, right: bytes) -> str:
    """What stands on both sides where they part."""
    at = next((i for i, (x, y) in enumerate(zip(left, right, strict=False)) if x != y), None)
    start = max((min(len(left), len(right)) if at is None else at) - CONTEXT // 2, 0)
    shown = (data[start : start + CONTEXT].decode("utf-8", "replace") for data in (left, right))
    return " | ".join(map(repr, shown))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--play"]:
        play(*map(Path, sys.argv[2:]))
    else:
        sys.exit(main())
