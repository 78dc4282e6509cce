"""Builds the Word templates of the letters: `python -m tools.word_templates`.

They are what the ARS starts from: a plain document that Word opens, with the names between braces
that docxtpl fills in. The same code gives the same bytes.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from xl_cpom.reports.stable_zip import stable_zip

FOLDER = Path(__file__).resolve().parents[1] / "xl_cpom" / "reports" / "templates"
POLITE = (
    "Nous vous prions d'agréer, Madame, Monsieur, l'expression de notre considération distinguée."
)
SIGNED = '{{ service or "L\'agence régionale de santé" }}'
WIDTHS = (1.0, 4.2, 6.0, 5.8)
"""Centimetres of the columns of the annex."""


def _document() -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Serif", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Liberation Serif")
    style.paragraph_format.space_after = Pt(6)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "fr-FR")
    style.element.rPr.append(language)
    document.core_properties.title = "Lettre au gestionnaire"
    document.core_properties.author = ""
    return document


def _head(document: Any, subject: str) -> None:
    _block(document, "if date", "Le {{ date }}")
    paragraph = document.add_paragraph("À l'attention de la direction")
    paragraph.add_run().add_break()
    paragraph.add_run("{{ organisme }}").bold = True
    paragraph.add_run().add_break()
    paragraph.add_run("FINESS EJ {{ finess_ej }}")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.add_run(
        f"Objet : {subject}{{% if annee %}}, année {{{{ annee }}}}{{% endif %}}"
    ).bold = True
    document.add_paragraph("Madame, Monsieur,")


def _block(document: Any, condition: str, *texts: str, style: str | None = None) -> None:
    """Paragraphs that are there under a condition: its tags stand in paragraphs that go away."""
    document.add_paragraph(f"{{%p {condition} %}}")
    for text in texts:
        document.add_paragraph(text, style=style)
    document.add_paragraph("{%p endif %}")


def letter() -> bytes:
    """The letter of control, with its annex."""
    document = _document()
    _head(document, "contrôle du classeur « CPOM socle »")
    file = "votre retour ({{ fichier }})"
    _block(document, "if illisible", f"{file[0].upper()}{file[1:]} n'a pas pu être lu.",
           "{%p for point in blocages %}", "{{ point.constat }} {{ point.correction }}",
           "{%p endfor %}", "{%p elif incomplet %}",
           f"{file[0].upper()}{file[1:]} n'a pas pu être contrôlé jusqu'au bout, du fait de "
           "l'outil et non du vôtre. Les points de l'annexe sont provisoires.",
           "{%p elif blocages %}",
           f"Après contrôle, {file} n'est pas recevable en l'état.", "{%p elif reserves %}",
           f"Après contrôle, {file} est recevable avec réserves.", "{%p else %}",
           f"Après contrôle, {file} est recevable. Aucune correction n'est attendue de votre "
           "part.")  # fmt: skip
    _block(document, "if provisoire",
           "Ce retour est déclaré provisoire : le retour définitif reste attendu.")  # fmt: skip
    _block(document, "if version", "Ce fichier {{ version }}")
    _block(document, "if blocages and not illisible",
           "{{ blocages | length }} {{ 'points empêchent' if blocages | length > 1 else "
           "'point empêche' }} de le recevoir{{ ' ;' if reserves else '.' }}",
           style="List Bullet")  # fmt: skip
    _block(document, "if reserves",
           "{{ reserves | length }} {{ 'points sont' if reserves | length > 1 else 'point est' }} "
           "à corriger ou à justifier, dans la colonne « Commentaire ou justification » de la "
           "ligne.", style="List Bullet")  # fmt: skip
    _block(document, "if (blocages or reserves) and not illisible",
           "L'annexe donne, pour chacun, la cellule et la façon de corriger ; la copie annotée de "
           "votre classeur les montre à leur place.")  # fmt: skip
    _block(document, "if derogations",
           "{{ derogations | length }} {{ 'points ont été admis' if derogations | length > 1 else "
           "'point a été admis' }} par dérogation (voir l'annexe).")  # fmt: skip
    _block(document, "if blocages or reserves or illisible",
           "Nous vous remercions de nous retourner le classeur corrigé {{ 'au plus tard le ' ~ "
           "echeance if echeance else 'dans les meilleurs délais' }}.")  # fmt: skip
    document.add_paragraph(POLITE)
    document.add_paragraph(SIGNED)
    small = document.add_paragraph()
    run = small.add_run(
        "Contrôle {{ moteur }}, référentiel {{ referentiel }}, empreinte SHA-256 "
        "du fichier : {{ sha256 }}{% if complements %} ; {{ complements }}"
        "{% endif %}"
    )
    run.font.size = Pt(8)
    document.add_paragraph("{%p if (blocages and not illisible) or reserves or derogations %}")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    title = document.add_paragraph()
    title.add_run("Annexe : points relevés dans {{ fichier }}").bold = True
    _table(
        document,
        "blocages and not illisible",
        "blocages",
        "Ce qui empêche de recevoir le classeur",
        "Comment corriger",
        "correction",
    )
    _table(
        document,
        "reserves",
        "reserves",
        "Ce qui est à corriger ou à justifier",
        "Comment corriger",
        "correction",
    )
    _table(
        document,
        "derogations",
        "derogations",
        "Ce qui a été admis par dérogation",
        "Dérogation",
        "derogation",
    )
    _block(document, "if deduites",
           "Une « règle déduite » s'appuie sur l'usage, ou sur un texte qui n'est pas publié : "
           "elle ne refuse pas votre classeur. Vous pouvez la discuter dans la colonne "
           "« Commentaire ou justification ».")  # fmt: skip
    document.add_paragraph("{%p endif %}")
    return _bytes(document)


def _table(document: Any, condition: str, points: str, title: str, last: str, field: str) -> None:
    """A table of the annex: a row for each point, between two rows that only hold the loop."""
    document.add_paragraph(f"{{%p if {condition} %}}")
    document.add_paragraph().add_run(title).bold = True
    table = document.add_table(rows=4, cols=4)
    table.style = "Table Grid"
    table.autofit = False
    texts = (
        ("N°", "Où", "Constat", last),
        (f"{{%tr for point in {points} %}}", "", "", ""),
        ("{{ loop.index }}", "{{ point.lieu }}", "{{ point.constat }}", f"{{{{ point.{field} }}}}"),
        ("{%tr endfor %}", "", "", ""),
    )
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    for row, cells in zip(table.rows, texts, strict=True):
        for cell, text, width in zip(row.cells, cells, WIDTHS, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = Pt(2)
            paragraph.paragraph_format.space_after = Pt(2)
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), cells is texts[0]
    properties = table.rows[0]._tr.get_or_add_trPr()
    header = OxmlElement("w:tblHeader")  # repeated on each page
    header.set(qn("w:val"), "true")
    properties.append(header)
    document.add_paragraph("{%p endif %}")


def acknowledgement() -> bytes:
    """The acknowledgement of receipt."""
    document = _document()
    _head(document, "accusé de réception électronique de votre classeur « CPOM socle »")
    document.add_paragraph("Nous accusons réception de votre retour : {{ fichier }}.")
    for text in (
        "Date de réception de l'envoi électronique : {{ recu_le or '[à compléter]' }}",
        "Service chargé du dossier : {{ service or '[désignation, adresse électronique ou postale, "
        "téléphone : à compléter]' }}",
        "Empreinte SHA-256 du fichier reçu : {{ sha256 }}",
    ):
        document.add_paragraph(text, style="List Bullet")
    _block(document, "if blocages or reserves or illisible",
           "Pièce à fournir de nouveau : le classeur corrigé{% if echeance %}, avant le "
           "{{ echeance }}{% endif %}", style="List Bullet")  # fmt: skip
    document.add_paragraph(
        "Cet accusé atteste la réception du fichier, et non sa conformité : le résultat du "
        "contrôle est dans la lettre jointe. La transmission de ce suivi annuel n'est pas une "
        "demande : elle ne donne lieu à aucune décision implicite d'acceptation ou de rejet."
    )
    document.add_paragraph(
        "Accusé délivré en application des articles L. 112-11 et R. 112-11-1 du code des relations "
        "entre le public et l'administration."
    )
    document.add_paragraph(SIGNED)
    return _bytes(document)


def reminder() -> bytes:
    """The reminder to who sent nothing."""
    document = _document()
    _head(document, "classeur « CPOM socle » non reçu à ce jour")
    document.add_paragraph(
        "À ce jour, nous n'avons pas reçu votre classeur « CPOM socle »{% if annee %} pour l'année "
        "{{ annee }}{% endif %}."
    )
    _block(document, "if complements",
           "À notre connaissance, {{ complements }}. Si c'est exact, dites-le-nous ; sinon, "
           "transmettez-nous votre classeur.")  # fmt: skip
    document.add_paragraph(
        "Nous vous remercions de nous le retourner {{ 'au plus tard le ' ~ echeance if echeance "
        "else 'dans les meilleurs délais' }}."
    )
    document.add_paragraph(
        "Si vous l'avez déjà envoyé, signalez-le-nous : il n'a pas été rattaché à votre organisme."
    )
    document.add_paragraph(POLITE)
    document.add_paragraph(SIGNED)
    return _bytes(document)


def _bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return stable_zip(out.getvalue())


TEMPLATES = {"lettre.docx": letter, "accuse.docx": acknowledgement, "relance.docx": reminder}


def main() -> None:
    """Write the templates in the package."""
    for name, make in TEMPLATES.items():
        (FOLDER / name).write_bytes(make())


if __name__ == "__main__":
    main()
