"""`xl-cpom transvaser`: an old workbook into a clean one, and what became of everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.input_files import FICHIER
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.typography import guillemets, plural, typeset, value_text, visible

if TYPE_CHECKING:
    from xl_cpom.workbook.transfer import NotTransferred, RepairedCell, TransferReport

SHOWN = 20
"""Lines of a list shown in the terminal unless --tout is given."""


@click.command()
@click.argument("ancien", metavar="ANCIEN", type=FICHIER)
@click.option(
    "-o", "--sortie", "nouveau", required=True, metavar="NOUVEAU",
    type=click.Path(dir_okay=False, path_type=Path), help="Classeur .xlsx à écrire.",
)  # fmt: skip
@click.option("--ecraser", is_flag=True, help="Remplacer NOUVEAU s'il existe déjà.")
@click.option("--tout", is_flag=True, help="Montrer les listes en entier.")
def transvaser(ancien: Path, nouveau: Path, ecraser: bool, tout: bool) -> None:
    """Reporter le contenu d'un classeur abîmé, remanié ou ancien dans un classeur neuf.

    Les valeurs reconnues prennent leur place et leur type ; ce qui n'a pas pu être lu reste dans
    sa cellule, tel quel ; ce qui n'a pas de place est mis sur la feuille « Non repris », avec son
    origine. L'ancien classeur n'est pas modifié. Contrôlez ensuite le nouveau avec « valider ».

    Code de retour : 0 classeur écrit, 2 écriture refusée, 3 fichier illisible, 4 panne.
    """
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.workbook.reader import UnreadableWorkbookError
    from xl_cpom.workbook.transfer import TransferTargetError
    from xl_cpom.workbook.transfer import transfer as pour

    try:
        done = pour(ancien, nouveau, ecraser=ecraser)
    except (TransferTargetError, WriteError) as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    except UnreadableWorkbookError as refusal:
        raise UnreadableFileError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    for line in _said(done, None if tout else SHOWN):
        click.echo(line)


def _said(done: TransferReport, limite: int | None) -> Iterator[str]:
    """What the command prints: the counts, the repairs, what has no place, what to do next."""
    yield typeset(f"Classeur écrit : {done.path}")
    yield f"  {plural(done.taken, 'cellule reprise', 'cellules reprises')}"
    repaired = plural(len(done.repairs), "valeur réparée", "valeurs réparées")
    left = plural(len(done.not_taken), "contenu non repris", "contenus non repris")
    yield f"  {repaired}" if done.repairs else "  aucune réparation"
    yield f"  {left}" if done.not_taken else "  rien n'est laissé de côté"
    yield from (f"  ! {text}" for text in done.warnings)
    yield from _items("Valeurs réparées", [_reparation(r) for r in done.repairs], limite)
    yield from _items(
        "Non repris (feuille « Non repris » du nouveau classeur)",
        [_non_repris(n) for n in done.not_taken],
        limite,
    )
    yield ""
    yield typeset(f"Contrôlez-le maintenant : xl-cpom valider {done.path}")


def _items(titre: str, lines: Sequence[str], limite: int | None) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield typeset(f"{titre} :")
    shown = lines if limite is None or len(lines) <= limite + 1 else lines[:limite]
    yield from (f"  {line}" for line in shown)
    if len(shown) < len(lines):
        rest = plural(len(lines) - len(shown), "autre", "autres")
        yield typeset(f"  … et {rest} (--tout les montre)")


def _reparation(repair: RepairedCell) -> str:
    from xl_cpom.validators.personal_data import masked

    read = guillemets(visible(masked(repair.was_read), 60)) if repair.was_read else "(vide)"
    where = f"{visible(masked(repair.sheet), 40)}, {repair.cell} – {repair.column}"
    return typeset(f"{where} : {read} → {guillemets(visible(masked(repair.written), 60))}")


def _non_repris(left: NotTransferred) -> str:
    from xl_cpom.validators.personal_data import masked

    where = f"{visible(masked(left.sheet), 40)}, {visible(left.cell, 12)}"
    content = guillemets(visible(masked(value_text(left.content)), 60))
    return typeset(f"{where} : {content} ({visible(left.reason)})")
