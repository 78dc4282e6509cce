"""`xl-cpom anonymiser`: a copy of a return that can be shown, and what it says that it kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.input_files import FICHIER
from xl_cpom.cli.refusing import copy_refusals
from xl_cpom.typography import guillemets, listing, plural, typeset, visible

if TYPE_CHECKING:
    from xl_cpom.reports.anonymous import Anonymised


@click.command()
@click.argument("retour", metavar="RETOUR", type=FICHIER)
@click.option(
    "-o", "--sortie", "copie", required=True, metavar="COPIE",
    type=click.Path(dir_okay=False, path_type=Path), help="Classeur .xlsx à écrire.",
)  # fmt: skip
@click.option("--ecraser", is_flag=True, help="Remplacer COPIE si elle existe déjà.")
def anonymiser(retour: Path, copie: Path, ecraser: bool) -> None:
    """Écrire une copie que l'on peut montrer : autres noms, autres textes, autres numéros.

    Les mots du secteur restent, les autres deviennent des mots inventés de même longueur ; les
    numéros FINESS, SIREN, SIRET, de téléphone et de sécurité sociale deviennent d'autres numéros,
    de clé juste si elle l'était. Montants, dates, effectifs, codes et formules restent : les
    anomalies sont les mêmes, aux mêmes cellules. Relisez la copie avant de la montrer.

    Code de retour : 0 copie écrite, 2 écriture refusée, 3 fichier illisible, 4 panne.
    """
    from xl_cpom.reports.anonymous import anonymise

    with copy_refusals():
        done = anonymise(retour, copie, replace=ecraser)
    for line in _said(done):
        click.echo(typeset(line))


def _said(done: Anonymised) -> Iterator[str]:
    yield f"Copie anonyme écrite : {visible(str(done.path))}"
    count = plural(len(done.report.findings), "anomalie", "anomalies")
    if not done.lost and not done.added:
        yield f"  Mêmes anomalies, aux mêmes cellules que l'original ({count})."
    for word, places in (("ne sont plus dites", done.lost), ("sont nouvelles", done.added)):
        if places:
            said = listing(
                f"{code} {visible(sheet, 40)} {' '.join(cells)}".strip()
                for code, sheet, cells in places
            )
            yield f"  ! Des anomalies de l'original {word} : {said}."
    if done.tabs:
        named = listing(guillemets(visible(name, 40)) for name in done.tabs)
        yield f"  ! Le nom des feuilles ajoutées reste tel quel : {named}."
    yield "  Montants, dates et effectifs sont ceux de l'original. Relisez avant de montrer."
