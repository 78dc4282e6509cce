"""The command `xl-cpom`: arguments in, exit code out, nothing else.

The control of one file and nothing else (`control_alone`) is run at once; whatever else is asked is
read by click, in `command_group`, which this module imports only then.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from xl_cpom.cli.control_alone import control_alone, only_a_file
from xl_cpom.cli.signals import end_in_order, let_the_end_be
from xl_cpom.typography import typeset, visible

if TYPE_CHECKING:
    from xl_cpom.cli.command_group import COMMANDS, cli

__all__ = ["COMMANDS", "cli", "main"]

FAILURE = 4
"""Exit code of a failure of the program itself."""

GC_THRESHOLD = 100_000
"""Objects made before the collector looks for circles: a short process that imports pandas and
reads thousands of cells otherwise spends a tenth of its time there. Memory stays bounded by the
reader's limits."""


def __getattr__(name: str) -> Any:
    """The group of commands and their list, for who runs them in its own process."""
    if name in ("COMMANDS", "cli"):
        from xl_cpom.cli import command_group

        return getattr(command_group, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main(arguments: list[str] | None = None) -> NoReturn:
    """Entry point of `xl-cpom`: runs the command and exits with its code."""
    for stream in (sys.stdout, sys.stderr):
        _utf8(stream)
    gc.set_threshold(GC_THRESHOLD)
    atexit.register(_end_at_once)
    end_in_order()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if (path := only_a_file(given)) is not None:
            control_alone(path)
        _through_click(arguments)
    except Exception as error:  # noqa: BLE001 - the last edge: a failure of the program, code 4
        _failure(error)
    finally:
        let_the_end_be()
    raise SystemExit(0)  # click has already exited; says so to the type checker


def _through_click(arguments: list[str] | None) -> None:
    """Read the arguments and run the command they name."""
    from xl_cpom.cli.command_group import cli
    from xl_cpom.cli.french_click import speak_french
    from xl_cpom.cli.password_option import hide

    if arguments is None:
        hide(sys.argv[1:])
    speak_french()
    cli.main(args=arguments, prog_name="xl-cpom")


_TIDY = frozenset({"duckdb", "lxml", "pandas", "pyarrow"})
"""Libraries that count what they made as the process ends, and complain of what is left."""


def _end_at_once() -> None:
    """Leave what is left to the system: looking for circles took a tenth of a short process."""
    if _TIDY.isdisjoint(sys.modules):
        gc.freeze()


def _failure(error: Exception) -> NoReturn:
    """One French sentence for a failure of the program; the details are for who mends it."""
    if os.environ.get("XL_CPOM_TRACE"):
        raise error
    import click

    detail = f"{type(error).__name__} : {error}"
    click.echo(
        typeset(
            f"Le contrôle est tombé en panne ({visible(detail, 200)}). Ce n'est pas une faute de "
            "votre classeur : signalez-le aux auteurs de xl_cpom, avec cette phrase. "
            "XL_CPOM_TRACE=1 donne le détail."
        ),
        err=True,
    )
    raise SystemExit(FAILURE)


def _utf8(stream: Any) -> None:
    """Windows consoles and pipes default to a code page that cannot write « é » safely."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace")
