"""How a command refuses: one French sentence, and the exit code that says why."""

from __future__ import annotations

import click

from xl_cpom.errors import XlCpomError


class CommandRefusedError(XlCpomError, click.ClickException):
    """The command cannot do what is asked: exit code 2."""

    exit_code = 2


class UnreadableFileError(XlCpomError, click.ClickException):
    """A file given cannot be read: exit code 3."""

    exit_code = 3
