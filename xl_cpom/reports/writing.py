"""Reports written to files: one file for all the workbooks, or one per workbook in a folder.

Every file is written whole or not at all (`workbook.atomic`); nothing is written before
everything asked for has been rendered.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.files.atomic import atomic_write
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions
from xl_cpom.reports.renderings import Format, output_names

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


def write_rendered(
    format_: Format,
    reports: Sequence[Report],
    cible: Path,
    context: RenderOptions = DEFAULT_OPTIONS,
) -> tuple[Path, ...]:
    """Write the reports and return the files written.

    cible: a file, which receives all the reports, or an existing folder, which receives one file
    per workbook. Raises WriteError (French message) when a file cannot be written; the
    files already written stay, none is half written.
    """
    if cible.is_dir():
        names = output_names(reports, format_.extension)
        contents = [format_.content([report], context) for report in reports]
        targets = [cible / name for name in names]
    else:
        contents = [format_.content(reports, context)]
        targets = [cible]
    for target, content in zip(targets, contents, strict=True):
        with atomic_write(target) as temporary:
            temporary.write_bytes(content)
    return tuple(targets)
