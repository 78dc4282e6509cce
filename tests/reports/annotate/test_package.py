"""The archive written by hand, and the splices: what they promise, on awkward input."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.splice import Edit, PartEditor, apply, to_utf8, undo
from xl_cpom.reports.annotate.xmlscan import MalformedXmlError, parse, sheet_data_hole


class Flux(io.RawIOBase):
    """A stream that cannot seek: zipfile then writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.data += piece
        return len(piece)


def archive() -> bytes:
    """Descriptors, a 64-bit size, a name with accents, extra fields, a comment."""
    stream = Flux()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:  # type: ignore[arg-type]
        target.writestr("a.xml", b"<a/>" * 50)
        entry = zipfile.ZipInfo("données/é.xml", (2027, 3, 1, 8, 15, 44))
        entry.extra = struct.pack("<2H4s", 0xCAFE, 4, b"abcd")
        entry.comment = b"un commentaire"
        entry.compress_type = zipfile.ZIP_STORED
        target.writestr(entry, b"<e/>")
        with target.open("gros.xml", "w", force_zip64=True) as member:
            member.write(b"<gros>" + b"x" * 1000 + b"</gros>")
        target.comment = b"commentaire de l'archive"
    return bytes(stream.data)


def write(package: Package) -> bytes:
    """The bytes a package writes."""
    out = io.BytesIO()
    package.write(out)
    return out.getvalue()


def test_nothing_changed_keeps_every_member_as_stored() -> None:
    data = archive()
    copy = write(Package.open(data))
    start = zipfile.ZipFile(io.BytesIO(data)).start_dir
    assert copy[:start] == data[:start]
    with zipfile.ZipFile(io.BytesIO(copy)) as after, zipfile.ZipFile(io.BytesIO(data)) as before:
        assert after.testzip() is None
        assert after.comment == before.comment
        for old, new in zip(before.infolist(), after.infolist(), strict=True):
            assert (new.filename, new.date_time, new.comment) == (
                old.filename,
                old.date_time,
                old.comment,
            )


@pytest.mark.parametrize("name", ["a.xml", "données/é.xml", "gros.xml"])
def test_a_replaced_member_keeps_its_place_date_and_method(name: str) -> None:
    data = archive()
    package = Package.open(data).derive({name: b"<neuf/>", "ajout.xml": b"<b/>"})
    with (
        zipfile.ZipFile(io.BytesIO(write(package))) as after,
        zipfile.ZipFile(io.BytesIO(data)) as before,
    ):
        assert after.testzip() is None
        assert after.namelist() == [*before.namelist(), "ajout.xml"]
        assert after.read(name) == b"<neuf/>"
        old, new = before.getinfo(name), after.getinfo(name)
        assert (new.date_time, new.compress_type) == (old.date_time, old.compress_type)
        assert after.getinfo("ajout.xml").date_time == (1980, 1, 1, 0, 0, 0)
        for other in before.namelist():
            if other != name:
                assert after.read(other) == before.read(other)


def test_dropped_members_are_gone_and_names_ignore_case() -> None:
    package = Package.open(archive()).derive({}, ["A.XML"])
    assert "a.xml" not in package and "DONNÉES\\É.xml".lower() in package
    with zipfile.ZipFile(io.BytesIO(write(package))) as after:
        assert after.namelist() == ["données/é.xml", "gros.xml"]


@given(st.binary(max_size=60), st.data())
def test_undoing_the_splices_gives_the_bytes_back(data: bytes, draw: st.DataObject) -> None:
    bounds = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=8)))
    pairs = zip(bounds[::2], bounds[1::2], strict=False)
    edits = [Edit(a, b, draw.draw(st.binary(max_size=5))) for a, b in pairs]
    spliced, undos = apply(data, draw.draw(st.permutations(edits)))
    assert undo(spliced, undos) == data


def test_overlapping_edits_are_a_bug_said_loudly() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        apply(b"abcdef", [Edit(0, 3, b""), Edit(2, 4, b"")])
    with pytest.raises(ValueError, match="no such splice"):
        undo(b"abc", apply(b"abcdef", [Edit(5, 6, b"xyz")])[1])


TRAPS = (
    "<?xml version='1.0'?><!-- <a> --><x:a xmlns:x='u' t='a>b' é='&quot;'><x:b/><x:b ></x:b>"
    '<x:c k = "1"/>texte<![CDATA[<x:b/>]]><x:a/></x:a>'
)


def test_offsets_of_every_element_on_tricky_xml() -> None:
    data = TRAPS.encode()
    root, spaces = parse(data)
    assert spaces == {"x": "u"}
    seen = [data[node.start : node.end].decode() for node in root.walk()]
    assert seen[1:] == ["<x:b/>", "<x:b ></x:b>", '<x:c k = "1"/>', "<x:a/>"]
    assert [node.self_closing for node in root.walk()] == [False, True, False, True, True]
    assert root.text == "texte<x:b/>" and root.get("t") == "a>b"


def test_edits_on_tricky_xml() -> None:
    editor = PartEditor(TRAPS.encode())
    first, second, third, last = editor.root.children
    editor.append(first, "<n/>")
    editor.append(first, "<m/>")
    editor.set(third, "k", '<"&')
    editor.set(third, "z", "2")
    editor.delete(second)
    editor.append(last, "fin")
    editor.set(editor.root, "t", "c")
    data, undos = editor.result()
    assert data.decode() == (
        "<?xml version='1.0'?><!-- <a> --><x:a xmlns:x='u' t='c' é='&quot;'><x:b><n/><m/></x:b>"
        '<x:c k = "&lt;&quot;&amp;" z="2"/>texte<![CDATA[<x:b/>]]><x:a>fin</x:a></x:a>'
    )
    assert undo(data, undos) == TRAPS.encode()


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_the_rows_are_left_unread_only_when_it_is_certain(prefix: str) -> None:
    def sheet(inside: str, after: str = "") -> bytes:
        p = prefix
        space = f' xmlns{":x" if p else ""}="u"'
        return (
            f"<{p}worksheet{space}><{p}sheetData a='1'>{inside}</{p}sheetData>{after}"
            f"<{p}fin/></{p}worksheet>"
        ).encode()

    rows = f"<{prefix}row><{prefix}c/></{prefix}row>"
    data = sheet(rows)
    hole = sheet_data_hole(data)
    assert hole is not None and data[slice(*hole)] == rows.encode()
    root, _ = parse(data, hole=hole)
    shown = [data[node.start : node.end].decode() for node in root.children]
    assert shown == [
        f"<{prefix}sheetData a='1'>{rows}</{prefix}sheetData>",
        f"<{prefix}fin/>",
    ]
    assert sheet_data_hole(sheet("<!-- -->")) is None
    assert sheet_data_hole(sheet("", "<![CDATA[</sheetData>]]>")) is None
    assert sheet_data_hole(sheet("", "<?pi </sheetData>?>")) is None
    assert sheet_data_hole(b"<worksheet><sheetData/></worksheet>") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<!DOCTYPE a><a/>",
        b"<a/><b/>",
        b"<?xml version='1.0' encoding='x'?><a/>",
    ],
)
def test_what_is_no_xml_is_named(data: bytes) -> None:
    with pytest.raises(MalformedXmlError):
        parse(to_utf8(data))
