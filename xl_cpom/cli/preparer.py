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
from xl_cpom.cli.control_page_option import control_page_name
from xl_cpom.cli.finess_reading import READINGS, filter_options, followed_reading, read_filter
from xl_cpom.cli.input_files import FICHIER, FILE_OR_FOLDER
from xl_cpom.cli.preparer_depuis import FollowedYear, plan_next
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.cli.variante_option import variante_option
from xl_cpom.typography import listing, plural, typeset

if TYPE_CHECKING:
    from xl_cpom.batch.last_returns import WantedYear
    from xl_cpom.batch.planned_workbook import PlannedWorkbook


@click.command()
@click.option(
    "--referentiel", "extrait", type=FILE_OR_FOLDER, metavar="T",
    help=f"Répertoire FINESS : {READINGS}. Avec --depuis, ce qui y a changé est listé.",
)  # fmt: skip
@click.option(
    "--depuis", "retours", type=FILE_OR_FOLDER, multiple=True, metavar="RETOURS",
    help="Retours de l'an dernier, fichier ou dossier (répétable) : chaque organisme reçoit son "
         "classeur d'après son dernier retour recevable.",
)  # fmt: skip
@click.option(
    "--renouvellement",
    is_flag=True,
    help="Avec --depuis : le classeur N du contrat suivant, d'après le dernier retour (--annee : "
    "le dernier d'avant cette année).",
)
@click.option(
    "--bilan", "bilans", type=FILE_OR_FOLDER, multiple=True, metavar="F|DOSSIER",
    help="Avec --renouvellement : bilans remplis (« bilan.xlsx »), dont « Devenir » dit ce qui est "
         "clos, reporté ou à transformer (répétable).",
)  # fmt: skip
@click.option(
    "--derogations",
    type=FICHIER,
    metavar="F",
    help="Avec --depuis : dérogations accordées par l'ARS aux retours.",
)
@click.option(
    "--profil",
    type=FICHIER,
    metavar="F.toml",
    help="Avec --depuis : profil sous lequel les retours ont été jugés.",
)
@click.option(
    "--programmation",
    type=FICHIER,
    metavar="P.csv",
    help="Liste des organismes à préparer (finess_ej, raison_sociale, departement, type_contrat, "
    "date_entree, competence, contact, courriel, telephone) ; par défaut, tous ceux de "
    "l'extrait.",
)
@click.option(
    "--changements",
    type=FICHIER,
    metavar="F",
    help="Liste écrite par « xl-cpom finess changements » (csv ou json) : les entrées, les sorties "
    "et les nouveaux numéros sont inscrits dans « Établissements ».",
)
@click.option(
    "-o", "--sortie", "dossier", type=click.Path(file_okay=False, path_type=Path), required=True,
    metavar="DOSSIER", help="Dossier où écrire les classeurs et la table de suivi.",
)  # fmt: skip
@click.option(
    "--annee",
    type=FollowedYear(),
    metavar="N3|AAAA",
    help="Année suivie par la campagne, N3 ou 2028 : écrite dans les classeurs et dans la liste "
    "des attendus.",
)
@variante_option
@control_page_name
@filter_options
@click.option("-j", "--processus", "jobs", type=click.IntRange(1, 256), metavar="N",
              help="Classeurs écrits en même temps (par défaut : un par cœur).")  # fmt: skip
def preparer(
    extrait: Path | None,
    retours: tuple[Path, ...],
    renouvellement: bool,
    bilans: tuple[Path, ...],
    derogations: Path | None,
    profil: Path | None,
    programmation: Path | None,
    changements: Path | None,
    dossier: Path,
    annee: WantedYear | None,
    jobs: int | None,
    variante: str,
    control_page: str,
    **criteres: tuple[str, ...],
) -> None:
    """Écrire un classeur prérempli par organisme gestionnaire, et de quoi les suivre.

    « suivi.csv » dit ce qui est envoyé et reçu ; « attendus.csv » est la liste à donner ensuite à
    « xl-cpom valider --attendus ». Relancée, la commande n'écrit que ce qui manque ou a changé ;
    un classeur rempli depuis est laissé tel quel. Un établissement fermé dans FINESS n'est pas
    prérempli, et c'est dit.

    Avec --depuis, le classeur est celui de l'année suivante : ce que le contrat a fixé et les
    résultats des années passées sont verrouillés, les statuts sont à mettre à jour, les lignes de
    l'année sont ouvertes. « retours.csv » dit quel retour a servi, et pourquoi les autres non.

    Code de retour : 0 tous les classeurs sont écrits, 2 liste ou extrait inutilisable, 4 un
    classeur n'a pas pu être écrit.
    """
    from xl_cpom.batch.follow_up import ATTENDUS, SUIVI
    from xl_cpom.batch.given_lists import UnreadableListError
    from xl_cpom.batch.last_returns import WantedYear
    from xl_cpom.batch.planned_workbook import MISSING, NON_PREPARE, WITHOUT_ESMS, WRITTEN
    from xl_cpom.batch.preparation import classeurs, for_year
    from xl_cpom.batch.preparation import prepare_workbooks as write
    from xl_cpom.batch.preparation_tables import not_in_the_list
    from xl_cpom.batch.progress import avancement
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.formulas.variants import Variante
    from xl_cpom.workbook.template.prefill import UnreadableExtractError
    from xl_cpom.workers.pool import WorkerSettings, WorkerStartError

    try:
        _refuse(extrait, retours, annee, bilans, renouvellement=renouvellement)
        sieve = read_filter(criteres)
        told: list[str] = []
        if retours:
            year = replace(annee or WantedYear(), renewal=renouvellement)
            wanted, told = plan_next(
                retours, year, dossier, extract=extrait,
                programmation=programmation, bilans=bilans, national_filter=sieve, jobs=jobs,
                accepted={"derogations": derogations, "profil": profil},
            )  # fmt: skip
        else:
            assert extrait is not None
            with followed_reading("Lecture de FINESS") as suivi:
                wanted = list(classeurs(extrait, programmation, load_referentiel(), sieve, suivi))
            if programmation is None:
                wanted = [c for c in wanted if c.content]
            if annee is not None:
                wanted = [for_year(c, annee.year or annee.rank or 0) for c in wanted]
        wanted = [
            replace(classeur, variante=Variante(variante), control_page=control_page)
            for classeur in wanted
        ]
        if changements is not None:
            wanted, said = _changed(wanted, changements)
            told.append(said)
        if not wanted:
            raise CommandRefusedError(typeset("Aucun organisme à préparer."))
        counts: Counter[str] = Counter()
        with avancement(len(wanted), "Préparation") as follow:
            for done in write(wanted, dossier, WorkerSettings(jobs=jobs, time_limit=120.0)):
                counts[done.state] += 1
                follow(done.state, done.state != WRITTEN)
                if done.state in (WITHOUT_ESMS, NON_PREPARE) or done.detail:
                    said = f"{done.classeur.finess_ej} {done.classeur.name} : {done.state}"
                    why = f" ({done.detail})" if done.detail else ""
                    told.append(typeset(f"{said}{why}"))
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


def _changed(wanted: list[PlannedWorkbook], path: Path) -> tuple[list[PlannedWorkbook], str]:
    """The workbooks with what FINESS says has changed, and how much was."""
    from xl_cpom.batch.perimeter_changes import read_changes, with_changes

    changes = read_changes(path)
    found = [with_changes(planned, changes) for planned in wanted]
    count = sum(taken for _, taken in found)
    said = f"{plural(count, 'changement inscrit', 'changements inscrits')} sur {len(changes)} lus."
    return [planned for planned, _ in found], typeset(said)


def _refuse(
    extrait: Path | None,
    retours: tuple[Path, ...],
    annee: WantedYear | None,
    bilans: tuple[Path, ...],
    *,
    renouvellement: bool,
) -> None:
    """What does not go together."""
    if extrait is None and not retours:
        raise click.UsageError(
            "Donnez --referentiel (un premier classeur) ou --depuis (l'année suivante)."
        )
    if bilans and not renouvellement:
        raise click.UsageError("--bilan demande --renouvellement.")
    if renouvellement and not retours:
        raise click.UsageError("--renouvellement demande --depuis.")
    if retours and not renouvellement and (annee is None or annee.rank == 0):
        raise click.UsageError(
            "Avec --depuis, donnez --annee (exemple : --annee N3), ou --renouvellement pour le "
            "classeur N du contrat suivant."
        )


def _closed(classeur: PlannedWorkbook) -> str:
    """The ESMS of an organisme that its workbook will not hold, since FINESS says they closed."""
    who = f"{classeur.finess_ej} {classeur.name}".rstrip()
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
