"""The faulty example as a real user leaves it: pictures, shapes, a conversation, a note, a button.

Grafted at the level of the archive: what each program adds, where it adds it.
"""

from __future__ import annotations

from pathlib import Path

from tests.atelier import WORKBOOKS
from tests.reports.annotate.rich_workbook import FIL, PERSONS, png, replace, rewrite

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"
ACTIONS, IDENTIFICATION = "xl/worksheets/sheet5.xml", "xl/worksheets/sheet2.xml"
CONVERSATION = "K8"
"""A faulty cell of « Plan d'actions » where a conversation stands."""
NOTE = "I14"
"""A faulty cell of the same sheet where the user left a note."""

_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MS = "http://schemas.microsoft.com/office/2017/10/relationships"
_X14 = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" '
    'count="1"><x14:dataValidation type="list"><x14:formula1><xm:f>Listes!$A$1:$A$3</xm:f>'
    "</x14:formula1><xm:sqref>Z2:Z9</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    '<ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    "<x14:conditionalFormattings><x14:conditionalFormatting "
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:cfRule '
    'type="expression" priority="1" id="{00000000-0000-4000-8000-00000000000A}">'
    "<xm:f>Listes!$A$1=1</xm:f></x14:cfRule><xm:sqref>E6:E20</xm:sqref>"
    "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)
_DRAWING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<xdr:wsDr '
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{0}{1}</xdr:wsDr>'
)
_PLACE = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff>"
    "<xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{1}</xdr:col>"
    "<xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{2}"
    "<xdr:clientData/></xdr:twoCellAnchor>"
)
_SHAPE = (
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Rappel"/><xdr:cNvSpPr/>'
    '</xdr:nvSpPr><xdr:spPr><a:xfrm/><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'
    "<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>À relire avant envoi</a:t></a:r></a:p></xdr:txBody>"
    "</xdr:sp>"
)
_PICTURE = (
    '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Logo"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    f'<xdr:blipFill><a:blip xmlns:r="{_DOC}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch>'
    '</xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
)
_BUTTON = (
    '<v:shape id="_x0000_s9001" type="#_x0000_t201" style="position:absolute;width:60pt;'
    'height:20pt" o:button="t"><v:textbox><div>Vérifier</div></v:textbox>'
    '<x:ClientData ObjectType="Button"><x:Anchor>12, 0, 1, 0, 13, 0, 2, 0</x:Anchor>'
    "</x:ClientData></v:shape>"
)
_NOTE_BOX = (
    '<v:shape id="_x0000_s9002" type="#_x0000_t202" style="position:absolute;visibility:hidden">'
    '<x:ClientData ObjectType="Note"><x:Anchor>10, 5, {0}, 0, 11, 10, {1}, 0</x:Anchor>'
    "<x:Row>{2}</x:Row><x:Column>{3}</x:Column></x:ClientData></v:shape>"
)


def charge() -> bytes:
    """The workbook, and everything that was added to it."""
    return rewrite(FAULTY.read_bytes(), _load)


def _load(parts: dict[str, bytes]) -> dict[str, bytes]:
    _all_around(parts)
    _plan(parts)
    _drawing(parts)
    return parts


def _all_around(parts: dict[str, bytes]) -> None:
    """Custom XML, printer settings, a picture, the persons who converse."""
    parts["customXml/item1.xml"] = b"<donnees xmlns='urn:exemple'>libre</donnees>"
    parts["xl/printerSettings/printerSettings1.bin"] = bytes(range(256))
    parts["xl/media/image1.png"] = png()
    parts["xl/persons/person.xml"] = PERSONS.encode()
    replace(
        parts,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId91" Type="{_MS}/person" Target="persons/person.xml"/>'
        f'<Relationship Id="rId92" Type="{_DOC}/customXml" Target="../customXml/item1.xml"/>'
        "</Relationships>",
    )
    kind = "application/vnd.ms-excel."
    replace(
        parts,
        "[Content_Types].xml",
        "</Types>",
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.printerSettings"/>'
        '<Override PartName="/xl/threadedComments/threadedComment1.xml" '
        f'ContentType="{kind}threadedcomments+xml"/><Override PartName="/xl/persons/person.xml" '
        f'ContentType="{kind}person+xml"/><Override PartName="/xl/drawings/drawing9.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>',
    )


def _plan(parts: dict[str, bytes]) -> None:
    """On « Plan d'actions »: a conversation and its twin, a note, a button, x14 lists and rules."""
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
        f'threadedcomments"><threadedComment ref="{CONVERSATION}" dT="2027-01-05T10:00:00.00" '
        f'personId="{FIL}" id="{FIL}"><text>À revoir avec le siège</text></threadedComment>'
        "</ThreadedComments>"
    )
    parts["xl/threadedComments/threadedComment1.xml"] = thread.encode()
    replace(
        parts,
        "xl/worksheets/_rels/sheet5.xml.rels",
        "</Relationships>",
        f'<Relationship Id="rId90" Type="{_MS}/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/></Relationships>',
    )
    notes, drawing = "xl/comments3.xml", "xl/drawings/vmlDrawing3.vml"
    replace(
        parts,
        notes,
        "</authors>",
        f"<author>tc={FIL}</author><author>Une directrice</author></authors>",
    )
    replace(
        parts,
        notes,
        "</commentList>",
        f'<comment ref="{CONVERSATION}" authorId="1"><text><t>[Conversation]</t></text></comment>'
        f'<comment ref="{NOTE}" authorId="2"><text><t>Vu avec le pilote</t></text></comment>'
        "</commentList>",
    )
    boxes = _NOTE_BOX.format(6, 9, 7, 10) + _NOTE_BOX.format(12, 15, 13, 8)
    replace(parts, drawing, "</xml>", f"{_BUTTON}{boxes}</xml>")
    replace(parts, ACTIONS, "</worksheet>", f"{_X14}</worksheet>")


def _drawing(parts: dict[str, bytes]) -> None:
    """On « Identification »: a text box and a picture; the sheet had no drawing."""
    parts["xl/drawings/drawing9.xml"] = _DRAWING.format(
        _PLACE.format(3, 4, _SHAPE), _PLACE.format(4, 5, _PICTURE)
    ).encode()
    parts["xl/drawings/_rels/drawing9.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_DOC}/image" '
        'Target="../media/image1.png"/></Relationships>'
    ).encode()
    assert "xl/worksheets/_rels/sheet2.xml.rels" not in parts
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_DOC}/drawing" '
        'Target="../drawings/drawing9.xml"/></Relationships>'
    ).encode()
    replace(parts, IDENTIFICATION, "</worksheet>", '<drawing r:id="rId1"/></worksheet>')


def write(folder: Path) -> Path:
    """The workbook as a file."""
    path = folder / "retour.xlsx"
    path.write_bytes(charge())
    return path
