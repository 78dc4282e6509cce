"""`xl-cpom valider FICHIER` and nothing else: the control that a person waits for.

Reading options takes click and the modules of all the options, a tenth of that control. Here the
words are looked at: a workbook that can be opened is controlled at once, as `cli.valider` does with
no option; for anything else (an option, a folder, a name that is no file) click is asked.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

PASSWORD_VARIABLE = "XL_CPOM_MOT_DE_PASSE"  # noqa: S105 - the name of the variable
"""Who sets it gives an option, as `password_option` reads it."""


def only_a_file(arguments: Sequence[str]) -> Path | None:
    """The workbook, when these words ask for its control and for nothing else."""
    if len(arguments) != 2 or arguments[0] != "valider" or PASSWORD_VARIABLE in os.environ:
        return None
    name = arguments[1]
    if sys.platform == "win32":  # click writes on a console of Windows in its own way
        return None
    path = Path(name)
    if name.startswith("-") or path.suffix.lower() not in WORKBOOK_SUFFIXES:
        return None
    return path if path.is_file() and os.access(path, os.R_OK) else None


def control_alone(path: Path) -> NoReturn:
    """Control this workbook, print the report, exit with its verdict."""
    from xl_cpom.files.temporaries import sweep
    from xl_cpom.validators.check import check
    from xl_cpom.validators.model import exit_code

    try:
        sweep()  # what a killed run left
        report = check(path)
        sys.stdout.write(_text(report))
        sys.stdout.flush()
    except (KeyboardInterrupt, OSError) as failure:  # stopped, or nobody reads any more
        _as_click_ends(failure)
    sys.exit(exit_code(report))


def terminal_width() -> int:
    """Columns of the terminal, 100 at most: beyond that lines are hard to read."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


def _text(report: Report) -> str:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports.console import render
    from xl_cpom.reports.render_context import RenderOptions
    from xl_cpom.validators.catalogue import RULES

    options = RenderOptions(rules=RULES, referentiel=load_referentiel(), width=terminal_width(),
                            color=sys.stdout.isatty())  # fmt: skip
    return render([report], options)


def _as_click_ends(failure: BaseException) -> NoReturn:
    """End as a command that click runs does: its sentence, its exit code."""
    import click

    from xl_cpom.cli.french_click import speak_french

    def fail() -> None:
        raise failure

    speak_french()
    click.Command("valider", callback=fail).main(args=[], prog_name="xl-cpom")
