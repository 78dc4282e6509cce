"""`xl-cpom serveur`: the page to drop workbooks on, and the interface for programs."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from xl_cpom.cli.control_page_option import control_page_file
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.extras import install_command
from xl_cpom.typography import typeset

MODULES = ("starlette", "uvicorn", "python_multipart")
"""What the optional extra « serveur » installs."""


@click.command()
@click.option(
    "--adresse", default="127.0.0.1", show_default=True, metavar="ADRESSE",
    help="Adresse d'écoute ; celle par défaut ne répond qu'à cet ordinateur.",
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, metavar="PORT",
    help="Port d'écoute (0 : un port libre).",
)  # fmt: skip
@click.option(
    "--ouvriers", type=click.IntRange(1, 64), default=None, metavar="N",
    help="Classeurs contrôlés à la fois (par défaut : autant que de cœurs).",
)  # fmt: skip
@click.option(
    "--theme",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Dossier d'un thème : theme.css, logo.svg, logo.txt.",
)
@click.option(
    "--hote", "hotes", multiple=True, metavar="NOM",
    help="Nom sous lequel le serveur répond aussi (répétable).",
)  # fmt: skip
@click.option(
    "--journal", is_flag=True, help="Écrire une ligne par requête, sans nom de fichier ni contenu."
)
@click.option(
    "--double-lecture",
    is_flag=True,
    help="Faire relire chaque classeur par un second lecteur indépendant (openpyxl), dans un "
    "processus à part.",
)
@control_page_file(
    "Page qui contrôle sans serveur (« make navigateur »), proposée à qui préfère ne rien envoyer."
)
def serveur(
    adresse: str,
    port: int,
    ouvriers: int | None,
    theme: Path | None,
    hotes: tuple[str, ...],
    journal: bool,
    double_lecture: bool,
    control_page: Path | None,
) -> None:
    """Ouvrir une page où déposer les classeurs, sur cet ordinateur.

    Rien n'est conservé : chaque classeur est oublié dès que son rapport est rendu. « Ctrl+C »
    arrête le serveur.
    """
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise CommandRefusedError(
            typeset(
                f"Le serveur demande des bibliothèques absentes ({', '.join(missing)}). "
                f"Installez-les : {install_command('serveur')}"
            )
        )
    from xl_cpom.server.launch import PortInUseError, launch
    from xl_cpom.server.settings import ServerSettings
    from xl_cpom.server.theme import UnreadableThemeError

    settings = ServerSettings(
        address=adresse, port=port, workers=ouvriers, theme=theme,
        hosts=tuple(name.lower() for name in hotes), journal=journal,
        second_reading=double_lecture, control_page=control_page,
    )  # fmt: skip
    try:
        launch(settings, lambda text: click.echo(typeset(text), err=True))
    except (UnreadableThemeError, PortInUseError) as failure:
        raise CommandRefusedError(str(failure)) from failure
