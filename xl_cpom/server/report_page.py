"""The report as the server answers it: the page of `reports`, with what can be done next on top.

The page is the one of `--format html`, untouched, plus a bar: download the annotated copy, the
report, drop the corrected workbook. What can be downloaded is inside the page (« data: » links),
so that nothing has to be kept for somebody who may come back.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS, output_names
from xl_cpom.server.control_result import WITH_MACROS, ReportPiece
from xl_cpom.server.page_templates import gabarits, resource_text
from xl_cpom.validators.model import Verdict

_STYLE_END = "\n</style>\n</head>"
_START = '<main id="contenu" class="page">\n'
_AFTER_VERDICT = '<nav class="sommaire"'

TELECHARGEABLES = {
    "html": ("text/html", "Télécharger ce rapport"),
    "csv": ("text/csv", "Liste des anomalies (CSV)"),
    "json": ("application/json", "Données (JSON)"),
}
"""Format -> media type, and what the link says."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """One thing to download: what it is, the name of its file, its « data: » address."""

    text: str
    name: str
    address: str


def report_page(pieces: Sequence[ReportPiece], theme: str = "") -> tuple[str, str]:
    """The page, and the content security policy it must be sent with."""
    reports = [piece.report for piece in pieces]
    context = _context()
    report = FORMATS["html"].content(reports, context).decode()
    bar = gabarits().get_template("barre.html").render(
        copies=_copies(pieces),
        sans_copie=[(p.report.file, p.without_copy) for p in pieces if p.without_copy],
        liens=_links(pieces, context, report),
        plusieurs=len(pieces) > 1,
    )  # fmt: skip
    page = _insert(report, _STYLE_END, "\n" + resource_text("serveur.css") + theme, avant=True)
    several = len(pieces) > 1
    page = _insert(page, _START if several else _AFTER_VERDICT, bar, avant=not several)
    return page, security_policy(page)


def security_policy(page: str) -> str:
    """A policy that lets in the one style sheet of this page, by its fingerprint, and no script."""
    _, _, rest = page.partition("<style>")
    sheet, _, _ = rest.partition("</style>")
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _insert(page: str, repere: str, texte: str, *, avant: bool) -> str:
    """Put a text before or after the first mark; nothing read in a workbook can hold one."""
    head, mark, tail = page.partition(repere)
    assert mark, "the page of the reports has changed"
    return head + texte + mark + tail if avant else head + mark + texte + tail


def _context() -> RenderOptions:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.catalogue import RULES

    return RenderOptions(rules=RULES, referentiel=load_referentiel())


def _copies(pieces: Sequence[ReportPiece]) -> list[PageLink]:
    named = [piece for piece in pieces if piece.copy]
    names = output_names([piece.report for piece in named], "x")
    links = []
    for piece, name in zip(named, names, strict=True):
        suffix = "xlsm" if piece.copy_type == WITH_MACROS else "xlsx"
        links.append(PageLink(
            piece.report.file, f"{name[:-2]}_annote.{suffix}",
            f"data:{piece.copy_type};base64,{piece.copy}",
        ))  # fmt: skip
    return links


def _links(pieces: Sequence[ReportPiece], context: RenderOptions, page: str) -> list[PageLink]:
    """The report itself, in the forms that are read elsewhere."""
    reports = [piece.report for piece in pieces]
    if all(report.verdict is Verdict.ILLISIBLE for report in reports):
        return []
    stem = output_names(reports, "x")[0][:-2] if len(reports) == 1 else "controles"
    links = []
    for name, (kind, _) in TELECHARGEABLES.items():
        content = page.encode() if name == "html" else FORMATS[name].content(reports, context)
        links.append(PageLink(
            TELECHARGEABLES[name][1], f"{stem}_rapport.{name}",
            f"data:{kind};charset=utf-8;base64,{b64encode(content).decode()}",
        ))  # fmt: skip
    return links
