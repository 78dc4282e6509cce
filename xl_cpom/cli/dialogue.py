"""`xl-cpom dialogue`: two printed pages to talk over with an organisme."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.companion_options import complement_options, read_complements
from xl_cpom.cli.date_option import IsoDate
from xl_cpom.cli.input_files import FICHIER, keep
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.typography import plural, typeset

if TYPE_CHECKING:
    from xl_cpom.reports.dialogue.peers import Peers


@click.command()
@click.argument("retour", metavar="RETOUR", type=FICHIER)
@click.option(
    "--consolidation",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Consolidation de la campagne, d'où viennent les quarts de la région, du département et "
    "des ESMS de même catégorie.",
)
@click.option(
    "-o", "--sortie", required=True, metavar="F.html",
    type=click.Path(path_type=Path, dir_okay=False), help="Fichier à écrire.",
)  # fmt: skip
@click.option(
    "--date",
    type=IsoDate(),
    help="Date à laquelle juger les échéances (par défaut : la date d'arrêté du classeur).",
)
@complement_options
def dialogue(
    retour: Path, consolidation: Path | None, sortie: Path, date: dt.date | None, **options: Any
) -> None:
    """Écrire la fiche du dialogue de gestion d'un organisme : deux pages A4.

    Trajectoire et cibles, place parmi les autres, actions et mesures en retard, systèmes
    d'information absents, critères HAS, argent, chiffres atypiques, points à négocier dans
    l'ordre, et les cadres à remplir : date, participants, décisions, prochaine étape.

    Code de retour : 0 fiche écrite, 2 écriture refusée ou consolidation absente, 3 fichier
    illisible, 4 panne.
    """
    from xl_cpom.files.atomic import WriteError, atomic_write
    from xl_cpom.reports.dialogue import brief_page
    from xl_cpom.reports.dialogue.meeting_brief import meeting_brief
    from xl_cpom.reports.dialogue.talking_points import talking_points
    from xl_cpom.validators.check import check_and_keep

    keep([retour])
    arguments = read_complements(options).as_arguments()
    report, read = check_and_keep(retour, date=date, **dict(arguments))
    if read is None:
        told = report.findings[0]
        raise UnreadableFileError(f"{told.message} {told.fix}".strip())
    peers = _peers(consolidation, read.classeur.annee_suivie)
    brief = meeting_brief([(read.classeur, report)], report, peers)
    try:
        with atomic_write(sortie) as temporary:
            temporary.write_text(brief_page.render(brief), encoding="utf-8")
    except WriteError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    click.echo(typeset(f"Fiche de dialogue écrite : {sortie}"))
    points = talking_points(brief)
    click.echo(typeset(f"  {plural(len(points), 'point')} à négocier" if points
                       else "  rien n'est en retard"))  # fmt: skip
    click.echo(f"  {brief.compared}")


def _peers(folder: Path | None, annee: int | None) -> Peers | None:
    from xl_cpom.batch.consolidation.peer_tables import NoPeersError, read_peers

    if folder is None:
        return None
    try:
        return read_peers(folder, annee)
    except NoPeersError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
