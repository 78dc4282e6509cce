"""Other formats under the name of a workbook: recognised by what they hold."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.workbook.reader.builders import zipped
from tools.hostiles.modele import cas, honest

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def ole_container(*streams: str, loop: bool = False) -> bytes:
    """A compound file with a directory of empty streams (its FAT may chase its tail)."""
    header = _OLE + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<L", 0) + b"\xff" * 432
    fat = struct.pack("<LL", 0xFFFFFFFD, 1 if loop else 0xFFFFFFFE) + b"\xff" * 504
    entries = b""
    for name in ("Root Entry", *streams):
        raw = name.encode("utf-16-le") + b"\0\0"
        kind = 5 if name == "Root Entry" else 2
        entries += raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
        entries += b"\xff" * 12 + b"\0" * 36 + struct.pack("<LQ", 0xFFFFFFFE, 0)
    return header + fat + entries.ljust(512, b"\0")


def _zip(*members: tuple[str, bytes]) -> Callable[[], bytes]:
    return lambda: zipped(members)


def _lit(content: bytes) -> Callable[[], bytes]:
    return lambda: content


_F = "format"
cas(_F, "xls", "Excel 97-2003", lambda: ole_container("Workbook"))
cas(_F, "xls-95", "Excel 95", lambda: ole_container("Book"))
cas(_F, "xls-biff", "Excel 4, sans conteneur", _lit(b"\x09\x08\x10\0" + b"\0" * 100))
cas(_F, "chiffre", "classeur chiffré", lambda: ole_container("EncryptionInfo", "EncryptedPackage"))
cas(_F, "droits", "classeur sous gestion de droits",
    lambda: ole_container("\x09DRMContent", "EncryptedPackage"))  # fmt: skip
cas(_F, "doc", "Word 97-2003", lambda: ole_container("WordDocument"))
cas(_F, "msg", "message Outlook", lambda: ole_container("__properties_version1.0"))
cas(_F, "ole-boucle", "un conteneur dont l'annuaire tourne en rond",
    lambda: ole_container("Workbook", loop=True))  # fmt: skip
cas(_F, "ole-coupe", "un conteneur coupé", lambda: ole_container("Workbook")[:700])
cas(
    _F, "xlsb", "classeur binaire", _zip(("[Content_Types].xml", b"<a/>"), ("xl/workbook.bin", b""))
)
cas(_F, "ods", "classeur OpenDocument",
    _zip(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")))  # fmt: skip
cas(_F, "odt", "texte OpenDocument",
    _zip(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")))  # fmt: skip
cas(_F, "docx", "document Word",
    _zip(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")))  # fmt: skip
cas(_F, "pptx", "présentation",
    _zip(("[Content_Types].xml", b"<a/>"), ("ppt/presentation.xml", b"<a/>")))  # fmt: skip
cas(_F, "numbers", "classeur Numbers", _zip(("Index/Document.iwa", b"x"), ("preview.jpg", b"x")))
cas(_F, "zip-classeur", "une archive qui contient un classeur",
    lambda: zipped([("retour.xlsx", honest())]))  # fmt: skip
cas(_F, "zip-classeurs", "une archive de plusieurs classeurs",
    lambda: zipped([("a.xlsx", honest()), ("b.xlsx", honest())]))  # fmt: skip
cas(_F, "zip-vide", "une archive sans classeur", _zip(("lisezmoi.txt", b"x")))
cas(_F, "csv", "colonnes séparées", _lit("numéro;module\nA1;SI\n".encode()))
cas(_F, "csv-1252", "colonnes séparées, en Windows 1252", _lit("numéro;é\n".encode("cp1252")))
cas(_F, "html", "page web", _lit(b"<html><body><table><tr><td>A1</td></tr></table></body></html>"))
cas(
    _F, "mht", "page web en un fichier", _lit(b"MIME-Version: 1.0\nContent-Type: multipart/related")
)
cas(_F, "xml2003", "feuille XML 2003",
    _lit(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'))  # fmt: skip
cas(
    _F, "svg", "dessin XML", _lit(b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')
)
cas(_F, "pdf", "PDF", _lit(b"%PDF-1.7\n%\xe2\xe3\n"))
cas(_F, "png", "image", _lit(b"\x89PNG\r\n\x1a\n" + b"\0" * 50))
cas(_F, "jpeg", "photographie", _lit(b"\xff\xd8\xff\xe0" + b"\0" * 50))
cas(_F, "7z", "archive 7-Zip", _lit(b"7z\xbc\xaf\x27\x1c" + b"\0" * 50))
cas(_F, "rar", "archive RAR", _lit(b"Rar!\x1a\x07\x01\0" + b"\0" * 50))
cas(_F, "gzip", "archive gzip", _lit(b"\x1f\x8b\x08\0" + b"\0" * 50))
cas(_F, "rtf", "texte RTF", _lit(b"{\\rtf1 bonjour}"))
cas(_F, "json", "données JSON", _lit(b'{"a": 1}'))
cas(_F, "texte", "texte", _lit(b"Bonjour, voici le classeur."))
cas(_F, "csv-virgules", "colonnes séparées par des virgules", _lit(b"numero,module\nA1,SI\n"))
cas(_F, "courriel", "message électronique", _lit(b"From: a@b.fr\nTo: c@d.fr\nSubject: CPOM\n"))
cas(_F, "tar", "archive tar", _lit(b"retour.xlsx".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 250))
cas(_F, "ods-sans-type", "classeur OpenDocument sans type",
    _zip(("content.xml", b"<a/>"), ("META-INF/manifest.xml", b"<a/>")))  # fmt: skip
cas(_F, "blancs", "des blancs", _lit(b" \n\t" * 50))
cas(_F, "exe", "programme Windows", _lit(b"MZ\x90\0" + b"\0" * 200))
cas(_F, "elf", "programme Linux", _lit(b"\x7fELF\x02\x01\x01" + b"\0" * 200))
cas(_F, "hasard", "des octets au hasard", _lit(bytes((n * 197 + 13) % 256 for n in range(5000))))
cas(_F, "zeros", "des zéros", _lit(b"\0" * 5000))


def _budget() -> bytes:
    rows = '<row r="1"><c r="A1" t="str"><v>Budget</v></c></row>'
    from tests.workbook.reader.builders import workbook

    return workbook(rows)


cas(_F, "autre-classeur", "un classeur honnête, mais un autre", _budget)
