"""Where things are in a worksheet part, by the order its schema wants."""

from __future__ import annotations

import re

from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.splice import PartEditor
from xl_cpom.reports.annotate.xmlscan import XmlNode
from xl_cpom.workbook.reader.refs import Rect, parse_rect

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_RANK = {name: rank for rank, name in enumerate(_ORDER)}
_MARK = re.compile(r"Contr.{1,2}les CPOM - (bloquant|avertissement|information)")
MARK_BYTES = b"CPOM - "
"""What our conditional formats hold whatever the encoding; see `mark_formula`."""


def mark_formula(severity_word: str) -> str:
    """A formula that is always true and says in the rule manager who set the rule."""
    return f'LEN("Contrôles CPOM - {severity_word}")>0'


class SheetPartEditor:
    """The editor of one worksheet, with the places the annotation needs."""

    def __init__(self, draft: Draft, part: str, *, rows: bool = False) -> None:
        self.part = part
        self.editor: PartEditor = draft.part(part, rows=rows)
        self.root = self.editor.root

    def place(self, local: str) -> int:
        """Offset where an element goes by the order of the schema, before its equals.

        Excel only looks at priorities; LibreOffice lets the first conditional format win.
        """
        rank = _RANK[local]
        for child in self.root.children:
            found = _rank(child)
            if found is not None and found >= rank:
                return child.start
        return self.root.tail

    def merges(self) -> tuple[Rect, ...]:
        """The merged ranges."""
        node = self.root.find("mergeCells")
        rects = (parse_rect(child.get("ref")) for child in (node.children if node else ()))
        return tuple(rect for rect in rects if rect is not None)

    def rules(self) -> list[XmlNode]:
        """The rules of all conditional formats that bear a priority, x14 ones included."""
        return [n for n in self.root.walk() if n.local == "cfRule" and n.get("priority")]

    def has_pivot_formats(self) -> bool:
        """True when a conditional format belongs to a pivot table, which knows its priority."""
        return any(n.get("pivot") in ("1", "true") for n in self.root.all("conditionalFormatting"))

    def remove_our_rules(self) -> list[XmlNode]:
        """Take out the rules a former annotation left; returns them."""
        gone: list[XmlNode] = []
        for block in self.root.all("conditionalFormatting"):
            ours = [rule for rule in block.all("cfRule") if is_ours(rule)]
            if ours and len(ours) == len(block.all("cfRule")):
                self.editor.delete(block)
            else:
                for rule in ours:
                    self.editor.delete(rule)
            gone += ours
        return gone


def is_ours(rule: XmlNode) -> bool:
    """Tell whether a conditional format rule was set by an annotation."""
    return any(_MARK.search(child.text) for child in rule.all("formula"))


def _rank(node: XmlNode) -> int | None:
    """Rank of a child of the worksheet; of what it wraps for a compatibility block."""
    if node.local in _RANK:
        return _RANK[node.local]
    return next((_RANK[n.local] for n in node.walk() if n.local in _RANK), None)
