"""Command `xl-cpom modele`: a blank list or a letter for the ARS to fill in or to change."""

from __future__ import annotations

from pathlib import Path

import click

from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.typography import typeset

LISTS = ("derogations", "profil", "programmation", "attendus")
LETTERS = ("lettre", "accuse", "relance")
_SUFFIXES = {".xlsx": LISTS, ".docx": LETTERS, ".md": ("lettre",)}


@click.command()
@click.argument("quoi", type=click.Choice([*LISTS, *LETTERS]))
@click.option("-o", "--sortie", type=click.Path(dir_okay=False, path_type=Path), metavar="F",
              help="Fichier à écrire : .xlsx pour une liste, .docx pour une lettre (par défaut : "
                   "le nom du modèle, s'il n'existe pas déjà).")  # fmt: skip
@click.option("--ecraser", is_flag=True, help="Remplacer F s'il existe.")
def modele(quoi: str, sortie: Path | None, ecraser: bool) -> None:
    """Écrire un modèle vierge à remplir dans Excel, ou une lettre à adapter dans Word.

    derogations, profil : à donner à « valider » ; programmation : à « preparer » ; attendus : à
    « valider » ; lettre, accuse, relance : à « valider --lots », avec --modele-lettre,
    --modele-accuse et --modele-relance.
    """
    from xl_cpom.cli.report_output import write_bytes
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports import list_templates, word_letters
    from xl_cpom.reports.jinja_environment import template_source

    target = sortie or Path(f"{quoi}{'.xlsx' if quoi in LISTS else word_letters.EXTENSION}")
    suffix = target.suffix.lower()
    if quoi not in _SUFFIXES.get(suffix, ()):
        wanted = " ou ".join(s for s, known in _SUFFIXES.items() if quoi in known)
        raise click.UsageError(
            typeset(f"Ce modèle s'écrit en {wanted} : « {target.name} » a une autre extension.")
        )
    if target.exists() and not ecraser:
        raise CommandRefusedError(
            typeset(
                f"« {target} » existe déjà et n'est pas remplacé. Choisissez un autre nom avec "
                "l'option -o, ou ajoutez --ecraser."
            )
        )
    if quoi in LISTS:
        templates = list_templates.list_templates(load_referentiel().listes)
        content = list_templates.list_workbook(templates[quoi])
    elif suffix == word_letters.EXTENSION:
        content = word_letters.template_bytes(f"{quoi}{word_letters.EXTENSION}")
    else:
        content = template_source("lettre.md").encode()
    try:
        write_bytes(target, content)
    except WriteError as failure:
        raise CommandRefusedError(str(failure)) from failure
    click.echo(typeset(f"Modèle écrit : {target}"))
