"""What goes with a control on the command line: --precedent, --finess, --derogations, --profil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.decorated import DecoratedCommand
from xl_cpom.cli.finess_reading import READINGS, followed_reading
from xl_cpom.cli.input_files import FICHIER, FILE_OR_FOLDER, PROFIL
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError

if TYPE_CHECKING:
    from xl_cpom.validators.companions import Complements

_KEYS = ("precedent", "finess", "derogations", "profil")


def complement_options(command: DecoratedCommand) -> DecoratedCommand:
    """Add these options to a command."""
    for option in (
        click.option("--profil", type=PROFIL, metavar="F|NOM",
                     help="Profil de la campagne (TOML, CSV ou Excel) : gravités changées, règles "
                          "désactivées. « xl-cpom modele profil » en écrit un à remplir ; "
                          "« accoutumance » est livré pour une première année."),
        click.option("--derogations", type=FICHIER, metavar="F",
                     help="Dérogations accordées par l'ARS (TOML, CSV ou Excel) : ce qu'elles "
                          "lèvent ne compte pas dans le verdict. « xl-cpom modele derogations » "
                          "écrit une liste à remplir."),
        click.option("--finess", type=FILE_OR_FOLDER, metavar="T",
                     help=f"Répertoire FINESS à rapprocher : {READINGS}."),
        click.option("--precedent", type=FILE_OR_FOLDER,
                     metavar="F|DOSSIER",
                     help="Retour de l'année précédente à comparer, ou dossier où chercher celui "
                          "du même organisme."),
    ):  # fmt: skip
        command = option(command)
    return command


def read_complements(options: dict[str, Any]) -> Complements:
    """Take these options out of the others and read what they name; refuse in one sentence."""
    from xl_cpom.validators.companions import completed

    given = {key: options.pop(key) for key in _KEYS}
    if not any(given.values()):
        return completed()
    from xl_cpom.finess.extract import load_extract
    from xl_cpom.finess.layouts import UnreadableExtractError
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.companion_files import BadFileError
    from xl_cpom.validators.precedents import UnreadablePrecedentError

    try:
        if given["finess"] is not None:
            with followed_reading("Lecture de FINESS") as suivi:
                given["finess"] = load_extract(given["finess"], suivi=suivi)
        complements = completed(**given)
        if complements.precedents is not None:
            complements.precedents.verifier(load_referentiel())
    except BadFileError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    except (UnreadableExtractError, UnreadablePrecedentError) as refusal:
        raise UnreadableFileError(str(refusal)) from refusal
    return complements
