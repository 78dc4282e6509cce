"""What is sent instead of an .xlsx: recognised by content, told in French with what to do."""

from __future__ import annotations

import gzip
import io
import os
import re
import sys
from pathlib import Path

import pytest

from xl_cpom.workbook.reader import CATALOGUE, UnreadableWorkbookError, read_workbook

from .builders import parts, sheet_xml, workbook, zipped

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def refuse(source: bytes | Path) -> UnreadableWorkbookError:
    with pytest.raises(UnreadableWorkbookError) as caught:
        read_workbook(source)
    return caught.value


def ole(*streams: str) -> bytes:
    """A compound file reduced to its header and one directory sector with those streams."""
    entries = b""
    for name in ("Root Entry", *streams):
        raw = name.encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + (len(raw) + 2).to_bytes(2, "little")
        entries += entry.ljust(128, b"\0")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries.ljust(512, b"\0")


ODS = "application/vnd.oasis.opendocument."
FILES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "LEC-VIDE", "vide"),
    "xls": (ole("Workbook"), "LEC-XLS", "97-2003"),
    "xls-capitals": (ole("WORKBOOK"), "LEC-XLS", "97-2003"),
    "xls-95": (ole("Book"), "LEC-XLS", "97-2003"),
    "biff-2": (b"\x09\x00\x04\x00\x02\x00\x10\x00", "LEC-XLS", "97-2003"),
    "biff-8": (b"\x09\x08\x10\x00\x00\x06\x05\x00", "LEC-XLS", "97-2003"),
    "password": (ole("EncryptionInfo", "EncryptedPackage"), "LEC-CHIFFRE", "mot de passe"),
    "drm": (ole("DataSpaces", "\x09DRMContent"), "LEC-DRM", "droits"),
    "drm-transform": (ole("DRMEncryptedTransform", "EncryptedPackage"), "LEC-DRM", "droits"),
    "doc": (ole("WordDocument"), "LEC-OLE", ".doc"),
    "ppt": (ole("PowerPoint Document"), "LEC-OLE", ".ppt"),
    "msg": (ole("__properties_version1.0"), "LEC-OLE", ".msg"),
    "other-ole": (ole("Contents"), "LEC-OLE", "autre genre"),
    "ole-header-only": (ole()[:20], "LEC-OLE", "autre genre"),
    "xlsb": (zipped([("xl/workbook.bin", b"\0")]), "LEC-XLSB", ".xlsb"),
    "ods": (zipped([("mimetype", ODS + "spreadsheet")]), "LEC-ODS", ".ods"),
    "ots": (zipped([("mimetype", ODS + "spreadsheet-template")]), "LEC-ODS", ".ods"),
    "odt": (zipped([("mimetype", ODS + "text")]), "LEC-ODF", "texte"),
    "odp": (zipped([("mimetype", ODS + "presentation-template")]), "LEC-ODF", "présentation"),
    "fods": (b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument'
        b':xmlns:office:1.0"/>', "LEC-ODS", ".ods"),
    "csv": ("FINESS;Raison sociale\n010780001;Été\n".encode(), "LEC-CSV", "CSV"),
    "csv-cp1252": ("FINESS;Raison sociale\n010780001;Été\n".encode("cp1252"), "LEC-CSV", "CSV"),
    "csv-utf16": ("FINESS;Été\n1;2\n".encode("utf-16"), "LEC-CSV", "CSV"),
    "csv-bom": (b"\xef\xbb\xbfa,b\n1,2\n", "LEC-CSV", "CSV"),
    "csv-long": (("é;à\n" * 3000).encode(), "LEC-CSV", "CSV"),
    "tsv": (b"a\tb\n1\t2\n", "LEC-CSV", "CSV"),
    "text": (b"Bonjour\nVoici le classeur\n", "LEC-TEXTE", "texte"),
    "blanks": (b" \r\n\t ", "LEC-TEXTE", "blancs"),
    "json": (b'{"a": 1}', "LEC-TEXTE", "JSON"),
    "rtf": (b"{\\rtf1\\ansi}", "LEC-TEXTE", "RTF"),
    "sylk": (b"ID;PWXL;N;E\n", "LEC-TEXTE", "SYLK"),
    "html": (b"<!DOCTYPE html><html><body>Connexion</body></html>", "LEC-HTML", "HTML"),
    "html-table": (b"\r\n<table><tr><td>1</td></tr></table>", "LEC-HTML", "HTML"),
    "html-xls": (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "LEC-HTML", "HTML"),
    "mht": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "LEC-HTML", "HTML"),
    "xml-2003": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns='
        b'"urn:schemas-microsoft-com:office:spreadsheet"/>', "LEC-XML2003", "XML 2003"),
    "xml": (b'<?xml version="1.0"?><autre/>', "LEC-XML", "XML"),
    "numbers": (zipped([("Index/Document.iwa", b"")]), "LEC-NUMBERS", "Numbers"),
    "numbers-2013": (zipped([("Index.zip", b"")]), "LEC-NUMBERS", "Numbers"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "LEC-PDF", "PDF"),
    "pdf-after-noise": (b"\n\n%PDF-1.4\n", "LEC-PDF", "PDF"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "LEC-IMAGE", "PNG"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\0", "LEC-IMAGE", "JPEG"),
    "gif": (b"GIF89a\0", "LEC-IMAGE", "GIF"),
    "tiff": (b"II*\0\0", "LEC-IMAGE", "TIFF"),
    "bmp": (b"BM\x36\0\0\0\0\0\0\0\x36", "LEC-IMAGE", "BMP"),
    "webp": (b"RIFF\0\0\0\0WEBPVP8 ", "LEC-IMAGE", "WebP"),
    "heic": (b"\0\0\0\x18ftypheic\0", "LEC-IMAGE", "HEIC"),
    "docx": (zipped([("word/document.xml", "<w/>")]), "LEC-WORD", "Word"),
    "pptx": (zipped([("ppt/presentation.xml", "<p/>")]), "LEC-POWERPOINT", "PowerPoint"),
    "zip-of-one": (zipped([("retour.xlsx", workbook(ONE))]), "LEC-ARCHIVE", "un classeur"),
    "zip-of-many": (zipped([(f"r{n}.XLSX", b"") for n in range(3)]), "LEC-ARCHIVE", "3 classeurs"),
    "zip-of-none": (zipped([("lisezmoi.txt", "a")]), "LEC-ARCHIVE", "sans classeur"),
    "empty-zip": (zipped([]), "LEC-ARCHIVE", "sans classeur"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0", "LEC-ARCHIVE", "7-Zip"),
    "rar": (b"Rar!\x1a\x07\x01\0", "LEC-ARCHIVE", "RAR"),
    "gzip": (gzip.compress(b"x"), "LEC-ARCHIVE", "gzip"),
    "unzipped": (zipped([("retour/" + n, t) for n, t in parts({"A": sheet_xml(ONE)}).items()]),
        "LEC-DECOMPRESSE", "recompressé"),
    "no-workbook": (zipped([(n, t) for n, t in parts({"A": sheet_xml(ONE)}).items()
        if n != "xl/workbook.xml"]), "LEC-PARTIE", "manque"),
    "broken-workbook": (zipped({**parts(), "xl/workbook.xml": "<pas"}.items()), "LEC-PARTIE-XML",
        "xl/workbook.xml"),
    "truncated": (workbook(ONE)[:-40], "LEC-TRONQUE", "incomplet"),
    "binary": (bytes(range(256)), "LEC-INCONNU", "pas un classeur"),
    "nul": (b"\0" * 5000, "LEC-INCONNU", "pas un classeur"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_kind_is_named(kind: str) -> None:
    data, code, words = FILES[kind]
    refusal = refuse(data)
    assert refusal.code == code
    assert words in refusal.message


def test_a_docx_relation_does_not_pass_for_a_workbook() -> None:
    members = parts()
    members["xl/workbook.xml"] = '<w:document xmlns:w="urn:word"/>'
    assert refuse(zipped([*members.items(), ("word/x.xml", "")])).code == "LEC-WORD"


def test_the_name_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "facture.pdf"
    path.write_bytes(workbook(ONE))
    assert read_workbook(path).sheets[0].cells[1, 1].value == 1.0


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    assert refuse(tmp_path / "absent.xlsx").code == "LEC-ABSENT"
    assert refuse(tmp_path).code == "LEC-DOSSIER"
    assert refuse(tmp_path / "a\0b.xlsx").code == "LEC-ABSENT"
    file = tmp_path / "classeur.xlsx"
    file.write_bytes(workbook(ONE))
    assert refuse(file / "dedans.xlsx").code == "LEC-ABSENT"
    assert refuse(tmp_path / ("x" * 300)).code == "LEC-LECTURE"


def test_the_lock_file_of_excel(tmp_path: Path) -> None:
    lock = tmp_path / "~$retour.xlsx"
    lock.write_bytes(b"\x05Moi  ".ljust(165))
    assert refuse(lock).code == "LEC-VERROU"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "tube.xlsx"
    os.mkfifo(pipe)
    assert refuse(pipe).code == "LEC-SPECIAL"
    assert refuse(Path("/dev/null")).code == "LEC-SPECIAL"


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "classeur.xlsx"
    path.write_bytes(workbook(ONE))

    def denied(*_: object, **__: object) -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert refuse(path).code == "LEC-ACCES"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_refusal_says_what_happened_and_what_to_do(code: str) -> None:
    error = UnreadableWorkbookError(code, "xl/x.xml")
    assert re.fullmatch(r"LEC(-[A-Z0-9]+)+", code)
    for text in (error.message, error.fix):
        assert text.endswith(".")
        assert text[0].isupper()
        assert "{" not in text
        assert not re.search(r" [:;!?»]|« ", text), "a plain blank where an insecable one goes"


def test_the_detail_of_a_refusal_is_made_safe() -> None:
    error = UnreadableWorkbookError("LEC-ZIP-CHEMIN", "..\\\x1b[31m\u202e" + "x" * 500)
    assert "\x1b" not in error.message
    assert "\u202e" not in error.message
    assert len(error.message) < 300


def test_a_refusal_travels_between_processes() -> None:
    import pickle

    error = UnreadableWorkbookError("LEC-BOMBE", "xl/a.xml")
    twin = pickle.loads(pickle.dumps(error))
    assert (twin.code, twin.message, twin.fix) == (error.code, error.message, error.fix)
