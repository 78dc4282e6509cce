"""The first minute of each reader, on a folder that has nothing: `python -m tools.premiere_minute`.

For each: what the README or « Installer » says to type, typed in a new HOME, and the time to the
first verdict. Writes build/premiere_minute.md. The gestionnaire opens the page in one file (`make
navigateur`), in Chromium, from the disk; the ARS installs the wheel; the DSI looks at what is left
on the machine, removes it, and looks again; the developer clones and types `make demo`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "premiere_minute.md"
PAGE = ROOT / "build" / "navigateur" / "controle-cpom.html"
FAULTY = ROOT / "workbooks" / "exemple_fautif.xlsx"
_KEPT = ("PIP_", "SSL_", "UV_", "HTTP", "http")
"""What says how this machine reaches the index; nothing else of ours is kept."""
_LAST = 6


@dataclass
class Transcript:
    """What one reader typed and saw; seconds: to the first verdict, None when there was none."""

    reader: str
    lines: list[str] = field(default_factory=list)
    seconds: float | None = None

    @property
    def text(self) -> str:
        """The Markdown of it."""
        said = "" if self.seconds is None else f" : premier verdict, {self.seconds:.0f} s"
        shown = "\n".join(self.lines)
        return f"## {self.reader}{said}\n\n```text\n{shown}\n```\n"


class Refused(RuntimeError):
    """A command that the documentation shows did not end as it says."""


def commands_of(guide: str, first: str) -> list[str]:
    """The block of a page that begins with this word, line by line."""
    text = (ROOT / guide).read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|text)\n(.*?)```", text, re.S)
    found = next(block for block in blocks if block.startswith(first))
    return [re.split(r"\s{2,}#", line)[0].strip() for line in found.strip().splitlines()]


def typed(line: str, folder: Path, home: Path, told: Transcript) -> str:
    """One line in a shell that has only this Python and the system; raises Refused."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_KEPT)}
    path = f"{Path(sys.executable).resolve().parent}:/usr/local/bin:/usr/bin:/bin"
    done = subprocess.run(
        line, shell=True, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
        env={"HOME": str(home), "LANG": "C.UTF-8", "PATH": path, **kept},
    )  # fmt: skip
    told.lines += [f"$ {line}", *done.stdout.splitlines()[-_LAST:], ""]
    if done.returncode:
        raise Refused(f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def played(lines: list[str], folder: Path, home: Path, told: Transcript) -> None:
    """The lines one after the other; the clock stops at the first verdict."""
    begin = time.perf_counter()
    for line in lines:
        if "recevable" in typed(line, folder, home, told).lower() and told.seconds is None:
            told.seconds = time.perf_counter() - begin


def developer(work: Path) -> Transcript:
    """A clone, then the first of the two commands of the README."""
    told, home = Transcript("Qui a les sources (README)"), work / "maison_sources"
    home.mkdir()
    typed(f"git clone --quiet {ROOT} depot", work, home, told)
    first, _ = commands_of("README.md", "make demo")
    played([first], work / "depot", home, told)
    return told


def ars(work: Path, wheel: Path) -> tuple[Transcript, Transcript]:
    """The wheel in a folder, as « Installer » shows it; then what the DSI finds, and removes."""
    told, home = Transcript("Chargé de mission de l'ARS (roue, sans pipx)"), work / "poste"
    home.mkdir()
    shutil.copy(wheel, home)
    played(commands_of("docs/guides/installer.md", "python3 -m venv"), home, home, told)
    dsi = Transcript("DSI : ce qui est posé, où, et comment le retirer")
    typed("cpom/bin/xl-cpom diagnostic", home, home, dsi)
    typed("du -sh cpom && ls -A", home, home, dsi)
    typed("rm -r cpom && ls -A", home, home, dsi)
    left = sorted(path.name for path in home.iterdir() if path.name != wheel.name)
    dsi.lines.append(f"Reste : {', '.join(left) or 'rien'}")
    if set(left) - {".cache"}:  # pip keeps its own downloads
        raise Refused(f"left behind: {left}")
    return told, dsi


def gestionnaire(work: Path) -> Transcript:
    """The one file, opened from the disk without any network, and a workbook dropped on it."""
    told = Transcript("Gestionnaire (un fichier à ouvrir)")
    if not PAGE.is_file():
        told.lines.append("La page n'est pas construite : « make navigateur » d'abord.")
        return told
    from playwright.sync_api import sync_playwright

    page = Path(shutil.copy(PAGE, work))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    begin = time.perf_counter()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(offline=True, locale="fr-FR")
        tab = context.new_page()
        tab.goto(page.as_uri())
        tab.set_input_files("#classeurs", FAULTY)
        row = tab.locator("[data-fichier][data-verdict]").first
        row.wait_for(timeout=180_000)
        told.seconds = time.perf_counter() - begin
        told.lines += [f"{page.name} ouvert d'un double clic, hors ligne ; {FAULTY.name} déposé",
                       f"verdict : {row.get_attribute('data-verdict')}"]  # fmt: skip
        browser.close()
    return told


def wheel_in(folder: Path) -> Path:
    """The wheel, built from these sources."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    (found,) = folder.glob("*.whl")
    return found


def transcripts(readers: Mapping[str, bool]) -> Iterator[Transcript]:
    """Those asked for, in a folder that disappears."""
    with tempfile.TemporaryDirectory(prefix="xl-cpom-minute-") as folder:
        work = Path(folder)
        if readers["gestionnaire"]:
            yield gestionnaire(work)
        if readers["ars"]:
            (work / "roue").mkdir()
            yield from ars(work, wheel_in(work / "roue"))
        if readers["sources"]:
            yield developer(work)


def main() -> None:
    """Command line: the readers asked for (gestionnaire, ars, sources), all of them by default."""
    known = ("gestionnaire", "ars", "sources")
    asked = sys.argv[1:] or list(known)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    texts = []
    for told in transcripts({name: name in asked for name in known}):
        print(told.text)
        texts.append(told.text)
    TARGET.write_text("# La première minute\n\n" + "\n".join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
