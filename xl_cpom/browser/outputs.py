"""The files that the page offers: those of the command, made in a folder that is forgotten."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS, output_names
from xl_cpom.reports.words import VERDICTS
from xl_cpom.typography import plural

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = {
    "csv": "text/csv;charset=utf-8",
    "html": "text/html;charset=utf-8",
    "json": "application/json",
    "md": "text/markdown;charset=utf-8",
    "sarif": "application/json",
    "txt": "text/plain;charset=utf-8",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "xlsx": WORKBOOK,
}
"""Media type of each extension."""

SEVERAL = "controles"
"""Stem of the name of a file about several workbooks."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file: its name, its media type, its content, and what the command would say of it."""

    name: str
    media: str
    content: bytes
    said: tuple[str, ...] = ()


def render(name: str, reports: Sequence[Report]) -> str:
    """A report as text, in a format of the command."""
    rendered = FORMATS[name].render(reports, _context())
    assert isinstance(rendered, str)
    return rendered


def written(name: str, reports: Sequence[Report]) -> Made:
    """A report as a file, in a format of the command; its name says what it is about."""
    shape = FORMATS[name]
    stem = _stem(reports[0]) if len(reports) == 1 else SEVERAL
    what = "ecars" if name.startswith("ecars") else "rapport"
    content = shape.content(reports, _context())
    return Made(f"{stem}_{what}.{shape.extension}", MEDIA[shape.extension], content)


def annotated(path: Path, report: Report) -> Made:
    """The annotated copy of a workbook. Raises AnnotationImpossible."""
    from xl_cpom.reports.annotate import annotate

    suffix = "xlsm" if path.suffix.lower() == ".xlsm" else "xlsx"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, f"copie.{suffix}")
        verdict = f"Verdict : {VERDICTS[report.verdict].word}"
        made = annotate(path, report.findings, target, verdict_line=verdict)
        content = target.read_bytes()
    return Made(f"{_stem(report)}_annote.{suffix}", MEDIA[suffix], content, made.warnings)


def unmarked(path: Path) -> Made:
    """A workbook without the marks of a previous control. Raises AnnotationError."""
    from xl_cpom.reports.annotate import remove_marks

    suffix = "xlsm" if path.suffix.lower() == ".xlsm" else "xlsx"
    with tempfile.TemporaryDirectory() as folder:
        made = remove_marks(path, Path(folder, f"copie.{suffix}"))
        content = made.path.read_bytes()
    return Made(f"{path.stem}_sans_marques.{suffix}", MEDIA[suffix], content, made.warnings)


def corrected(path: Path) -> Made:
    """A workbook with the repairs made without doubt. Raises AnnotationError."""
    from xl_cpom.reports.correction import correct

    suffix = "xlsm" if path.suffix.lower() == ".xlsm" else "xlsx"
    with tempfile.TemporaryDirectory() as folder:
        made = correct(path, Path(folder, f"copie.{suffix}"))
        content = made.path.read_bytes()
    said = plural(len(made.repairs), "valeur réparée", "valeurs réparées")
    cells = [f"{r.sheet}, {r.cell} : {r.read} → {r.written}." for r in made.repairs]
    return Made(f"{path.stem}_repare.{suffix}", MEDIA[suffix], content, (f"{said}.", *cells))


def poured(path: Path) -> Made:
    """The content of a workbook in a clean one. Raises CibleRefusee and UnreadableWorkbook."""
    from xl_cpom.workbook.transfer import transfer

    with tempfile.TemporaryDirectory() as folder:
        done = transfer(path, Path(folder, "neuf.xlsx"))
        content = done.path.read_bytes()
    said = (
        plural(done.taken, "cellule reprise", "cellules reprises"),
        plural(len(done.repairs), "valeur réparée", "valeurs réparées"),
        plural(len(done.not_taken), "contenu non repris", "contenus non repris"),
        *done.warnings,
    )
    return Made(f"{path.stem}_neuf.xlsx", WORKBOOK, content, said)


def _stem(report: Report) -> str:
    return output_names([report], "x")[0][:-2]


@cache
def _context() -> RenderOptions:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.catalogue import RULES

    return RenderOptions(rules=RULES, referentiel=load_referentiel())
