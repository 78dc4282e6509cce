"""`xl-cpom corriger`: a copy with the repairs that the reading made without doubt, listed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.input_files import FICHIER
from xl_cpom.cli.refusing import copy_refusals
from xl_cpom.typography import guillemets, plural, typeset, visible
from xl_cpom.validators.certain_repairs import LEFT_TO_CONFIRM

if TYPE_CHECKING:
    from xl_cpom.reports.correction import CellRepair, Correction
    from xl_cpom.validators.model import Report

SHOWN = 20
"""Repairs shown in the terminal unless --tout is given."""


@click.command()
@click.argument("retour", metavar="RETOUR", type=FICHIER)
@click.option(
    "-o", "--sortie", "copie", required=True, metavar="COPIE",
    type=click.Path(dir_okay=False, path_type=Path), help="Classeur à écrire.",
)  # fmt: skip
@click.option("--ecraser", is_flag=True, help="Remplacer COPIE si elle existe déjà.")
@click.option("--tout", is_flag=True, help="Montrer la liste des réparations en entier.")
def corriger(retour: Path, copie: Path, ecraser: bool, tout: bool) -> None:
    """Écrire une copie où sont réparées les valeurs qui n'ont qu'une lecture possible.

    Un numéro FINESS enregistré comme un nombre, un taux ou une date en texte, une valeur de liste
    mal orthographiée : la copie les porte comme le contrôle les a lus, et la commande les liste. Le
    reste du classeur (mises en forme, commentaires, formules) n'est pas touché, et l'original ne
    l'est jamais. Ce qui est à corriger ou à confirmer par vous reste à sa place.

    Code de retour : 0 copie écrite, 2 écriture refusée, 3 fichier illisible, 4 panne.
    """
    from xl_cpom.reports.correction import correct
    from xl_cpom.validators.check import check_retour

    with copy_refusals():
        done = correct(retour, copie, replace=ecraser)
    report = check_retour(copie.name, done.read)
    for line in _said(done, report, None if tout else SHOWN):
        click.echo(typeset(line))


def _said(done: Correction, report: Report, limit: int | None) -> Iterator[str]:
    """The copy, then the repairs, then what their author must confirm, then what is left."""
    from xl_cpom.reports.ready_to_send import TITLE, last_checks

    yield f"Copie écrite : {visible(str(done.path))}"
    if not done.repairs:
        yield "  Rien n'était à réparer : la copie est identique à l'original."
    else:
        yield f"  {plural(len(done.repairs), 'valeur réparée', 'valeurs réparées')}"
        shown = done.repairs if limit is None else done.repairs[:limit]
        yield from map(_repair, shown)
        if len(shown) < len(done.repairs):
            rest = plural(len(done.repairs) - len(shown), "autre", "autres")
            yield f"  … et {rest} (--tout les montre)"
    doubts = [found for found in report.findings if found.code in LEFT_TO_CONFIRM]
    if doubts:
        yield ""
        yield "Laissé tel quel, à confirmer par vous :"
        for found in doubts[:limit]:
            yield f"    {found.sheet}, {', '.join(found.cells)} : {found.message}"
        if doubts[limit or len(doubts) :]:
            yield "    … et d'autres (--tout les montre)"
    yield ""
    yield TITLE
    yield from (f"  {check.symbol} {check.text}" for check in last_checks(report))


def _repair(repair: CellRepair) -> str:
    from xl_cpom.validators.personal_data import masked

    where = f"{visible(masked(repair.sheet), 40)}, {repair.cell} – {repair.column}"
    read, written = (guillemets(visible(masked(t), 60)) for t in (repair.read, repair.written))
    return f"    {where} : {read} → {written}"
