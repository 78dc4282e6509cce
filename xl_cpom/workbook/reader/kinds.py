"""What a file is when it is no .xlsx: recognised by its content, never by its name.

Every kind ends in its own refusal, so that the sender is told what he sent and how to save it.
The scans are plain searches in bounded text: no chain of sectors is followed, no part inflated
beyond its first kilobyte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF_MAGIC = tuple(b"\x09" + bytes([v]) + s for v in (0, 2, 4, 8) for s in (b"\x04\0", b"\x06\0",
    b"\x08\0", b"\x10\0"))  # fmt: skip
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_ARCHIVES = (
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"(\xb5/\xfd", "Zstandard"),
)
_OLE_STREAMS = (
    ("EncryptedPackage", "LEC-CHIFFRE", ""),
    ("Workbook", "LEC-XLS", ""),
    ("Book", "LEC-XLS", ""),
    ("WordDocument", "LEC-OLE", "un document Word 97-2003 (.doc)"),
    ("PowerPoint Document", "LEC-OLE", "une présentation PowerPoint 97-2003 (.ppt)"),
    ("__properties_version1.0", "LEC-OLE", "un message Outlook (.msg)"),
    ("VisioDocument", "LEC-OLE", "un dessin Visio (.vsd)"),
)
_ODF = {
    "text": "texte",
    "presentation": "présentation",
    "graphics": "dessin",
    "formula": "formule",
    "database": "base de données",
}
_BOOK_NAME = lazy_pattern(r"\.(xlsx|xlsm|xls|xlsb|ods|csv)$", re.IGNORECASE)
_TAG = lazy_pattern(r"<\s*([a-z][a-z0-9:_-]*)", re.IGNORECASE)
_MAIL = ("return-path:", "received:", "from:", "delivered-to:", "x-")
_HEAD = 4096
_ALWAYS_TEXT = "\t\n\r\f"


def refuse_foreign(data: bytes) -> UnreadableWorkbookError:
    """The refusal of a file that is not a zip."""
    if not data:
        return UnreadableWorkbookError("LEC-VIDE")
    if data.startswith(_OLE_MAGIC):
        return _refuse_ole(data)
    if data.startswith(_BIFF_MAGIC):
        return UnreadableWorkbookError("LEC-XLS")
    if b"%PDF-" in data[:1024]:
        return UnreadableWorkbookError("LEC-PDF")
    for magic, name in _IMAGES:
        if data.startswith(magic):
            return UnreadableWorkbookError("LEC-IMAGE", name)
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return UnreadableWorkbookError("LEC-IMAGE", "BMP")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return UnreadableWorkbookError("LEC-IMAGE", "WebP")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return UnreadableWorkbookError("LEC-IMAGE", "HEIC")
    if data[257:262] == b"ustar":
        return UnreadableWorkbookError("LEC-ARCHIVE", "tar")
    for magic, name in _ARCHIVES:
        if data.startswith(magic):
            return UnreadableWorkbookError("LEC-ARCHIVE", name)
    text = _head_text(data)
    return UnreadableWorkbookError("LEC-INCONNU") if text is None else _refuse_text(text)


def refuse_package(container: Container) -> UnreadableWorkbookError:
    """The refusal of a zip that holds no workbook of ours."""
    names = container.names
    folded = {name.casefold() for name in names}
    if "mimetype" in folded:
        kind = container.head("mimetype", 200).decode("ascii", "replace").strip()
        if kind.startswith("application/vnd.oasis.opendocument."):
            kind = kind.removeprefix("application/vnd.oasis.opendocument.")
            if kind.startswith("spreadsheet"):
                return UnreadableWorkbookError("LEC-ODS")
            return UnreadableWorkbookError("LEC-ODF", _ODF.get(kind.split("-")[0], "autre"))
    if {"content.xml", "meta-inf/manifest.xml"} <= folded:
        return UnreadableWorkbookError("LEC-ODS")
    if any(name.endswith("workbook.bin") for name in folded):
        return UnreadableWorkbookError("LEC-XLSB")
    if any(name.startswith("word/") for name in folded):
        return UnreadableWorkbookError("LEC-WORD")
    if any(name.startswith("ppt/") for name in folded):
        return UnreadableWorkbookError("LEC-POWERPOINT")
    if "index.zip" in folded or any(name.endswith(".iwa") for name in folded):
        return UnreadableWorkbookError("LEC-NUMBERS")
    if any(name.endswith("/xl/workbook.xml") for name in folded):
        return UnreadableWorkbookError("LEC-DECOMPRESSE")
    if folded & {"[content_types].xml", "_rels/.rels", "xl/styles.xml"}:
        return UnreadableWorkbookError("LEC-PARTIE", "la liste des feuilles")
    return UnreadableWorkbookError("LEC-ARCHIVE", _archive_content(names))


def _archive_content(names: Iterable[str]) -> str:
    books = sum(1 for name in names if _BOOK_NAME.search(name))
    if not books:
        return "zip sans classeur"
    return "zip contenant un classeur" if books == 1 else f"zip contenant {books} classeurs"


def _refuse_ole(data: bytes) -> UnreadableWorkbookError:
    if _has_stream(data, "\x09DRMContent") or b"D\0R\0M\0E\0n\0c\0r\0y\0p\0t\0e\0d\0" in data:
        return UnreadableWorkbookError("LEC-DRM")
    for stream, code, detail in _OLE_STREAMS:
        if _has_stream(data, stream):
            return UnreadableWorkbookError(code, detail)
    return UnreadableWorkbookError("LEC-OLE", "un document Office d'un autre genre")


def _has_stream(data: bytes, name: str) -> bool:
    """Look for a directory entry of that name: 128 bytes, the name's length at 64.

    Names ignore case; some programs write them in capitals.
    """
    for spelling in (name, name.upper()):
        encoded = spelling.encode("utf-16-le")
        at = data.find(encoded)
        while at >= 0:
            length = int.from_bytes(data[at + 64 : at + 66], "little")
            if at % 128 == 0 and length == len(encoded) + 2:
                return True
            at = data.find(encoded, at + 1)
    return False


def _head_text(data: bytes) -> str | None:
    """The beginning of the file as text; None when it is no text."""
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    else:
        try:
            text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start >= len(head) - 3:  # a character cut by the sample
                text = head[: error.start].decode("utf-8")
            else:
                text = head.decode("cp1252", "replace")
    if any(char < " " and char not in _ALWAYS_TEXT for char in text):
        return None
    return text


def _refuse_text(text: str) -> UnreadableWorkbookError:
    start = text.lstrip().lower()
    if not start:
        return UnreadableWorkbookError("LEC-TEXTE", "il ne contient que des blancs")
    if start.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in start:
            return UnreadableWorkbookError("LEC-XML2003")
        if "opendocument" in start and "office:document" in start:
            return UnreadableWorkbookError("LEC-ODS")
        tag = _TAG.search(start)
        if start.startswith("<!doctype html") or (
            tag and tag[1] in {"html", "head", "body", "table", "div", "meta", "style", "script"}
        ):
            return UnreadableWorkbookError("LEC-HTML")
        if start.startswith("<?xml") or tag:
            return UnreadableWorkbookError("LEC-XML")
    if start.startswith("mime-version:") or "multipart/related" in start:
        return UnreadableWorkbookError("LEC-HTML")
    if start.startswith("{\\rtf"):
        return UnreadableWorkbookError("LEC-TEXTE", "document RTF")
    if start.startswith("id;p"):
        return UnreadableWorkbookError("LEC-TEXTE", "feuille SYLK")
    if start.startswith(("{", "[{")):
        return UnreadableWorkbookError("LEC-TEXTE", "données JSON")
    if start.startswith(_MAIL):
        return UnreadableWorkbookError("LEC-TEXTE", "message électronique")
    if _has_columns(text.strip().splitlines()):
        return UnreadableWorkbookError("LEC-CSV")
    return UnreadableWorkbookError("LEC-TEXTE", "sans colonnes")


def _has_columns(lines: list[str]) -> bool:
    """A separator that prose does not hold, or as many commas on the first two lines."""
    if any(separator in lines[0] for separator in ";\t|"):
        return True
    return len(lines) > 1 and lines[0].count(",") == lines[1].count(",") > 0
