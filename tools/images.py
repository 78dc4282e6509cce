"""Pictures of the documentation, taken from the real thing: `python -m tools.images`.

The workbook and the annotated copy are rendered by LibreOffice, the report and the terminal by
Chromium. Both programs must be installed. The pictures are committed: this is run when what they
show has changed, never by the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.bureau import conversion, profil
from tools.synthese.deposit import weeks
from xl_cpom.referentiel import load_referentiel
from xl_cpom.udfs.libreoffice.workbook_copy import prepare_for_libreoffice
from xl_cpom.workbook.examples.generation import FAULTY, VALIDE, write_examples

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH, HEIGHT = 1100, 640
REGION_HEIGHT = 1240

TERMINAL = """<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><style>
body {{ margin: 0; background: #1b1f27; }}
pre {{ margin: 0; padding: 20px 24px; color: #e8eaee; }}
pre {{ font: 15px/1.4 "DejaVu Sans Mono", monospace; }}
</style><pre>{text}</pre></html>"""

SHEET = "Modules"
"""The sheet shown: it fits a page, and the faulty example has marks on it."""
SHEET_HEIGHT = 385


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        work = Path(folder)
        write_examples(work / "workbooks", load_referentiel())
        browser = play.chromium.launch(executable_path=_programme("chromium"))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        _report(page, work)
        _region(page, work)
        _contract(page, work)
        _campaign(page, work)
        _terminal(page, work)
        browser.close()
        _sheet(work / "workbooks" / VALIDE, "classeur.png", work)
        _taux(work / "workbooks" / VALIDE, work)
        _xl_cpom(work, "annoter", f"workbooks/{FAULTY}", "-o", "copies")
        _sheet(next((work / "copies").glob("*.xlsx")), "copie-annotee.png", work)
    for path in sorted(IMAGES.glob("*.png")):
        print(f"{path.name} : {path.stat().st_size // 1024} ko")


def _programme(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        sys.exit(f"{names[0]} est introuvable : installez-le pour prendre les images")
    return found


def _xl_cpom(work: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "xl_cpom", *arguments], cwd=work, capture_output=True, text=True,
        encoding="utf-8", check=False, env=os.environ | {"COLUMNS": "100"},
    )  # fmt: skip
    return done.stdout


def _report(page: Page, work: Path) -> None:
    _xl_cpom(work, "valider", f"workbooks/{FAULTY}", "--format", "html", "-o", "rapport.html")
    page.goto((work / "rapport.html").as_uri())
    page.screenshot(path=IMAGES / "rapport.png")


def _region(page: Page, work: Path) -> None:
    """The top of the page of a whole region, invented."""
    subprocess.run([sys.executable, "-m", "tools.synthese", str(work / "essai")],
                   check=True, capture_output=True)  # fmt: skip
    _xl_cpom(work, "valider", "essai/retours", "--attendus", "essai/attendus.csv",
             "--consolidation", "conso", "--format", "csv")  # fmt: skip
    page.set_viewport_size({"width": WIDTH, "height": REGION_HEIGHT})
    page.goto((work / "conso" / "region.html").as_uri())
    page.screenshot(path=IMAGES / "region.png")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def _contract(page: Page, work: Path) -> None:
    """The fiche of a dialogue, held against a small region, and the bilan of a contract."""
    subprocess.run([sys.executable, "-m", "tools.synthese", str(work / "petite"), "--og", "40"],
                   check=True, capture_output=True)  # fmt: skip
    _xl_cpom(work, "valider", "petite/retours", "--consolidation", "quarts", "--format", "csv")
    _xl_cpom(
        work, "dialogue", f"workbooks/{VALIDE}", "--consolidation", "quarts", "-o", "dialogue.html"
    )
    page.goto((work / "dialogue.html").as_uri())
    page.locator(".feuillet").first.screenshot(path=IMAGES / "dialogue.png")
    _xl_cpom(work, "bilan", f"workbooks/{VALIDE}", "-o", "bilan")
    page.goto((work / "bilan" / "bilan.html").as_uri())
    page.screenshot(path=IMAGES / "bilan.png")


def _campaign(page: Page, work: Path) -> None:
    """The summary, a letter and a reminder of the deposit of forty organismes."""
    folder = work / "depot"
    folder.mkdir()
    deposit = next(weeks(folder))
    _xl_cpom(work, "valider", str(deposit.returns), *deposit.options(), "--consolidation",
             str(folder / "conso"), "--lots", str(folder / "lots"), "--date-lettre", "2028-02-15",
             "--reponse-avant", "2028-03-31", "--format", "csv")  # fmt: skip
    campaign_pictures(page, folder, work)


def campaign_pictures(page: Page, folder: Path, work: Path) -> None:
    """Pictures of the outputs of a campaign that stand under `conso` and `lots`."""
    page.set_viewport_size({"width": 760, "height": 1000})
    page.goto((folder / "conso" / "synthese.html").as_uri())
    page.screenshot(path=IMAGES / "synthese.png")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    letter = next(path for path in sorted((folder / "lots").rglob("lettre.docx"))
                  if "empêche" in (path.parent / "lettre.md").read_text("utf-8"))  # fmt: skip
    reminder = min((folder / "lots").rglob("relance.docx"))
    for path, name in ((letter, "lettre"), (reminder, "relance")):
        target = work / f"image-{name}"
        target.mkdir()
        command = conversion(profil(target), target, "pdf", path)
        subprocess.run(
            command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=180
        )
        subprocess.run(
            [_programme("pdftoppm"), "-png", "-singlefile", "-r", "60", "-f", "1", "-l", "1",
             str(target / f"{path.stem}.pdf"), str(IMAGES / name)],
            check=True,
        )  # fmt: skip


def _terminal(page: Page, work: Path) -> None:
    command = f"xl-cpom valider workbooks/{FAULTY}"
    said = _xl_cpom(work, "valider", f"workbooks/{FAULTY}")
    shown = "\n".join([f"$ {command}", *said.splitlines()[:26]])
    page.set_content(TERMINAL.format(text=escape(shown)))
    page.screenshot(path=IMAGES / "terminal.png", full_page=True)


def _sheet(workbook: Path, name: str, work: Path) -> None:
    """The top of the sheet, as LibreOffice prints it."""
    _print(workbook, SHEET, name, work, (940, SHEET_HEIGHT, 80))


def _taux(workbook: Path, work: Path) -> None:
    """The rates and their chart, recalculated by LibreOffice with the add-in."""
    copy = prepare_for_libreoffice(workbook, work / "taux.xlsx")
    _print(copy, "Indicateurs", "taux-libreoffice.png", work, (1040, 460, 90), complement=True)


def _print(
    workbook: Path,
    sheet: str,
    name: str,
    work: Path,
    view: tuple[int, int, int],
    *,
    complement: bool = False,
) -> None:
    """Print a workbook, keep the top left corner (width, height, dpi) of the page of a sheet."""
    target = work / name.removesuffix(".png")
    target.mkdir()
    command = conversion(profil(target, complement=complement), target, "pdf", workbook)
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=180)
    pdf = target / f"{workbook.stem}.pdf"
    number = str(_page_of(pdf, sheet))
    width, height, dpi = view
    crop = ["-x", "0", "-y", "0", "-W", str(width), "-H", str(height)]
    subprocess.run(
        [_programme("pdftoppm"), "-png", "-singlefile", "-r", str(dpi), *crop, "-f", number,
         "-l", number, str(pdf), str(IMAGES / name.removesuffix(".png"))],
        check=True,
    )  # fmt: skip


def _page_of(pdf: Path, sheet: str) -> int:
    """The page whose first line is the name of the sheet."""
    text = subprocess.run(
        [_programme("pdftotext"), "-layout", str(pdf), "-"], check=True, capture_output=True,
        text=True, encoding="utf-8",
    ).stdout  # fmt: skip
    pages = text.split("\f")
    return next(n for n, page in enumerate(pages, 1) if page.strip().startswith(sheet))


if __name__ == "__main__":
    main()
