"""A workbook with everything a user may add, made in the test; no file of anybody's is needed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import xlsxwriter

from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Finding, Severity

FIL = "{6F1B2C3D-0000-4000-8000-000000000001}"
X14 = (
    '<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations count="1" '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Listes!$A$1:$A$3</xm:f>'
    "</x14:formula1><xm:sqref>E2:E9</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
)
X14_RULE = (
    "<x14:conditionalFormatting "
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="expression" priority="4" id="{00000000-0000-4000-8000-000000000009}">'
    "<xm:f>Listes!$A$1=1</xm:f></x14:cfRule><xm:sqref>G2:G9</xm:sqref>"
    "</x14:conditionalFormatting>"
)
THREAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<ThreadedComments '
    'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    f'<threadedComment ref="C6" dT="2027-01-05T10:00:00.00" personId="{FIL}" id="{FIL}">'
    "<text>À revoir avec le siège</text></threadedComment></ThreadedComments>"
)
PERSONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<personList '
    'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    f'<person displayName="Une directrice" id="{FIL}" userId="u" providerId="None"/></personList>'
)


def png() -> bytes:
    """A small picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))
        )

    rows = b"".join(b"\0" + b"\x20\x60\xa0" * 24 for _ in range(24))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">2L5B", 24, 24, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def rich(*, macros: bool = False) -> bytes:
    """The workbook: sheets Saisie, L'équipe, Graphe, Listes (hidden), Vierge, protected Calculs."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_custom_property("Modèle", "2026.1")
    book.define_name("Seuil", "=Listes!$A$1")
    title = book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF"})
    percent = book.add_format({"num_format": "0.0%"})
    saisie = book.add_worksheet("Saisie")
    saisie.write_row(0, 0, ["Établissement", "Prévu", "Réalisé", "Taux", "Statut"], title)
    for row in range(1, 9):
        saisie.write_string(row, 0, f"01078000{row}")
        saisie.write_number(row, 1, 10 * row)
        saisie.write_number(row, 2, 9 * row)
        saisie.write_formula(row, 3, f"=C{row + 1}/B{row + 1}", percent, 0.9)
        saisie.write_string(row, 4, "Levée")
    saisie.conditional_format(
        "B2:B9", {"type": "data_bar", "data_bar_2010": True, "bar_color": "#63C384"}
    )
    saisie.conditional_format(
        "C2:C9",
        {"type": "cell", "criteria": ">", "value": 40, "stop_if_true": True,
         "format": book.add_format({"bg_color": "#00FF00"})},
    )  # fmt: skip
    saisie.conditional_format("D2:D9", {"type": "3_color_scale"})
    saisie.data_validation("B2:B9", {"validate": "integer", "criteria": ">=", "value": 0})
    saisie.add_sparkline("H2", {"range": "Saisie!B2:D2"})
    saisie.insert_textbox("J2", "Mode d'emploi", {"width": 120, "height": 40})
    saisie.insert_image("J6", "image.png", {"image_data": io.BytesIO(png())})
    saisie.insert_button("J12", {"macro": "Rien", "caption": "Vérifier"})
    saisie.write_comment("B3", "Note de l'utilisateur", {"author": "Une directrice"})
    saisie.write_comment("C6", "[Commentaire avec conversation]", {"author": f"tc={FIL}"})
    saisie.write_url("A12", "internal:Graphe!A1", string="Voir le graphe")
    saisie.merge_range("A14:C15", "Bloc fusionné", title)
    saisie.protect("", {"sort": True})
    equipe = book.add_worksheet("L'équipe")
    equipe.write_row("A1", ["Nom", "ETP"])
    equipe.add_table("A3:B6", {"name": "tEquipe", "columns": [{"header": "N"}, {"header": "E"}]})
    graphe = book.add_worksheet("Graphe")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Saisie!$D$2:$D$9", "name": "Taux"})
    graphe.insert_chart("B2", chart)
    book.add_worksheet("Vierge")
    lists = book.add_worksheet("Listes")
    lists.write_column("A1", [1, 2, 3])
    lists.hide()
    if macros:
        book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0" + b"stub" * 100), True)
    book.close()
    return rewrite(stream.getvalue(), _greffer)


def rewrite(data: bytes, change: Callable[[dict[str, bytes]], Mapping[str, bytes]]) -> bytes:
    """Another archive from changed contents (for making fixtures, never in the product)."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        contents = {name: source.read(name) for name in source.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in change(contents).items():
            info = zipfile.ZipInfo(name, (2027, 1, 31, 12, 30, 2))
            info.compress_type = zipfile.ZIP_STORED if ".png" in name else zipfile.ZIP_DEFLATED
            info.external_attr = 0o640 << 16
            target.writestr(info, content)
    return out.getvalue()


def replace(contents: dict[str, bytes], name: str, old: str, new: str) -> None:
    """Replace a text that must be there, once."""
    assert contents[name].count(old.encode()) == 1, (name, old)
    contents[name] = contents[name].replace(old.encode(), new.encode())


def _greffer(contents: dict[str, bytes]) -> dict[str, bytes]:
    """What XlsxWriter does not make: x14 lists and formats, a conversation, custom XML."""
    base = "http://schemas.microsoft.com/office/2017/10/relationships"
    sheet, rels = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
    replace(contents, sheet, "</extLst></worksheet>", f"{X14}</extLst></worksheet>")
    close = "</x14:conditionalFormattings>"
    replace(contents, sheet, close, X14_RULE + close)
    replace(
        contents,
        rels,
        "</Relationships>",
        f'<Relationship Id="rId90" Type="{base}/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/></Relationships>',
    )
    contents["xl/threadedComments/threadedComment1.xml"] = THREAD.encode()
    contents["xl/persons/person.xml"] = PERSONS.encode()
    contents["customXml/item1.xml"] = b"<donnees xmlns='urn:exemple'>libre</donnees>"
    replace(
        contents,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId91" Type="{base}/person" Target="persons/person.xml"/>'
        '<Relationship Id="rId92" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/customXml" Target="../customXml/item1.xml"/></Relationships>',
    )
    kind = "application/vnd.ms-excel."
    replace(
        contents,
        "[Content_Types].xml",
        "</Types>",
        '<Override PartName="/xl/threadedComments/threadedComment1.xml" '
        f'ContentType="{kind}threadedcomments+xml"/><Override PartName="/xl/persons/person.xml" '
        f'ContentType="{kind}person+xml"/></Types>',
    )
    return contents


def anomalie(
    feuille: str,
    *cellules: str,
    gravite: Severity = BLOQUANT,
    code: str = "INS-002",
    message: str = "la mesure est « Levée » sans date de levée",
    derogation: str | None = None,
) -> Finding:
    """A finding, with sensible defaults."""
    return Finding(
        code, gravite, feuille, cellules, "Levée", "une date", message,
        "Saisissez la date de levée.", "Guide CPOM 2026-2030", waiver=derogation,
    )  # fmt: skip


ANOMALIES = (
    anomalie("Saisie", "E2"),
    anomalie("Saisie", "E2", gravite=AVERTISSEMENT, code="FMT-010", message="autre fait"),
    anomalie("Saisie", "B3", "C3", gravite=AVERTISSEMENT, code="IND-001"),
    anomalie("Saisie", "C6", code="IND-002"),
    anomalie("Saisie", "B15", gravite=INFORMATION, code="STR-009"),
    anomalie("L'équipe", "B4", gravite=AVERTISSEMENT, code="FMT-001"),
    anomalie("Vierge", "A1", "B2:C3", gravite=INFORMATION, code="STR-001"),
    anomalie("Graphe", code="STR-002"),
    anomalie("Feuille perdue", "A1", code="STR-003", message="=1+1 la feuille manque"),
    anomalie("Listes", "A2", gravite=INFORMATION, code="STR-004"),
    anomalie("Saisie", "A4", code="IDE-001", derogation="accord de l'ARS du 3 mars 2027"),
)


def contents(data: bytes | Path) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
