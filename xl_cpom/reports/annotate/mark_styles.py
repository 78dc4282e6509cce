"""The few formats the annotation adds to the user's styles: appended, so no index moves."""

from __future__ import annotations

import re

from xl_cpom.reports.annotate.draft import HEADER, Draft
from xl_cpom.reports.annotate.splice import PartEditor, attribute_xml
from xl_cpom.reports.annotate.xmlscan import XmlNode, whole
from xl_cpom.reports.severity_looks import CELL_LOOKS, CellLook
from xl_cpom.validators.model import Severity

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_BLANK = (
    '<styleSheet xmlns="{main}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_FONTS = {
    "titre": ("<b/>", 2, ""),
    "entete": ("<b/>", 0, "FFFFFFFF"),
    "texte": ("", 0, ""),
    "lien": ("<u/>", 0, "FF0B4F9C"),
}
"""What each of our fonts changes of the user's own: bold or underlined, points more, colour."""
_BUILT_IN = {"General": 0, "0": 1, "#,##0": 3, "@": 49}
"""Number formats that Excel knows by their number alone."""
_FIRST_OWN = 164
"""The first number of a format that Excel does not know by itself."""
_FACE = re.compile(r"""<(?:[\w.-]+:)?name\s+val=["']([^"'<]*)["']""")
_POINTS = re.compile(r"""<(?:[\w.-]+:)?sz\s+val=["'](\d{1,3})""")


class AnnotationStyles:
    """Adds formats to the styles part of a draft (made when the workbook has none)."""

    def __init__(self, draft: Draft) -> None:
        book = draft.book
        relation = next((r for r in draft.relations(book.part) if r.kind == "styles"), None)
        if relation is not None and relation.target in draft.package:
            self.editor = draft.part(relation.target, depth=3)
            self._fresh = None
        else:
            self._fresh = draft.free("xl/styles{}.xml")
            self.editor = PartEditor((HEADER + _BLANK.format(main=book.main)).encode())
            draft.relate(book.part, "styles", self._fresh)
        self._draft = draft
        self._grown: dict[str, list[str]] = {}
        self._dxfs: dict[Severity, int] = {}
        self._fonts: dict[tuple[str, int], int] = {}
        self._cells: dict[str, int] = {}
        self._number_formats: dict[str, int] = {}

    def highlight(self, severity: Severity) -> int:
        """Index of the differential format of a severity."""
        if severity not in self._dxfs:
            self._dxfs[severity] = self._add("dxfs", _dxf(CELL_LOOKS[severity], self._p))
        return self._dxfs[severity]

    def cell(self, name: str) -> int:
        """Index of a cell format: « titre », « entete », « texte » or « lien »."""
        if name not in self._cells:
            self._cells[name] = self._cell_format(name)
        return self._cells[name]

    def linked(self, style: str) -> int:
        """Index of the cell format `style` once its text looks like a link."""
        formats = self.editor.root.find("cellXfs")
        index = whole(style)
        if formats is None or index >= len(formats.children):
            return self.cell("lien")
        key = f"lien {index}"
        if key not in self._cells:
            node = formats.children[index]
            xml = self.editor.data[node.start : node.end].decode()
            xml = re.sub(r'\s(?:fontId|applyFont)\s*=\s*(["\']).*?\1', "", xml)
            font = f' fontId="{self._font("lien", whole(node.get("fontId")))}" applyFont="1"'
            self._cells[key] = self._add("cellXfs", re.sub(r"(?=\s|/?>)", font, xml, count=1))
        return self._cells[key]

    def formatted(self, style: str, code: str) -> int:
        """Index of the cell format `style` once its number format is `code` (stored grammar)."""
        formats = self.editor.root.find("cellXfs")
        index = whole(style)
        key = f"format {index} {code}"
        if key not in self._cells:
            if formats is None or index >= len(formats.children):
                xml = f'<{self._p}xf fontId="0" fillId="0" borderId="0" xfId="0"/>'
            else:
                node = formats.children[index]
                xml = self.editor.data[node.start : node.end].decode()
            xml = re.sub(r'\s(?:numFmtId|applyNumberFormat)\s*=\s*(["\']).*?\1', "", xml)
            named = f' numFmtId="{self._number_format(code)}" applyNumberFormat="1"'
            self._cells[key] = self._add("cellXfs", re.sub(r"(?=\s|/?>)", named, xml, count=1))
        return self._cells[key]

    def _number_format(self, code: str) -> int:
        """Id of a number format: one of Excel's own, one of the workbook, or a new one."""
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        known = self.editor.root.find("numFmts")
        ids = (
            {n.get("formatCode"): whole(n.get("numFmtId")) for n in known.children} if known else {}
        )
        if code not in ids and code not in self._number_formats:
            taken = [*ids.values(), *self._number_formats.values(), _FIRST_OWN - 1]
            self._number_formats[code] = new = max(taken) + 1
            self._add(
                "numFmts",
                f'<{self._p}numFmt numFmtId="{new}" formatCode={attribute_xml(code)}/>',
            )
        return ids.get(code) or self._number_formats[code]

    def finish(self) -> None:
        """Splice what was added into the part (call once, last)."""
        for local, fragments in self._grown.items():
            node = self.editor.root.find(local)
            if node is None:
                count = len(fragments)
                body = f'<{self._p}{local} count="{count}">{"".join(fragments)}</{self._p}{local}>'
                self.editor.insert(self._place(local), body)
                continue
            for fragment in fragments:
                self.editor.append(node, fragment)
            if node.get("count"):
                self.editor.set(node, "count", str(len(node.children) + len(fragments)))
        if self._fresh is not None:
            data, _ = self.editor.result()
            self._draft.add(self._fresh, data.decode().removeprefix(HEADER), _TYPE)

    @property
    def _p(self) -> str:
        return self.editor.prefix

    def _add(self, local: str, xml: str) -> int:
        node = self.editor.root.find(local)
        fragments = self._grown.setdefault(local, [])
        fragments.append(xml)
        return (len(node.children) if node else 0) + len(fragments) - 1

    def _font(self, name: str, base: int = 0) -> int:
        """Index of one of our fonts, drawn from the user's font `base` (0: the default one)."""
        key = (name, base)
        if key not in self._fonts:
            p, (shape, more, colour) = self._p, _FONTS[name]
            fonts = self.editor.root.find("fonts")
            node = fonts.children[base] if fonts and base < len(fonts.children) else None
            xml = self.editor.data[node.start : node.end].decode() if node else ""
            face, points = _FACE.search(xml), _POINTS.search(xml)
            size = (int(points[1]) if points else 11) + more
            ink = f'<color rgb="{colour}"/>' if colour else ""
            own = f'{shape}<sz val="{size}"/>{ink}<name val="{face[1] if face else "Calibri"}"/>'
            own = own.replace("<", f"<{p}")
            self._fonts[key] = self._add("fonts", f"<{p}font>{own}</{p}font>")
        return self._fonts[key]

    def _cell_format(self, name: str) -> int:
        p, font, fill = self._p, self._font(name), 0
        if name == "entete":
            fill = self._add(
                "fills",
                f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF1F3864"/>'
                f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>',
            )
        wrapped = "" if name == "titre" else ' wrapText="1"'
        return self._add(
            "cellXfs",
            f'<{p}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" '
            f'applyFont="1" applyFill="1" applyAlignment="1">'
            f'<{p}alignment vertical="top"{wrapped}/></{p}xf>',
        )

    def _place(self, local: str) -> int:
        """Where an absent container goes, by the order of the schema."""
        rank = _ORDER.index(local)
        later: list[XmlNode] = [
            child
            for child in self.editor.root.children
            if child.local in _ORDER and _ORDER.index(child.local) > rank
        ]
        return later[0].start if later else self.editor.root.tail


def _dxf(look: CellLook, p: str) -> str:
    ink = f'<{p}color rgb="{look.ink}"/>'
    sides = "".join(
        f'<{p}{side} style="{look.border}">{ink}</{p}{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    fill = f'<{p}fgColor rgb="{look.background}"/><{p}bgColor rgb="{look.background}"/>'
    return (
        f"<{p}dxf><{p}font>{f'<{p}b/>' if look.bold else ''}{ink}</{p}font>"
        f'<{p}fill><{p}patternFill patternType="solid">{fill}</{p}patternFill></{p}fill>'
        f"<{p}border>{sides}</{p}border></{p}dxf>"
    )
