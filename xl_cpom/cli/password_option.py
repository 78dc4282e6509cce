"""--mot-de-passe: taken from the command line, from the environment, or asked for unseen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.control_alone import PASSWORD_VARIABLE
from xl_cpom.extras import install_command

if TYPE_CHECKING:
    from xl_cpom.workbook.decryption import Password

ASK = "-"
"""Value that has the password asked for: it is then in no list of processes, no history."""


OPTION, VARIABLE = "--mot-de-passe", PASSWORD_VARIABLE


def hide(arguments: Sequence[str]) -> None:
    """Start again without the password that stands among the arguments of this process.

    Anybody on the machine reads the arguments of a process; its owner alone reads its environment.
    Windows, where a process cannot become another one, shows them to its owner only.
    """
    found, kept = _separate(arguments)
    if found is None or found == ASK or sys.platform == "win32":
        return
    os.environ[VARIABLE] = found
    start = sys.orig_argv[: len(sys.orig_argv) - len(arguments)]
    os.execv(sys.executable, [*start, *kept])  # noqa: S606 - ourselves, with the same interpreter


def _separate(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The password given as an option, and the other arguments."""
    kept: list[str] = []
    found: str | None = None
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            kept += [word, *words]
        elif name != OPTION:
            kept.append(word)
        else:
            found = value if equals else next(words, None)
    return found, kept


def read_password(donne: str) -> Password:
    """The password; ends the command in one sentence when it cannot be used."""
    from xl_cpom.workbook.decryption import Password, can_decrypt

    if not can_decrypt():
        raise click.UsageError(
            f"--mot-de-passe demande l'option « chiffre » ({install_command('chiffre')})."
        )
    os.environ.pop(VARIABLE, None)  # the processes we start have no use for it
    if donne == ASK:
        donne = _ask()
    if not donne:
        raise click.UsageError("Le mot de passe est vide.")
    return Password(donne)


def _ask() -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt("Mot de passe", hide_input=True, default="", show_default=False)
        return answer
    return sys.stdin.readline().rstrip("\r\n")
