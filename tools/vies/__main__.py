"""`python -m tools.vies DOSSIER`: live the contracts and print what each year gave."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tools.vies.years import LifeSettings, YearOutcome, live, tell_lies
from xl_cpom.typography import typeset


@click.command()
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path))
@click.option("--og", default=60, show_default=True, help="Nombre d'organismes.")
@click.option("--annees", default=6, show_default=True, help="Années vécues, de N1 à la dernière.")
@click.option("--graine", default=2026, show_default=True, help="Graine du hasard.")
@click.option("-j", "jobs", type=click.IntRange(1, 64), help="Processus en parallèle.")
def main(dossier: Path, og: int, annees: int, graine: int, jobs: int | None) -> None:
    """Faire vivre des contrats inventés, et dire ce que chaque année a donné.

    Code de retour : 0 si aucune vie honnête n'est accusée et si chaque mensonge est dit.
    """
    settings = LifeSettings(og, annees, graine, jobs)
    wrong = 0
    click.echo(
        typeset("Année  Retours  Bloquants, EVO et LOT  Avertissements  Verdicts ; événements")
    )
    for outcome in live(dossier, settings):
        click.echo(_line(outcome))
        wrong += len(outcome.findings)
        for file, code, message in outcome.findings[:10]:
            click.echo(typeset(f"    {code} {file} : {message}"))
    for told in tell_lies(dossier, min(3, annees), settings):
        right = told.found == told.lie.codes
        wrong += not right
        said = ", ".join(sorted(told.found)) or "rien"
        click.echo(typeset(f"{'✓' if right else '✗'} {told.lie.title} : {said} ({told.file})"))
    sys.exit(1 if wrong else 0)


def _line(outcome: YearOutcome) -> str:
    verdicts = ", ".join(f"{name} {count}" for name, count in sorted(outcome.verdicts.items()))
    warned = sum(outcome.warnings.values())
    happened = [f"{kind} {count}" for kind, count in sorted(outcome.events.items())]
    if outcome.renewed:
        happened.append(f"renouvellement {outcome.renewed}")
    return typeset(
        f"N{outcome.rank}     {outcome.returns:>7}  {len(outcome.findings):>21}  {warned:>14}  "
        f"{verdicts} ; {', '.join(happened) or 'rien'}"
    )


if __name__ == "__main__":
    main()
