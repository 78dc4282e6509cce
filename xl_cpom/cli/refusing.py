"""How a command refuses: one French sentence, and the exit code that says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from xl_cpom.errors import XlCpomError
from xl_cpom.typography import typeset


class CommandRefusedError(XlCpomError, click.ClickException):
    """The command cannot do what is asked: exit code 2."""

    exit_code = 2


class UnreadableFileError(XlCpomError, click.ClickException):
    """A file given cannot be read: exit code 3."""

    exit_code = 3


@contextmanager
def copy_refusals() -> Iterator[None]:
    """What refuses a copy of a workbook, as a command says it."""
    from xl_cpom.reports.annotate import AnnotationError
    from xl_cpom.workbook.reader import UnreadableWorkbookError

    try:
        yield
    except AnnotationError as refusal:
        raise CommandRefusedError(typeset(f"{refusal.message} {refusal.fix}".strip())) from refusal
    except UnreadableWorkbookError as refusal:
        raise UnreadableFileError(f"{refusal.message} {refusal.fix}".strip()) from refusal


_JOURNAL_FAILURES = {
    "database or disk is full": "il n'y a plus de place sur le disque. Libérez-en, puis relancez "
    "la commande.",
    "attempt to write a readonly database": "le dossier est en lecture seule. Choisissez-en un "
    "autre.",
    "database is locked": "un autre passage l'utilise. Attendez qu'il finisse, puis relancez la "
    "commande.",
    "disk I/O error": "le disque a refusé l'écriture. Choisissez un autre dossier.",
}
"""What SQLite says -> what happened and what to do (French)."""


def unwritten_journal(failure: Exception) -> CommandRefusedError:
    """The journal beside the outputs meets the disk as they do: full, or that cannot be written."""
    why = _JOURNAL_FAILURES.get(str(failure), f"{failure}.")
    return CommandRefusedError(typeset(f"Le journal ne peut pas être écrit : {why}"))
