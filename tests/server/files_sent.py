"""What is sent to the server by the tests: good workbooks, faulty ones, bombs, other things."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache
from pathlib import Path

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
VALIDE = (WORKBOOKS / "exemple_valide.xlsx").read_bytes()
FAULTY = (WORKBOOKS / "exemple_fautif.xlsx").read_bytes()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_M = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
_C = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def classeur(feuille: str, book: str = "") -> bytes:
    """A minimal workbook around the XML of its only sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_C}"><Default Extension="rels" ContentType="application/vnd.'
            'openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{_MAIN}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_P}"><Relationship Id="r1" Type="{_R}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_P}"><Relationship Id="r1" Type="{_R}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'{book}<workbook xmlns="{_M}" xmlns:r="{_R}"><sheets><sheet name="A" sheetId="1" '
            'r:id="r1"/></sheets></workbook>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", feuille)
    return out.getvalue()


def _sheet(rows: str) -> str:
    return f'<worksheet xmlns="{_M}"><sheetData>{rows}</sheetData></worksheet>'


_ALEA = random.Random(1).randbytes(1_000_000).hex()
"""What does not compress: the ratio does not stop it."""


@cache
def bombs() -> dict[str, bytes]:
    """Five ways to cost a lot with little, by the code that stops each."""
    cells = "".join(f'<c r="A{n}"/>' for n in range(1, 11))
    return {
        "LEC-BOMBE": classeur(_sheet("") + " " * 200_000_000),
        "LEC-DTD": classeur(
            _sheet(""), '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        ),
        "LEC-LIM-JETON": classeur(_sheet(f'<row x="{_ALEA}"/>')),
        "LEC-LIM-PROFONDEUR": classeur(_sheet("<row>" * 5000 + "</row>" * 5000)),
        "LEC-GABARIT": classeur(
            _sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
                     '<c r="XFD1048576"><v>1</v></c></row>') + f"<!--{cells}-->"
        ),
    }  # fmt: skip


OTHERS = {
    "LEC-PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    "LEC-IMAGE": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "LEC-CSV": "FINESS;Libellé\n010780001;A\n".encode(),
    "LEC-TEXTE": b"Bonjour.\nVoici mon classeur.\n",
}
