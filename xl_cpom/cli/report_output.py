"""Where a command's report goes: the terminal, one file, or one file per workbook in a folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.control_alone import terminal_width
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.files.atomic import WriteError, atomic_write
from xl_cpom.reports.render_context import InvalidTemplateError, RenderOptions
from xl_cpom.reports.renderings import FORMATS, Format, output_names
from xl_cpom.typography import typeset
from xl_cpom.workbook.replacement import refuse_if_filled

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


__all__ = ["require_one_file", "terminal_width", "write_bytes", "write_reports"]


def require_one_file(format_name: str, output: Path | None) -> None:
    """Refuse, before any work, to print what a terminal cannot show."""
    if FORMATS[format_name].binary and output is None:
        raise click.UsageError(
            typeset(f"Le format {format_name} demande un fichier : ajoutez -o FICHIER.")
        )


def write_reports(
    reports: Sequence[Report],
    format_name: str,
    output: Path | None,
    *,
    width: int,
    lettre: Mapping[str, Any] | None = None,
    discarded: Mapping[str, str] | None = None,
) -> None:
    """Print or write the reports. A target that cannot be written ends with a French error.

    lettre: what the letters say beside the report (`RenderOptions.date` and its neighbours).
    ecartes: the files that the campaign does not count, and why.
    """
    rendering = FORMATS[format_name]
    color = output is None and sys.stdout.isatty()
    context = _context(width=width, color=color, discarded=discarded or {}, **lettre or {})
    try:
        if output is None:
            click.echo(rendering.render(reports, context), nl=False)
        else:
            _write(reports, rendering, output, context)
    except (WriteError, InvalidTemplateError) as refusal:
        raise CommandRefusedError(str(refusal)) from refusal


def _write(
    reports: Sequence[Report], rendering: Format, output: Path, context: RenderOptions
) -> None:
    if not output.is_dir():
        write_bytes(output, rendering.content(reports, context))
        return
    names = output_names(reports, rendering.extension)
    for report, name in zip(reports, names, strict=True):
        write_bytes(output / name, rendering.content([report], context))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a report whole or not at all, never over a filled workbook.

    Raises WriteError.
    """
    refuse_if_filled(path)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def _context(**options: Any) -> RenderOptions:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.catalogue import RULES

    return RenderOptions(rules=RULES, referentiel=load_referentiel(), **options)
