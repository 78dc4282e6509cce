"""Faulty cells shown by a conditional format above all others: the user's own styles stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xl_cpom.reports.annotate.mark_styles import AnnotationStyles
from xl_cpom.reports.annotate.sheetscan import SheetPartEditor, mark_formula
from xl_cpom.reports.annotate.splice import text_xml
from xl_cpom.reports.annotate.xmlscan import whole
from xl_cpom.validators.model import Severity
from xl_cpom.workbook.reader.refs import Rect

RANGES_PER_RULE = 200
"""Ranges one conditional format is given, well under what Excel accepts."""


def highlight(
    sheet: SheetPartEditor, marked: Mapping[Severity, Sequence[Rect]], styles: AnnotationStyles
) -> None:
    """Add one rule per severity at top priority; the other rules move down, x14 ones too.

    Where a pivot table owns a rule (it points at it by its priority), ours come after instead.
    """
    editor, p = sheet.editor, sheet.editor.prefix
    old = sheet.remove_our_rules()
    rules = [rule for rule in sheet.rules() if not any(rule is gone for gone in old)]
    blocks = [
        (severity, ranges[first : first + RANGES_PER_RULE])
        for severity in Severity
        for ranges in [merge_cells(marked.get(severity, ()))]
        for first in range(0, len(ranges), RANGES_PER_RULE)
    ]
    priorities = [whole(rule.get("priority"), 1) for rule in rules]
    if sheet.has_pivot_formats():
        first = max(priorities, default=0) + 1
    else:
        first = 1
        shift = max(0, len(blocks) + 1 - min(priorities, default=len(blocks) + 1))
        if shift:
            for rule, priority in zip(rules, priorities, strict=True):
                editor.set(rule, "priority", str(priority + shift))
    xml = "".join(
        f'<{p}conditionalFormatting sqref="{" ".join(map(str, ranges))}">'
        f'<{p}cfRule type="expression" dxfId="{styles.highlight(severity)}" priority="{number}">'
        f"<{p}formula>{text_xml(mark_formula(severity.value))}</{p}formula>"
        f"</{p}cfRule></{p}conditionalFormatting>"
        for number, (severity, ranges) in enumerate(blocks, first)
    )
    if xml:
        editor.insert(sheet.place("conditionalFormatting"), xml)


def merge_cells(rects: Iterable[Rect]) -> list[Rect]:
    """The same cells in fewer rectangles: those of one column that touch become one."""
    merged: list[Rect] = []
    for rect in sorted(set(rects), key=lambda r: (r.col1, r.col2, r.row1, r.row2)):
        last = merged[-1] if merged else None
        if last and (last.col1, last.col2) == rect[1::2] and rect.row1 <= last.row2 + 1:
            merged[-1] = last._replace(row2=max(last.row2, rect.row2))
        else:
            merged.append(rect)
    return merged
