"""Where a campaign keeps what it knows: its journal, the folders of its outputs."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.files.os_errors import os_reason
from xl_cpom.typography import typeset

if TYPE_CHECKING:
    from xl_cpom.batch.journal import Journal


def open_journal(
    paths: Sequence[Path], asked: Path | None, consolidation: Path | None, *, reprendre: bool
) -> Journal:
    """The journal of the campaign; in memory when no folder can hold it, which is said."""
    from xl_cpom.batch.journal import Journal
    from xl_cpom.batch.journal_file import sweep_old

    if asked is not None:
        return Journal(asked)
    if consolidation is not None:
        output_folder(consolidation)
        return Journal(consolidation / "journal.sqlite")
    if not (reprendre or any(path.is_dir() for path in paths)):
        return Journal()
    said = "\n".join(sorted(str(path.resolve()) for path in paths))
    name = f"{hashlib.sha256(os.fsencode(said)).hexdigest()[:24]}.sqlite"
    folder = application_data() / "journaux"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep_old(folder)
        return Journal(folder / name)
    except OSError as failure:
        click.echo(
            typeset(f"Pas de journal ({os_reason(failure)}) : « --reprendre » relira tout."),
            err=True,
        )
        return Journal()


def output_folder(path: Path) -> None:
    """Make a folder of outputs. Raises CommandRefusedError."""
    from xl_cpom.batch.deposit import make_output_folder

    try:
        make_output_folder(path)
    except OSError as failure:
        said = (
            f"Le dossier « {path} » ne peut pas être écrit ({os_reason(failure)}). "
            "Choisissez-en un autre."
        )
        raise CommandRefusedError(typeset(said)) from failure


def application_data() -> Path:
    """Where programs keep what belongs to the user of this machine."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "xl_cpom"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/xl_cpom"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "xl_cpom"
