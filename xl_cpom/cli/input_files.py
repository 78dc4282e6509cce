"""Files given on the command line: they exist, and no output of the command may replace them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from xl_cpom.files.atomic import inputs_intact
from xl_cpom.files.temporaries import sweep


class InputPath(click.Path):
    """A path that must exist; for as long as the command runs, nothing is written over it."""

    def __init__(self, *, dossiers: bool = False) -> None:
        """`dossiers`: a folder may be given too (its files are then for the command to guard)."""
        super().__init__(exists=True, dir_okay=dossiers, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        keep([path], ctx)
        return path


class ProfilePath(InputPath):
    """A profile: a file, or the name of one of those that come with the program."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        from xl_cpom.validators.profil import profile_path

        return super().convert(str(profile_path(value)), param, ctx)


def keep(paths: list[Path], ctx: click.Context | None = None) -> None:
    """Guard these files until the command ends; what a killed run left of others is removed."""
    sweep()
    ctx = ctx or click.get_current_context(silent=True)
    if ctx is not None:
        ctx.with_resource(inputs_intact(paths))


FICHIER = InputPath()
PROFIL = ProfilePath()
FILE_OR_FOLDER = InputPath(dossiers=True)
