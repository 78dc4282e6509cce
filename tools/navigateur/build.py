"""The steps of the build, each remade only when what it is made from has changed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.navigateur import engine as sources
from tools.navigateur import page, site
from tools.navigateur.sample import write_sample
from xl_cpom.udfs import office

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "build" / "navigateur"
SINGLE = "controle-cpom.html"
LIGHT = "controle-cpom-leger.html"
_HERE = Path(__file__).parent
_MAKERS = ("bytecode.py", "runtime.mjs", "sample.py", "runtime")
"""What decides of the engine, besides what is staged in it."""
_FAULTY = ROOT / "workbooks" / "exemple_fautif.xlsx"


def build(
    output: Path = OUTPUT,
    address: str = office.EXAMPLE,
    *,
    engine: page.Engine | None = None,
    light: bool = False,
) -> list[tuple[Path, int, str]]:
    """Write the page, the site and the add-in in a folder; (path, bytes, SHA-256) of each file.

    address: where the add-in will be hosted. engine: the one to carry (that of the folder if None).
    light: the page that carries no memory too.
    """
    made = engine or engine_of(output)
    output.mkdir(parents=True, exist_ok=True)
    singles = {SINGLE: True} | ({LIGHT: False} if light else {})
    for name, awake in singles.items():
        (output / name).write_text(page.single(made, awake=awake), "utf-8")
    site.write(made, output / "site")
    site.write_addin(made, output / "excel", address)
    paths = [p for name in ("site", "excel") for p in sorted((output / name).iterdir())]
    return [_said(path) for path in (*(output / name for name in singles), *paths)]


def engine_of(output: Path, level: int = page.BEST) -> page.Engine:
    """The engine: fetched, compiled and awakened, unless that was done from the same sources.

    level: how hard it is compressed.
    """
    runtime = fetch_runtime(output / "runtime")
    made = output / "engine"
    with tempfile.TemporaryDirectory() as temporary:
        staged = Path(temporary, "staged")
        sources.stage(staged)
        mark = _fingerprint(staged, *(_HERE / name for name in _MAKERS))
        if not (made / "mark").is_file() or (made / "mark").read_text() != mark:
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
            sample = Path(temporary, "exemple.xlsx")
            write_sample(_FAULTY, sample)
            _run(
                "node",
                str(_HERE / "runtime.mjs"),
                str(runtime),
                str(staged),
                str(sample),
                str(made),
            )
            (made / "mark").write_text(mark)
    return page.Engine(made, runtime, level)


def fetch_runtime(folder: Path) -> Path:
    """The runtime, installed by npm from our lock: version and hash, or nothing."""
    found = folder / "node_modules" / "pyodide"
    lock = (_HERE / "runtime" / "package-lock.json").read_bytes()
    kept = folder / "package-lock.json"
    if not (found.is_dir() and kept.is_file() and kept.read_bytes() == lock):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(_HERE / "runtime" / name, folder / name)
        _run("npm", "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund",
             "--silent")  # fmt: skip
    return found


def _run(*command: str) -> None:
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=errors)
        errors.seek(0)
        # Node quotes the line at fault, and a line of the runtime is a megabyte.
        said = [line for line in map(str.rstrip, errors) if 0 < len(line) < 1000]
    if done.returncode:
        raise SystemExit(f"{command[0]} a échoué :\n" + "\n".join(said[-20:]))


def _fingerprint(*places: Path) -> str:
    digest = hashlib.sha256()
    for place in places:
        for path in _files(place):
            digest.update(f"{path.relative_to(place.parent)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    yield from sorted(p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _said(path: Path) -> tuple[Path, int, str]:
    content = path.read_bytes()
    return path, len(content), hashlib.sha256(content).hexdigest()
