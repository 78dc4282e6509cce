"""`xl-cpom bilan`: what a contract reached over its years, and what becomes of what is left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.input_files import FICHIER, FILE_OR_FOLDER, keep
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.typography import listing, plural, typeset

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur


@click.command()
@click.argument("retour", metavar="RETOUR", type=FICHIER)
@click.option(
    "--precedent", "precedents", type=FILE_OR_FOLDER, multiple=True, metavar="F|DOSSIER",
    help="Retours des années précédentes, ou dossiers où chercher ceux du même organisme "
         "(répétable).",
)  # fmt: skip
@click.option(
    "-o", "--sortie", "dossier", required=True, metavar="DOSSIER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire « bilan.html » et « bilan.xlsx ».",
)  # fmt: skip
def bilan(retour: Path, precedents: tuple[Path, ...], dossier: Path) -> None:
    """Faire le bilan d'un contrat d'après son dernier retour et ceux d'avant.

    Les années côte à côte, l'indicateur d'impact de chaque module, ce qui n'est pas achevé et ce
    qu'il devient : clore, reporter ou transformer. La colonne « Devenir » de « bilan.xlsx » est une
    proposition, à décider ensemble.

    Code de retour : 0 bilan écrit, 2 écriture refusée, 3 fichier illisible, 4 panne.
    """
    from xl_cpom.files.atomic import WriteError, atomic_write
    from xl_cpom.files.os_errors import os_reason
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports.bilan import bilan_page, bilan_workbook
    from xl_cpom.reports.bilan.contract_outcome import contract_outcome
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook

    keep([retour, *precedents])
    try:
        last = interpret(read_workbook(retour), load_referentiel()).classeur
    except UnreadableWorkbookError as refusal:
        raise UnreadableFileError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    outcome = contract_outcome(last, _earlier(last, precedents))
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        with atomic_write(dossier / "bilan.html") as temporary:
            temporary.write_text(bilan_page.render(outcome), encoding="utf-8")
        with atomic_write(dossier / "bilan.xlsx") as temporary:
            temporary.write_bytes(bilan_workbook.build(outcome))
    except WriteError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    except OSError as failure:
        said = f"Le dossier « {dossier} » ne peut pas être écrit ({os_reason(failure)})."
        raise CommandRefusedError(typeset(said)) from failure
    years = listing(outcome.returns) if outcome.returns else "aucune"
    click.echo(typeset(f"Bilan écrit : {dossier / 'bilan.html'} et bilan.xlsx"))
    click.echo(typeset(f"  années lues : {years}"))
    left = plural(len(outcome.leftovers), "ligne inachevée", "lignes inachevées")
    click.echo(typeset(f"  {left}" if outcome.leftovers else "  tout est achevé"))
    if not outcome.last_year:
        click.echo(
            typeset(
                f"  {outcome.year or 'Cette année'} n'est pas la dernière du contrat : ce "
                "bilan est provisoire"
            )
        )


def _earlier(last: Classeur, paths: Sequence[Path]) -> list[Classeur]:
    """The returns of the years before, found one from the other in what is given."""
    from xl_cpom.validators.precedents import load_precedents

    found: dict[int, Classeur] = {}
    for path in paths:
        source = load_precedents(path)
        current: Classeur | None = last
        while current is not None:
            before = source.find(current).classeur
            rank = None if before is None else before.followed_rank
            if before is None or rank is None or (current.followed_rank or 0) <= rank:
                break
            if before.identification.finess_ej == last.identification.finess_ej:
                found.setdefault(rank, before)
            current = before if source.folder else None
    return list(found.values())
