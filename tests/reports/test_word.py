"""The letters in Word: from the templates of the product, or from one that the ARS has edited."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests.reports import report_factory as fabrique
from tools.bureau import SOFFICE
from xl_cpom.reports.harmless import ligne
from xl_cpom.reports.letter import letter_content, letter_values
from xl_cpom.reports.render_context import InvalidTemplateError, RenderOptions
from xl_cpom.reports.stable_zip import stable_zip
from xl_cpom.validators.check import check

docx = pytest.importorskip("docx", reason="extra lettres")
docxtpl = pytest.importorskip("docxtpl", reason="extra lettres")

from tools import word_templates  # noqa: E402 - needs the extra
from xl_cpom.reports import word_letters  # noqa: E402

FAULTY = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_fautif.xlsx"
OPTIONS = RenderOptions(
    date=dt.date(2028, 2, 15),
    echeance=dt.date(2028, 3, 31),
    received_on="10/02/2028",
    service="Direction de l'autonomie, 03 00 00 00 00",
)
NAMES = (word_letters.LETTER, word_letters.ACKNOWLEDGEMENT, word_letters.REMINDER)


def text(data: bytes) -> str:
    """What the document says, its tables after."""
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(p.text for p in document.paragraphs), *cells])
    return re.sub("[\u00a0\u202f]", " ", said)


@pytest.mark.parametrize("name", NAMES)
def test_the_templates_are_those_that_their_code_builds(name: str) -> None:
    assert text(word_letters.template_bytes(name)) == text(word_templates.TEMPLATES[name]())
    word_letters.check_word_template(word_templates.FOLDER / name)


def test_the_letter_says_what_blocks_in_a_table() -> None:
    content = letter_content(fabrique.faulty_report(), OPTIONS)
    made = word_letters.fill_word(word_letters.template_bytes(word_letters.LETTER), content)
    assert made == word_letters.fill_word(word_letters.template_bytes(word_letters.LETTER), content)
    said = text(made)
    assert "2 points empêchent de le recevoir" in said and "au plus tard le 31 mars 2028" in said
    assert "Direction de l'autonomie, 03 00 00 00 00" in said and "{" not in said
    tables = docx.Document(io.BytesIO(made)).tables
    assert len(tables) == 3
    assert [cell.text for cell in tables[0].rows[0].cells] == [
        "N°", "Où", "Constat", "Comment corriger"]  # fmt: skip
    assert len(tables[0].rows) == 1 + len(content.blocages)


def test_a_template_opened_once_fills_each_letter_as_docxtpl_does() -> None:
    """Its body, headers, footers and properties: nothing of a letter stays in the next one."""
    document = docx.Document(io.BytesIO(word_letters.template_bytes(word_letters.LETTER)))
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ organisme }}"
    section.footer.paragraphs[0].text = "{% for b in blocages %}{{ b.constat }} {% endfor %}"
    document.core_properties.title = "{{ organisme }} & {{ blocages|length }}"
    edited = io.BytesIO()
    document.save(edited)
    faulty = letter_content(fabrique.faulty_report(), OPTIONS)
    other = letter_content(check(FAULTY), RenderOptions())
    for letter in (faulty, other, faulty, other):
        alone = docxtpl.DocxTemplate(io.BytesIO(edited.getvalue()))
        sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        alone.render(letter_values(letter, ligne), sandbox, autoescape=True)
        saved = io.BytesIO()
        alone.save(saved)
        assert word_letters.fill_word(edited.getvalue(), letter) == stable_zip(saved.getvalue())
    with pytest.raises(InvalidTemplateError):
        word_letters.fill_word(b"PK", faulty)


def test_the_acknowledgement_has_its_legal_mentions() -> None:
    """CRPA, art. R. 112-11-1: the day of receipt; the service, its address, its telephone."""
    content = letter_content(fabrique.faulty_report(), OPTIONS)
    said = text(
        word_letters.fill_word(word_letters.template_bytes(word_letters.ACKNOWLEDGEMENT), content)
    )
    assert "Date de réception de l'envoi électronique : 10/02/2028" in said
    assert "Service chargé du dossier : Direction de l'autonomie, 03 00 00 00 00" in said
    assert "L. 112-11 et R. 112-11-1" in said and "aucune décision implicite" in said
    bare = letter_content(fabrique.faulty_report(), RenderOptions())
    blank = text(
        word_letters.fill_word(word_letters.template_bytes(word_letters.ACKNOWLEDGEMENT), bare)
    )
    assert "réception de l'envoi électronique : [à compléter]" in blank


def edited(source: str, tmp_path: Path) -> Path:
    """The template as somebody saves it from Word with another last paragraph."""
    document = docx.Document(io.BytesIO(word_letters.template_bytes(word_letters.LETTER)))
    document.paragraphs[1].insert_paragraph_before("ARS de Neustrie")
    document.add_paragraph(source)
    path = tmp_path / "modele.docx"
    document.save(str(path))
    return path


def test_a_template_edited_in_word(tmp_path: Path) -> None:
    path = edited("Suivi par {{ service }} – {{ organisme }}", tmp_path)
    word_letters.check_word_template(path)
    content = letter_content(fabrique.faulty_report(), OPTIONS)
    said = text(word_letters.fill_word(path.read_bytes(), content))
    assert "ARS de Neustrie" in said and "– Association des Monts" in said


@pytest.mark.parametrize(
    "source",
    ["{{ inconnu }}", "{{ organisme", "{{ organisme.__class__.__mro__ }}", "{{ 1 // 0 }}"],
)
def test_a_template_that_cannot_be_used_is_refused(source: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidTemplateError, match="ne peut pas être utilisé"):
        word_letters.check_word_template(edited(source, tmp_path))


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "modele.docx"
    path.write_bytes(b"PK nothing")
    with pytest.raises(InvalidTemplateError):
        word_letters.check_word_template(path)


def test_no_text_of_the_workbook_acts(tmp_path: Path) -> None:
    hostile = "</w:t></w:r><w:r><w:t>{{ 7*7 }}\x0b<script>"
    content = letter_content(fabrique.hostile(hostile), OPTIONS)
    said = text(word_letters.fill_word(word_letters.template_bytes(word_letters.LETTER), content))
    assert "<script>" in said and "{{ 7*7 }}" in said and "49" not in said


def has_writer() -> bool:
    if SOFFICE is None:
        return False
    program = Path(shutil.which(SOFFICE) or SOFFICE).resolve().parent
    return any((folder / "libswlo.so").exists() for folder in (program, program / "program"))


@pytest.mark.soffice
@pytest.mark.skipif(not has_writer(), reason="LibreOffice Writer is not installed")
def test_the_letter_is_one_page_then_its_annex(tmp_path: Path) -> None:
    """As LibreOffice prints it: one page for the letter, the annex after it."""
    content = letter_content(check(FAULTY), OPTIONS)
    path = tmp_path / "lettre.docx"
    path.write_bytes(
        word_letters.fill_word(word_letters.template_bytes(word_letters.LETTER), content)
    )
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profil", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    pages = [
        subprocess.run(["pdftotext", "-f", str(n), "-l", str(n), str(tmp_path / "lettre.pdf"), "-"],
                       check=True, capture_output=True, text=True).stdout
        for n in (1, 2)
    ]  # fmt: skip
    assert "Objet" in pages[0] and "considération distinguée" in pages[0]
    assert "Annexe" not in pages[0] and pages[1].lstrip().startswith("Annexe")


def test_the_document_opens_as_a_package() -> None:
    content = letter_content(fabrique.valid_report(), OPTIONS)
    made = word_letters.fill_word(word_letters.template_bytes(word_letters.LETTER), content)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None and "word/document.xml" in archive.namelist()
    assert not docx.Document(io.BytesIO(made)).tables, "nothing to correct, no annex"
