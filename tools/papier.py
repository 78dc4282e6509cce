"""Pages that the product prints, counted by pdfinfo, and each sheet as a screen shows it.

`python -m tools.papier` prints, each with the bound it must keep: the blank workbook, that of six
ESMS, the HTML report of thirty-five findings, and the letter that precedes its annex.
`--feuilles DOSSIER` also writes one picture of each sheet of both workbooks, at full size on a
laptop's screen. LibreOffice, Chromium and poppler must be installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools.bureau import conversion, profil
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.letter import letter_content
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.reports.word_letters import fill_word, template_bytes
from xl_cpom.validators.catalogue import RULES
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.template.proposed_targets import blank_content

ROOT = Path(__file__).resolve().parent.parent
BLANK_MOST, SIX_MOST, REPORT_MOST, LETTER_MOST = 12, 15, 6, 1
FINDINGS = 35
LETTER = "Lettre de 35 anomalies"
SCREEN = (1366, 700)
"""Pixels of cells on a small laptop."""


def six_organisations() -> Mapping[str, list[dict[str, Any]]]:
    """The valid example cut down to its first six ESMS and to what every contract fills in."""
    content = valid_content()
    known = [row["finess_et"] for row in content["etablissements"]]
    six = set(known[:6])

    def kept(row: Mapping[str, Any]) -> bool:
        named = row.get("finess_et", row.get("entite")) or ()
        numbers = {named} if isinstance(named, str) else set(named)
        return not numbers & set(known) or bool(numbers & six)

    return {
        key: [dict(row) for row in rows if kept(row)]
        for key, rows in content.items()
        if not SHEETS[key].occasional
    }


def main(arguments: list[str]) -> int:
    """Print the counts; 1 when one of them is beyond its bound."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        workbooks = _workbooks(work)
        late = 0
        for what, path, most in (*_printed(work, workbooks), _report(work), _letter(work)):
            pages = _pages(path)
            if what == LETTER:
                before = _texts(path).index(next(t for t in _texts(path) if t.startswith("Annexe")))
                what, pages = f"{LETTER} ({pages} pages), avant l'annexe", before
            late += pages > most
            print(f"{what} : {pages} (au plus {most})")
        if arguments[:1] == ["--feuilles"]:
            for path in workbooks:
                for picture in sheet_pictures(path, work, Path(arguments[1])):
                    print(picture)
    return int(late > 0)


def _workbooks(work: Path) -> tuple[Path, Path]:
    referentiel = load_referentiel()
    blank, six = work / "vierge.xlsx", work / "six.xlsx"
    write_template(blank, referentiel, contenu=blank_content(referentiel))
    write_template(six, referentiel, contenu=six_organisations())
    return blank, six


def _printed(work: Path, workbooks: tuple[Path, Path]) -> Iterator[tuple[str, Path, int]]:
    _convert(work, *workbooks)
    yield "Classeur vierge", work / "vierge.pdf", BLANK_MOST
    yield "Classeur de six ESMS", work / "six.pdf", SIX_MOST


def _report(work: Path) -> tuple[str, Path, int]:
    report = check(ROOT / "workbooks" / "exemple_fautif.xlsx")
    shown = replace(report, findings=report.findings[:FINDINGS])
    page, target = work / "rapport.html", work / "rapport.pdf"
    page.write_bytes(FORMATS["html"].content([shown], RenderOptions(rules=RULES)))
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page()
        tab.goto(page.as_uri())
        tab.pdf(path=target, prefer_css_page_size=True)
        browser.close()
    return f"Rapport HTML de {len(shown.findings)} anomalies", target, REPORT_MOST


def _letter(work: Path) -> tuple[str, Path, int]:
    report = check(ROOT / "workbooks" / "exemple_fautif.xlsx")
    path = work / "lettre.docx"
    shown = replace(report, findings=report.findings[:FINDINGS])
    path.write_bytes(fill_word(template_bytes("lettre.docx"), letter_content(shown)))
    _convert(work, path)
    return LETTER, work / "lettre.pdf", LETTER_MOST


def _convert(work: Path, *paths: Path) -> None:
    subprocess.run(conversion(profil(work), work, "pdf", *paths), check=True, capture_output=True,
                   stdin=subprocess.DEVNULL, timeout=300)  # fmt: skip


def _pages(pdf: Path) -> int:
    said = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    return int(re.findall(r"^Pages: +(\d+)$", said, re.MULTILINE)[0])


def _texts(pdf: Path) -> list[str]:
    """The text of each page."""
    said = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True,
                          capture_output=True, text=True, encoding="utf-8").stdout  # fmt: skip
    return [page.strip() for page in said.split("\f")]


_FULL_SIZE = (
    (r'<pageSetUpPr fitToPage="1"/>', ""),
    (r"<pageSetup [^>]*/>", '<pageSetup paperSize="8" orientation="landscape"/>'),
    (
        r"<pageMargins [^>]*/>",
        '<pageMargins left="0" right="0" top="0" bottom="0" header="0" footer="0"/>',
    ),
    (r"(?s)<headerFooter>.*?</headerFooter>", ""),
    (r'<definedName name="_xlnm.Print_(?:Area|Titles)"[^>]*>[^<]*</definedName>', ""),
)


def sheet_pictures(workbook: Path, work: Path, folder: Path) -> Iterator[Path]:
    """Write the top left of each sheet, at full size: printed on A3 without margins nor area."""
    copy = work / f"ecran-{workbook.name}"
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/workbook.xml" or name.startswith("xl/worksheets/sheet"):
                text = data.decode("utf-8")
                for pattern, other in _FULL_SIZE:
                    text = re.sub(pattern, other, text)
                data = text.encode("utf-8")
            target.writestr(name, data)
    _convert(work, copy)
    pdf = copy.with_suffix(".pdf")
    firsts = [page.split("\n")[0] for page in _texts(pdf)]
    folder.mkdir(parents=True, exist_ok=True)
    titles = {"accueil": "CPOM socle", **{key: sheet.name for key, sheet in SHEETS.items()}}
    for key, title in titles.items():
        number = next(
            (n for n, first in enumerate(firsts, 1)
             if re.match(rf"{re.escape(title)}(?: –| \d|$)", first)), None,
        )  # fmt: skip
        if number is None:
            continue
        picture = folder / f"{workbook.stem}-{key}"
        subprocess.run(
            ["pdftoppm", "-png", "-singlefile", "-r", "96", "-x", "0", "-y", "0",
             "-W", str(SCREEN[0]), "-H", str(SCREEN[1]), "-f", str(number), "-l", str(number),
             str(pdf), str(picture)],
            check=True,
        )  # fmt: skip
        yield picture.with_suffix(".png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
