"""Workbooks made by hand, part by part, for what no library will write.

`workbook(...)` makes an honest minimal package around the XML given; `zipped(...)` makes a zip
of any members, faithful or lying.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_REL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
DECL = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Content = str | bytes


def zipped(members: Iterable[tuple[str, Content]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of those members, in that order; names may come twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.filename = name  # ZipInfo rewrites backslashes and cuts at NUL
            info.compress_type = method
            with warnings.catch_warnings():  # a duplicate name is what some tests want
                warnings.simplefilter("ignore", UserWarning)
                archive.writestr(info, content)
    return buffer.getvalue()


def relationships(targets: Iterable[tuple[str, str, str]], base: str = REL) -> str:
    """A .rels part from (id, kind, target); a target with a scheme is external."""
    lines = [
        f'<Relationship Id="{id_}" Type="{base}/{kind}" Target="{target}"'
        + (' TargetMode="External"' if ":" in target else "")
        + "/>"
        for id_, kind, target in targets
    ]
    return f'{DECL}<Relationships xmlns="{PACKAGE_REL}">{"".join(lines)}</Relationships>'


def sheet_xml(rows: str = "", *, before: str = "", after: str = "", main: str = MAIN) -> str:
    """A worksheet part around the content of its sheetData."""
    return (
        f'{DECL}<worksheet xmlns="{main}" xmlns:r="{REL}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def parts(
    sheets: Mapping[str, str] | None = None,
    *,
    strings: str | None = None,
    styles: str | None = None,
    book: str = "",
    states: Mapping[str, str] | None = None,
    book_relations: Iterable[tuple[str, str, str]] = (),
    package_relations: Iterable[tuple[str, str, str]] = (),
    extra: Mapping[str, Content] | None = None,
    main: str = MAIN,
    rel: str = REL,
) -> dict[str, Content]:
    """The members of a minimal workbook; `sheets` maps names to whole worksheet parts."""
    sheets = {"Feuil1": sheet_xml()} if sheets is None else sheets
    states = states or {}
    entries, targets = [], []
    members: dict[str, Content] = {}
    for number, (name, xml) in enumerate(sheets.items(), 1):
        state = f' state="{states[name]}"' if name in states else ""
        entries.append(f'<sheet name="{name}" sheetId="{number}"{state} r:id="rId{number}"/>')
        targets.append((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
        members[f"xl/worksheets/sheet{number}.xml"] = xml
    if strings is not None:
        members["xl/sharedStrings.xml"] = f'{DECL}<sst xmlns="{main}">{strings}</sst>'
        targets.append(("rIdS", "sharedStrings", "sharedStrings.xml"))
    if styles is not None:
        members["xl/styles.xml"] = f'{DECL}<styleSheet xmlns="{main}">{styles}</styleSheet>'
        targets.append(("rIdT", "styles", "styles.xml"))
    targets += book_relations
    return {
        "[Content_Types].xml": _content_types(["xl/workbook.xml", *members]),
        "_rels/.rels": relationships(
            [("rId1", "officeDocument", "xl/workbook.xml"), *package_relations], rel
        ),
        "xl/workbook.xml": (
            f'{DECL}<workbook xmlns="{main}" xmlns:r="{rel}">'
            f"{'' if '<workbookPr' in book else '<workbookPr/>'}"
            f"<sheets>{''.join(entries)}</sheets>{book}</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": relationships(targets, rel),
        **members,
        **(extra or {}),
    }


def _content_types(names: Iterable[str]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    kinds = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    kinds["xl/sharedStrings.xml"] = "sharedStrings"
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}{kinds.get(name, "worksheet")}+xml"/>'
        for name in names
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{DECL}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>{overrides}</Types>'
    )


def workbook(rows: str = "", **options: object) -> bytes:
    """A workbook of one sheet « Feuil1 » with those rows; `before` and `after` surround them."""
    around = {key: str(options.pop(key)) for key in ("before", "after") if key in options}
    main = str(options.get("main", MAIN))
    options.setdefault("sheets", {"Feuil1": sheet_xml(rows, main=main, **around)})
    return zipped(parts(**options).items())  # type: ignore[arg-type]


def styles_xml(*codes: str | int) -> str:
    """cellXfs of those number formats: a built-in id or a custom code."""
    custom, formats = [], []
    for code in codes:
        number = code if isinstance(code, int) else 164 + len(custom)
        if isinstance(code, str):
            escaped = code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
            custom.append(f'<numFmt numFmtId="{number}" formatCode="{escaped}"/>')
        formats.append(f'<xf numFmtId="{number}"/>')
    return f"<numFmts>{''.join(custom)}</numFmts><cellXfs>{''.join(formats)}</cellXfs>"


class ForgedZip:
    """A zip written byte by byte, whose every field may lie."""

    def __init__(self) -> None:
        self.body = b""
        self.directory = b""
        self.count = 0

    def add(
        self,
        name: str,
        content: bytes,
        *,
        method: int = 8,
        flags: int = 0,
        size: int | None = None,
        csize: int | None = None,
        crc: int | None = None,
        offset: int | None = None,
        local_name: str | None = None,
        local_size: int | None = None,
        data: bytes | None = None,
    ) -> None:
        """Add a member; a field given is written as such, whatever the truth."""
        if data is None:
            engine = zlib.compressobj(9, zlib.DEFLATED, -15)
            data = engine.compress(content) + engine.flush() if method == 8 else content
        fields = (
            zlib.crc32(content) if crc is None else crc,
            len(data) if csize is None else csize,
            len(content) if size is None else size,
        )
        raw, local = name.encode(), (local_name or name).encode()
        at = len(self.body) if offset is None else offset
        if offset is None:
            here = fields if local_size is None else (*fields[:2], local_size)
            self.body += struct.pack(
                "<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 0, *here, len(local), 0
            )
            self.body += local + data
        self.directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, flags, method, 0, 0, *fields, len(raw),
            0, 0, 0, 0, 0, at,
        )  # fmt: skip
        self.directory += raw
        self.count += 1

    def close(self, count: int | None = None) -> bytes:
        """The whole file."""
        number = self.count if count is None else count
        return (
            self.body
            + self.directory
            + struct.pack(
                "<4s4H2LH", b"PK\5\6", 0, 0, number, number, len(self.directory), len(self.body), 0
            )
        )


def forged(members: Mapping[str, Content]) -> ForgedZip:
    """A forged zip that begins with those honest members."""
    archive = ForgedZip()
    for name, content in members.items():
        archive.add(name, content.encode() if isinstance(content, str) else content)
    return archive
