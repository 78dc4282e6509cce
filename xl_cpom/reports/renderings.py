"""The table of the renderings: a format is one line here and one module with `render`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.harmless import safe_file_name
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


@dataclass(frozen=True, slots=True)
class Format:
    """One rendering: its name on the command line, the extension of its file, its module.

    module: `render(reports, context)` of that module gives text, or bytes when `binaire`.
    """

    name: str
    extension: str
    binary: bool
    module: str
    libelle: str

    def render(
        self, reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS
    ) -> str | bytes:
        """The rendering of one or several reports."""
        rendered = import_module(f"xl_cpom.reports.{self.module}").render(reports, context)
        assert isinstance(rendered, bytes if self.binary else str)
        return rendered

    def content(self, reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> bytes:
        """The same as bytes, ready to be written to a file."""
        rendered = self.render(reports, context)
        return rendered if isinstance(rendered, bytes) else rendered.encode()


FORMATS = {
    f.name: f
    for f in (
        Format("console", "txt", False, "console", "texte à lire dans le terminal"),
        Format("json", "json", False, "json_document", "objet JSON, au schéma publié"),
        Format("csv", "csv", False, "csv_file", "une ligne par anomalie, pour un tableur"),
        Format("html", "html", False, "html_page", "page à lire, à imprimer, à transmettre"),
        Format("xlsx", "xlsx", True, "xlsx_file", "anomalies, indicateurs, règles en tableaux"),
        Format("sarif", "sarif", False, "sarif", "SARIF 2.1.0, pour les outils qui le lisent"),
        Format("ecars", "xlsx", True, "ecars", "chiffres à saisir dans e-CARS"),
        Format("ecars-csv", "csv", False, "ecars_csv", "les mêmes, en CSV"),
        Format("lettre", "md", False, "letter", "lettre au gestionnaire, en Markdown"),
        Format("lettre-html", "html", False, "letter_html", "lettre à imprimer"),
    )
}
"""Every rendering, by the name used on the command line."""


def output_names(reports: Sequence[Report], extension: str) -> list[str]:
    """One file name per report, safe on every system and never twice the same (case ignored)."""
    names: list[str] = []
    taken: set[str] = set()
    ranks: dict[str, int] = {}
    for report in reports:
        name = report.file.replace("\\", "/").rpartition("/")[2]
        stem = safe_file_name(re.sub(r"(?i)\.xls[xm]$", "", name))
        name, rank = f"{stem}.{extension}", ranks.get(stem.lower(), 1)
        while name.lower() in taken:
            rank += 1
            name = f"{stem}_{rank}.{extension}"
        ranks[stem.lower()] = rank
        taken.add(name.lower())
        names.append(name)
    return names
