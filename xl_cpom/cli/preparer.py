"""`xl-cpom preparer`: one pre-filled workbook per organisme, and the table to follow them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.campaign_run import FAILURE, INTERROMPU
from xl_cpom.cli.finess_reading import READINGS, filter_options, followed_reading, read_filter
from xl_cpom.cli.input_files import FICHIER, FILE_OR_FOLDER
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.cli.variante_option import variante_option
from xl_cpom.typography import listing, plural, typeset

if TYPE_CHECKING:
    from xl_cpom.batch.preparation import PlannedWorkbook


@click.command()
@click.option(
    "--referentiel", "extrait", type=FILE_OR_FOLDER, required=True, metavar="T",
    help=f"Répertoire FINESS : {READINGS}.",
)  # fmt: skip
@click.option(
    "--programmation", type=FICHIER, metavar="P.csv",
    help="Liste des organismes à préparer (finess_ej, raison_sociale, departement, type_contrat, "
         "date_entree, competence, contact, courriel, telephone) ; par défaut, tous ceux de "
         "l'extrait.",
)  # fmt: skip
@click.option(
    "-o", "--sortie", "dossier", type=click.Path(file_okay=False, path_type=Path), required=True,
    metavar="DOSSIER", help="Dossier où écrire les classeurs et la table de suivi.",
)  # fmt: skip
@click.option(
    "--annee", type=click.IntRange(2020, 2099), metavar="AAAA",
    help="Année suivie par la campagne : écrite dans les classeurs et dans la liste des attendus.",
)  # fmt: skip
@variante_option
@filter_options
@click.option("-j", "--processus", "jobs", type=click.IntRange(1, 256), metavar="N",
              help="Classeurs écrits en même temps (par défaut : un par cœur).")  # fmt: skip
def preparer(
    extrait: Path,
    programmation: Path | None,
    dossier: Path,
    annee: int | None,
    jobs: int | None,
    variante: str,
    **criteres: tuple[str, ...],
) -> None:
    """Écrire un classeur prérempli par organisme gestionnaire, et de quoi les suivre.

    « suivi.csv » dit ce qui est envoyé et reçu ; « attendus.csv » est la liste à donner ensuite à
    « xl-cpom valider --attendus ». Relancée, la commande n'écrit que ce qui manque ou a changé ;
    un classeur rempli depuis est laissé tel quel. Un établissement fermé dans FINESS n'est pas
    prérempli, et c'est dit.

    Code de retour : 0 tous les classeurs sont écrits, 2 liste ou extrait inutilisable, 4 un
    classeur n'a pas pu être écrit.
    """
    from xl_cpom.batch.follow_up import ATTENDUS, SUIVI
    from xl_cpom.batch.given_lists import UnreadableListError
    from xl_cpom.batch.preparation import (
        MISSING,
        WITHOUT_ESMS,
        WRITTEN,
        classeurs,
        for_year,
        not_in_the_list,
    )
    from xl_cpom.batch.preparation import prepare_workbooks as write
    from xl_cpom.batch.progress import avancement
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.formulas.variants import Variante
    from xl_cpom.workbook.template.prefill import UnreadableExtractError
    from xl_cpom.workers.pool import WorkerSettings, WorkerStartError

    try:
        sieve = read_filter(criteres)
        with followed_reading("Lecture de FINESS") as suivi:
            wanted = [
                replace(classeur, variante=Variante(variante))
                for classeur in classeurs(extrait, programmation, load_referentiel(), sieve, suivi)
            ]
        if programmation is None:
            wanted = [c for c in wanted if c.contenu]
        if annee is not None:
            wanted = [for_year(classeur, annee) for classeur in wanted]
        if not wanted:
            raise CommandRefusedError(typeset("Aucun organisme à préparer dans cet extrait."))
        counts: Counter[str] = Counter()
        told: list[str] = []
        with avancement(len(wanted), "Préparation") as follow:
            for done in write(wanted, dossier, WorkerSettings(jobs=jobs, delai=120.0)):
                counts[done.etat] += 1
                follow(done.etat, done.etat != WRITTEN)
                if done.etat == WITHOUT_ESMS or done.detail:
                    said = f"{done.classeur.finess_ej} {done.classeur.nom} : {done.etat}"
                    told.append(typeset(f"{said} {done.detail}".rstrip()))
        told.extend(_closed(classeur) for classeur in wanted if classeur.closed)
        if left := not_in_the_list(wanted, dossier):
            told.append(_gone(left))
        for line in told:
            click.echo(line, err=True)
    except (UnreadableListError, UnreadableExtractError, WriteError) as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    except WorkerStartError as failure:
        click.echo(str(failure), err=True)
        sys.exit(FAILURE)
    except KeyboardInterrupt:
        click.echo(
            typeset("Interrompu. Relancez la même commande : ce qui est écrit ne l'est plus."),
            err=True,
        )
        sys.exit(INTERROMPU)
    detail = listing(f"{state} : {count}" for state, count in counts.items())
    total = plural(sum(counts.values()), "organisme")
    click.echo(typeset(f"{total} ({detail}) : {dossier / SUIVI} et {ATTENDUS}"))
    if counts[MISSING]:
        sys.exit(FAILURE)


def _closed(classeur: PlannedWorkbook) -> str:
    """The ESMS of an organisme that its workbook will not hold, since FINESS says they closed."""
    who = f"{classeur.finess_ej} {classeur.nom}".rstrip()
    return typeset(f"{who} : non prérempli, {listing(classeur.closed)}")


def _gone(numbers: Sequence[str]) -> str:
    """« 3 organismes ne sont plus dans la liste », and what became of their lines."""
    are = "n'est plus" if len(numbers) == 1 else "ne sont plus"
    shown = [*numbers[:10], *([plural(len(numbers) - 10, "autre")] if len(numbers) > 10 else [])]
    return typeset(
        f"{plural(len(numbers), 'organisme')} {are} dans la liste ({listing(shown)}) : leurs "
        "lignes sont gardées dans suivi.csv et attendus.csv. Retirez celles des organismes que "
        "vous n'attendez plus."
    )
