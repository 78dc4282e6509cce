"""The boxes of the notes: legacy VML, spliced as bytes because Excel's VML is not always XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.note_boxes import Ancre, SheetGrid
from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.splice import Edit

VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BLOCK = 1024
_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_ROOT = re.compile(rb"<xml\b[^>]*>")
_SHAPE_ID = re.compile(rb"_x0000_[st](\d{1,9})(?=[\"'])")
_IDMAP = re.compile(rb"<o:idmap\b[^>]*?\bdata\s*=\s*[\"']([\d,\s]*)")
_ANCHOR = re.compile(rb"<x:Anchor>([\d,\s]*)</x:Anchor>")
_WHOLE = re.compile(rb"\d{1,9}")
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>\s*", re.DOTALL)
_SHAPE_TYPE = (
    '<v:shapetype{ns} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NOTE = (
    '<v:shape{ns} id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;'
    "margin-left:60pt;margin-top:2pt;width:260pt;height:120pt;z-index:{z};"
    'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{anchor}</x:Anchor>"
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}</x:Column>"
    "</x:ClientData></v:shape>"
)


@dataclass(frozen=True, slots=True)
class Box:
    """The box of one note: its cell (1-based) and what it is tied to."""

    row: int
    col: int
    anchor: Ancre


class ShapeIds:
    """Blocks of 1,024 shape numbers that no drawing of the workbook uses."""

    def __init__(self, package: Package) -> None:
        used = {0}
        for name in package.names:
            if name.lower().endswith(".vml"):
                data = package.read(name)
                used |= {int(number) // _BLOCK for number in _SHAPE_ID.findall(data)}
                for found in _IDMAP.findall(data):
                    used |= {int(block) for block in re.findall(rb"\d{1,9}", found)}
        self._next = max(used) + 1

    def take(self, count: int) -> tuple[list[int], list[int]]:
        """(blocks, shape numbers) for `count` new shapes."""
        blocks = [self._next + k for k in range(-(-max(count, 1) // (_BLOCK - 1)))]
        self._next = blocks[-1] + 1
        numbers = [b * _BLOCK + k for b in blocks for k in range(1, _BLOCK)]
        return blocks, numbers[:count]


def new_drawing(boxes: Sequence[Box], ids: ShapeIds) -> str:
    """A whole VML part with these boxes."""
    blocks, numbers = ids.take(len(boxes))
    spaces = "".join(f' xmlns:{p}="{uri}"' for p, uri in _NAMESPACES.items())
    listed = ",".join(map(str, blocks))
    return (
        f'<xml{spaces}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{listed}"/>'
        f"</o:shapelayout>{_SHAPE_TYPE.format(ns='')}{_shapes(boxes, numbers, '')}</xml>"
    )


def added_boxes(data: bytes, boxes: Sequence[Box], ids: ShapeIds) -> list[Edit] | None:
    """The splices that add boxes to a VML part; None when its shape is unknown."""
    root, close = _ROOT.search(data), data.rfind(b"</xml>")
    if root is None or close == -1:
        return None
    known = all(f'xmlns:{p}="{uri}"'.encode() in root[0] for p, uri in _NAMESPACES.items())
    spaces = "" if known else "".join(f' xmlns:{p}="{uri}"' for p, uri in _NAMESPACES.items())
    blocks, numbers = ids.take(len(boxes))
    xml = _shapes(boxes, numbers, spaces)
    if not re.search(rb"\bid\s*=\s*[\"']_x0000_t202[\"']", data):
        xml = _SHAPE_TYPE.format(ns=spaces) + xml
    edits = [Edit(close, close, xml.encode())]
    if idmap := _IDMAP.search(data):
        listed = "".join(f",{block}" for block in blocks)
        edits.append(Edit(idmap.end(1), idmap.end(1), listed.encode()))
    return edits


def grown_boxes(data: bytes, lines: Mapping[tuple[int, int], int], grid: SheetGrid) -> list[Edit]:
    """The splices that give the notes' boxes of these cells (1-based) room for more lines."""
    edits = []
    for cell, start, shape in _boxes(data):
        found = _ANCHOR.search(shape) if cell in lines else None
        numbers = [int(number) for number in _WHOLE.findall(found[1])] if found else []
        if found and len(numbers) == 8:
            text = ", ".join(map(str, grid.grown(numbers, lines[cell]))).encode()
            edits.append(Edit(start + found.start(1), start + found.end(1), text))
    return edits


def removed_boxes(data: bytes, cells: set[tuple[int, int]]) -> list[Edit]:
    """The splices that take out the notes' boxes of these cells (1-based)."""
    return [
        Edit(start, start + len(shape), b"") for cell, start, shape in _boxes(data) if cell in cells
    ]


def _boxes(data: bytes) -> Iterator[tuple[tuple[int, int], int, bytes]]:
    """(cell, offset, shape) of each box of a note."""
    for found in _SHAPE.finditer(data):
        if re.search(rb"ObjectType\s*=\s*[\"']Note", found[0]):
            cell = (_number(found[0], b"Row") + 1, _number(found[0], b"Column") + 1)
            yield cell, found.start(), found[0]


def _number(shape: bytes, tag: bytes) -> int:
    found = re.search(rb"<x:" + tag + rb">\s*(\d{1,7})\s*<", shape)
    return int(found[1]) if found else -1


def _shapes(boxes: Sequence[Box], numbers: Sequence[int], spaces: str) -> str:
    return "".join(
        _NOTE.format(
            ns=spaces,
            id=number,
            z=z,
            anchor=", ".join(map(str, box.anchor)),
            row=box.row - 1,
            col=box.col - 1,
        )
        for z, (box, number) in enumerate(zip(boxes, numbers, strict=True), 1)
    )
