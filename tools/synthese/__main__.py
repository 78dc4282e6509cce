"""`python -m tools.synthese DOSSIER`: write a synthetic campaign."""

from __future__ import annotations

from pathlib import Path

import click

from tools.synthese.population import OG
from tools.synthese.production import produce
from xl_cpom.typography import typeset


@click.command()
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path))
@click.option("--og", default=OG, show_default=True, help="Nombre d'organismes gestionnaires.")
@click.option("--graine", default=2026, show_default=True, help="Graine du hasard.")
@click.option("--complets", is_flag=True, help="Garder les lignes vides du modèle (plus lent).")
@click.option("-j", "jobs", type=click.IntRange(1, 64), help="Processus en parallèle.")
def main(dossier: Path, og: int, graine: int, complets: bool, jobs: int | None) -> None:
    """Écrire une campagne de retours inventés, aux dimensions de la région."""
    campagne = produce(dossier, nombre=og, graine=graine, legers=not complets, jobs=jobs)
    click.echo(
        typeset(
            f"{len(campagne.retours)} retours de {len(campagne.organismes)} organismes "
            f"inventés : {campagne.depot}"
        )
    )


if __name__ == "__main__":
    main()
